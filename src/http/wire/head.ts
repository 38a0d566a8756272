/** Finds the end of a head, decodes it once, and refuses what could be read in two ways. */
import { fromLatin1, fromUtf8 } from '../../lib/bytes.ts';
import { EMPTY_LINES_LIMIT, HEAD_LIMIT, REQUEST_LINE_LIMIT } from '../defaults.ts';
import { broken } from '../errors.ts';
import type { Gather } from './gather.ts';
import { TOKEN_CHARS } from './tokens.ts';

const CR = 13;
const LF = 10;

/** A whole head: its text without the empty line, and how its lines end. */
export interface HeadText {
  readonly text: string;
  readonly eol: string;
  /** The end of the first line. */
  readonly lineEnd: number;
  /** Where its bytes began in the message: empty lines before it were skipped. */
  readonly base: number;
  /** Bytes consumed, with the empty lines before and the one after. */
  readonly bytes: number;
}

/** Whose head it is: a person may type a request with bare LF (RFC 9112 §2.2), no server does. */
export type HeadKind = 'request' | 'response';

/** Looks for heads in the bytes that come; remembers how far it has looked. */
export class HeadScanner {
  private readonly kind: HeadKind;
  private searched = 0;
  private firstEnd = -1;
  private emptyLines = 0;
  /** Bytes of empty lines that were skipped before this head. */
  private skipped = 0;

  constructor(kind: HeadKind) {
    this.kind = kind;
  }

  /** True when nothing of a message has come yet. */
  get idle(): boolean {
    return this.searched === 0 && this.emptyLines === 0;
  }

  /** The next head when all of it is there; it is consumed. */
  scan(input: Gather): HeadText | undefined {
    if (this.searched === 0 && !this.begin(input)) return undefined;
    const end = this.findEnd(input);
    if (end < 0) return undefined;
    const blank = input.at(end + 1) === LF ? 1 : 2;
    const contentEnd = input.at(end - 1) === CR ? end - 1 : end;
    const crlf = contentEnd < end && blank === 2;
    // Nearly all heads are ASCII and well formed: the platform decodes them, one pattern proves them.
    let text = fromUtf8(input.bytes.subarray(input.start, input.start + contentEnd));
    let eol = '\r\n';
    if (!crlf || !CLEAN.test(text)) {
      text = fromLatin1(input.bytes, input.start, input.start + contentEnd);
      eol = this.lineEnding(text, crlf, contentEnd === end && blank === 1);
    }
    input.skip(end + 1 + blank);
    const base = this.skipped;
    const found = {
      text,
      eol,
      lineEnd: lineEnd(this.firstEnd, text),
      base,
      bytes: base + end + 1 + blank,
    };
    this.searched = 0;
    this.firstEnd = -1;
    this.emptyLines = 0;
    this.skipped = 0;
    return found;
  }

  /** Skips empty lines before a request and looks at its first byte: a wrong protocol is told at once. */
  private begin(input: Gather): boolean {
    while (input.length > 0) {
      const code = input.at(0);
      if (code !== CR && code !== LF) return this.checkFirst(code);
      if (this.kind === 'response') throw this.badStart('A response begins with an empty line');
      if (code === CR && input.length < 2) return false;
      if (code === CR && input.at(1) !== LF) throw this.badStart('A CR without LF', 1);
      if (++this.emptyLines > EMPTY_LINES_LIMIT) throw this.badStart('Too many empty lines');
      const length = code === CR ? 2 : 1;
      input.skip(length);
      this.skipped += length;
    }
    return false;
  }

  private checkFirst(code: number): true {
    if (TOKEN_CHARS[code] === 1) return true;
    const what =
      code === 0x16 ? 'This is TLS; plain HTTP is spoken here' : 'This does not begin like HTTP';
    throw this.badStart(what);
  }

