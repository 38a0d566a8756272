/** Quoted-printable (RFC 2045 §6.7). */
import { concat, EMPTY } from '../../lib/bytes.ts';
import { BLANKS_LIMIT, ENCODED_LINE } from '../defaults.ts';
import { ignoreDefects, type Report } from '../errors.ts';
import type { Decoder } from './decoder.ts';

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const EQUALS = 61;

const DIGITS = new Int8Array(256).fill(-1);
for (let i = 0; i < 16; i++) {
  DIGITS[i.toString(16).charCodeAt(0)] = i;
  DIGITS[i.toString(16).toUpperCase().charCodeAt(0)] = i;
}

/** What a decoder has to look at, and what it copies. CR and LF stand for themselves, but not behind blanks. */
const STOP = 0;
const PLAIN_KIND = 1;
const BLANK = 2;
const KINDS = new Uint8Array(256);
KINDS.fill(PLAIN_KIND, 33, 127);
KINDS[EQUALS] = STOP;
KINDS[SPACE] = BLANK;
KINDS[TAB] = BLANK;

/** The value of two hexadecimal digits, or less than 0. */
export function hexPair(high: number, low: number): number {
  const a = DIGITS[high] as number;
  const b = DIGITS[low] as number;
  return a < 0 || b < 0 ? -1 : a * 16 + b;
}

function isBlank(code: number | undefined): boolean {
  return code === SPACE || code === TAB;
}

/** How long the line end at `at` is, 0 where none is; -1 where more bytes must tell. */
function lineEnd(bytes: Uint8Array, at: number, final: boolean): number {
  const code = bytes[at];
  if (code === LF) return 1;
  if (code === CR) {
    if (bytes[at + 1] === LF) return 2;
    return at + 1 < bytes.length || final ? 0 : -1;
  }
  return code === undefined && !final ? -1 : 0;
}

/** What is no escape stands for itself (RFC 2045 §6.7: robust decoders do so), as a defect. */
export class QuotedPrintableDecoder implements Decoder {
  private readonly report: Report;
  private tail: Uint8Array = EMPTY;
  private seen = 0;
  private out: Uint8Array = EMPTY;
  private length = 0;

  constructor(report: Report = ignoreDefects) {
    this.report = report;
  }

  push(bytes: Uint8Array): Uint8Array {
    return this.decode(this.tail.length === 0 ? bytes : concat([this.tail, bytes]), false);
  }

  end(): Uint8Array {
    return this.decode(this.tail, true);
  }

  private decode(bytes: Uint8Array, final: boolean): Uint8Array {
    this.out = new Uint8Array(bytes.length);
    this.length = 0;
    let i = 0;
    while (i < bytes.length) {
      i = this.copyPlain(bytes, i);
      if (i === bytes.length) break;
      const code = bytes[i] as number;
      let next = i + 1;
      if (code === EQUALS) next = this.escape(bytes, i, final);
      else if (isBlank(code)) next = this.blanks(bytes, i, final);
      else {
        if (code > 126) this.report('MIME_QP_8BIT', this.seen + i);
        this.out[this.length++] = code;
      }
      if (next === i) break;
      i = next;
    }
    this.tail = bytes.slice(i);
    this.seen += i;
    return this.out.subarray(0, this.length);
  }

  /** The hot loop: what stands for itself, and single blanks before such. */
  private copyPlain(bytes: Uint8Array, start: number): number {
    const { out } = this;
    const end = bytes.length;
    let { length } = this;
    let i = start;
    for (; i < end; i++) {
      const kind = KINDS[bytes[i] as number] as number;
      if (kind === STOP) break;
      if (kind === BLANK && (i + 1 === end || KINDS[bytes[i + 1] as number] !== PLAIN_KIND)) break;
      out[length++] = bytes[i] as number;
    }
    this.length = length;
    return i;
  }

