import { UsageError } from '../../lib/errors.ts';
import { MAX_LABEL, readEscape } from '../name.ts';
import type { Name } from '../types.ts';

/** The furthest place that the 14 bits of a pointer reach (RFC 1035 §4.1.4). */
const POINTER_REACH = 0x3fff;
const BACKSLASH = 92;
const DOT = 46;

/**
 * Small messages are cut from a common block: a block of its own for each costs an allocation outside
 * of the heap, which takes longer than all the rest of an answer.
 */
const SLAB = 32 * 1024;

/** Writes one message after another into a buffer that grows to the largest of them. */
export class Writer {
  bytes: Uint8Array = new Uint8Array(2048);
  at = 0;
  private slab: Uint8Array = new Uint8Array(SLAB);
  private slabUsed = 0;
  /** The ends of names that were written, and where. */
  private readonly names = new Map<string, number>();
  /** The name written last, if a pointer can reach it: most often it comes again. */
  private last: Name | undefined;
  private lastAt = 0;
  private lastName = '';
  /** Where its labels begin that are not in `names` yet: in the text, in the bytes, and so on. */
  private readonly starts: number[] = [];

  reset(): void {
    this.at = 0;
    if (this.names.size > 0) this.names.clear();
    this.starts.length = 0;
    this.last = undefined;
  }

  /** A copy of what was written, the receiver's to keep. */
  result(): Uint8Array {
    const length = this.at;
    if (length > SLAB / 8) return this.bytes.slice(0, length);
    if (this.slabUsed + length > SLAB) {
      this.slab = new Uint8Array(SLAB);
      this.slabUsed = 0;
    }
    const result = this.slab.subarray(this.slabUsed, this.slabUsed + length);
    this.slabUsed += length;
    for (let i = 0; i < length; i++) result[i] = this.bytes[i] as number;
    return result;
  }

  u8(value: number): void {
    this.reserve(1);
    this.bytes[this.at++] = value;
  }

  u16(value: number): void {
    this.reserve(2);
    const { bytes, at } = this;
    bytes[at] = value >>> 8;
    bytes[at + 1] = value;
    this.at = at + 2;
  }

  u32(value: number): void {
    this.u16((value >>> 16) & 0xffff);
    this.u16(value & 0xffff);
  }

  put(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Writes over the two bytes at `at`. */
  patch16(at: number, value: number): void {
    this.bytes[at] = value >>> 8;
    this.bytes[at + 1] = value;
  }

  /**
   * A name, its end replaced by a pointer where the same end was written before. The comparison
   * minds case, so that a name comes out of the wire as it went in.
   */
  name(name: Name): void {
    if (name === this.last) {
      this.u16(0xc000 | this.lastAt);
      return;
    }
    this.rememberLast();
    const start = this.at;
    for (let from = 0; name !== '.' && from < name.length; ) {
      const seen = this.names.get(name.slice(from));
      if (seen !== undefined) {
        this.u16(0xc000 | seen);
        this.setLast(name, from === 0 ? seen : start);
        return;
      }
      this.starts.push(from, this.at);
      from = this.label(name, from);
    }
    this.u8(0);
    if (name !== '.') this.setLast(name, start);
  }

  /** A name in full, which no pointer leads to. */
  plainName(name: Name): void {
    for (let from = 0; name !== '.' && from < name.length; ) from = this.label(name, from);
    this.u8(0);
  }

  private setLast(name: Name, at: number): void {
    this.last = at <= POINTER_REACH ? name : undefined;
    this.lastAt = at;
    this.lastName = name;
  }

  /** Only when a second name comes are the ends of the first worth remembering. */
  private rememberLast(): void {
    const { starts } = this;
    for (let i = 0; i < starts.length; i += 2) {
      const at = starts[i + 1] as number;
      if (at <= POINTER_REACH) this.names.set(this.lastName.slice(starts[i]), at);
    }
    starts.length = 0;
  }

  /** Writes the label at `from` with its length; returns where the next one begins. */
  private label(name: Name, from: number): number {
    this.reserve(4 * MAX_LABEL + 2);
    const { bytes } = this;
    const size = this.at++;
    let at = from;
    while (at < name.length && at - from <= 4 * MAX_LABEL) {
      const code = name.charCodeAt(at);
      if (code === DOT) break;
      if (code === BACKSLASH) {
        const escaped = readEscape(name, at);
        if (!escaped) break;
        bytes[this.at++] = escaped.byte;
        at = escaped.next;
      } else {
        bytes[this.at++] = code;
        at++;
      }
    }
    const length = this.at - size - 1;
    if (length === 0 || length > MAX_LABEL) {
      throw new UsageError(`no domain name: ${name} has a label of ${length} octets`);
    }
    bytes[size] = length;
    return at + 1;
  }

  private reserve(count: number): void {
    if (this.at + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.at + count));
    larger.set(this.bytes.subarray(0, this.at));
    this.bytes = larger;
  }
}
