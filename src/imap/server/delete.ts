/** DELETE (RFC 9051 §6.3.5). */
import { ok, type Reply } from '../reply.ts';
import type { ImapSession } from '../session.ts';
import type { Of } from '../types.ts';

export async function remove(session: ImapSession, { mailbox }: Of<'DELETE'>): Promise<Reply> {
  const { account, selected, out } = session;
  const folder = account.folder(mailbox);
  await account.removeFolder(mailbox);
  if (selected && folder?.id === selected.folder.id) {
    session.unselect();
    out.say('* OK [CLOSED] The mailbox is closed\r\n');
  }
  return ok('DELETE completed');
}
