/** Lines out of bytes: CR LF ends one and nothing else does (RFC 5321 §2.3.8). Mail's protocols share it. */
import { concat, EMPTY } from './bytes.ts';

export const CR = 13;
export const LF = 10;

/** A line without its end; `fault` says why it is none, and then it is over all the same. */
export interface Line {
  readonly bytes: Uint8Array;
  readonly fault?: 'bare CR' | 'bare LF' | 'too long';
}

/** Takes bytes and gives lines; what follows the last one can be taken back for another reader. */
export class LineReader {
  private readonly limit: number;
  private rest: Uint8Array = EMPTY;
  /** No LF before here. */
  private searched = 0;
  private skipping = false;

  /** `limit` is without the line end. */
  constructor(limit: number) {
    this.limit = limit;
  }

  get buffered(): number {
    return this.rest.length;
  }

  push(bytes: Uint8Array): void {
    this.rest = this.rest.length === 0 ? bytes : concat([this.rest, bytes]);
  }

  /** The next line, or undefined until more has come. */
  next(): Line | undefined {
    const end = this.rest.indexOf(LF, this.searched);
    if (end < 0) return this.wait();
    const line = this.rest.subarray(0, end);
    this.rest = this.rest.subarray(end + 1);
    this.searched = 0;
    if (this.skipping || line.length > this.limit + 1) {
      this.skipping = false;
      return { bytes: line.subarray(0, this.limit), fault: 'too long' };
    }
    return judge(line);
  }

  /** Everything that came after the last line. */
  take(): Uint8Array {
    const { rest } = this;
    this.rest = EMPTY;
    this.searched = 0;
    return rest;
  }

  private wait(): undefined {
    this.searched = this.rest.length;
    if (this.searched <= this.limit + 1) return undefined;
    // The rest of an endless line is not held.
    this.skipping = true;
    this.take();
    return undefined;
  }
}

function judge(line: Uint8Array): Line {
  const last = line.length - 1;
  const bytes = line[last] === CR ? line.subarray(0, last) : line;
  if (bytes.includes(CR)) return { bytes, fault: 'bare CR' };
  return bytes === line ? { bytes, fault: 'bare LF' } : { bytes };
}
