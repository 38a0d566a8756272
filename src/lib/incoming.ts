/** Bytes on their way in, between the connection that brings them and one reader, who may let them wait. */
import { concat } from './bytes.ts';
import { type Deferred, deferred } from './deferred.ts';
import { UsageError } from './errors.ts';

/** Takes bytes as they come. After `onEnd` or `onError` nothing follows. */
export interface IncomingSink<End> {
  onData(bytes: Uint8Array): void;
  onEnd(end: End): void;
  onError(error: Error): void;
}

export interface IncomingSetting {
  /** What it is called in errors. */
  readonly name: string;
  /** So many bytes may wait for the reader. */
  readonly buffer: number;
  /** So many bytes are collected, unless the reader says otherwise. */
  readonly limit: number;
  readonly tooLarge: (limit: number) => Error;
  /** Why it broke off when the reader has lost interest. */
  readonly cancelled: () => Error;
}

/** Read once: by a sink, by iteration, or collected. */
export abstract class Incoming<End> implements AsyncIterable<Uint8Array> {
  private readonly setting: IncomingSetting;
  private sink: IncomingSink<End> | undefined;
  private taken = false;
  private paused = false;
  private queue: Uint8Array[] = [];
  private queued = 0;
  private end: { readonly value: End } | undefined;
  private error: Error | undefined;
  private told = false;

  constructor(setting: IncomingSetting) {
    this.setting = setting;
  }

  /** The reader has made room, or has come at last: more may be pushed. */
  protected abstract wanted(): void;

  /** The reader has lost interest before the end. */
  protected abstract abandoned(): void;

  /** A reader has come and has not asked to wait. */
  get flowing(): boolean {
    return this.sink !== undefined && !this.paused;
  }

  /** No more is expected. */
  get done(): boolean {
    return this.end !== undefined || this.error !== undefined;
  }

  /** It broke off, or was given up: a reader that fails then has its reason. */
  get broken(): boolean {
    return this.error !== undefined;
  }

  /** More may be pushed: there is room, or nobody will read it. */
  get open(): boolean {
    return this.done || this.flowing || this.queued < this.setting.buffer;
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

  finish(end: End): void {
    if (this.done) return;
    this.end = { value: end };
    this.drain();
  }

  /** It broke off: the reader hears it after what is queued. */
  fail(error: Error): void {
    if (this.done) return;
    this.error = error;
    this.drain();
  }

  attach(sink: IncomingSink<End>): void {
    if (this.taken) throw new UsageError(`${this.setting.name} can be read only once`);
    this.taken = true;
    this.sink = sink;
    this.drain();
    if (!this.done) this.wanted();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.drain();
    if (this.open) this.wanted();
  }

  /** Not wanted any more. */
  cancel(): void {
    if (this.told) return;
    this.taken = true;
    this.told = true;
    this.sink = undefined;
    this.forget();
    const wasOpen = !this.done;
    this.error ??= this.setting.cancelled();
    if (wasOpen) this.abandoned();
  }

  /** All of it. Throws what `tooLarge` makes above `limit` bytes. */
  bytes(options: { readonly limit?: number } = {}): Promise<Uint8Array> {
    const limit = options.limit ?? this.setting.limit;
    const done = deferred<Uint8Array>();
    const parts: Uint8Array[] = [];
    let size = 0;
    this.attach({
      onData: (bytes) => {
        size += bytes.length;
        if (size <= limit) {
          parts.push(bytes);
          return;
        }
        this.cancel();
        done.reject(this.setting.tooLarge(limit));
      },
      onEnd: () => done.resolve(concat(parts)),
      onError: (error) => done.reject(error),
    });
    return done.promise;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return new IncomingIterator(this);
  }

  /** What is queued is not given out any more. */
  protected forget(): void {
    this.queue = [];
    this.queued = 0;
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
    if (this.end) this.sink?.onEnd(this.end.value);
    else this.sink?.onError(this.error as Error);
  }
}

/** Pulls piece by piece: the bytes wait except while somebody asks for them. */
class IncomingIterator implements AsyncIterator<Uint8Array> {
  private readonly incoming: Incoming<unknown>;
  private readonly ready: Uint8Array[] = [];
  private waiting: Deferred<void> | undefined;
  private over = false;
  private error: Error | undefined;

  constructor(incoming: Incoming<unknown>) {
    this.incoming = incoming;
    incoming.pause();
    incoming.attach({
      onData: (bytes) => {
        this.ready.push(bytes);
        incoming.pause();
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
      this.incoming.resume();
      await promise;
    }
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.incoming.cancel();
    return { done: true, value: undefined };
  }

  private wake(): void {
    this.waiting?.resolve();
    this.waiting = undefined;
  }
}
