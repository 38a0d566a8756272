/** LOGOUT (RFC 9051 §6.1.3). */
import { ok, type Reply } from '../reply.ts';
import type { ImapSession } from '../session.ts';

export function logout({ out }: ImapSession): Reply {
  out.say('* BYE Until next time\r\n');
  return { ...ok('LOGOUT completed'), next: 'close' };
}
