/** AUTH (RFC 4954 §4): the exchange of one attempt, in base64. */
import { base64, fromBase64 } from '../lib/base64.ts';
import { EMPTY, fromLatin1 } from '../lib/bytes.ts';
import type { Line } from '../lib/lines.ts';
import { calendar } from '../net/index.ts';
import { type SaslServer, type SaslStep, saslServer } from '../sasl/index.ts';
import {
  AUTH_LINE_TOO_LONG,
  CANCELLED,
  ENCRYPT_FIRST,
  NO_INITIAL,
  NO_SUCH_MECHANISM,
  NOT_BASE64,
} from './machine/outcomes.ts';
import type { ServerShared } from './server-shared.ts';
import type { Command, Outcome } from './types.ts';

/** A challenge to send, or how it ended. */
export type SignInStep =
  | { readonly challenge: string }
  | { readonly user: string }
  | { readonly refused: Outcome; readonly isGuess: boolean };

export type SignInAnswer = SignInStep | Promise<SignInStep>;

function refused(outcome: Outcome): SignInStep {
  return { refused: outcome, isGuess: false };
}

/** An exchange for this command, or why there is none. */
export function beginSignIn(
  shared: ServerShared,
  isSecure: boolean,
  { mechanism, initial }: Extract<Command, { type: 'AUTH' }>,
): SignIn | Outcome {
  const offered = shared.mechanisms(isSecure).find((one) => one === mechanism);
  if (!offered || !shared.users) {
    const isForTls = shared.mechanisms(true).some((one) => one === mechanism);
    return isForTls ? ENCRYPT_FIRST : NO_SUCH_MECHANISM;
  }
  const server = saslServer(offered, {
    users: shared.users,
    hostname: shared.rules.hostname,
    luck: (length) => shared.host.random.bytes(length),
    disguise: shared.disguise,
    now: calendar(shared.host.clock),
  });
  if (initial !== undefined && !server.clientFirst) return NO_INITIAL;
  return new SignIn(server, initial);
}

export class SignIn {
  private readonly server: SaslServer;
  private readonly initial: string | undefined;

  constructor(server: SaslServer, initial: string | undefined) {
    this.server = server;
    this.initial = initial;
  }

  begin(): SignInAnswer {
    if (this.initial === undefined) return this.step(undefined);
    // `=` is a response that is there and empty.
    return this.respond(this.initial === '=' ? '' : this.initial);
  }

  /** The client's next line. */
  line(line: Line): SignInAnswer {
    if (line.fault === 'too long') return refused(AUTH_LINE_TOO_LONG);
    if (line.fault) return refused(NOT_BASE64);
    const text = fromLatin1(line.bytes);
    return text === '*' ? refused(CANCELLED) : this.respond(text);
  }

  private respond(text: string): SignInAnswer {
    const bytes = fromBase64(text);
    return bytes ? this.step(bytes) : refused(NOT_BASE64);
  }

  private step(response: Uint8Array | undefined): SignInAnswer {
    const step = this.server.step(response?.length === 0 ? EMPTY : response);
    return step instanceof Promise ? step.then(asSignIn) : asSignIn(step);
  }
}

function asSignIn(step: SaslStep): SignInStep {
  if (step.type === 'challenge') return { challenge: base64(step.bytes) };
  if (step.type === 'success') return { user: step.user };
  const { reason, malformed = false } = step;
  // RFC 4954 §4, §6.
  const outcome: Outcome = malformed
    ? { code: 501, enhanced: '5.5.2', text: reason }
    : { code: 535, enhanced: '5.7.8', text: reason };
  return { refused: outcome, isGuess: !malformed };
}
