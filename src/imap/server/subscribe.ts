/** SUBSCRIBE and UNSUBSCRIBE (RFC 9051 §6.3.7, §6.3.8). */
import { ok, type Reply } from '../reply.ts';
import type { ImapSession } from '../session.ts';
import type { Of } from '../types.ts';

export async function subscribe(
  { account }: ImapSession,
  { name, mailbox }: Of<'SUBSCRIBE'>,
): Promise<Reply> {
  await account.subscribe(mailbox, name === 'SUBSCRIBE');
  return ok(`${name} completed`);
}
