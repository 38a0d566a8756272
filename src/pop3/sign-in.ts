/** Who is it: USER and PASS, APOP, and the exchange of AUTH (RFC 5034 §4) in base64. */
import { base64, fromBase64 } from '../lib/base64.ts';
import { fromLatin1, hex, utf8 } from '../lib/bytes.ts';
import type { Line } from '../lib/lines.ts';
import { calendar } from '../net/index.ts';
import {
  apopDigest,
  type Mechanism,
  prepare,
  type SaslServer,
  type SaslStep,
  sameSecret,
  saslServer,
} from '../sasl/index.ts';
import {
  CANCELLED,
  NO_INITIAL,
  NO_SUCH_MECHANISM,
  NOT_BASE64,
  no,
  WRONG,
} from './machine/responses.ts';
import type { ServerShared } from './server-shared.ts';
import type { Command, Response } from './types.ts';

/** A challenge to send, or how it ended. */
export type SignInStep =
  | { readonly challenge: string }
  | { readonly user: string }
  | { readonly refused: Response; readonly isGuess: boolean };

export type SignInAnswer = SignInStep | Promise<SignInStep>;

function refused(response: Response): SignInStep {
  return { refused: response, isGuess: false };
}

/** A fresh timestamp for APOP, in the form of a message's identity (RFC 1939 §7). */
export function timestamp({ host, hostname }: ServerShared): string {
  return `<${hex(host.random.bytes(8))}.${Math.floor(calendar(host.clock))}@${hostname}>`;
}

export async function checkPassword(
  shared: ServerShared,
  name: string,
  password: string,
): Promise<SignInStep> {
  return asSignIn(await exchange(shared, 'PLAIN').step(utf8(`\0${name}\0${password}`)));
}

/** Names that are none take as long as others. */
export function checkDigest(
  { store, disguise }: ServerShared,
  stamp: string,
  { name, digest }: Extract<Command, { type: 'APOP' }>,
): SignInStep {
  const user = prepare(name);
  const secret = user === undefined ? undefined : store.secretOf(user);
  const isRight = sameSecret(digest, apopDigest(stamp, secret ?? hex(disguise)));
  if (user !== undefined && secret !== undefined && isRight) return { user };
  return { refused: WRONG, isGuess: true };
}

/** An exchange for this command, or why there is none. */
export function beginSignIn(
  shared: ServerShared,
  isSecure: boolean,
  { mechanism, initial }: Extract<Command, { type: 'AUTH' }>,
): SignIn | Response {
  const offered = shared.mechanisms(isSecure).find((one) => one === mechanism);
  if (!offered) {
    const isForTls = shared.mechanisms(true).some((one) => one === mechanism);
    return isForTls ? no(`${mechanism} needs TLS: say STLS first`) : NO_SUCH_MECHANISM;
  }
  const server = exchange(shared, offered);
  if (initial !== undefined && !server.clientFirst) return NO_INITIAL;
  return new SignIn(server, initial);
}

function exchange({ host, store, hostname, disguise }: ServerShared, mechanism: Mechanism) {
  return saslServer(mechanism, {
    users: store.users,
    hostname,
    luck: (length) => host.random.bytes(length),
    disguise,
    now: calendar(host.clock),
  });
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
  line({ bytes, fault }: Line): SignInAnswer {
    if (fault === 'too long') return refused(no('The response is too long'));
    const text = fromLatin1(bytes);
    return text === '*' ? refused(CANCELLED) : this.respond(text);
  }

  private respond(text: string): SignInAnswer {
    const bytes = fromBase64(text);
    return bytes ? this.step(bytes) : refused(NOT_BASE64);
  }

  private step(response: Uint8Array | undefined): SignInAnswer {
    const step = this.server.step(response);
    return step instanceof Promise ? step.then(asSignIn) : asSignIn(step);
  }
}

function asSignIn(step: SaslStep): SignInStep {
  if (step.type === 'challenge') return { challenge: base64(step.bytes) };
  if (step.type === 'success') return { user: step.user };
  const { reason, malformed = false } = step;
  return malformed ? refused(no(reason)) : { refused: no(reason, 'AUTH'), isGuess: true };
}
