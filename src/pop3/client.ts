/** A client of POP3: opens a session, looks what is there, fetches and deletes. */
import { concat, fromUtf8 } from '../lib/bytes.ts';
import { deferred } from '../lib/deferred.ts';
import type { Endpoint } from '../lib/endpoint.ts';
import { AppError, NetworkError } from '../lib/errors.ts';
import { CONNECT_TIMEOUT_MS, type Host, type SecureClient } from '../net/index.ts';
import type { SaslCredentials } from '../sasl/index.ts';
import { Channel } from './client-channel.ts';
import { Downloader } from './client-download.ts';
import { login } from './client-login.ts';
import type {
  ClientTimeouts,
  Downloaded,
  DownloadOptions,
  LoginOptions,
  Pop3ClientOptions,
  Stat,
  UniqueId,
} from './client-types.ts';
import {
  BLOCK_TIMEOUT_MS,
  GREETING_TIMEOUT_MS,
  LISTING_BYTES_LIMIT,
  MESSAGE_SIZE_LIMIT,
  REPLY_TIMEOUT_MS,
} from './defaults.ts';
import { notOffered, Pop3ReplyError, tooLarge } from './errors.ts';
import { parseCapabilities } from './machine/capabilities.ts';
import type { Capabilities, Command, Listed, Response } from './types.ts';
import { shownCommand } from './wire/command.ts';
import { parseListing, parseStat, parseUniqueIds } from './wire/listing.ts';

const TIMEOUTS: ClientTimeouts = {
  connectMs: CONNECT_TIMEOUT_MS,
  greetingMs: GREETING_TIMEOUT_MS,
  replyMs: REPLY_TIMEOUT_MS,
  blockMs: BLOCK_TIMEOUT_MS,
};

/** Calls may be made at any time: each waits until those before it have had their responses. */
export class Pop3Client {
  /** What the server said first. */
  greeting = '';
  private readonly host: Host;
  private readonly channel: Channel;
  private readonly options: Pop3ClientOptions;
  private readonly timeouts: ClientTimeouts;
  private readonly stop: () => void;
  private known: Capabilities | undefined;
  private marked = false;
  private turn: Promise<void> = Promise.resolve();

