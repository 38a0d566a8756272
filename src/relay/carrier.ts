/** An open session with a next hop, that takes one message after the other to it. */
import { concat } from '../lib/bytes.ts';
import { type Endpoint, endpointText } from '../lib/endpoint.ts';
import { AppError, hasCode, NetworkError } from '../lib/errors.ts';
import { reencode7bit } from '../mime/index.ts';
import { calendar, type Host } from '../net/index.ts';
import {
  type Envelope,
  enhancedOf,
  mailboxText,
  type Reply,
  SmtpClient,
  type SmtpClientOptions,
  SmtpReplyError,
} from '../smtp/index.ts';
import { RELAY_CONNECT_TIMEOUT_MS } from './defaults.ts';
import { attemptOf, refused, refusedRecipient, type Verdict } from './machine/verdict.ts';
import type { Attempt, MailOptions, Outcome, QueuedMessage, Smarthost } from './types.ts';

/** Part of a message's recipients, those of one next hop. */
export interface Load {
  readonly message: QueuedMessage;
  /** Places among its recipients. */
  readonly positions: readonly number[];
  readonly pieces: () => Iterable<Uint8Array>;
}

/** Nothing of the message was under way: another host, or another connection, may take it at once. */
export interface Unsent {
  readonly unsent: Attempt;
}

export type Sent = ReadonlyMap<number, Verdict> | Unsent;

export interface CarrierOptions {
  readonly host: Host;
  readonly client: SmtpClientOptions;
  readonly smarthost: Smarthost | undefined;
}

export class Carrier {
  readonly to: Endpoint;
  /** The name of the next hop, with its address. */
  readonly remote: string;
  /** Messages so far. */
  used = 0;
  /** Nothing more goes through it. */
  isOver = false;
  private readonly host: Host;
  private readonly log: ReplyLog;
  private readonly client: SmtpClient;

  private constructor(host: Host, to: Endpoint, name: string, client: SmtpClient, log: ReplyLog) {
    this.host = host;
    this.to = to;
    this.remote = name;
    this.client = client;
    this.log = log;
  }

  /** Connects, under TLS where that can be had. Throws what SmtpClient does. */
  static async open(
    { host, client: options, smarthost }: CarrierOptions,
    to: Endpoint,
    name: string,
  ): Promise<Carrier> {
    const log = new ReplyLog();
    const given = { connectMs: RELAY_CONNECT_TIMEOUT_MS, ...options, observe: log.observe };
    const client = await connect(host, to, name, given);
    if (smarthost?.credentials) {
      const { plaintext = false } = smarthost;
      await signIn(client, () => client.auth(smarthost.credentials as Credentials, { plaintext }));
    }
    return new Carrier(host, to, name, client, log);
  }

  /** Sends a message to some of its recipients. Never throws what belongs to the message or to the connection. */
  async send(load: Load): Promise<Sent> {
    this.used++;
    this.log.begin();
    try {
      const { envelope, source } = this.prepare(load);
      const { reply } = await this.client.send(envelope, source);
      const tells = this.client.extensions.has('DSN');
      return this.perRecipient(load, { kind: 'relayed', attempt: this.attempt(reply), tells });
    } catch (error) {
      return this.failed(load, error);
    }
  }

  /** Says good-bye; a server that does not answer is left. */
  async quit(): Promise<void> {
    this.isOver = true;
    await this.client.quit();
  }

  close(): void {
    this.isOver = true;
    this.client.close();
  }

  /** RFC 6152 §3, RFC 6531 §3.2: what the next hop does not offer is done without, where that can be. */
  private prepare({ message, positions, pieces }: Load): {
    envelope: Envelope;
    source: Uint8Array | AsyncIterable<Uint8Array>;
  } {
    const { extensions } = this.client;
    const recipients = positions.flatMap((at) => message.recipients[at] ?? []);
    const isWide = needsUtf8(message, positions);
    if (isWide && !extensions.has('SMTPUTF8')) throw new Impossible(NO_UTF8);
    const isPlain = !message.eightBit || extensions.has('8BITMIME');
    const source = isPlain ? undefined : recoded(pieces());
    const { ret, envid } = message.options;
    const options: MailOptions = {
      size: source?.length ?? message.size,
      ...(message.eightBit && isPlain && { body: '8BITMIME' as const }),
      ...(isWide && { utf8: true }),
      ...(ret && { ret }),
      ...(envid !== undefined && { envid }),
    };
    const to = recipients.map(({ path, options: own }) => ({ path, options: own }));
    return { envelope: { from: message.from, to, options }, source: source ?? later(pieces()) };
  }

  /** Each by the reply to its own RCPT; who was taken there shares the fate of the message. */
  private perRecipient({ positions }: Load, fate: Verdict): Map<number, Verdict> {
    const [mail, ...rest] = this.log.replies;
    const own = mail && mail.code < 400 ? rest.slice(0, positions.length) : [];
    const othersTaken = own.some(({ code }) => code < 400);
    return new Map(
      positions.map((position, i) => {
        const reply = own[i];
        if (!reply || reply.code < 400) return [position, fate];
        return [position, refusedRecipient(this.attempt(reply), othersTaken)];
      }),
    );
  }