  private badStart(text: string, more = 0): Error {
    const code = more === 1 ? 'HTTP_BAD_LINE_END' : 'HTTP_BAD_START';
    return broken(code, text, 'RFC 9112 §2.2', this.skipped);
  }

  /** The LF of the last line before the empty one, or -1. */
  private findEnd(input: Gather): number {
    for (let from = this.searched; ; ) {
      const lf = input.indexOf(LF, from);
      if (this.firstEnd < 0) this.checkLine(lf < 0 ? input.length : lf);
      if (lf < 0) {
        this.searched = input.length;
        break;
      }
      if (this.firstEnd < 0) this.firstEnd = lf;
      const blank = blankAfter(input, lf);
      if (blank !== 0) {
        if (blank > 0 && lf <= HEAD_LIMIT) return lf;
        this.searched = lf;
        break;
      }
      from = lf + 1;
    }
    if (input.length > HEAD_LIMIT + 2) throw this.tooLarge();
    return -1;
  }

  private checkLine(length: number): void {
    if (length <= REQUEST_LINE_LIMIT) return;
    const text = `The ${this.kind === 'request' ? 'request' : 'status'} line is longer than ${REQUEST_LINE_LIMIT} bytes`;
    const reply = this.kind === 'request' ? 414 : 502;
    throw broken('HTTP_REQUEST_LINE_TOO_LONG', text, 'RFC 9112 §3', REQUEST_LINE_LIMIT, reply);
  }

  private tooLarge(): Error {
    const text = `The head is larger than ${HEAD_LIMIT} bytes`;
    return broken('HTTP_HEAD_TOO_LARGE', text, 'RFC 6585 §5', HEAD_LIMIT, 431);
  }

  /** One kind of line end throughout, and no control characters: nothing that two readers could read in two ways. */
  private lineEnding(text: string, crlf: boolean, lf: boolean): string {
    if (crlf && !CRLF_WRONG.test(text)) return '\r\n';
    if (lf && this.kind === 'request' && !LF_WRONG.test(text)) return '\n';
    throw this.wrongCharacter(text, crlf);
  }

  private wrongCharacter(text: string, crlf: boolean): Error {
    const control = /[^\t\n\r -~\x80-\xff]/.exec(text);
    if (control) {
      const code = `0x${control[0].charCodeAt(0).toString(16).padStart(2, '0')}`;
      const what = `A control character (${code}) in the head`;
      return broken('HTTP_CONTROL_CHARACTER', what, 'RFC 9110 §5.5', this.skipped + control.index);
    }
    const bare = /\r(?!\n)/.exec(text);
    const at = bare?.index ?? Math.max(0, text.search(crlf ? /(?<!\r)\n/ : /\n/));
    const what = bare ? 'A CR without LF' : 'Lines that end with LF alone among lines with CR LF';
    return broken('HTTP_BAD_LINE_END', what, 'RFC 9112 §2.2', this.skipped + at);
  }
}

/** Bytes of the empty line after this LF; 0 when another line follows, -1 when that can't be told yet. */
function blankAfter(input: Gather, lf: number): number {
  const { bytes, end } = input;
  const at = input.start + lf + 1;
  if (at >= end) return -1;
  if (bytes[at] === LF) return 1;
  if (bytes[at] !== CR) return 0;
  if (at + 1 >= end) return -1;
  return bytes[at + 1] === LF ? 2 : 0;
}

/** Lines of visible ASCII and blanks, with CR LF between them. */
const CLEAN = /^(?:[\t -~]+\r\n)*[\t -~]+$/;

const CRLF_WRONG = /[^\t\n\r -~\x80-\xff]|\r(?!\n)|(?<!\r)\n/;
const LF_WRONG = /[^\t\n -~\x80-\xff]/;

/** The first line without its CR; a head of one line ends with the text. */
function lineEnd(lf: number, text: string): number {
  if (lf >= text.length) return text.length;
  return text.charCodeAt(lf - 1) === CR ? lf - 1 : lf;
}