  private constructor(host: Host, channel: Channel, options: Pop3ClientOptions) {
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

  /** Connects, hears the greeting, and secures the connection as asked. Throws NetworkError, Pop3ReplyError. */
  static async connect(
    host: Host,
    to: Endpoint,
    options: Pop3ClientOptions = {},
  ): Promise<Pop3Client> {
    const { signal, observe, security = 'none', connectMs = CONNECT_TIMEOUT_MS } = options;
    const limits = { timeoutMs: connectMs, ...(signal && { signal }) };
    const channel = new Channel(host, await host.network.connect(to, limits), observe);
    const client = new Pop3Client(host, channel, options);
    try {
      if (security === 'implicit') await channel.startTls(client.tls(to));
      const greeting = await channel.response(client.timeouts.greetingMs);
      if (!greeting.ok) throw new Pop3ReplyError(greeting, 'the greeting');
      client.greeting = greeting.text;
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

  /** What the server offers; nothing where it knows no CAPA (RFC 2449 §5). */
  capa(): Promise<Capabilities> {
    return this.alone(() => this.askCapabilities());
  }

  /** Signs in by the best way that both sides know; in clear only under TLS or where `plaintext` allows it. */
  login(credentials: SaslCredentials, options: LoginOptions = {}): Promise<void> {
    return this.alone(async () => {
      const isAsked = options.by === undefined || options.by === 'sasl';
      const capabilities = isAsked
        ? (this.known ?? (await this.askCapabilities()))
        : (this.known ?? new Map());
      const setting = {
        channel: this.channel,
        capabilities,
        timestamp: /<[!-;=?-~]+@[!-;=?-~]*>/.exec(this.greeting)?.[0] ?? '',
        timeoutMs: this.timeouts.replyMs,
        luck: (length: number) => this.host.random.bytes(length),
      };
      await login(setting, credentials, options);
      // RFC 2449 §5: some differ after signing in.
      this.known = undefined;
    });
  }

  /** Messages are sent as they are, headers in UTF-8 (RFC 6856). Before signing in. */
  utf8(): Promise<void> {
    return this.demand({ type: 'UTF8' });
  }

  stat(): Promise<Stat> {
    return this.alone(async () => parseStat(await this.ask({ type: 'STAT' })));
  }

  list(): Promise<readonly Listed[]> {
    return this.alone(async () =>
      parseListing(await this.lines({ type: 'LIST', message: undefined })),
    );
  }

  uidl(): Promise<readonly UniqueId[]> {
    return this.alone(async () =>
      parseUniqueIds(await this.lines({ type: 'UIDL', message: undefined })),
    );
  }

  /** A message. Throws LimitError POP3_TOO_LARGE above `limit` bytes. */
  retr(message: number, options: { readonly limit?: number } = {}): Promise<Uint8Array> {
    const { limit = MESSAGE_SIZE_LIMIT } = options;
    return this.alone(async () => {
      await this.ask({ type: 'RETR', message });
      return this.collect(`message ${message}`, limit);
    });
  }

  /** A message in pieces as they come: what is not read stops the server, and other calls wait until it is over. */
  async *stream(message: number): AsyncGenerator<Uint8Array> {
    const release = await this.acquire();
    try {
      await this.ask({ type: 'RETR', message });
      yield* this.channel.content(this.timeouts.blockMs);
    } finally {
      release();
    }
  }

  /** The header and so many lines of the body. */
  top(message: number, lines: number): Promise<Uint8Array> {
    return this.alone(async () => {
      await this.ask({ type: 'TOP', message, lines });
      return this.collect(`the top of message ${message}`, MESSAGE_SIZE_LIMIT);
    });
  }

  /** Marks a message: it is deleted by `quit`. */
  async dele(message: number): Promise<void> {
    await this.demand({ type: 'DELE', message });
    this.marked = true;
  }

  /** Takes all marks back. */
  async rset(): Promise<void> {
    await this.demand({ type: 'RSET' });
    this.marked = false;
  }

  noop(): Promise<void> {
    return this.demand({ type: 'NOOP' });
  }

  /**
   * All messages, one after the other, as `mode` and `seen` say. In mode `delete` a message is marked only when
   * the messages that came with it have been taken and the next is asked for: `quit` then deletes it.
   */
  download(options: DownloadOptions): AsyncGenerator<Downloaded> {
    const pipeline = async (): Promise<boolean> => {
      if (options.pipeline === false) return false;
      return (this.known ?? (await this.askCapabilities())).has('PIPELINING');
    };
    const downloader = new Downloader(this.channel, this.timeouts, {
      list: () => this.list(),
      uidl: () => this.uidl(),
      pipeline: () => this.alone(pipeline),
      alone: (work) => this.alone(work),
      marking: () => {
        this.marked = true;
      },
    });
    return downloader.run(options);
  }

  /** Ends the session: now what was marked is deleted. Throws where it may not have been; a server that goes without a word is forgiven else. */
  async quit(): Promise<void> {
    try {
      await this.demand({ type: 'QUIT' });
    } catch (error) {
      const isHarmless = error instanceof AppError && !this.marked;
      if (!isHarmless) throw error;
    } finally {
      this.stop();
      this.channel.end();
    }
  }

  /** Gives up at once: nothing is deleted. */
  close(): void {
    this.stop();
    this.channel.fail(new NetworkError('closed', 'the session was closed'));
  }

  private async askCapabilities(): Promise<Capabilities> {
    this.channel.say({ type: 'CAPA' });
    const { ok } = await this.channel.response(this.timeouts.replyMs);
    this.known = ok
      ? parseCapabilities(fromUtf8(await this.collect('CAPA', LISTING_BYTES_LIMIT)))
      : new Map();
    return this.known;
  }

  private async ask(command: Command): Promise<Response> {
    this.channel.say(command);
    const response = await this.channel.response(this.timeouts.replyMs);
    if (!response.ok) throw new Pop3ReplyError(response, shownCommand(command));
    return response;
  }

  private async demand(command: Command): Promise<void> {
    await this.alone(() => this.ask(command));
  }

  private async lines(command: Command): Promise<string> {
    await this.ask(command);
    return fromUtf8(await this.collect(command.type, LISTING_BYTES_LIMIT));
  }

  private async collect(what: string, limit: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of this.channel.content(this.timeouts.blockMs)) {
      size += part.length;
      if (size <= limit) parts.push(part);
    }
    if (size > limit) throw tooLarge(what, limit);
    return concat(parts);
  }

  /** Waits for those that were called before. */
  private async acquire(): Promise<() => void> {
    const mine = deferred<void>();
    const before = this.turn;
    this.turn = mine.promise;
    await before;
    return () => mine.resolve();
  }

  private async alone<T>(work: () => Promise<T>): Promise<T> {
    const release = await this.acquire();
    try {
      return await work();
    } finally {
      release();
    }
  }

  /** RFC 2595 §4: what was learned before TLS is forgotten. */
  private async secureWith(to: Endpoint): Promise<void> {
    const isMust = this.options.security === 'starttls';
    if (!(await this.askCapabilities()).has('STLS')) {
      if (isMust) throw notOffered('STLS', 'RFC 2595 §4');
      return;
    }
    this.channel.say({ type: 'STLS' });
    const response = await this.channel.response(this.timeouts.replyMs);
    if (!response.ok) {
      if (isMust) throw new Pop3ReplyError(response, 'STLS');
      return;
    }
    await this.channel.startTls(this.tls(to));
    this.known = undefined;
  }

  private tls(to: Endpoint): SecureClient {
    const { tls, security, signal } = this.options;
    // Any TLS is better than none where none would do (RFC 7435 §3).
    const verify = security !== 'opportunistic';
    return { role: 'client', serverName: to.address, verify, ...tls, ...(signal && { signal }) };
  }
}
