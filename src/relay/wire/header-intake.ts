/** The header of a message as it passes: what it says, and what is changed in it. */
import { concat, EMPTY, fromLatin1, isAsciiBytes, latin1 } from '../../lib/bytes.ts';
import { HEADER_LIMIT } from '../defaults.ts';

const CR = 13;
const LF = 10;

/** Passes a message through, piece by piece. The header is held until it is whole. */
export class HeaderIntake {
  /** `Received:` fields. */
  hops = 0;
  /** Without brackets. */
  messageId: string | undefined;
  hasDate = false;
  hasFrom = false;
  /** Whom it was delivered to before, in lower case. */
  readonly deliveredTo: string[] = [];
  /** Octets above 127 in the message, in its header. */
  eightBit = false;
  wideHeader = false;
  /** The header is longer than anybody's. */
  isTooLong = false;
  /** With its empty line, as it goes on. */
  header: Uint8Array = EMPTY;
  private readonly dropsBcc: boolean;
  private held: Uint8Array = EMPTY;
  private size = 0;
  private isOver = false;

  /** `dropsBcc`: the blind copies are taken out (RFC 5322 §3.6.3). */
  constructor({ dropsBcc }: { readonly dropsBcc: boolean }) {
    this.dropsBcc = dropsBcc;
  }

  /** Gives what may go on. */
  push(bytes: Uint8Array): Uint8Array {
    if (this.isOver) return this.body(bytes);
    const from = Math.max(0, this.size - 3);
    this.hold(bytes);
    const end = headerEnd(this.held, from, this.size);
    if (end >= 0) return this.finish(end);
    if (this.size <= HEADER_LIMIT) return EMPTY;
    return this.finish(this.size);
  }

  /** The message is whole: gives what was still held. */
  end(): Uint8Array {
    return this.isOver ? EMPTY : this.finish(this.size);
  }

  private hold(bytes: Uint8Array): void {
    if (this.size === 0) {
      // Most headers come in one piece.
      this.held = bytes;
      this.size = bytes.length;
      return;
    }
    const size = this.size + bytes.length;
    if (size > this.held.length) {
      const larger = new Uint8Array(Math.max(size, 2 * this.held.length));
      larger.set(this.held.subarray(0, this.size));
      this.held = larger;
    }
    this.held.set(bytes, this.size);
    this.size = size;
  }

  private body(bytes: Uint8Array): Uint8Array {
    this.eightBit ||= !isAsciiBytes(bytes);
    return bytes;
  }

  private finish(end: number): Uint8Array {
    this.isOver = true;
    this.isTooLong = end > HEADER_LIMIT;
    const given = this.held.subarray(0, this.size);
    const text = fromLatin1(given, 0, end);
    const { header, tail } = this.read(text);
    this.held = EMPTY;
    const isAsGiven = header === text;
    this.header = isAsGiven ? given.subarray(0, end) : latin1(header);
    this.wideHeader = !isAsciiBytes(this.header);
    this.eightBit = this.wideHeader || !isAsciiBytes(given);
    return isAsGiven ? given : concat([this.header, latin1(tail), given.subarray(end)]);
  }

  /** Fields, up to the empty line; a line that is no field ends them, and gets an empty line before it. */
  private read(text: string): { header: string; tail: string } {
    const field = new RegExp(FIELD);
    let kept = '';
    let at = 0;
    for (let match = field.exec(text); match && match[0] !== ''; match = field.exec(text)) {
      at = field.lastIndex;
      if (!this.note((match[1] ?? '').toLowerCase(), match[0])) kept += match[0];
    }
    if (kept !== '' && !kept.endsWith('\r\n')) kept += '\r\n';
    const tail = text.slice(at);
    return { header: `${kept}\r\n`, tail: tail.startsWith('\r\n') ? tail.slice(2) : tail };
  }

  /** True when the field is to go. */
  private note(name: string, field: string): boolean {
    const value = (): string => field.slice(field.indexOf(':') + 1).trim();
    if (name === 'received') this.hops++;
    else if (name === 'date') this.hasDate = true;
    else if (name === 'from') this.hasFrom = true;
    else if (name === 'message-id') this.messageId ??= /<([^<>\s]{1,900})>/.exec(field)?.[1];
    else if (name === 'delivered-to') this.deliveredTo.push(value().toLowerCase());
    return this.dropsBcc && name === 'bcc';
  }
}

/** A name, a colon, the rest of the line and those folded to it. */
const FIELD = /([!-9;-~]+)[ \t]*:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*(?:\r\n|$)/y;

/** Behind the empty line; -1 while there is none. */
function headerEnd(bytes: Uint8Array, from: number, size: number): number {
  if (size >= 2 && bytes[0] === CR && bytes[1] === LF) return 2;
  for (let at = bytes.indexOf(CR, from); at >= 0 && at + 3 < size; at = bytes.indexOf(CR, at + 1)) {
    if (bytes[at + 1] === LF && bytes[at + 2] === CR && bytes[at + 3] === LF) return at + 4;
  }
  return -1;
}
