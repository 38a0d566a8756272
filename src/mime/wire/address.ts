/** Addresses (RFC 5322 §3.4), the obsolete forms of §4.4, and what people write instead. */
import { ADDRESS_LIMIT } from '../defaults.ts';
import { ignoreDefects, misuse, type Report } from '../errors.ts';
import type { AddressEntry, Mailbox } from '../types.ts';
import { decodeWords, encodeWords } from './encoded-word.ts';
import { isAscii } from './fields.ts';
import { isDotAtom, quoted, type Token, tokens } from './lexer.ts';

/** All entries of an unfolded value; what is no address keeps its text as the name. */
export function parseAddresses(
  value: string,
  report: Report = ignoreDefects,
): readonly AddressEntry[] {
  return new AddressReader(value, report).list();
}

/** The mailboxes, those of groups among them. */
export function mailboxes(entries: readonly AddressEntry[]): readonly Mailbox[] {
  return entries.flatMap((entry) => ('group' in entry ? entry.members : [entry]));
}

class AddressReader {
  private readonly tokens: readonly Token[];
  private readonly report: Report;
  private at = 0;

  constructor(value: string, report: Report) {
    this.tokens = tokens(value);
    this.report = report;
    const open = this.tokens.find(({ closed }) => !closed);
    if (open) this.bad(open);
  }

  list(): AddressEntry[] {
    const entries: AddressEntry[] = [];
    while (this.at < this.tokens.length && entries.length < ADDRESS_LIMIT) {
      const entry = this.entry(false);
      if (entry) entries.push(entry);
      if (!this.take(',') && this.at < this.tokens.length) this.skip();
    }
    return entries;
  }

  /** What no entry can begin or go on with, such as a lone `>`. */
  private skip(): void {
    this.bad(this.tokens[this.at] as Token);
    this.at++;
  }

  private entry(inGroup: boolean): AddressEntry | undefined {
    const { words, comments } = this.phrase();
    if (!inGroup && this.take(':')) return this.group(phraseText(words));
    if (this.take('<')) return this.angle(phraseText(words), comments);
    if (this.peek('@')) return this.bare(words, comments);
    if (words.length === 0) return undefined;
    this.bad(words[0] as Token);
    return { name: phraseText(words), local: '', domain: '' };
  }

  private group(group: string): AddressEntry {
    const members: Mailbox[] = [];
    while (this.at < this.tokens.length && !this.peek(';') && members.length < ADDRESS_LIMIT) {
      const member = this.entry(true);
      if (member && !('group' in member)) members.push(member);
      if (!this.take(',') && this.at < this.tokens.length && !this.peek(';')) this.skip();
    }
    if (!this.take(';')) this.report('MIME_BAD_ADDRESS', this.tokens.at(-1)?.end ?? 0);
    return { group, members };
  }

  /** Behind `<`; a source route before the address is dropped (RFC 5322 §4.4). */
  private angle(name: string, comments: readonly string[]): Mailbox {
    const begin = this.tokens[this.at - 1] as Token;
    if (this.peek('@')) this.route();
    const { words } = this.phrase();
    const domain = this.domain();
    while (this.tokens[this.at]?.kind === 'comment') this.at++;
    if (!this.take('>')) this.bad(begin);
    const local = words.map(({ text }) => text).join('');
    if (local === '' || domain === '') this.bad(begin);
    const shown = name || (comments[0] ?? '');
    return { name: shown, local, domain };
  }

  private route(): void {
    while (this.at < this.tokens.length && !this.peek('>') && !this.peek(':')) this.at++;
    this.take(':');
  }

  /** `joe@here.edu (Joe)`: the comment is the name; words before the last belong to it as well. */
  private bare(words: readonly Token[], comments: readonly string[]): Mailbox {
    let first = words.length - 1;
    while (first > 0 && joins(words[first - 1] as Token, words[first] as Token)) first--;
    const before = words.slice(0, Math.max(0, first));
    const local = words
      .slice(Math.max(0, first))
      .map(({ text }) => text)
      .join('');
    if (before.length > 0 || local === '') this.bad(this.tokens[this.at] as Token);
    const domain = this.domain();
    const more = this.phrase();
    const name = phraseText([...before, ...more.words]) || comments[0] || more.comments[0] || '';
    return { name, local, domain };
  }