  private failed(load: Load, error: unknown): Sent {
    if (error instanceof SmtpReplyError) return this.refused(load, error);
    const hopeless = hopelessness(error);
    if (!hopeless) this.close();
    if (!(error instanceof AppError)) throw error;
    if (hopeless) return this.perRecipient(load, { kind: 'failed', attempt: this.own(hopeless) });
    const outcome = broken(this.to, error);
    if (!this.log.isUnderWay) return { unsent: this.own(outcome) };
    // Nobody can know (RFC 5321 §4.5.3.2.6): better twice than never.
    const text = `${outcome.text}; it may have been taken all the same`;
    return this.perRecipient(load, {
      kind: 'deferred',
      attempt: this.own({ ...outcome, text }),
    });
  }

  /** The session goes on where only the envelope was refused. */
  private refused(load: Load, { answer, to }: SmtpReplyError): Sent {
    const attempt = this.attempt(answer);
    const isGoing = answer.code === 421;
    if (isGoing || !/^(?:MAIL|RCPT)/.test(to)) this.close();
    if (isGoing && !this.log.isUnderWay) return { unsent: attempt };
    return this.perRecipient(load, refused(attempt));
  }

  private attempt(reply: Reply): Attempt {
    return attemptOf(enhancedOf(reply), this.remote, this.now());
  }

  private own(outcome: Outcome): Attempt {
    return attemptOf(outcome, '', this.now());
  }

  private now(): number {
    return Math.floor(calendar(this.host.clock));
  }
}

type Credentials = NonNullable<Smarthost['credentials']>;

/** What no attempt at this host can change. */
class Impossible extends AppError {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super('RELAY_IMPOSSIBLE', outcome.text);
    this.outcome = outcome;
  }
}

const NO_UTF8: Outcome = {
  code: 550,
  enhanced: '5.6.7',
  text: 'The next hop knows no addresses and headers beyond ASCII (SMTPUTF8)',
};

const NO_7BIT: Outcome = {
  code: 554,
  enhanced: '5.6.3',
  text: 'The next hop takes 7 bits only, and the header of the message has 8',
};

/** What another attempt could not change. */
function hopelessness(error: unknown): Outcome | undefined {
  if (error instanceof Impossible) return error.outcome;
  if (!hasCode(error, 'SMTP_TOO_LARGE')) return undefined;
  return { code: 552, enhanced: '5.3.4', text: (error as AppError).message };
}

/** RFC 3463 §3.5: no answer, or a bad connection. */
export function broken(to: Endpoint, error: unknown): Outcome {
  const isNever = error instanceof NetworkError && /refused|unreachable|timeout/.test(error.kind);
  const { message } = error as Error;
  const where = endpointText(to);
  const text = message.includes(where) ? message : `${where}: ${message}`;
  return { code: 451, enhanced: isNever ? '4.4.1' : '4.4.2', text };
}

/** Remembers the replies of one transaction: the client tells of the first refusal only. */
class ReplyLog {
  replies: Reply[] = [];
  /** 354 was said: from there on nobody knows what of a message has arrived. */
  isUnderWay = false;
  private lines: string[] = [];

  readonly observe = (who: 'C' | 'S', line: string): void => {
    if (who === 'C') return;
    this.lines.push(line.slice(4));
    if (line[3] === '-') return;
    const code = Number(line.slice(0, 3));
    this.isUnderWay ||= code === 354;
    this.replies.push({ code, lines: this.lines });
    this.lines = [];
  };

  begin(): void {
    this.replies = [];
    this.lines = [];
    this.isUnderWay = false;
  }
}

/** RFC 7435: where TLS fails that nobody has insisted on, the words go in clear. */
async function connect(
  host: Host,
  to: Endpoint,
  name: string,
  options: SmtpClientOptions,
): Promise<SmtpClient> {
  const tls = { serverName: name, ...options.tls };
  try {
    return await SmtpClient.connect(host, to, { ...options, tls });
  } catch (error) {
    const mayBeClear = options.security === 'opportunistic' && hasCode(error, 'NET_INSECURE');
    if (!mayBeClear) throw error;
    return SmtpClient.connect(host, to, { ...options, security: 'none' });
  }
}

/** What is wrong with our password is no fault of the messages. */
async function signIn(client: SmtpClient, auth: () => Promise<void>): Promise<void> {
  try {
    await auth();
  } catch (error) {
    client.close();
    const { message } = error as Error;
    throw new NetworkError('not-permitted', `signing in failed: ${message}`, { cause: error });
  }
}

function needsUtf8(
  { options, wideHeader, from, recipients }: QueuedMessage,
  at: readonly number[],
): boolean {
  if (!options.utf8) return false;
  const paths = [from, ...at.flatMap((one) => recipients[one]?.path ?? [])];
  return wideHeader || paths.some((path) => /[^\0-\x7f]/.test(mailboxText(path)));
}

function recoded(pieces: Iterable<Uint8Array>): Uint8Array {
  try {
    return reencode7bit(concat([...pieces]));
  } catch (error) {
    if (hasCode(error, 'MIME_NEEDS_UTF8')) throw new Impossible(NO_7BIT);
    throw error;
  }
}

async function* later(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* pieces;
}
