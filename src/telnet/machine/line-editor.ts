/** Lines from a network terminal: CR LF, CR NUL or LF ends one (RFC 854; RFC 1123 §3.3.1). */
import { fromUtf8 } from '../../lib/bytes.ts';
import { TERMINAL_LINE_LIMIT } from '../defaults.ts';

const BACKSPACE = 8;
const LF = 10;
const CR = 13;
const DELETE = 127;

export class LineEditor {
  private bytes: number[] = [];
  private afterCr = false;
  /** True when the line under way has grown beyond the limit: its rest is thrown away. */
  overflowed = false;

  /** Characters in; finished lines out. */
  push(data: Uint8Array): string[] {
    const lines: string[] = [];
    for (const byte of data) {
      const skip = this.afterCr && (byte === LF || byte === 0);
      this.afterCr = byte === CR;
      if (skip) continue;
      if (byte === CR || byte === LF) lines.push(this.take());
      else this.type(byte);
    }
    return lines;
  }

  eraseCharacter(): void {
    this.bytes.pop();
  }

  eraseLine(): void {
    this.bytes = [];
    this.overflowed = false;
  }

  private type(byte: number): void {
    if (byte === BACKSPACE || byte === DELETE) this.eraseCharacter();
    else if (byte === 0) return;
    else if (this.bytes.length < TERMINAL_LINE_LIMIT) this.bytes.push(byte);
    else this.overflowed = true;
  }

  private take(): string {
    const line = fromUtf8(Uint8Array.from(this.bytes));
    this.eraseLine();
    return line;
  }
}
