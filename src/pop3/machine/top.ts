/** TOP (RFC 1939 §7): the header, the empty line, and so many lines of the body. */
import { CR, LF } from '../../lib/lines.ts';

/** Takes a message in pieces and gives what belongs to its top. */
export class TopCutter {
  /** Nothing that follows belongs to it. */
  done = false;
  private left: number;
  private inHeader = true;
  /** Bytes of the line under way that came before, and the last of them. */
  private held = 0;
  private last = 0;

  constructor(lines: number) {
    this.left = lines;
  }

  push(bytes: Uint8Array): Uint8Array {
    let at = 0;
    while (!this.done) {
      const lf = bytes.indexOf(LF, at);
      if (lf < 0) {
        this.hold(bytes.subarray(at));
        return bytes;
      }
      this.endLine(this.held + lf - at, lf > at ? (bytes[lf - 1] as number) : this.last);
      at = lf + 1;
    }
    return bytes.subarray(0, at);
  }

  private hold(rest: Uint8Array): void {
    if (rest.length === 0) return;
    this.held += rest.length;
    this.last = rest[rest.length - 1] as number;
  }

  /** A line of so many bytes before its LF, the last of which is `last`. */
  private endLine(length: number, last: number): void {
    const isEmpty = length === 0 || (length === 1 && last === CR);
    this.held = 0;
    if (!this.inHeader) this.left--;
    else if (isEmpty) this.inHeader = false;
    if (!this.inHeader && this.left <= 0) this.done = true;
  }
}
