/** SORT (RFC 5256 §3). */
import { baseSubject, type Facts, type MessageEntry, type Person } from '../../mail/index.ts';
import type { SortCriterion, SortField } from '../types.ts';

type Key = string | number;

type KeyOf = (entry: MessageEntry, facts: Facts) => Key;

const KEYS: Readonly<Record<SortField, KeyOf>> = {
  ARRIVAL: ({ received }) => received,
  DATE: (entry, facts) => sentDate(entry, facts),
  SIZE: ({ size }) => size,
  SUBJECT: (_, { subject }) => casemap(baseSubject(subject)),
  FROM: (_, { from }) => firstMailbox(from),
  TO: (_, { to }) => firstMailbox(to),
  CC: (_, { cc }) => firstMailbox(cc),
};

/** §2.2: the Date, or else INTERNALDATE. */
export function sentDate({ received }: MessageEntry, { date }: Facts): number {
  return date ?? received;
}

/** addr-mailbox of the first address; '' sorts first. */
function firstMailbox([first]: readonly Person[]): string {
  const address = first?.address ?? '';
  const at = address.lastIndexOf('@');
  return casemap(at < 0 ? address : address.slice(0, at));
}

/** i;unicode-casemap (RFC 5051), nearly: the order of code points without case. */
export function casemap(text: string): string {
  return text.normalize('NFKD').toUpperCase();
}

/** Whether a sort by these needs the facts. */
export function needsFacts(criteria: readonly SortCriterion[]): boolean {
  return criteria.some(({ field }) => field !== 'ARRIVAL' && field !== 'SIZE');
}

/** Indexes in order; equals stay in the order of their numbers (§3). */
export function sortMessages(
  indexes: readonly number[],
  criteria: readonly SortCriterion[],
  of: (index: number) => { entry: MessageEntry; facts: Facts },
): number[] {
  const rows = indexes.map((index) => {
    const { entry, facts } = of(index);
    return { index, keys: criteria.map(({ field }) => KEYS[field](entry, facts)) };
  });
  const signs = criteria.map(({ reverse }) => (reverse ? -1 : 1));
  rows.sort((a, b) => {
    for (let i = 0; i < signs.length; i++) {
      const [left, right] = [a.keys[i] as Key, b.keys[i] as Key];
      if (left !== right) return (left < right ? -1 : 1) * (signs[i] as number);
    }
    return a.index - b.index;
  });
  return rows.map(({ index }) => index);
}
