/** What leaves: texts and octets, joined to pieces of 64 KiB. */
import { EMPTY } from '../lib/bytes.ts';
import { type Deferred, deferred } from '../lib/deferred.ts';
import { OUTPUT_CHUNK } from './defaults.ts';

const encoder = new TextEncoder();

/** Longer octets are not copied. */
const DIRECT = 16 * 1024;

export class Outbox {
  /** Gives octets to the connection; false asks to wait. */
  private write: (bytes: Uint8Array) => boolean;
  private readonly onFull: () => void;
  private text = '';
  private chunk: Uint8Array = EMPTY;
  private used = 0;
  private congested = false;
  private drained: Deferred<void> | undefined;
  private failure: Error | undefined;

  /** `onFull` is called when the connection begins to ask to wait. */
  constructor(write: (bytes: Uint8Array) => boolean, onFull: () => void) {
    this.write = write;
    this.onFull = onFull;
  }

  /** The connection asks to wait: `room` waits. */
  get full(): boolean {
    return this.congested || this.failure !== undefined;
  }

  /** As UTF-8. */
  say(text: string): void {
    this.text += text;
    if (this.text.length >= OUTPUT_CHUNK / 4) this.encode();
  }

  octets(bytes: Uint8Array): void {
    this.encode();
    if (bytes.length > DIRECT) {
      this.send();
      this.pass(bytes);
      return;
    }
    this.reserve(bytes.length);
    this.chunk.set(bytes, this.used);
    this.used += bytes.length;
  }

  /** Everything said so far leaves. */
  flush(): void {
    this.encode();
    this.send();
  }

  /** Waits while the connection asks to. Rejects when it is gone. */
  async room(): Promise<void> {
    if (this.failure) throw this.failure;
    if (!this.congested) return;
    this.drained ??= deferred();
    await this.drained.promise;
    if (this.failure) throw this.failure;
  }

  /** The connection takes more. */
  relieve(): void {
    this.congested = false;
    this.drained?.resolve();
    this.drained = undefined;
  }

  /** The connection is gone. */
  fail(error: Error): void {
    this.failure ??= error;
    this.relieve();
  }

  /** From here on it leaves by another way. */
  redirect(write: (bytes: Uint8Array) => boolean): void {
    this.flush();
    this.write = write;
    this.congested = false;
  }

  private encode(): void {
    let { text } = this;
    this.text = '';
    while (text.length > 0) {
      this.reserve(Math.min(3 * text.length, OUTPUT_CHUNK / 2));
      const { read, written } = encoder.encodeInto(text, this.chunk.subarray(this.used));
      this.used += written;
      if (read === text.length) return;
      text = text.slice(read);
    }
  }

  private reserve(length: number): void {
    if (this.chunk.length - this.used >= length) return;
    this.send();
    this.chunk = new Uint8Array(OUTPUT_CHUNK);
  }

  private send(): void {
    if (this.used === 0) return;
    const bytes = this.chunk.subarray(0, this.used);
    // What was given away must not change: the rest of the chunk is used on.
    this.chunk = this.chunk.subarray(this.used);
    this.used = 0;
    this.pass(bytes);
  }

  private pass(bytes: Uint8Array): void {
    if (this.failure || this.write(bytes) || this.congested) return;
    this.congested = true;
    this.onFull();
  }
}
