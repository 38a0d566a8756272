/** LOGIN (RFC 9051 §6.2.3). */
import { no, type Reply } from '../reply.ts';
import type { ImapSession } from '../session.ts';
import type { Of } from '../types.ts';
import { signedIn, WRONG } from './authenticate.ts';
import { canLogin } from './capability.ts';

export async function login(session: ImapSession, { user, password }: Of<'LOGIN'>): Promise<Reply> {
  if (!canLogin(session)) {
    return no('Passwords are not said in clear here; STARTTLS first', 'PRIVACYREQUIRED');
  }
  const isRight = await session.shared.users.verify?.(user, password);
  return isRight ? signedIn(session, user) : WRONG;
}
