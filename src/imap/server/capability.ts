/** CAPABILITY (RFC 9051 §6.1.1). */
import { capabilityText } from '../machine/capabilities.ts';
import { ok, type Reply } from '../reply.ts';
import type { ImapSession } from '../session.ts';

export function capabilities(session: ImapSession): string {
  const { shared, secure, state, compressed } = session;
  const { rules, mechanisms } = shared;
  return capabilityText({
    state,
    startTls: rules.startTls && !secure && !compressed,
    mechanisms: mechanisms(secure),
    loginDisabled: !canLogin(session),
    compress: rules.compress && !compressed,
    appendLimit: rules.appendLimit,
  });
}

/** LOGIN says the password in clear (RFC 9051 §6.2.3). */
export function canLogin({ secure, shared }: ImapSession): boolean {
  return (secure || shared.rules.plaintext) && shared.users.verify !== undefined;
}

export function capability(session: ImapSession): Reply {
  session.out.say(`* CAPABILITY ${capabilities(session)}\r\n`);
  return ok('CAPABILITY completed');
}
