/** AUTHENTICATE (RFC 9051 §6.2.2), with an initial response (RFC 4959). */
import { base64, fromBase64 } from '../../lib/base64.ts';
import { EMPTY } from '../../lib/bytes.ts';
import { calendar } from '../../net/index.ts';
import { type SaslServer, type SaslStep, saslServer } from '../../sasl/index.ts';
import { bad, no, ok, type Reply } from '../reply.ts';
import type { ImapSession } from '../session.ts';
import type { Of } from '../types.ts';
import { capabilities } from './capability.ts';

/** RFC 5530 §3. The same for a name that is none. */
export const WRONG: Reply = no('The name or the password is wrong', 'AUTHENTICATIONFAILED');

/** A challenge in base64, or the end. */
export type AuthStep = { readonly challenge: string } | { readonly reply: Reply };

/** Somebody has proved who they are. */
export function signedIn(session: ImapSession, user: string): Reply {
  const account = session.shared.store.account(user);
  if (!account) return WRONG;
  session.signIn(account.name);
  return ok('Welcome', `CAPABILITY ${capabilities(session)}`);
}

/** The exchange of one attempt. */
export class SignIn {
  readonly tag: string;
  private readonly session: ImapSession;
  private readonly server: SaslServer;

  private constructor(session: ImapSession, server: SaslServer, tag: string) {
    this.session = session;
    this.server = server;
    this.tag = tag;
  }

  /** An exchange, or why there is none. */
  static begin(
    session: ImapSession,
    { mechanism, initial }: Of<'AUTHENTICATE'>,
    tag: string,
  ): SignIn | Reply {
    const { shared, secure } = session;
    const known = shared.mechanisms(secure).find((one) => one === mechanism);
    if (!known) {
      const isForTls = shared.mechanisms(true).some((one) => one === mechanism);
      return isForTls
        ? no('That mechanism needs STARTTLS first', 'PRIVACYREQUIRED')
        : no('No such mechanism here', 'CANNOT');
    }
    const server = saslServer(known, {
      users: shared.users,
      hostname: shared.rules.hostname,
      luck: (length) => shared.host.random.bytes(length),
      disguise: shared.disguise,
      now: calendar(shared.host.clock),
    });
    if (initial !== undefined && !server.clientFirst) {
      return bad('In that mechanism the server begins');
    }
    return new SignIn(session, server, tag);
  }

  /** `=` is a response that is there and empty (RFC 4959 §3). */
  first(initial: string | undefined): Promise<AuthStep> {
    if (initial === undefined) return this.step(undefined);
    return this.respond(initial === '=' ? '' : initial);
  }

  /** The client's next line. */
  async respond(text: string): Promise<AuthStep> {
    if (text === '*') return { reply: bad('Authentication cancelled') };
    const bytes = fromBase64(text);
    return bytes ? this.step(bytes) : { reply: bad('That is not base64') };
  }

  private async step(response: Uint8Array | undefined): Promise<AuthStep> {
    const step: SaslStep = await this.server.step(response?.length === 0 ? EMPTY : response);
    if (step.type === 'challenge') return { challenge: base64(step.bytes) };
    if (step.type === 'success') return { reply: signedIn(this.session, step.user) };
    return { reply: step.malformed ? bad(step.reason) : WRONG };
  }
}
