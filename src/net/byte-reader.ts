/**
 * A connection for people: reads from top to bottom with `await`, for clients, labs and tests.
 * Servers' hot paths stay on the callbacks.
 */
import { concat, EMPTY, fromLatin1 } from '../lib/bytes.ts';
import { type Deferred, deferred } from '../lib/deferred.ts';
import { LimitError, NetworkError } from '../lib/errors.ts';
import { LINE_LIMIT, READ_BUFFER } from './defaults.ts';
import type { CloseReason, Connection } from './types.ts';

export class ByteReader implements AsyncIterable<Uint8Array> {
  readonly connection: Connection;
  private chunks: Uint8Array[] = [];
  private length = 0;
  private ended = false;
  private closed: CloseReason | undefined;
  private paused = false;
  private more: Deferred<void> | undefined;
  private drained: Deferred<void> | undefined;

  constructor(connection: Connection) {
    this.connection = connection;
    connection.attach({
      onData: (bytes) => this.take(bytes),
      onEnd: () => {
        this.ended = true;
        this.wake();
      },
      onDrain: () => this.release(),
      onClose: (why) => {
        this.closed = why;
        this.wake();
        this.release();
      },
    });
  }

  /** How many bytes were received and not read yet. */
  get buffered(): number {
    return this.length;
  }

  /** What came next, in whatever pieces; null at the end of the stream. */
  async read(): Promise<Uint8Array | null> {
    while (this.length === 0) if (!(await this.wait())) return null;
    const first = this.chunks.shift() as Uint8Array;
    this.length -= first.length;
    this.relax();
    return first;
  }

  /** Exactly so many bytes. Throws NET_CLOSED when the stream ends before. */
  async readExactly(count: number): Promise<Uint8Array> {
    while (this.length < count) {
      if (!(await this.wait(count))) {
        throw new NetworkError('closed', `the peer closed after ${this.length} of ${count} bytes`);
      }
    }
    return this.cut(count);
  }

  /**
   * The next line without its CR LF (or LF), one character a byte; null at the end of the stream.
   * Text after the last line end counts as a line.
   */
  async readLine(limit: number = LINE_LIMIT): Promise<string | null> {
    let searched = 0;
    for (;;) {
      const found = this.find(10, searched);
      if (found >= 0) return withoutCr(this.cut(found + 1), 1);
      searched = this.length;
      if (searched > limit) {
        throw new LimitError('NET_LINE_TOO_LONG', `a line of more than ${limit} bytes`, { limit });
      }
      if (!(await this.wait(searched + 1))) {
        return this.length === 0 ? null : withoutCr(this.cut(this.length), 0);
      }
    }
  }

  /** Everything until the end of the stream, at most `limit` bytes. */
  async readAll(limit: number = Number.POSITIVE_INFINITY): Promise<Uint8Array> {
    do {
      if (this.length > limit) {
        throw new LimitError('NET_TOO_LONG', `more than ${limit} bytes`, { limit });
      }
    } while (await this.wait(this.length + 1));
    return this.cut(this.length);
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    for (;;) {
      const bytes = await this.read();
      if (bytes === null) return;
      yield bytes;
    }
  }

  /** Writes, and waits while the connection asks to. */
  async write(bytes: Uint8Array): Promise<void> {
    this.throwIfBroken();
    if (this.connection.write(bytes)) return;
    this.drained ??= deferred();
    await this.drained.promise;
    this.throwIfBroken();
  }

  end(): void {
    this.connection.end();
  }

  /** Ends at once, whatever is under way. */
  destroy(): void {
    this.connection.destroy();
  }

  private take(bytes: Uint8Array): void {
    this.chunks.push(bytes);
    this.length += bytes.length;
    this.wake();
    if (this.length > READ_BUFFER && !this.paused) {
      this.paused = true;
      this.connection.pause();
    }
  }

  private relax(): void {
    if (!this.paused || this.length > READ_BUFFER / 2) return;
    this.paused = false;
    this.connection.resume();
  }

  /** Waits for news; false when the stream has ended. `wanted` bytes may exceed the buffer. */
  private async wait(wanted = 1): Promise<boolean> {
    if (this.ended) return false;
    if (this.closed) {
      if (this.closed.error) throw this.closed.error;
      return false;
    }
    if (this.paused && wanted > this.length) {
      this.paused = false;
      this.connection.resume();
    }
    this.more ??= deferred();
    await this.more.promise;
    return true;
  }

  private wake(): void {
    this.more?.resolve();
    this.more = undefined;
  }

  private release(): void {
    this.drained?.resolve();
    this.drained = undefined;
  }

  private throwIfBroken(): void {
    if (this.closed) {
      throw this.closed.error ?? new NetworkError('closed', 'the connection is closed');
    }
  }

  private find(byte: number, from: number): number {
    let at = 0;
    for (const chunk of this.chunks) {
      if (at + chunk.length > from) {
        const found = chunk.indexOf(byte, Math.max(0, from - at));
        if (found >= 0) return at + found;
      }
      at += chunk.length;
    }
    return -1;
  }

  private cut(count: number): Uint8Array {
    if (count === 0) return EMPTY;
    const whole = concat(this.chunks);
    const rest = whole.subarray(count);
    this.chunks = rest.length > 0 ? [rest] : [];
    this.length = rest.length;
    this.relax();
    return whole.subarray(0, count);
  }
}

function withoutCr(line: Uint8Array, ending: number): string {
  const end = line.length - ending;
  return fromLatin1(line, 0, ending > 0 && line[end - 1] === 13 ? end - 1 : end);
}
