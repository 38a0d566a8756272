/** Messages on a stream: each after its length in two bytes (RFC 1035 §4.2.2). */
import { EMPTY } from '../../lib/bytes.ts';

/** A message with its length before it, to be written at once (RFC 7766 §8). */
export function frame(message: Uint8Array): Uint8Array {
  const framed = new Uint8Array(message.length + 2);
  framed[0] = message.length >>> 8;
  framed[1] = message.length;
  framed.set(message, 2);
  return framed;
}

/** Cuts a stream into messages. Holds at most one that is not whole: 65,537 bytes. */
export class Unframer {
  private kept: Uint8Array = EMPTY;
  private length = 0;

  /** How many bytes of a message that is not whole yet are held. */
  get pending(): number {
    return this.length;
  }

  /** Takes what came next; gives the messages that it makes whole, without their lengths. */
  push(bytes: Uint8Array): Uint8Array[] {
    const messages: Uint8Array[] = [];
    let at = this.length > 0 ? this.fill(bytes, messages) : 0;
    for (;;) {
      const size = sizeAt(bytes, at);
      if (size < 0 || at + 2 + size > bytes.length) break;
      messages.push(bytes.subarray(at + 2, at + 2 + size));
      at += 2 + size;
    }
    if (at < bytes.length) this.keep(bytes.subarray(at));
    return messages;
  }

  /** Completes the message that is held from the front of `bytes`; gives how many it took. */
  private fill(bytes: Uint8Array, messages: Uint8Array[]): number {
    let at = 0;
    if (this.length === 1 && bytes.length > 0) {
      this.keep(bytes.subarray(0, 1));
      at = 1;
    }
    if (this.length < 2) return at;
    const wanted = 2 + sizeAt(this.kept, 0) - this.length;
    const taken = bytes.subarray(at, at + wanted);
    this.keep(taken);
    if (taken.length === wanted) {
      messages.push(this.kept.slice(2, this.length));
      this.length = 0;
    }
    return at + taken.length;
  }

  private keep(bytes: Uint8Array): void {
    if (this.length + bytes.length > this.kept.length) {
      const known = sizeAt(this.kept.subarray(0, this.length), 0);
      const larger = new Uint8Array(
        Math.max(this.length + bytes.length, Math.min(2 + known, 2 * this.kept.length)),
      );
      larger.set(this.kept.subarray(0, this.length));
      this.kept = larger;
    }
    this.kept.set(bytes, this.length);
    this.length += bytes.length;
  }
}

/** The length that stands at `at`; -1 when it is not whole. */
function sizeAt(bytes: Uint8Array, at: number): number {
  if (at + 2 > bytes.length) return -1;
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}
