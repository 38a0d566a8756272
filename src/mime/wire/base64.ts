/** Base64 as a transfer encoding (RFC 2045 §6.8): in lines, read with patience. */
import { ENCODED_LINE } from '../defaults.ts';
import { ignoreDefects, type Report } from '../errors.ts';
import type { Decoder } from './decoder.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PAD = 61;
const BLANK = 0x81;
const JUNK = 0x80;

/** The value of each character; from 0x80 on what is none. */
const VALUES = new Uint8Array(256).fill(JUNK);
for (let i = 0; i < 64; i++) VALUES[ALPHABET.charCodeAt(i)] = i;
for (const code of [9, 10, 13, 32]) VALUES[code] = BLANK;

/** Two characters for each twelve bits: as octets, and as pairs in the byte order of the machine. */
const PAIR_BYTES = new Uint8Array(8192);
const PAIRS = new Uint16Array(PAIR_BYTES.buffer);
for (let i = 0; i < 4096; i++) {
  PAIR_BYTES[2 * i] = ALPHABET.charCodeAt(i >> 6);
  PAIR_BYTES[2 * i + 1] = ALPHABET.charCodeAt(i & 63);
}

/** Line ends and characters outside the alphabet are skipped, the latter as defects (RFC 2045 §6.8). */
export class Base64Decoder implements Decoder {
  private readonly report: Report;
  /** The bits of an unfinished group, and how many characters gave them. */
  private bits = 0;
  private count = 0;
  private seen = 0;

  constructor(report: Report = ignoreDefects) {
    this.report = report;
  }

  push(bytes: Uint8Array): Uint8Array {
    const out = new Uint8Array(Math.ceil(((bytes.length + 3) * 3) / 4));
    const last = bytes.length - 4;
    let length = 0;
    let i = 0;
    while (i < bytes.length) {
      if (this.count === 0) {
        for (; i <= last; i += 4, length += 3) {
          const a = VALUES[bytes[i] as number] as number;
          const b = VALUES[bytes[i + 1] as number] as number;
          const c = VALUES[bytes[i + 2] as number] as number;
          const d = VALUES[bytes[i + 3] as number] as number;
          if (((a | b | c | d) & JUNK) !== 0) break;
          out[length] = (a << 2) | (b >> 4);
          out[length + 1] = (b << 4) | (c >> 2);
          out[length + 2] = (c << 6) | d;
        }
        if (i === bytes.length) break;
      }
      length = this.step(bytes[i] as number, out, length, this.seen + i);
      i++;
    }
    this.seen += bytes.length;
    return out.subarray(0, length);
  }

  /** A single character: what the loop over whole groups leaves. */
  private step(code: number, out: Uint8Array, length: number, offset: number): number {
    const value = VALUES[code] as number;
    if (value === BLANK) return length;
    if (code === PAD) return this.count === 0 ? length : this.flush(out, length, offset);
    if (value === JUNK) {
      this.report('MIME_BASE64_JUNK', offset);
      return length;
    }
    this.bits = (this.bits << 6) | value;
    this.count++;
    if (this.count < 4) return length;
    this.count = 0;
    out[length] = this.bits >> 16;
    out[length + 1] = this.bits >> 8;
    out[length + 2] = this.bits;
    this.bits = 0;
    return length + 3;
  }

  end(): Uint8Array {
    if (this.count === 0) return new Uint8Array(0);
    if (this.count > 1) this.report('MIME_BASE64_LENGTH', this.seen);
    const out = new Uint8Array(2);
    return out.subarray(0, this.flush(out, 0, this.seen));
  }

  /** The whole bytes of an unfinished group; more data may follow where texts were joined. */
  private flush(out: Uint8Array, length: number, offset: number): number {
    const { bits, count } = this;
    this.bits = 0;
    this.count = 0;
    if (count === 1) {
      this.report('MIME_BASE64_LENGTH', offset);
      return length;
    }
    if (count === 2) {
      out[length] = bits >> 4;
      return length + 1;
    }
    out[length] = bits >> 10;
    out[length + 1] = bits >> 2;
    return length + 2;
  }
}

const LINE_BYTES = (ENCODED_LINE / 4) * 3;

/** The length of `encodeBase64`'s result. */
export function base64Length(bytes: number): number {
  const text = Math.ceil(bytes / 3) * 4;
  return text + Math.max(0, Math.ceil(text / ENCODED_LINE) - 1) * 2;
}

/** In lines of 76 characters with CRLF between them, none at the end. */
export function encodeBase64(bytes: Uint8Array): Uint8Array {
  const length = base64Length(bytes.length);
  const out = new Uint8Array(length);
  // Groups have four characters and line ends two: everything is written in pairs.
  const pairs = new Uint16Array(out.buffer, 0, length >> 1);
  let at = 0;
  for (let start = 0; start < bytes.length; start += LINE_BYTES) {
    if (start > 0) {
      out[at] = 13;
      out[at + 1] = 10;
      at += 2;
    }
    const end = Math.min(start + LINE_BYTES, bytes.length);
    at = encodeGroups(bytes, start, end, pairs, at);
    if ((end - start) % 3 !== 0) at = encodeRest(bytes, end - ((end - start) % 3), end, out, at);
  }
  return out;
}

/** All whole groups of three. */
function encodeGroups(
  bytes: Uint8Array,
  from: number,
  to: number,
  pairs: Uint16Array,
  start: number,
): number {
  let at = start >> 1;
  for (let i = from; i < to - 2; i += 3, at += 2) {
    const middle = bytes[i + 1] as number;
    pairs[at] = PAIRS[((bytes[i] as number) << 4) | (middle >> 4)] as number;
    pairs[at + 1] = PAIRS[((middle & 15) << 8) | (bytes[i + 2] as number)] as number;
  }
  return at << 1;
}

/** The last one or two bytes. */
function encodeRest(
  bytes: Uint8Array,
  from: number,
  to: number,
  out: Uint8Array,
  at: number,
): number {
  const middle = from + 1 < to ? (bytes[from + 1] as number) : 0;
  const left = ((bytes[from] as number) << 4) | (middle >> 4);
  out[at] = PAIR_BYTES[2 * left] as number;
  out[at + 1] = PAIR_BYTES[2 * left + 1] as number;
  out[at + 2] = from + 1 < to ? (PAIR_BYTES[(middle & 15) << 9] as number) : PAD;
  out[at + 3] = PAD;
  return at + 4;
}
