/** SELECT, EXAMINE (RFC 9051 §6.3.2; RFC 7162 §3.1.2, §3.2.5), CLOSE and UNSELECT (§6.4.1, §6.4.2). */

import type { Folder, MessageEntry } from '../../mail/index.ts';
import { MATCH_PAIRS_LIMIT, VANISHED_GUESSES_LIMIT } from '../defaults.ts';
import { hasFlag, SYSTEM_FLAGS } from '../machine/flags.ts';
import { no, ok, type Reply } from '../reply.ts';
import type { ImapSession, Selected } from '../session.ts';
import type { NumberRange, Of, QResync } from '../types.ts';
import { inRanges, normalRanges, numbersText } from '../wire/sequence-set.ts';

export function select(session: ImapSession, command: Of<'SELECT'>): Reply {
  const { account, out } = session;
  if (command.qresync && !session.has('qresync')) {
    return { status: 'BAD', text: 'Say ENABLE QRESYNC first' };
  }
  // RFC 7162 §3.2.11: what follows is about the new one.
  if (session.selected) out.say('* OK [CLOSED] The mailbox before is closed\r\n');
  session.unselect();
  const folder = account.folder(command.mailbox);
  if (!folder) return no('There is no such mailbox', 'NONEXISTENT');
  if (!folder.selectable) return no('It holds mailboxes, and no messages', 'CANNOT');
  if (command.condstore) session.enable('condstore');
  const isReadOnly = command.name === 'EXAMINE';
  const selected = session.select(folder, isReadOnly);
  describe(session, selected);
  if (command.qresync) resynchronise(session, selected, command.qresync);
  return ok(`${command.name} completed`, isReadOnly ? 'READ-ONLY' : 'READ-WRITE');
}

function describe(session: ImapSession, { folder, view, readOnly, keywords }: Selected): void {
  const { account, out } = session;
  const isRev2 = session.has('rev2');
  const { uidNext, highestModSeq } = account.status(folder);
  for (const flag of SYSTEM_FLAGS) keywords.add(flag);
  for (const flag of flagsOf(view.all())) keywords.add(flag);
  const flags = [...keywords].join(' ');
  out.say(`* FLAGS (${flags})\r\n`);
  const permanent = readOnly ? '' : `${flags} \\*`;
  out.say(`* OK [PERMANENTFLAGS (${permanent})] Flags that stay\r\n`);
  out.say(`* ${view.count} EXISTS\r\n`);
  if (!isRev2) {
    out.say(`* ${view.recentCount} RECENT\r\n`);
    const unseen = view.all().findIndex((entry) => !hasFlag(entry.flags, '\\Seen'));
    if (unseen >= 0) out.say(`* OK [UNSEEN ${unseen + 1}] The first that was not read\r\n`);
  }
  out.say(`* OK [UIDVALIDITY ${folder.uidValidity}] UIDs are valid\r\n`);
  out.say(`* OK [UIDNEXT ${uidNext}] The next UID\r\n`);
  out.say(`* OK [HIGHESTMODSEQ ${highestModSeq}] The last change\r\n`);
  // RFC 9051 §6.3.2.
  if (isRev2) out.say(`* LIST () "/" ${session.name(folder.path)}\r\n`);
}

/** Messages with the same flags share them: there are few to look at. */
function flagsOf(entries: readonly MessageEntry[]): Set<string> {
  const sets = new Set(entries.map(({ flags }) => flags));
  return new Set([...sets].flat());
}

/** RFC 7162 §3.2.5: what went and what changed while the client was away. */
function resynchronise(session: ImapSession, { folder, view }: Selected, since: QResync): void {
  if (since.uidValidity !== folder.uidValidity) return;
  const known = since.known ?? ALL_UIDS;
  const { account } = session;
  const gone = vanishedUids(session, folder, known, since);
  if (gone.length > 0) session.out.say(`* VANISHED (EARLIER) ${numbersText(gone)}\r\n`);
  const ranges = normalRanges(known, account.status(folder).uidNext - 1);
  view.all().forEach((entry, index) => {
    if (entry.modSeq > since.modSeq && inRanges(ranges, entry.uid)) {
      session.tellFlags(index + 1, entry, true);
    }
  });
}

const ALL_UIDS: readonly NumberRange[] = [[1, Number.POSITIVE_INFINITY]];

/**
 * UIDs among `known` that are gone since then. Where it is too long ago to know, all that are not here are told
 * (RFC 7162 §3.2.10), but for those up to the last pair that still fits.
 */
export function vanishedUids(
  { account, selected }: ImapSession,
  folder: Folder,
  known: readonly NumberRange[],
  { modSeq, match }: Pick<QResync, 'modSeq' | 'match'>,
): number[] {
  const ranges = normalRanges(known, account.status(folder).uidNext - 1);
  const vanished = account.vanished(folder, modSeq);
  if (vanished) {
    return [...new Set(vanished)].filter((uid) => inRanges(ranges, uid)).sort((a, b) => a - b);
  }
  const { view } = selected as Selected;
  const from = match ? lastMatch(match, (number, uid) => view.indexOf(uid) === number - 1) : 0;
  const gone: number[] = [];
  const { uidNext } = account.status(folder);
  for (const [first, last] of ranges) {
    for (let uid = Math.max(first, from + 1); uid <= Math.min(last, uidNext - 1); uid++) {
      if (view.indexOf(uid) < 0) gone.push(uid);
      if (gone.length >= VANISHED_GUESSES_LIMIT) return gone;
    }
  }
  return gone;
}

function lastMatch(
  { numbers, uids }: NonNullable<QResync['match']>,
  fits: (number: number, uid: number) => boolean,
): number {
  const [left, right] = [expanded(numbers), expanded(uids)];
  let last = 0;
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    if (!fits(left[i] as number, right[i] as number)) break;
    last = right[i] as number;
  }
  return last;
}

function expanded(ranges: readonly NumberRange[]): number[] {
  const numbers: number[] = [];
  for (const [from, to] of ranges) {
    for (let n = from; n <= to && numbers.length < MATCH_PAIRS_LIMIT; n++) numbers.push(n);
  }
  return numbers;
}

/** RFC 9051 §6.4.1: deleted messages go, and nothing is said of it. */
export async function close(session: ImapSession): Promise<Reply> {
  const { folder, view, readOnly } = session.selected as Selected;
  const deleted = view.all().filter(({ flags }) => hasFlag(flags, '\\Deleted'));
  if (!readOnly && deleted.length > 0) {
    const uids = deleted.map(({ uid }) => uid);
    await session.account.expunge(folder, uids, { by: session });
  }
  session.unselect();
  return ok('CLOSE completed');
}

export function unselect(session: ImapSession): Reply {
  session.unselect();
  return ok('UNSELECT completed');
}
