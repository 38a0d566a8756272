import { UsageError } from '../../lib/errors.ts';
import { MAX_LABEL, readEscape } from '../name.ts';
import type { Name } from '../types.ts';

/** The furthest place that the 14 bits of a pointer reach (RFC 1035 §4.1.4). */
const POINTER_REACH = 0x3fff;
const BACKSLASH = 92;
const DOT = 46;

/** Writes one message after another into a buffer that grows to the largest of them. */
export class Writer {
  bytes: Uint8Array = new Uint8Array(2048);
  at = 0;
  private readonly names = new Map<string, number>();

  reset(): void {
    this.at = 0;
    if (this.names.size > 0) this.names.clear();
  }

  /** A copy of what was written. */
  result(): Uint8Array {
    return this.bytes.slice(0, this.at);
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
    for (let rest = name; rest !== '.' && rest !== ''; ) {
      const seen = this.names.get(rest);
      if (seen !== undefined) {
        this.u16(0xc000 | seen);
        return;
      }
      if (this.at <= POINTER_REACH) this.names.set(rest, this.at);
      rest = rest.slice(this.label(rest, 0));
    }
    this.u8(0);
  }

  /** A name in full, for RDATA that no one may compress (RFC 3597 §4). */
  plainName(name: Name): void {
    if (name !== '.') for (let at = 0; at < name.length; ) at = this.label(name, at);
    this.u8(0);
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
