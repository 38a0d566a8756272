/** STATUS (RFC 9051 §6.3.11). */
import type { Folder } from '../../mail/index.ts';
import { no, ok, type Reply } from '../reply.ts';
import type { ImapSession } from '../session.ts';
import type { Of, StatusItem } from '../types.ts';

export function status(session: ImapSession, { mailbox, items }: Of<'STATUS'>): Reply {
  const folder = session.account.folder(mailbox);
  if (!folder) return no('There is no such mailbox', 'NONEXISTENT');
  if (!folder.selectable) return no('It holds mailboxes, and no messages', 'CANNOT');
  session.out.say(
    `* STATUS ${session.name(folder.path)} ${statusText(session, folder, items)}\r\n`,
  );
  return ok('STATUS completed');
}

/** `(MESSAGES 3 UNSEEN 1)`. */
export function statusText(
  session: ImapSession,
  folder: Folder,
  items: readonly StatusItem[],
): string {
  // RFC 7162 §3.1: who asks for it knows CONDSTORE.
  if (items.includes('HIGHESTMODSEQ')) session.enable('condstore');
  const now = session.account.status(folder);
  const values: Readonly<Record<StatusItem, number>> = {
    MESSAGES: now.messages,
    UNSEEN: now.unseen,
    DELETED: now.deleted,
    SIZE: now.size,
    UIDNEXT: now.uidNext,
    UIDVALIDITY: folder.uidValidity,
    HIGHESTMODSEQ: now.highestModSeq,
    APPENDLIMIT: session.shared.rules.appendLimit,
    RECENT: items.includes('RECENT') ? recentCount(session, folder) : 0,
  };
  return `(${items.map((item) => `${item} ${values[item]}`).join(' ')})`;
}

/** Who selects the mailbox takes them; who asks only counts (RFC 3501 §2.3.2). */
function recentCount({ account }: ImapSession, folder: Folder): number {
  const first = account.recent(folder, { take: false });
  const entries = account.entries(folder);
  let count = 0;
  while (count < entries.length && (entries.at(-1 - count)?.uid ?? 0) >= first) count++;
  return count;
}
