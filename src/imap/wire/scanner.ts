/** Reads a unit from left to right: atoms, strings, numbers, lists (RFC 9051 §4, §9). */
import { fromLatin1, fromUtf8, latin1 } from '../../lib/bytes.ts';
import { FLAG_LENGTH_LIMIT, FLAGS_LIMIT, LIST_ITEMS_LIMIT } from '../defaults.ts';
import { badArgument, type ImapError } from '../errors.ts';
import { ASTRING_CHARS, ATOM_CHARS, isAscii, LIST_CHARS } from './ascii.ts';
import type { Literal, Unit } from './unit-reader.ts';
import { fromUtf7 } from './utf7.ts';

/** Octets as characters: as UTF-8 where they are more than ASCII. */
export function decoded(octets: string): string {
  return isAscii(octets) ? octets : fromUtf8(latin1(octets));
}

export class Scanner {
  readonly text: string;
  at: number;
  private readonly literals: readonly Literal[];
  private literal = 0;
  private readonly isUtf8: boolean;

  /** `utf8`: names of mailboxes are in UTF-8 (RFC 6855, RFC 9051 §5.1), else in modified UTF-7. */
  constructor(
    { text, literals }: Pick<Unit, 'text' | 'literals'>,
    { at = 0, utf8 = false }: { readonly at?: number; readonly utf8?: boolean } = {},
  ) {
    this.text = text;
    this.literals = literals;
    this.at = at;
    this.isUtf8 = utf8;
  }

  get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** The next character; '' at the end. */
  get peek(): string {
    return this.text.charAt(this.at);
  }

  fault(expected: string): ImapError {
    const found = this.atEnd ? 'the end' : JSON.stringify(this.text.slice(this.at, this.at + 20));
    return badArgument(`Expected ${expected}, found ${found}`, this.at);
  }

  /** Takes the text if it stands here. */
  accept(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** Takes a word whatever its case, if it stands here as a whole. */
  acceptWord(word: string): boolean {
    const end = this.at + word.length;
    if (ATOM_CHARS[this.text.charCodeAt(end)] === 1) return false;
    if (this.text.slice(this.at, end).toUpperCase() !== word) return false;
    this.at = end;
    return true;
  }

  expect(text: string, name: string = JSON.stringify(text)): void {
    if (!this.accept(text)) throw this.fault(name);
  }

  space(): void {
    this.expect(' ', 'a space');
  }

  end(): void {
    if (!this.atEnd) throw this.fault('the end of the line');
  }

  /** Characters of a table, at least one. */
  run(chars: Uint8Array, name: string): string {
    const start = this.at;
    while (chars[this.text.charCodeAt(this.at)] === 1) this.at++;
    if (this.at === start) throw this.fault(name);
    return this.text.slice(start, this.at);
  }

  atom(name = 'a word'): string {
    return this.run(ATOM_CHARS, name);
  }

  /** An atom in capitals. */
  word(name = 'a word'): string {
    return this.atom(name).toUpperCase();
  }

  number(name = 'a number'): number {
    return this.digits(0xffff_ffff, name);
  }

  /** number64, mod-sequence-value: up to 63 bits; what is beyond a safe integer is taken for the largest one. */
  number64(name = 'a number'): number {
    return this.digits(Number.MAX_SAFE_INTEGER, name);
  }

  private digits(limit: number, name: string): number {
    const start = this.at;
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (!(code >= 48 && code <= 57)) break;
      this.at++;
    }
    if (this.at === start || this.at - start > 19) throw this.fault(name);
    const value = Number(this.text.slice(start, this.at));
    if (value > limit && limit === 0xffff_ffff) throw badArgument(`${name} is too large`, start);
    return Math.min(value, limit);
  }

  /** A string's octets: quoted, or a literal; with `bare`, an atom too. */
  octets(name = 'a string', bare = false): string {
    if (this.peek === '"') return this.quoted();
    if (bare && !this.isString()) return this.run(MAILBOX_CHARS, name);
    return fromLatin1(this.literalBytes(name));
  }

  string(name = 'a string'): string {
    return decoded(this.octets(name));
  }

  astring(name = 'a string'): string {
    if (this.isString()) return this.string(name);
    return this.run(ASTRING_CHARS, name);
  }

  /** NIL is null. */
  nstring(name = 'a string or NIL'): string | null {
    return this.acceptWord('NIL') ? null : this.string(name);
  }

  /** NIL is null; octets as they are. */
  nbytes(name = 'a string or NIL'): Uint8Array | null {
    if (this.acceptWord('NIL')) return null;
    return this.peek === '"' ? latin1(this.quoted()) : this.literalBytes(name);
  }

  /** A mailbox or a pattern of LIST, patient with names in bare UTF-8. */
  mailbox(name = 'a mailbox'): string {
    const text = this.isString() ? this.string(name) : decoded(this.run(MAILBOX_CHARS, name));
    return this.isUtf8 ? text : fromUtf7(text);
  }

  /** The number of the literal that stands here. */
  literalIndex(name = 'a literal'): number {
    const [whole] = LITERAL.exec(this.text.slice(this.at, this.at + 20)) ?? [];
    if (whole === undefined || this.literal >= this.literals.length) throw this.fault(name);
    this.at += whole.length;
    return this.literal++;
  }

  private literalBytes(name: string): Uint8Array {
    const literal = this.literals[this.literalIndex(name)];
    if (literal instanceof Uint8Array) return literal;
    throw this.fault(name);
  }

  private isString(): boolean {
    const { peek } = this;
    return peek === '"' || peek === '{' || this.text.startsWith('~{', this.at);
  }

  private quoted(): string {
    const start = this.at + 1;
    let end = start;
    let escaped = false;
    for (; ; end++) {
      const code = this.text.charCodeAt(end);
      if (code === 34) break;
      if (code === 92) {
        escaped = true;
        end++;
      }
      // CR, LF and NUL do not stand in a quoted string.
      if (!(code > 0) || code === 13 || end >= this.text.length)
        throw this.fault('a quoted string');
    }
    this.at = end + 1;
    const inside = this.text.slice(start, end);
    return escaped ? inside.replace(/\\(.)/gs, '$1') : inside;
  }

  /** `(` items with a space between `)`; `least` of them. */
  list<T>(item: () => T, least = 1, limit: number = LIST_ITEMS_LIMIT): T[] {
    this.expect('(');
    const items: T[] = [];
    if (least === 0 && this.accept(')')) return items;
    do {
      if (items.length >= limit) throw badArgument(`No more than ${limit} in one list`, this.at);
      items.push(item());
    } while (this.accept(' '));
    this.expect(')', 'a space or ")"');
    return items;
  }

  /** A flag, a keyword or an extension: `\Seen`, `work`. `\*` stands in PERMANENTFLAGS. */
  flag(): string {
    if (!this.accept('\\')) return this.flagName();
    return this.accept('*') ? '\\*' : `\\${this.flagName()}`;
  }

  flags(): string[] {
    return this.list(() => this.flag(), 0, FLAGS_LIMIT);
  }

  private flagName(): string {
    const { at } = this;
    // `]` is in the keywords of some.
    const name = this.run(ASTRING_CHARS, 'a flag');
    if (name.length > FLAG_LENGTH_LIMIT) throw badArgument('A flag is too long', at);
    return name;
  }
}

const LITERAL = /^~?\{\d+[+-]?\}\r\n/;

/** A name without quotes, octets above 127 with it. */
const MAILBOX_CHARS: Uint8Array = LIST_CHARS.map((is, code) => (is === 1 || code > 127 ? 1 : 0));
