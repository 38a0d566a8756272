/** Strings as they are said: bare, in quotes, or as a literal (RFC 9051 §4.3). */
import { utf8 } from '../../lib/bytes.ts';
import { ASTRING_CHARS, consistsOf, isAscii } from './ascii.ts';
import { toUtf7 } from './utf7.ts';

/** A literal within what is said. */
export interface LiteralPiece {
  readonly octets: Uint8Array;
  /** `~{5}`: it may hold any octet (RFC 3516 §4.4). */
  readonly binary?: boolean;
}

/** Text, and literals between. */
export type Piece = string | LiteralPiece;

/** Longer ones are literals: peers have limits for a line. */
const QUOTED_LIMIT = 1_000;

/** What no quoted string holds: CR, LF, NUL. */
const UNQUOTABLE = /[\0\r\n]/;

export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** A string; characters beyond ASCII stand in quotes only where `isUtf8` (RFC 6855, RFC 9051). */
export function stringPiece(text: string, isUtf8: boolean): Piece {
  const isPlain = text.length <= QUOTED_LIMIT && !UNQUOTABLE.test(text);
  if (isPlain && (isUtf8 || isAscii(text))) return quoted(text);
  return { octets: utf8(text) };
}

export function astringPiece(text: string, isUtf8: boolean): Piece {
  const isAtom = text.length <= QUOTED_LIMIT && consistsOf(text, ASTRING_CHARS);
  return isAtom && text.toUpperCase() !== 'NIL' ? text : stringPiece(text, isUtf8);
}

/** A mailbox: UTF-8 in quotes where that is agreed, else modified UTF-7. */
export function mailboxPiece(name: string, isUtf8: boolean): Piece {
  return astringPiece(isUtf8 ? name : toUtf7(name), isUtf8);
}

/** Pieces in a row, texts joined. */
export class Pieces {
  readonly list: Piece[] = [];

  add(...pieces: readonly Piece[]): this {
    for (const piece of pieces) {
      const last = this.list.length - 1;
      if (typeof piece === 'string' && typeof this.list[last] === 'string')
        this.list[last] += piece;
      else this.list.push(piece);
    }
    return this;
  }
}

/** What a server says needs no consent: literals and all, as text whose characters are UTF-8. */
export function responseText(piece: Piece): string {
  if (typeof piece === 'string') return piece;
  return `{${piece.octets.length}}\r\n${new TextDecoder().decode(piece.octets)}`;
}
