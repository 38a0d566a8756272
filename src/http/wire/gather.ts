/**
 * The bytes that have come and were not consumed. Bytes handed out stay as they are: what comes
 * later is put behind them or into another array, never over them.
 */
import { EMPTY } from '../../lib/bytes.ts';

export class Gather {
  bytes: Uint8Array = EMPTY;
  start = 0;
  end = 0;
  private owned = false;

  get length(): number {
    return this.end - this.start;
  }

  push(more: Uint8Array): void {
    if (this.start === this.end) {
      this.bytes = more;
      this.start = 0;
      this.end = more.length;
      this.owned = false;
      return;
    }
    const needed = this.end + more.length;
    if (!this.owned || needed > this.bytes.length) this.grow(more.length);
    this.bytes.set(more, this.end);
    this.end += more.length;
  }

  /** Twice the room, so that a message that comes byte by byte is copied a few times only. */
  private grow(more: number): void {
    const held = this.length;
    const larger = new Uint8Array(Math.max(256, 2 * (held + more)));
    larger.set(this.bytes.subarray(this.start, this.end));
    this.bytes = larger;
    this.start = 0;
    this.end = held;
    this.owned = true;
  }

  /** The place of `byte` at or after `from` (counted from `start`), or -1; looks no further than `limit`. */
  indexOf(byte: number, from: number): number {
    const at = this.bytes.indexOf(byte, this.start + from);
    return at < 0 || at >= this.end ? -1 : at - this.start;
  }

  at(index: number): number {
    return this.start + index < this.end ? (this.bytes[this.start + index] as number) : -1;
  }

  /** Up to `count` bytes, consumed. */
  take(count: number): Uint8Array {
    const from = this.start;
    this.start = Math.min(this.end, from + count);
    return this.bytes.subarray(from, this.start);
  }

  skip(count: number): void {
    this.start += count;
  }
}
