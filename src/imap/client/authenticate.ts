/** AUTHENTICATE (RFC 9051 §6.2.2, RFC 4959), and LOGIN where the server knows nothing better. */
import { base64, fromBase64 } from '../../lib/base64.ts';
import {
  bestMechanism,
  type SaslClient,
  type SaslCredentials,
  saslClient,
} from '../../sasl/index.ts';
import { badResponse, ImapReplyError } from '../errors.ts';
import { commandPieces } from '../wire/command.ts';
import type { Response } from '../wire/response.ts';
import type { ClientSession } from './session.ts';

/** The best way that both know; in clear only under TLS or where `plaintext` allows it. */
export async function signIn(
  session: ClientSession,
  credentials: SaslCredentials,
  plaintext: boolean,
): Promise<void> {
  const offers = [...session.capabilities]
    .filter((name) => name.startsWith('AUTH='))
    .map((name) => name.slice('AUTH='.length));
  const isSafe = session.channel.secure || plaintext;
  const mechanism = bestMechanism(offers, isSafe);
  if (!mechanism) {
    if (!isSafe || session.capabilities.has('LOGINDISABLED')) throw unsafe();
    await login(session, credentials);
    return;
  }
  const sasl = saslClient(mechanism, credentials, (length) => session.host.random.bytes(length));
  const isEarly = sasl.initial !== undefined && session.capabilities.has('SASL-IR');
  const initial = isEarly && sasl.initial ? base64(sasl.initial) || '=' : undefined;
  const before = session.capabilities;
  const command = commandPieces({ name: 'AUTHENTICATE', mechanism, initial });
  const exchange = new Exchange(session, sasl, isEarly);
  await session.run(command, (response) => exchange.take(response));
  exchange.finish();
  await relearn(session, before);
}

export async function login(
  session: ClientSession,
  { user, password }: SaslCredentials,
): Promise<void> {
  const before = session.capabilities;
  await session.run(commandPieces({ name: 'LOGIN', user, password }, session.utf8));
  await relearn(session, before);
}

/** RFC 9051 §6.1.1: capabilities change with who asks; most servers tell them unasked. */
async function relearn(session: ClientSession, before: ReadonlySet<string>): Promise<void> {
  if (session.capabilities === before) await session.run(commandPieces({ name: 'CAPABILITY' }));
}

function unsafe(): ImapReplyError {
  const text = 'no way to sign in is offered that is safe here; use TLS';
  return new ImapReplyError(
    { status: 'NO', responseCode: 'PRIVACYREQUIRED', text },
    'AUTHENTICATE',
  );
}

class Exchange {
  private readonly session: ClientSession;
  private readonly sasl: SaslClient;
  /** The first response has gone with the command. */
  private isBegun: boolean;
  private fault: unknown;

  constructor(session: ClientSession, sasl: SaslClient, isBegun: boolean) {
    this.session = session;
    this.sasl = sasl;
    this.isBegun = isBegun || sasl.initial === undefined;
  }

  take(response: Response): boolean {
    if (response.type !== 'continuation') return false;
    this.session.channel.say(`${this.answer(response.text)}\r\n`);
    return true;
  }

  /** Throws ProtocolError where the server has not proved what it should. */
  finish(): void {
    if (this.fault !== undefined) throw this.session.channel.fail(this.fault as Error);
    try {
      this.sasl.finish();
    } catch (error) {
      throw this.session.channel.fail(error as Error);
    }
  }

  /** Cancels the exchange where the server breaks it. */
  private answer(text: string): string {
    if (!this.isBegun) {
      this.isBegun = true;
      return base64(this.sasl.initial as Uint8Array);
    }
    try {
      const challenge = fromBase64(text);
      if (!challenge) throw badResponse('a challenge that is not base64');
      return base64(this.sasl.respond(challenge));
    } catch (error) {
      this.fault = error;
      return '*';
    }
  }
}