  /** An escaped octet or a soft line break; the same place where more bytes must tell. */
  private escape(bytes: Uint8Array, at: number, final: boolean): number {
    const value = hexPair(bytes[at + 1] ?? 0, bytes[at + 2] ?? 0);
    if (value >= 0) {
      this.out[this.length++] = value;
      return at + 3;
    }
    let end = at + 1;
    while (isBlank(bytes[end]) && end - at < BLANKS_LIMIT) end++;
    const newline = lineEnd(bytes, end, final);
    if (newline > 0) return end + newline;
    if (final && end === bytes.length) return end;
    if (newline < 0 || (!final && at + 2 >= bytes.length)) return at;
    this.report('MIME_QP_ESCAPE', this.seen + at);
    this.out[this.length++] = EQUALS;
    return at + 1;
  }

  /** Blanks before a line end were put there by a transport (RFC 2045 §6.7 rule 3). */
  private blanks(bytes: Uint8Array, at: number, final: boolean): number {
    let end = at;
    while (isBlank(bytes[end]) && end - at < BLANKS_LIMIT) end++;
    const newline = lineEnd(bytes, end, final);
    if (newline > 0 || (final && end === bytes.length)) return end;
    if (newline < 0) return at;
    for (let i = at; i < end; i++) this.out[this.length++] = bytes[i] as number;
    return end;
  }
}

const HEX = '0123456789ABCDEF';

/** Characters that stand for themselves (rule 2); blanks do but at the end of a line (rule 3). */
const PLAIN = new Uint8Array(256);
for (let i = 32; i < 127; i++) PLAIN[i] = 1;
PLAIN[TAB] = 1;
PLAIN[EQUALS] = 0;

/** With `text`, CRLF stays the end of a line; else, as in pictures, it is encoded too. */
export function encodeQuotedPrintable(bytes: Uint8Array, text = true): Uint8Array {
  const out = new Uint8Array(roomFor(bytes));
  let at = 0;
  let column = 0;
  for (let i = 0; i < bytes.length; i++) {
    const run = plainRun(bytes, i, ENCODED_LINE - 1 - column);
    for (const end = i + run; i < end; i++) out[at++] = bytes[i] as number;
    column += run;
    if (i === bytes.length) break;
    const code = bytes[i] as number;
    if (text && code === CR && bytes[i + 1] === LF) {
      out[at++] = CR;
      out[at++] = LF;
      column = 0;
      i++;
      continue;
    }
    const plain = PLAIN[code] === 1 && !(isBlank(code) && endsLine(bytes, i + 1, text));
    const width = plain ? 1 : 3;
    if (column + width > ENCODED_LINE - (endsLine(bytes, i + 1, text) ? 0 : 1)) {
      out[at++] = EQUALS;
      out[at++] = CR;
      out[at++] = LF;
      column = 0;
    }
    if (plain) out[at++] = code;
    else {
      out[at++] = EQUALS;
      out[at++] = HEX.charCodeAt(code >> 4);
      out[at++] = HEX.charCodeAt(code & 15);
    }
    column += width;
  }
  return out.subarray(0, at);
}

/** How many octets stand for themselves, up to `most`; a blank only before another such. */
function plainRun(bytes: Uint8Array, from: number, most: number): number {
  const end = Math.min(from + most, bytes.length - 1);
  let i = from;
  while (i < end && PLAIN[bytes[i] as number] === 1 && PLAIN[bytes[i + 1] as number] === 1) i++;
  return i - from;
}

/** As much as the text can take: memory that is not needed costs more time than counting. */
function roomFor(bytes: Uint8Array): number {
  let escaped = 0;
  for (let i = 0; i < bytes.length; i++) escaped += 1 - (PLAIN[bytes[i] as number] as number);
  const written = bytes.length + 2 * escaped;
  // A blank at the end of a line is escaped too, and a soft break comes after 73 octets at the earliest.
  return written + 2 * (escaped + 1) + Math.ceil((written + 2 * (escaped + 1)) / 73) * 3 + 3;
}

function endsLine(bytes: Uint8Array, at: number, text: boolean): boolean {
  return at >= bytes.length || (text && bytes[at] === CR && bytes[at + 1] === LF);
}
