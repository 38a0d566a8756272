/** EXPUNGE (RFC 9051 §6.4.3), UID EXPUNGE (§6.4.9). */
import { hasFlag } from '../machine/flags.ts';
import { no, ok, type Reply } from '../reply.ts';
import type { ImapSession, Selected } from '../session.ts';
import type { Of } from '../types.ts';

export const READ_ONLY: Reply = no('The mailbox was opened to be read', 'READ-ONLY');

export async function expunge(session: ImapSession, { set }: Of<'EXPUNGE'>): Promise<Reply> {
  const { folder, view, readOnly } = session.selected as Selected;
  if (readOnly) return READ_ONLY;
  const among = set === undefined ? undefined : new Set(session.indexes(set, true));
  const uids = view
    .all()
    .filter(({ flags }, index) => hasFlag(flags, '\\Deleted') && (among?.has(index) ?? true))
    .map(({ uid }) => uid);
  if (uids.length > 0) await session.account.expunge(folder, uids, { by: session });
  return ok('EXPUNGE completed', expungeCode(session, uids.length > 0));
}

/** RFC 7162 §3.2.7: how far a client that resynchronises is now. */
export function expungeCode(session: ImapSession, hasExpunged: boolean): string | undefined {
  if (!hasExpunged || !session.has('qresync') || !session.selected) return undefined;
  return `HIGHESTMODSEQ ${session.account.status(session.selected.folder).highestModSeq}`;
}
