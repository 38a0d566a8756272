/** Messages in lines: who, when, what about. */
import type { Envelope, FetchedMessage, FetchWish, ImapClient } from '../../../imap/index.ts';
import { decodeWords, parseMailDate } from '../../../mime/index.ts';
import { harmless } from './session.ts';

export interface Row {
  readonly uid: number;
  readonly flags: readonly string[];
  readonly size: number;
  readonly date: string;
  readonly from: string;
  readonly subject: string;
}

const WISH: FetchWish = { flags: true, size: true, envelope: true, received: true };

/** In the order of `uids`. */
export async function rowsOf(client: ImapClient, uids: readonly number[]): Promise<Row[]> {
  if (uids.length === 0) return [];
  const rows = new Map<number, Row>();
  for await (const message of client.fetch(uids, WISH)) {
    if (message.uid !== undefined && message.envelope) rows.set(message.uid, rowOf(message));
  }
  return uids.flatMap((uid) => rows.get(uid) ?? []);
}

function rowOf({ uid = 0, flags = [], size = 0, envelope, received }: FetchedMessage): Row {
  const sent = parseMailDate(envelope?.date ?? '')?.ms ?? received;
  return {
    uid,
    flags: flags.filter((flag) => flag !== '\\Recent'),
    size,
    date: sent === undefined ? '' : new Date(sent).toISOString(),
    from: authorOf(envelope),
    subject: decodeWords(envelope?.subject ?? ''),
  };
}

function authorOf(envelope: Envelope | undefined): string {
  const first = envelope?.from[0];
  if (!first) return '';
  const address = `${first.mailbox ?? ''}@${first.host ?? ''}`;
  return first.name === null ? address : `${decodeWords(first.name)} <${address}>`;
}

/** A letter for each system flag: N new, F flagged, R answered, D deleted, T draft. */
function marks(flags: readonly string[]): string {
  const mark = (flag: string, letter: string): string => (flags.includes(flag) ? letter : '');
  const isNew = flags.includes('\\Seen') ? '' : 'N';
  const others = [mark('\\Flagged', 'F'), mark('\\Answered', 'R'), mark('\\Deleted', 'D')];
  return [isNew, ...others, mark('\\Draft', 'T')].join('').padEnd(4);
}

export function table(rows: readonly Row[]): string {
  if (rows.length === 0) return 'no messages\n';
  const lines = rows.map(({ uid, flags, size, date, from, subject }) => {
    const who = from.slice(0, 28).padEnd(28);
    const when = date.slice(0, 16).replace('T', ' ').padEnd(16);
    return `${String(uid).padStart(6)} ${marks(flags)} ${String(size).padStart(8)}  ${when}  ${who}  ${subject}\n`;
  });
  return harmless(lines.join(''));
}
