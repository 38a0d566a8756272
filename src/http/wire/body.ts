/** Reads a body to its end: by length, by chunks (RFC 9112 §7.1), or to the end of the connection. */
import { fromLatin1 } from '../../lib/bytes.ts';
import { type HeaderList, NO_HEADERS } from '../../lib/ordered-headers.ts';
import { CHUNK_EXTENSIONS_LIMIT, CHUNK_LINE_LIMIT, TRAILER_LIMIT } from '../defaults.ts';
import { broken } from '../errors.ts';
import type { Framing } from '../types.ts';
import { parseFields } from './fields.ts';
import type { Gather } from './gather.ts';

const CR = 13;
const LF = 10;
const SPEC = 'RFC 9112 §7.1';

/** A piece of the body, or the end of it. */
export type BodyEvent =
  | { readonly type: 'data'; readonly bytes: Uint8Array }
  | { readonly type: 'end'; readonly trailers: HeaderList };

export const END: BodyEvent = { type: 'end', trailers: NO_HEADERS };

type Step = 'data' | 'size' | 'data-end' | 'trailers';

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const QUOTED = '"(?:[\\t !#-\\[\\]-~\\x80-\\xff]|\\\\[\\t -~\\x80-\\xff])*"';
const CHUNK_LINE = new RegExp(
  `^([0-9A-Fa-f]+)((?:[ \\t]*;[ \\t]*${TOKEN}(?:[ \\t]*=[ \\t]*(?:${TOKEN}|${QUOTED}))?)*)$`,
);

export class BodyReader {
  private readonly framing: Framing;
  private step: Step;
  /** Bytes of data still to come in this chunk, or in the body. */
  private left: number;
  private searched = 0;
  private extensions = 0;
  /** Bytes of the body's encoded form that were consumed. */
  consumed = 0;

  constructor(framing: Framing) {
    this.framing = framing;
    this.step = framing.kind === 'chunked' ? 'size' : 'data';
    this.left = framing.kind === 'length' ? framing.length : 0;
    if (framing.kind === 'close') this.left = Number.POSITIVE_INFINITY;
  }

  next(input: Gather): BodyEvent | undefined {
    for (;;) {
      if (this.step === 'data') {
        if (this.left > 0) return this.data(input);
        if (this.framing.kind !== 'chunked') return END;
        this.step = 'data-end';
      }
      if (this.step === 'data-end' && !this.dataEnd(input)) return undefined;
      if (this.step === 'size' && !this.size(input)) return undefined;
      if (this.step === 'trailers') return this.trailers(input);
    }
  }

  /** The peer will send no more: right only for a body that ends so. */
  end(): BodyEvent {
    if (this.framing.kind === 'close') return END;
    const missing =
      this.framing.kind === 'length' ? `${this.left} bytes short` : 'within its chunks';
    const text = `The connection ended ${missing} of the body`;
    throw broken('HTTP_INCOMPLETE', text, 'RFC 9112 §8', this.consumed);
  }

  private data(input: Gather): BodyEvent | undefined {
    if (input.length === 0) return undefined;
    const bytes = input.take(this.left);
    this.left -= bytes.length;
    this.consumed += bytes.length;
    return { type: 'data', bytes };
  }

  private dataEnd(input: Gather): boolean {
    if (input.length === 0) return false;
    if (input.at(0) !== CR) throw this.wrong('The data of a chunk goes on beyond its size');
    if (input.length < 2) return false;
    if (input.at(1) !== LF) throw this.wrong('The data of a chunk does not end with CR LF');
    this.skip(input, 2);
    this.step = 'size';
    return true;
  }

  private size(input: Gather): boolean {
    const lf = input.indexOf(LF, this.searched);
    const length = lf < 0 ? input.length : lf;
    if (length > CHUNK_LINE_LIMIT) {
      throw this.wrong(`The line of a chunk is longer than ${CHUNK_LINE_LIMIT} bytes`);
    }
    this.searched = length;
    if (lf < 0) return false;
    if (input.at(lf - 1) !== CR || lf === 0) {
      throw this.wrong('The line of a chunk ends with LF alone', lf);
    }
    const line = fromLatin1(input.bytes, input.start, input.start + lf - 1);
    this.left = this.parseSize(line);
    this.skip(input, lf + 1);
    this.searched = 0;
    this.step = this.left === 0 ? 'trailers' : 'data';
    return true;
  }

  private parseSize(line: string): number {
    const match = CHUNK_LINE.exec(line);
    if (!match) throw this.wrong(`Not the size of a chunk: ${JSON.stringify(line.slice(0, 40))}`);
    const digits = (match[1] as string).replace(/^0+(?=.)/, '');
    const size = Number.parseInt(digits, 16);
    if (digits.length > 14 || !Number.isSafeInteger(size)) {
      throw this.wrong('The size of a chunk is beyond every body');
    }
    this.extensions += (match[2] as string).length;
    if (this.extensions > CHUNK_EXTENSIONS_LIMIT) {
      throw this.wrong(`More than ${CHUNK_EXTENSIONS_LIMIT} bytes of chunk extensions`);
    }
    return size;
  }

  /** The trailer section (RFC 9112 §7.1.2), up to and with its empty line. */
  private trailers(input: Gather): BodyEvent | undefined {
    for (;;) {
      const lf = input.indexOf(LF, this.searched);
      const seen = lf < 0 ? input.length : lf;
      if (seen > TRAILER_LIMIT) {
        const text = `The trailers are larger than ${TRAILER_LIMIT} bytes`;
        throw broken('HTTP_TRAILERS_TOO_LARGE', text, 'RFC 6585 §5', this.consumed, 431);
      }
      if (lf < 0) {
        this.searched = seen;
        return undefined;
      }
      if (lf === 0 || input.at(lf - 1) !== CR) {
        throw this.wrong('A trailer line ends with LF alone', lf);
      }
      const empty = lf === 1 || (input.at(lf - 2) === LF && lf >= 2);
      if (empty) return this.trailerList(input, lf - 1);
      this.searched = lf + 1;
    }
  }

  private trailerList(input: Gather, length: number): BodyEvent {
    const text = fromLatin1(input.bytes, input.start, input.start + length);
    const control = /[^\t\n\r -~\x80-\xff]|\r(?!\n)/.exec(text);
    if (control) {
      const at = this.consumed + control.index;
      const what = 'A control character in the trailers';
      throw broken('HTTP_CONTROL_CHARACTER', what, 'RFC 9110 §5.5', at);
    }
    const end = Math.max(0, length - 2);
    const trailers = parseFields(text, 0, end, '\r\n', this.consumed);
    this.skip(input, length + 2);
    this.searched = 0;
    return trailers === NO_HEADERS ? END : { type: 'end', trailers };
  }

  private skip(input: Gather, count: number): void {
    input.skip(count);
    this.consumed += count;
  }

  private wrong(text: string, more = 0): Error {
    return broken('HTTP_BAD_CHUNK', text, SPEC, this.consumed + more);
  }
}
