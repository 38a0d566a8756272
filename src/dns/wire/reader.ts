import { badMessage } from '../errors.ts';
import { labelChar, MAX_NAME } from '../name.ts';
import type { Name } from '../types.ts';

const NAME_SPEC = 'RFC 1035 §4.1.4';
/** Nothing before the end of the header is a name. */
const HEADER = 12;

/** The characters of a label that need no escape, by byte. */
const PLAIN: readonly boolean[] = Array.from({ length: 256 }, (_, byte) => {
  return labelChar(byte).length === 1;
});

/** The end of a name that pointers lead to, and its octets without the root's. */
interface Suffix {
  readonly text: string;
  readonly length: number;
}

/** A pointer that was followed, and what of the name was read before it. */
interface Hop {
  readonly target: number;
  readonly from: number;
  readonly length: number;
}

/** Reads one message front to back. Every read is checked against the end. */
export class Reader {
  readonly bytes: Uint8Array;
  at: number;
  /**
   * What pointers were found to lead to, so that none is followed twice: else 64 KiB of questions that
   * lead into a long chain would take a third of a second.
   */
  private suffixes: Map<number, Suffix> | undefined;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  /** Throws when fewer than `count` bytes are left. */
  need(count: number, what: string): void {
    if (this.at + count <= this.bytes.length) return;
    throw badMessage(
      'DNS_SHORT_MESSAGE',
      `the message ends within ${what}`,
      'RFC 1035 §4.1',
      this.bytes.length,
    );
  }

  u8(): number {
    this.need(1, 'a number');
    return this.bytes[this.at++] as number;
  }

  u16(): number {
    this.need(2, 'a number');
    const { bytes, at } = this;
    this.at = at + 2;
    return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
  }

  u32(): number {
    const high = this.u16();
    return high * 0x1_0000 + this.u16();
  }

  /** The next `count` bytes, shared with the message. */
  take(count: number): Uint8Array {
    this.need(count, 'a run of bytes');
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  /** A copy of the bytes up to `end`, where the RDATA ends: a record that is kept must not keep its message. */
  takeTo(end: number): Uint8Array {
    if (this.at <= end) return this.take(end - this.at).slice();
    throw badMessage(
      'DNS_BAD_RDLENGTH',
      'the fields of a record take more than its RDLENGTH',
      'RFC 1035 §3.2.1',
      end,
    );
  }

  /**
   * A name, compressed or not. A pointer must lead to before the labels that it ends, so that
   * following pointers always comes to an end.
   */
  name(): Name {
    let name = '';
    let length = 1;
    let at = this.at;
    let start = at;
    let after = -1;
    let hops: Hop[] | undefined;
    for (;;) {
      const size = this.byteAt(at);
      if (size === 0) break;
      if (size < 0xc0) {
        length = this.grown(length, size, at);
        name += this.label(at + 1, at + 1 + size);
        at += size + 1;
        continue;
      }
      const target = this.pointer(size, start, at);
      if (after < 0) after = at + 2;
      const known = this.suffixes?.get(target);
      if (known) {
        length = checkLength(length + known.length, at);
        name += known.text;
        break;
      }
      hops ??= [];
      hops.push({ target, from: name.length, length });
      at = target;
      start = target;
    }
    if (hops) this.remember(hops, name, length);
    this.at = after < 0 ? at + 1 : after;
    return name === '' ? '.' : name;
  }

  private remember(hops: readonly Hop[], name: Name, length: number): void {
    this.suffixes ??= new Map();
    for (const hop of hops) {
      const suffix = { text: name.slice(hop.from), length: length - hop.length };
      this.suffixes.set(hop.target, suffix);
    }
  }

  /** The length of a name with the label of `size` at `at` added. */
  private grown(length: number, size: number, at: number): number {
    if (size > 63) {
      throw badMessage('DNS_BAD_LABEL', 'a label of a reserved type', NAME_SPEC, at);
    }
    this.byteAt(at + size);
    return checkLength(length + size + 1, at);
  }

  private label(from: number, to: number): string {
    let text = '';
    for (let i = from; i < to; i++) {
      const byte = this.bytes[i] as number;
      text += PLAIN[byte] ? String.fromCharCode(byte) : labelChar(byte);
    }
    return `${text}.`;
  }

  private byteAt(at: number): number {
    const byte = this.bytes[at];
    if (byte !== undefined) return byte;
    throw badMessage(
      'DNS_SHORT_MESSAGE',
      'the message ends within a name',
      NAME_SPEC,
      this.bytes.length,
    );
  }

  private pointer(high: number, start: number, at: number): number {
    const target = ((high & 0x3f) << 8) | this.byteAt(at + 1);
    if (target >= HEADER && target < start) return target;
    throw badMessage(
      'DNS_BAD_POINTER',
      `a compression pointer at ${at} leads to ${target}, not to an earlier name`,
      NAME_SPEC,
      at,
    );
  }
}

function checkLength(length: number, at: number): number {
  if (length <= MAX_NAME) return length;
  throw badMessage(
    'DNS_NAME_TOO_LONG',
    `a name of more than ${MAX_NAME} octets`,
    'RFC 1035 §2.3.4',
    at,
  );
}
