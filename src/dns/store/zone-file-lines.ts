/** Master files as words: comments gone, parentheses and quotes resolved (RFC 1035 §5.1). */
import type { Word } from '../wire/rdata/fields.ts';
import { type Place, ZoneFileError } from './zone-file-error.ts';

export interface Token extends Word {
  readonly place: Place;
}

/** One entry: its words, over as many lines as parentheses make of it. */
export interface Entry {
  readonly place: Place;
  /** The entry begins with a blank: its owner is that of the entry before. */
  readonly indented: boolean;
  readonly tokens: readonly Token[];
}

/** Characters of a word that is not quoted: all but blanks and those with a meaning. */
const WORD = /(?:\\\d{3}|\\[^\n]|[^\s;()"\\])+/y;
const QUOTED = /"((?:\\\d{3}|\\[^\n]|[^"\\\n])*)"/y;

class Scanner {
  private readonly text: string;
  private readonly file: string;
  private at = 0;
  private line = 1;
  private lineStart = 0;
  private opened: Place[] = [];

  constructor(text: string, file: string) {
    this.text = text;
    this.file = file;
  }

  *entries(): Generator<Entry> {
    while (this.at < this.text.length) {
      const place = this.place();
      const indented = /[ \t]/.test(this.text[this.at] as string);
      const tokens = [...this.entry()];
      const open = this.opened[0];
      if (open) throw new ZoneFileError(open, 'this ( is never closed');
      if (tokens.length > 0) yield { place, indented, tokens };
    }
  }

  private *entry(): Generator<Token> {
    while (this.at < this.text.length) {
      const char = this.text[this.at] as string;
      if (char === '\n') {
        this.newLine();
        if (this.opened.length === 0) return;
      } else if (char === ';') this.skipComment();
      else if (char === '(' || char === ')') this.parenthesis(char);
      else if (/\s/.test(char)) this.at++;
      else yield this.word(char === '"');
    }
  }

  private word(quoted: boolean): Token {
    const place = this.place();
    const pattern = quoted ? QUOTED : WORD;
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (!match) {
      throw new ZoneFileError(
        place,
        quoted ? 'this quoted string is never closed on its line' : 'a backslash at the end',
      );
    }
    this.at = pattern.lastIndex;
    return { text: quoted ? (match[1] as string) : match[0], quoted, place };
  }

  private parenthesis(char: string): void {
    if (char === '(') this.opened.push(this.place());
    else if (!this.opened.pop()) throw new ZoneFileError(this.place(), 'a ) without its (');
    this.at++;
  }

  private skipComment(): void {
    const end = this.text.indexOf('\n', this.at);
    this.at = end < 0 ? this.text.length : end;
  }

  private newLine(): void {
    this.at++;
    this.line++;
    this.lineStart = this.at;
  }

  private place(): Place {
    return { file: this.file, line: this.line, column: this.at - this.lineStart + 1 };
  }
}

/** The entries of a master file, one by one. Throws ZoneFileError. */
export function zoneFileEntries(text: string, file: string): Generator<Entry> {
  return new Scanner(text, file).entries();
}
