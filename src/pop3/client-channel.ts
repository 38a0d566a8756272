/** A client's side of the wire: commands out, responses and texts in, each waited for only so long. */
import { fromUtf8 } from '../lib/bytes.ts';
import { type Deferred, deferred } from '../lib/deferred.ts';
import { DotReader } from '../lib/dot.ts';
import { endpointText } from '../lib/endpoint.ts';
import { NetworkError, UsageError } from '../lib/errors.ts';
import { type Line, LineReader } from '../lib/lines.ts';
import { type Connection, type Host, READ_BUFFER, type SecureClient } from '../net/index.ts';
import { RESPONSE_READ_LIMIT } from './defaults.ts';
import { badResponse } from './errors.ts';
import type { Command, Response } from './types.ts';
import { encodeCommand, shownCommand } from './wire/command.ts';
import { parseChallenge, parseResponse } from './wire/response.ts';

/** Told of each line as it is said, passwords hidden. `content` are the lines of a multi-line response. */
export type Observe = (who: 'C' | 'S', line: string, kind: 'line' | 'content') => void;

export class Channel {
  secure = false;
  private readonly host: Host;
  private readonly observe: Observe | undefined;
  private connection: Connection;
  private input = new LineReader(RESPONSE_READ_LIMIT);
  private paused = false;
  private ended = false;
  private heard: Deferred<void> | undefined;
  private failure: Error | undefined;

  constructor(host: Host, connection: Connection, observe: Observe | undefined) {
    this.host = host;
    this.connection = connection;
    this.observe = observe;
    this.attach(connection);
  }

  say(...commands: readonly Command[]): void {
    for (const command of commands) this.observe?.('C', shownCommand(command), 'line');
    this.write(commands.map(encodeCommand));
  }

  /** A line of AUTH; nobody is shown it. */
  respond(line: Uint8Array): void {
    this.observe?.('C', '********', 'line');
    this.write([line]);
  }

  /** The next first line. Throws NetworkError, ProtocolError. */
  async response(timeoutMs: number): Promise<Response> {
    return this.judged(await this.line(timeoutMs), parseResponse);
  }

  /** What is said within AUTH: a challenge in base64, or the response that ends it. */
  async answer(timeoutMs: number): Promise<Response | string> {
    const line = await this.line(timeoutMs);
    return this.judged(line, (one) => parseChallenge(one) ?? parseResponse(one));
  }

  /** The text of a multi-line response, without its dots. What is not taken of it is read and thrown away. */
  async *content(timeoutMs: number): AsyncGenerator<Uint8Array> {
    const shown = new LineReader(RESPONSE_READ_LIMIT);
    let parts: Uint8Array[] = [];
    const dots = new DotReader((part) => parts.push(part), { patient: true });
    const next = async (): Promise<void> => {
      while (this.input.buffered === 0) await this.more(timeoutMs);
      const bytes = this.input.take();
      const taken = dots.push(bytes);
      this.input.push(bytes.subarray(taken));
      if (this.observe) this.show(shown, bytes.subarray(0, taken));
      this.relax();
    };
    try {
      while (!dots.done) {
        await next();
        const given = parts;
        parts = [];
        yield* given;
      }
    } finally {
      while (!dots.done && !this.failure) await next();
    }
  }

  /** Puts TLS on the connection. */
  async startTls(options: SecureClient): Promise<void> {
    if (!this.host.network.secure) throw new UsageError('this network does not speak TLS');
    // As in SMTP (RFC 3207 §6): what was sent in clear behind +OK may be somebody else's.
    if (this.input.buffered > 0) throw this.fail(badResponse('words in clear behind STLS'));
    this.connection = await this.host.network.secure(this.connection, options);
    this.secure = true;
    this.attach(this.connection);
  }

  end(): void {
    this.connection.end();
  }

  /** Gives up at once. Whoever waits is told `error`. */
  fail(error: Error): Error {
    this.failure ??= error;
    this.connection.destroy();
    this.heard?.resolve();
    return this.failure;
  }

  private write(parts: readonly Uint8Array[]): void {
    for (const part of parts) this.connection.write(part);
  }

  private attach(connection: Connection): void {
    connection.attach({
      onData: (bytes) => {
        this.input.push(bytes);
        this.heard?.resolve();
        if (this.input.buffered > READ_BUFFER && !this.paused) {
          this.paused = true;
          connection.pause();
        }
      },
      onEnd: () => this.over(),
      onClose: ({ error }) => {
        if (error) this.failure ??= error;
        this.over();
      },
    });
  }

  /** What has come is still read. */
  private over(): void {
    this.ended = true;
    this.heard?.resolve();
  }

  private relax(): void {
    if (!this.paused || this.input.buffered > READ_BUFFER / 2) return;
    this.paused = false;
    this.connection.resume();
  }

  private async line(timeoutMs: number): Promise<Line> {
    for (;;) {
      const line = this.input.next();
      this.relax();
      if (line) {
        this.observe?.('S', fromUtf8(line.bytes), 'line');
        return line;
      }
      await this.more(timeoutMs);
    }
  }

  private judged<T>(line: Line, parse: (line: Line) => T): T {
    try {
      return parse(line);
    } catch (error) {
      throw this.fail(error as Error);
    }
  }

  private show(lines: LineReader, bytes: Uint8Array): void {
    lines.push(bytes);
    for (let line = lines.next(); line; line = lines.next()) {
      this.observe?.('S', fromUtf8(line.bytes), 'content');
    }
  }

  /** Waits for more bytes. */
  private async more(timeoutMs: number): Promise<void> {
    const where = endpointText(this.connection.remote);
    if (this.ended) {
      this.failure ??= new NetworkError('closed', `${where}: the server closed the connection`);
    }
    if (this.failure) throw this.failure;
    const heard = deferred<void>();
    this.heard = heard;
    const timer = this.host.clock.setTimer(timeoutMs, () => {
      this.fail(new NetworkError('timeout', `${where}: nothing came in ${timeoutMs} ms`));
    });
    try {
      await heard.promise;
    } finally {
      timer.cancel();
    }
    if (this.failure) throw this.failure;
  }
}
