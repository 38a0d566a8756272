/** Uuencode, read only: old mail has it as x-uuencode. */
import { concat, EMPTY, fromLatin1 } from '../../lib/bytes.ts';
import { LINE_LIMIT } from '../defaults.ts';
import { ignoreDefects, type Report } from '../errors.ts';
import type { Decoder } from './decoder.ts';

const LF = 10;

/** From the line `begin` to the line `end`; what stands around them is dropped. */
export class UuDecoder implements Decoder {
  private readonly report: Report;
  private state: 'before' | 'inside' | 'after' = 'before';
  private tail: Uint8Array = EMPTY;
  private seen = 0;

  constructor(report: Report = ignoreDefects) {
    this.report = report;
  }

  push(bytes: Uint8Array): Uint8Array {
    const all = this.tail.length === 0 ? bytes : concat([this.tail, bytes]);
    const pieces: Uint8Array[] = [];
    let at = 0;
    for (let end = all.indexOf(LF); end >= 0; end = all.indexOf(LF, at)) {
      pieces.push(this.line(all, at, end));
      at = end + 1;
    }
    // A line of uuencode has 61 characters: what is longer is not kept.
    if (all.length - at > LINE_LIMIT) {
      this.report('MIME_UUENCODE', this.seen + at);
      at = all.length;
    }
    this.tail = all.slice(at);
    this.seen += at;
    return concat(pieces);
  }

  end(): Uint8Array {
    const { tail } = this;
    this.tail = EMPTY;
    const last = tail.length === 0 ? EMPTY : this.line(tail, 0, tail.length);
    if (this.state !== 'after') this.report('MIME_UUENCODE', this.seen + tail.length);
    return last;
  }

  private line(bytes: Uint8Array, from: number, end: number): Uint8Array {
    const to = bytes[end - 1] === 13 && end > from ? end - 1 : end;
    if (this.state === 'before') {
      const text = fromLatin1(bytes, from, Math.min(to, from + 16));
      if (/^begin [0-7]{3,4} /.test(text)) this.state = 'inside';
      return EMPTY;
    }
    if (this.state === 'after') return EMPTY;
    if (to - from <= 4 && fromLatin1(bytes, from, to).trimEnd() === 'end') {
      this.state = 'after';
      return EMPTY;
    }
    return this.data(bytes, from, to);
  }

  private data(bytes: Uint8Array, from: number, to: number): Uint8Array {
    if (to === from) return EMPTY;
    const length = ((bytes[from] as number) - 32) & 63;
    const needed = Math.ceil(length / 3) * 4;
    const first = bytes[from] as number;
    // Trailing blanks are often lost on the way: they stand for zero bits.
    if (first < 32 || first > 96 || to - from - 1 > needed + 2) {
      this.report('MIME_UUENCODE', this.seen + from);
      return EMPTY;
    }
    const out = new Uint8Array(length);
    const value = (i: number): number => (i < to ? ((bytes[i] as number) - 32) & 63 : 0);
    for (let i = from + 1, at = 0; at < length; i += 4, at += 3) {
      const group = (value(i) << 18) | (value(i + 1) << 12) | (value(i + 2) << 6) | value(i + 3);
      for (let k = 0; k < 3 && at + k < length; k++) out[at + k] = group >> (16 - 8 * k);
    }
    return out;
  }
}
