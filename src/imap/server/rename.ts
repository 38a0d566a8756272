/** RENAME (RFC 9051 §6.3.6). */
import { ok, type Reply } from '../reply.ts';
import type { ImapSession } from '../session.ts';
import type { Of } from '../types.ts';

export async function rename({ account }: ImapSession, { from, to }: Of<'RENAME'>): Promise<Reply> {
  await account.renameFolder(from, to);
  return ok('RENAME completed');
}
