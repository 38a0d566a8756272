/** A body on its way in, for a server's handlers and for a client's callers alike. */
import { concat, fromUtf8 } from '../lib/bytes.ts';
import { type Deferred, deferred } from '../lib/deferred.ts';
import { AppError, UsageError } from '../lib/errors.ts';
import { type HeaderList, NO_HEADERS } from '../lib/ordered-headers.ts';
import { BODY_BUFFER, COLLECT_LIMIT } from './defaults.ts';
import { tooLarge } from './errors.ts';
import type { Body, BodySink } from './types.ts';

/** What a body asks of the connection that brings it. */
export interface BodyFlow {
  /** The reader has made room, or has come at last: more may be pushed. */
  wanted(): void;
  /** The reader has lost interest. */
  cancelled(): void;
}

export class IncomingBody implements Body {
  readonly length: number | undefined;
  trailers: HeaderList = NO_HEADERS;
  private readonly flow: BodyFlow;
  private sink: BodySink | undefined;
  private taken = false;
  private paused = false;
  private queue: Uint8Array[] = [];
  private queued = 0;
  private ended = false;
  private error: Error | undefined;
  private told = false;

  constructor(length: number | undefined, flow: BodyFlow) {
    this.length = length;
    this.flow = flow;
  }

  /** True when a reader has come and has not asked to wait. */
  get flowing(): boolean {
    return this.sink !== undefined && !this.paused;
  }

  /** True while more may be pushed without going over the buffer. */
  get open(): boolean {
    return !this.ended && !this.error && (this.flowing || this.queued < BODY_BUFFER);
  }

  get done(): boolean {
    return this.ended || this.error !== undefined;
  }

  push(bytes: Uint8Array): void {
    if (this.done) return;
    if (this.flowing && this.queued === 0) {
      this.sink?.onData(bytes);
      return;
    }
    this.queue.push(bytes);
    this.queued += bytes.length;
  }

  finish(trailers: HeaderList): void {
    if (this.done) return;
    this.trailers = trailers;
    this.ended = true;
    this.drain();
  }

  fail(error: Error): void {
    if (this.done) return;
    this.error = error;
    this.drain();
  }

  attach(sink: BodySink): void {
    if (this.taken) throw new UsageError('a body can be read only once');
    this.taken = true;
    this.sink = sink;
    this.drain();
    if (!this.done) this.flow.wanted();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.drain();
    if (this.open) this.flow.wanted();
  }

  cancel(): void {
    if (this.told) return;
    this.taken = true;
    this.told = true;
    this.sink = undefined;
    this.queue = [];
    this.queued = 0;
    const wasOpen = !this.done;
    this.error ??= new AppError('HTTP_CANCELLED', 'the body was given up by its reader');
    if (wasOpen) this.flow.cancelled();
  }

  bytes(options: { readonly limit?: number } = {}): Promise<Uint8Array> {
    const limit = options.limit ?? COLLECT_LIMIT;
    const done = deferred<Uint8Array>();
    const parts: Uint8Array[] = [];
    let size = 0;
    this.attach({
      onData: (bytes) => {
        size += bytes.length;
        if (size > limit) {
          this.cancel();
          done.reject(tooLarge(limit));
        } else {
          parts.push(bytes);
        }
      },
      onEnd: () => done.resolve(concat(parts)),
      onError: (error) => done.reject(error),
    });
    return done.promise;
  }

  async text(options: { readonly limit?: number } = {}): Promise<string> {
    return fromUtf8(await this.bytes(options));
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return new BodyIterator(this);
  }

  /** Gives out what is queued, then the end, as far as the reader lets. */
  private drain(): void {
    while (this.flowing && this.queue.length > 0) {
      const bytes = this.queue.shift() as Uint8Array;
      this.queued -= bytes.length;
      this.sink?.onData(bytes);
    }
    if (!this.flowing || this.queue.length > 0 || this.told || !this.done) return;
    this.told = true;
    if (this.error) this.sink?.onError(this.error);
    else this.sink?.onEnd(this.trailers);
  }
}

/** Pulls a body piece by piece: it is paused except while somebody waits. */
class BodyIterator implements AsyncIterator<Uint8Array> {
  private readonly body: IncomingBody;
  private readonly ready: Uint8Array[] = [];
  private waiting: Deferred<void> | undefined;
  private over = false;
  private error: Error | undefined;

  constructor(body: IncomingBody) {
    this.body = body;
    body.attach({
      onData: (bytes) => {
        this.ready.push(bytes);
        body.pause();
        this.wake();
      },
      onEnd: () => {
        this.over = true;
        this.wake();
      },
      onError: (error) => {
        this.error = error;
        this.wake();
      },
    });
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    for (;;) {
      const value = this.ready.shift();
      if (value) return { done: false, value };
      if (this.error) throw this.error;
      if (this.over) return { done: true, value: undefined };
      this.waiting = deferred();
      const { promise } = this.waiting;
      this.body.resume();
      await promise;
    }
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.body.cancel();
    return { done: true, value: undefined };
  }

  private wake(): void {
    this.waiting?.resolve();
    this.waiting = undefined;
  }
}

/** A body without content, the same for all: there is nothing in it that could be read twice. */
class EmptyBody extends IncomingBody {
  override attach(sink: BodySink): void {
    sink.onEnd(NO_HEADERS);
  }

  override cancel(): void {}
}

export const EMPTY_BODY: IncomingBody = new EmptyBody(0, { wanted() {}, cancelled() {} });
EMPTY_BODY.finish(NO_HEADERS);
