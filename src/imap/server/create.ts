/** CREATE (RFC 9051 §6.3.4; USE of RFC 6154 §3). */
import type { SpecialUse } from '../../mail/index.ts';
import { no, ok, type Reply } from '../reply.ts';
import type { ImapSession } from '../session.ts';
import type { Of } from '../types.ts';

const USES: readonly SpecialUse[] = ['\\Archive', '\\Drafts', '\\Junk', '\\Sent', '\\Trash'];

export async function create(
  { account }: ImapSession,
  { mailbox, use }: Of<'CREATE'>,
): Promise<Reply> {
  const known = use.map((one) => USES.find((name) => name.toLowerCase() === one.toLowerCase()));
  const [specialUse] = known;
  // A folder has one use, and a use one folder.
  const isTaken = account.folders().some((folder) => folder.specialUse === specialUse);
  if (use.length > 0 && (known.length > 1 || specialUse === undefined || isTaken)) {
    return no('No mailbox can be made for that use', 'USEATTR');
  }
  await account.createFolder(mailbox, specialUse === undefined ? {} : { specialUse });
  return ok('CREATE completed');
}
