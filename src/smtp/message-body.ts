/** A message on its way in, between the connection that brings it and the backend that keeps it. */
import { concat } from '../lib/bytes.ts';
import { type Deferred, deferred } from '../lib/deferred.ts';
import { UsageError } from '../lib/errors.ts';
import { BODY_BUFFER, COLLECT_LIMIT } from './defaults.ts';
import { bodyTooLarge, cancelled } from './errors.ts';
import type { MessageBody, MessageSink } from './types.ts';

export class IncomingMessage implements MessageBody {
  /** Bytes that came so far. */
  size = 0;
  private readonly wanted: () => void;
  private sink: MessageSink | undefined;
  private taken = false;
  private paused = false;
  private queue: Uint8Array[] = [];
  private queued = 0;
  private ended = false;
  private error: Error | undefined;
  private told = false;

  /** `wanted` is called when the reader has made room. */
  constructor(wanted: () => void) {
    this.wanted = wanted;
  }

  /** True while more may be pushed: there is room, or nobody will read it. */
  get open(): boolean {
    return this.done || this.flowing || this.queued < BODY_BUFFER;
  }

  /** It broke off, or was given up: a reader that fails then has its reason. */
  get broken(): boolean {
    return this.error !== undefined;
  }

  push(bytes: Uint8Array): void {
    if (this.done) return;
    this.size += bytes.length;
    if (this.flowing && this.queued === 0) {
      this.sink?.onData(bytes);
      return;
    }
    this.queue.push(bytes);
    this.queued += bytes.length;
  }

  finish(): void {
    if (this.done) return;
    this.ended = true;
    this.drain();
  }

  /** The message is not to be kept: what was not read of it is not given out any more. */
  fail(error: Error): void {
    if (this.done) return;
    this.error = error;
    this.queue = [];
    this.queued = 0;
    this.drain();
  }

  attach(sink: MessageSink): void {
    if (this.taken) throw new UsageError('a message can be read only once');
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

  cancel(): void {
    this.taken = true;
    this.told = true;
    this.sink = undefined;
    if (!this.done) this.fail(cancelled());
    this.queue = [];
    this.queued = 0;
    this.wanted();
  }

  bytes(options: { readonly limit?: number } = {}): Promise<Uint8Array> {
    const limit = options.limit ?? COLLECT_LIMIT;
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
        done.reject(bodyTooLarge(limit));
      },
      onEnd: () => done.resolve(concat(parts)),
      onError: (error) => done.reject(error),
    });
    return done.promise;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return new MessageIterator(this);
  }

  private get flowing(): boolean {
    return this.sink !== undefined && !this.paused;
  }

  private get done(): boolean {
    return this.ended || this.error !== undefined;
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
    else this.sink?.onEnd();
  }
}

/** Pulls a message piece by piece: it is paused except while somebody waits. */
class MessageIterator implements AsyncIterator<Uint8Array> {
  private readonly message: IncomingMessage;
  private readonly ready: Uint8Array[] = [];
  private waiting: Deferred<void> | undefined;
  private over = false;
  private error: Error | undefined;

  constructor(message: IncomingMessage) {
    this.message = message;
    message.pause();
    message.attach({
      onData: (bytes) => {
        this.ready.push(bytes);
        message.pause();
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
      this.message.resume();
      await promise;
    }
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.message.cancel();
    return { done: true, value: undefined };
  }

  private wake(): void {
    this.waiting?.resolve();
    this.waiting = undefined;
  }
}
