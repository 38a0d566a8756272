/** A client proves who it is: by SASL, APOP, or USER and PASS, whatever shows the least. */
import { base64, fromBase64 } from '../lib/base64.ts';
import { utf8 } from '../lib/bytes.ts';
import {
  apopDigest,
  bestMechanism,
  isPlaintext,
  type Mechanism,
  type SaslCredentials,
  saslClient,
} from '../sasl/index.ts';
import type { Channel } from './client-channel.ts';
import type { LoginOptions } from './client-types.ts';
import { COMMAND_LINE_LIMIT } from './defaults.ts';
import { badResponse, notOffered, Pop3ReplyError } from './errors.ts';
import type { Capabilities, Response } from './types.ts';

/** What is known of the server when it comes to signing in. */
export interface LoginSetting {
  readonly channel: Channel;
  /** Empty where the server knows no CAPA. */
  readonly capabilities: Capabilities;
  /** With its brackets; '' where the greeting had none. */
  readonly timestamp: string;
  readonly timeoutMs: number;
  readonly luck: (length: number) => Uint8Array;
}

/** Throws Pop3ReplyError, POP3_NOT_OFFERED. */
export async function login(
  setting: LoginSetting,
  credentials: SaslCredentials,
  { plaintext = false, by }: LoginOptions,
): Promise<void> {
  const { capabilities, timestamp, channel } = setting;
  const isOpen = channel.secure || plaintext;
  const offers = capabilities.get('SASL') ?? [];
  const mechanism = by === undefined || by === 'sasl' ? bestMechanism(offers, isOpen) : undefined;
  if (
    mechanism &&
    (by === 'sasl' || timestamp === '' || channel.secure || !isPlaintext(mechanism))
  ) {
    return bySasl(setting, mechanism, credentials);
  }
  if (timestamp !== '' && (by === undefined || by === 'apop')) return byApop(setting, credentials);
  if (isOpen && (by === undefined || by === 'user')) return byPassword(setting, credentials);
  throw notOffered('a way to sign in that is safe here', 'RFC 8314 §3');
}

async function bySasl(
  { channel, timeoutMs, luck }: LoginSetting,
  mechanism: Mechanism,
  credentials: SaslCredentials,
): Promise<void> {
  const sasl = saslClient(mechanism, credentials, luck);
  const first = sasl.initial && (base64(sasl.initial) || '=');
  const command = { type: 'AUTH' as const, mechanism };
  // RFC 5034 §4: an initial response that makes the command too long waits for its challenge.
  const fits = first !== undefined && mechanism.length + first.length + 6 <= COMMAND_LINE_LIMIT;
  channel.say({ ...command, initial: fits ? first : undefined });
  let isFirst = !fits && sasl.initial !== undefined;
  let answer = await channel.answer(timeoutMs);
  while (typeof answer === 'string') {
    const response = isFirst ? sasl.initial : responding(channel, sasl.respond, answer);
    isFirst = false;
    channel.respond(utf8(`${base64(response as Uint8Array)}\r\n`));
    answer = await channel.answer(timeoutMs);
  }
  assertOk(answer, `AUTH ${mechanism}`);
  try {
    sasl.finish();
  } catch (error) {
    throw channel.fail(error as Error);
  }
}

/** Cancels the exchange where the server breaks it, and gives up: who it is has not been proved. */
function responding(
  channel: Channel,
  respond: (challenge: Uint8Array) => Uint8Array,
  text: string,
): Uint8Array {
  try {
    const challenge = fromBase64(text);
    if (!challenge) throw badResponse('a challenge that is not base64');
    return respond(challenge);
  } catch (error) {
    channel.respond(utf8('*\r\n'));
    throw channel.fail(error as Error);
  }
}

async function byApop(
  { channel, timeoutMs, timestamp }: LoginSetting,
  { user, password }: SaslCredentials,
): Promise<void> {
  channel.say({ type: 'APOP', name: user, digest: apopDigest(timestamp, password) });
  assertOk(await channel.response(timeoutMs), 'APOP');
}

async function byPassword(
  { channel, timeoutMs }: LoginSetting,
  { user, password }: SaslCredentials,
): Promise<void> {
  channel.say({ type: 'USER', name: user });
  assertOk(await channel.response(timeoutMs), 'USER');
  channel.say({ type: 'PASS', password });
  assertOk(await channel.response(timeoutMs), 'PASS');
}

function assertOk(response: Response, to: string): void {
  if (!response.ok) throw new Pop3ReplyError(response, to);
}
