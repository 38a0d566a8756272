/** A client of SMTP: opens a session, and sends one message after the other. */
import { base64, fromBase64 } from '../lib/base64.ts';
import { utf8 } from '../lib/bytes.ts';
import type { Endpoint } from '../lib/endpoint.ts';
import { AppError, NetworkError } from '../lib/errors.ts';
import { CONNECT_TIMEOUT_MS, type Host, type SecureClient } from '../net/index.ts';
import { bestMechanism, type SaslCredentials, saslClient } from '../sasl/index.ts';
import { Channel } from './client-channel.ts';
import { Transaction } from './client-transaction.ts';
import type {
  ClientTimeouts,
  Envelope,
  MessageSource,
  SendOptions,
  SendResult,
  SmtpClientOptions,
} from './client-types.ts';
import {
  DATA_BLOCK_TIMEOUT_MS,
  DATA_END_TIMEOUT_MS,
  DATA_START_TIMEOUT_MS,
  GREETING_TIMEOUT_MS,
  QUIT_TIMEOUT_MS,
  REPLY_TIMEOUT_MS,
} from './defaults.ts';
import { badReply, SmtpReplyError } from './errors.ts';
import { notOffered } from './machine/envelope.ts';
import { type Extensions, parseExtensions } from './machine/extensions.ts';
import type { Command, Reply } from './types.ts';
import { commandText, encodeCommand } from './wire/command.ts';

const TIMEOUTS: ClientTimeouts = {
  connectMs: CONNECT_TIMEOUT_MS,
  greetingMs: GREETING_TIMEOUT_MS,
  replyMs: REPLY_TIMEOUT_MS,
  dataStartMs: DATA_START_TIMEOUT_MS,
  dataBlockMs: DATA_BLOCK_TIMEOUT_MS,
  dataEndMs: DATA_END_TIMEOUT_MS,
};

/** An initial response that would make the command too long waits for its challenge (RFC 4954 §4). */
const INITIAL_LIMIT = 480;

export class SmtpClient {
  /** What the server offers now; empty where it knows HELO only. */
  extensions: Extensions = new Map();
  /** The greeting's first line. */
  greeting = '';
  private readonly host: Host;
  private readonly channel: Channel;
  private readonly options: SmtpClientOptions;
  private readonly timeouts: ClientTimeouts;
  private readonly stop: () => void;

  private constructor(host: Host, channel: Channel, options: SmtpClientOptions) {
    this.host = host;
    this.channel = channel;
    this.options = options;
    this.timeouts = { ...TIMEOUTS, ...options };
    const aborted = (): void => {
      channel.fail(new NetworkError('aborted', 'the session was aborted'));
    };
    options.signal?.addEventListener('abort', aborted, { once: true });
    this.stop = () => options.signal?.removeEventListener('abort', aborted);
  }

  /** Connects, hears the greeting, says EHLO, and secures the connection as asked. Throws NetworkError, SmtpReplyError. */
  static async connect(
    host: Host,
    to: Endpoint,
    options: SmtpClientOptions = {},
  ): Promise<SmtpClient> {
    const { signal, observe, security = 'none', connectMs = CONNECT_TIMEOUT_MS } = options;
    const limits = { timeoutMs: connectMs, ...(signal && { signal }) };
    const channel = new Channel(host, await host.network.connect(to, limits), observe);
    const client = new SmtpClient(host, channel, options);
    try {
      if (security === 'implicit') await channel.startTls(client.tls(to));
      const greeting = await channel.reply(client.timeouts.greetingMs);
      if (greeting.code !== 220) throw new SmtpReplyError(greeting, 'the greeting');
      client.greeting = greeting.lines[0] ?? '';
      await client.hello();
      if (security === 'starttls' || security === 'opportunistic') await client.secureWith(to);
    } catch (error) {
      client.close();
      throw error;
    }
    return client;
  }

  get secure(): boolean {
    return this.channel.secure;
  }