  private domain(): string {
    if (!this.take('@')) return '';
    let text = '';
    for (let token = this.tokens[this.at]; token; token = this.tokens[this.at]) {
      if (token.kind === 'special') break;
      // Blanks around dots are obsolete, but may be there (§4.4).
      const dotted = text === '' || text.endsWith('.') || token.text.startsWith('.');
      if (token.kind === 'comment' || (token.spaced && !dotted)) break;
      text += token.kind === 'literal' ? `[${token.text}]` : token.text;
      this.at++;
    }
    return text;
  }

  private phrase(): { words: Token[]; comments: string[] } {
    const words: Token[] = [];
    const comments: string[] = [];
    for (let token = this.tokens[this.at]; token; token = this.tokens[this.at]) {
      if (token.kind === 'special') break;
      if (token.kind === 'comment') comments.push(decodeWords(token.text.trim()));
      else words.push(token);
      this.at++;
    }
    return { words, comments };
  }

  private peek(special: string): boolean {
    const token = this.tokens[this.at];
    return token?.kind === 'special' && token.text === special;
  }

  private take(special: string): boolean {
    if (!this.peek(special)) return false;
    this.at++;
    return true;
  }

  private bad({ at }: Token): void {
    this.report('MIME_BAD_ADDRESS', at);
  }
}

/** Two words of one local part: blanks around dots are obsolete, but may be there (RFC 5322 §4.4). */
function joins(left: Token, right: Token): boolean {
  return !right.spaced || left.text.endsWith('.') || right.text.startsWith('.');
}

/** Quoted strings are decoded too: they should hold no encoded words (RFC 2047 §5), and often do. */
function phraseText(words: readonly Token[]): string {
  const text = words.map(({ text, spaced }, i) => (spaced && i > 0 ? ' ' : '') + text).join('');
  return decodeWords(text);
}

/** `local@domain` as it is written, the local part quoted where it must be. */
export function addressText({ local, domain }: Mailbox): string {
  if (local === '' && domain === '') return '';
  const name = isDotAtom(local) ? local : quoted(local);
  return domain === '' ? name : `${name}@${domain}`;
}

/** How names are written: in UTF-8 (RFC 6532) or as encoded words. */
export interface WritingOptions {
  readonly utf8?: boolean;
}

/** An entry as it stands in a header. Throws MIME_BAD_FIELD for what cannot stand there. */
export function formatAddress(entry: AddressEntry, options: WritingOptions = {}): string {
  if ('group' in entry) {
    const members = entry.members.map((member) => formatAddress(member, options));
    return `${phrase(entry.group, options)}: ${members.join(', ')};`;
  }
  const address = addressText(entry);
  checkAddress(entry, address, options);
  return entry.name === '' ? address : `${phrase(entry.name, options)} <${address}>`;
}

const DOMAIN = /^(?:[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)*|\[[\w.:-]+\])$/u;

function checkAddress({ local, domain }: Mailbox, address: string, options: WritingOptions): void {
  if (local === '' || !DOMAIN.test(domain) || hasControl(local)) {
    throw misuse('MIME_BAD_FIELD', `"${address}" is no address`, 'RFC 5322 §3.4.1');
  }
  if (!options.utf8 && !isAscii(address)) {
    const message = `"${address}" can be written in internationalized mail only`;
    throw misuse('MIME_NEEDS_UTF8', message, 'RFC 6532 §3.2');
  }
}

/** A display name: as atoms, as a quoted string, or as encoded words (RFC 2047 §5 rule 3). */
function phrase(text: string, { utf8 = false }: WritingOptions): string {
  if (hasControl(text)) {
    const message = 'A name may hold no control character';
    throw misuse('MIME_BAD_FIELD', message, 'RFC 5322 §3.2.5');
  }
  if ((!utf8 && !isAscii(text)) || text.includes('=?') || text.length > 200)
    return encodeWords(text);
  const words = text.split(' ');
  const plain = words.every((word) => isDotAtom(word) && !word.includes('.'));
  return plain ? text : quoted(text);
}

/** C0 controls and DEL: what could end a line, and what no header may hold. */
export function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 || code === 127) return true;
  }
  return false;
}
