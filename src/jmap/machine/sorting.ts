/** The order of messages (RFC 8621 §4.4.2). */
import { baseSubject, type MessageEntry, type Person } from '../../mail/index.ts';
import type { Comparator } from '../types.ts';
import { flagOf } from '../wire/keywords.ts';
import { hasFlag, type MatchSource } from './matching.ts';

export const EMAIL_SORTS: readonly string[] = [
  'receivedAt',
  'sentAt',
  'size',
  'from',
  'to',
  'subject',
  'hasKeyword',
  'allInThreadHaveKeyword',
  'someInThreadHaveKeyword',
];

const FROM_FACTS = new Set(['sentAt', 'from', 'to', 'subject']);

/** Whether what is known of the messages must be at hand. */
export function sortNeedsFacts(sort: readonly Comparator[]): boolean {
  return sort.some(({ property }) => FROM_FACTS.has(property));
}

type Key = string | number;

/** In a new list. Those that are alike stay in the order in which they came, or its reverse. */
export function sortEntries(
  entries: readonly MessageEntry[],
  sort: readonly Comparator[],
  source: MatchSource,
): readonly MessageEntry[] {
  const keysOf = sort.map((comparator) => keyOf(comparator, source));
  const signs = sort.map(({ isAscending }) => (isAscending ? 1 : -1));
  const tie = signs.at(-1) ?? -1;
  const rows = entries.map((entry) => ({ entry, keys: keysOf.map((key) => key(entry)) }));
  rows.sort((a, b) => {
    for (let at = 0; at < signs.length; at++) {
      const [left, right] = [a.keys[at] as Key, b.keys[at] as Key];
      if (left !== right) return (left < right ? -1 : 1) * (signs[at] as number);
    }
    return (a.entry.id - b.entry.id) * tie;
  });
  return rows.map(({ entry }) => entry);
}

function keyOf(
  { property, keyword }: Comparator,
  source: MatchSource,
): (entry: MessageEntry) => Key {
  const flag = flagOf(keyword ?? '') ?? '';
  const has = ({ flags }: MessageEntry): boolean => hasFlag(flags, flag);
  const facts = ({ content }: MessageEntry) => source.facts(content);
  switch (property) {
    case 'size':
      return ({ size }) => size;
    case 'sentAt':
      return (entry) => facts(entry)?.date ?? entry.received;
    case 'from':
      return (entry) => shownName(facts(entry)?.from);
    case 'to':
      return (entry) => shownName(facts(entry)?.to);
    case 'subject':
      return (entry) => baseSubject(facts(entry)?.subject ?? '');
    case 'hasKeyword':
      return (entry) => Number(has(entry));
    case 'allInThreadHaveKeyword':
      return ({ thread }) => Number(source.thread(thread).every(has));
    case 'someInThreadHaveKeyword':
      return ({ thread }) => Number(source.thread(thread).some(has));
    default:
      return ({ received }) => received;
  }
}

function shownName([first]: readonly Person[] = []): string {
  return ((first?.name || first?.address) ?? '').toLowerCase();
}