  /** Signs in by the best mechanism that both sides know; in clear only under TLS or where `plaintext` allows it. */
  async auth(
    credentials: SaslCredentials,
    { plaintext = false }: { readonly plaintext?: boolean } = {},
  ): Promise<void> {
    const offers = this.extensions.get('AUTH') ?? [];
    const mechanism = bestMechanism(offers, this.secure || plaintext);
    if (!mechanism) throw notOffered('AUTH by a mechanism that is safe here', 'RFC 4954 §3');
    const sasl = saslClient(mechanism, credentials, (length) => this.host.random.bytes(length));
    const response = sasl.initial && (base64(sasl.initial) || '=');
    const initial = response && response.length <= INITIAL_LIMIT ? response : undefined;
    let reply = await this.ask({ type: 'AUTH', mechanism, initial });
    let isFirst = initial === undefined && sasl.initial !== undefined;
    while (reply.code === 334) {
      const answer = isFirst ? sasl.initial : await this.responding(sasl.respond, reply);
      isFirst = false;
      reply = await this.line(base64(answer as Uint8Array));
    }
    if (reply.code !== 235) throw new SmtpReplyError(reply, `AUTH ${mechanism}`);
    try {
      sasl.finish();
    } catch (error) {
      throw this.channel.fail(error as Error);
    }
  }

  /** Sends one message. Throws SmtpReplyError where nothing came of it; the session goes on after that. */
  async send(
    envelope: Envelope,
    source: MessageSource,
    { chunks = false }: SendOptions = {},
  ): Promise<SendResult> {
    const transaction = new Transaction(this.channel, this.extensions, this.timeouts);
    return transaction.send(envelope, source, chunks);
  }

  /** Any command that has one reply. */
  async ask(command: Command): Promise<Reply> {
    this.channel.say(encodeCommand(command));
    return this.channel.reply(this.timeouts.replyMs);
  }

  /** Ends what was begun (RFC 5321 §4.1.1.5). */
  async reset(): Promise<void> {
    await this.demand({ type: 'RSET' });
  }

  /** Says good-bye and closes; a server that does not answer is left. */
  async quit(): Promise<void> {
    try {
      this.channel.say(encodeCommand({ type: 'QUIT' }));
      await this.channel.reply(QUIT_TIMEOUT_MS);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
    this.stop();
    this.channel.end();
  }

  /** Gives up at once. */
  close(): void {
    this.stop();
    this.channel.fail(new NetworkError('closed', 'the session was closed'));
  }

  /** EHLO, and HELO where that is not known (RFC 5321 §3.2). */
  private async hello(): Promise<void> {
    const name = this.options.hello ?? this.host.name.replace(/[^\w.-]+/g, '-');
    const reply = await this.ask({ type: 'EHLO', name });
    if (reply.code === 250) {
      this.extensions = parseExtensions(reply);
      return;
    }
    if (reply.code < 500) throw new SmtpReplyError(reply, 'EHLO');
    await this.demand({ type: 'HELO', name });
    this.extensions = new Map();
  }

  private async demand(command: Command): Promise<void> {
    const reply = await this.ask(command);
    if (reply.code >= 300) throw new SmtpReplyError(reply, commandText(command));
  }

  /** RFC 3207 §4: what was learned before TLS is forgotten. */
  private async secureWith(to: Endpoint): Promise<void> {
    const isMust = this.options.security === 'starttls';
    if (!this.extensions.has('STARTTLS')) {
      if (isMust) throw notOffered('STARTTLS', 'RFC 3207 §4');
      return;
    }
    const reply = await this.ask({ type: 'STARTTLS' });
    if (reply.code !== 220) {
      if (isMust) throw new SmtpReplyError(reply, 'STARTTLS');
      return;
    }
    await this.channel.startTls(this.tls(to));
    await this.hello();
  }

  private tls(to: Endpoint): SecureClient {
    const { tls, security, signal } = this.options;
    // Any TLS is better than none where none would do (RFC 7435 §3).
    const verify = security !== 'opportunistic';
    return {
      role: 'client',
      serverName: to.address,
      verify,
      ...tls,
      ...(signal && { signal }),
    };
  }

  private async line(text: string): Promise<Reply> {
    this.channel.say(utf8(`${text}\r\n`));
    return this.channel.reply(this.timeouts.replyMs);
  }

  /** Cancels the exchange where the server breaks it (RFC 4954 §4). */
  private async responding(
    respond: (challenge: Uint8Array) => Uint8Array,
    { lines }: Reply,
  ): Promise<Uint8Array> {
    try {
      const challenge = fromBase64(lines[0] ?? '');
      if (!challenge) throw badReply('a challenge that is not base64');
      return respond(challenge);
    } catch (error) {
      await this.line('*');
      throw error;
    }
  }
}
