/** SEARCH (RFC 9051 §6.4.4; RETURN of RFC 4731, RFC 5182; MODSEQ of RFC 7162 §3.1.5). */

import { SEARCH_DEPTH_LIMIT, SEARCH_KEYS_LIMIT } from '../defaults.ts';
import { badArgument } from '../errors.ts';
import type { Of, SearchKey, SearchReturn } from '../types.ts';
import { decodeText } from './charset.ts';
import { dateText, parseDate } from './date.ts';
import type { Scanner } from './scanner.ts';
import { parseSet, setText } from './sequence-set.ts';
import { astringPiece, Pieces } from './text.ts';

const RETURNS: readonly string[] = ['MIN', 'MAX', 'ALL', 'COUNT', 'SAVE'];

/** Keys that are a word: flags, there or not. */
const FLAG_KEYS: Readonly<Record<string, readonly [flag: string, isSet: boolean]>> = {
  ANSWERED: ['\\Answered', true],
  DELETED: ['\\Deleted', true],
  DRAFT: ['\\Draft', true],
  FLAGGED: ['\\Flagged', true],
  SEEN: ['\\Seen', true],
  UNANSWERED: ['\\Answered', false],
  UNDELETED: ['\\Deleted', false],
  UNDRAFT: ['\\Draft', false],
  UNFLAGGED: ['\\Flagged', false],
  UNSEEN: ['\\Seen', false],
};

const HEADER_KEYS: readonly string[] = ['BCC', 'CC', 'FROM', 'SUBJECT', 'TO'];

export function parseSearch(scanner: Scanner, uid: boolean): Of<'SEARCH'> {
  scanner.space();
  const returns = parseReturns(scanner);
  let charset = 'UTF-8';
  if (scanner.acceptWord('CHARSET')) {
    scanner.space();
    charset = scanner.astring('a charset');
    scanner.space();
  }
  return { name: 'SEARCH', uid, returns, key: parseProgram(scanner, charset) };
}

/** `RETURN (MIN COUNT) `, where it stands; an empty list is ALL (RFC 4731 §3.1). */
export function parseReturns(scanner: Scanner): SearchReturn[] | undefined {
  if (!scanner.acceptWord('RETURN')) return undefined;
  scanner.space();
  const returns = scanner.list(() => {
    const { at } = scanner;
    const word = scanner.word();
    if (RETURNS.includes(word)) return word as SearchReturn;
    throw badArgument(`A search can return ${RETURNS.join(', ')}`, at);
  }, 0);
  scanner.space();
  return returns.length === 0 ? ['ALL'] : returns;
}

/** Keys in a row, all of which must be true. */
export function parseProgram(scanner: Scanner, charset: string): SearchKey {
  return new KeyParser(scanner, charset).row(0);
}

class KeyParser {
  private readonly scanner: Scanner;
  private readonly charset: string;
  private count = 0;

  constructor(scanner: Scanner, charset: string) {
    this.scanner = scanner;
    this.charset = charset;
  }

  row(depth: number): SearchKey {
    const keys: SearchKey[] = [];
    do keys.push(this.key(depth));
    while (this.scanner.accept(' '));
    return keys.length === 1 ? (keys[0] as SearchKey) : { type: 'and', keys };
  }

  private key(depth: number): SearchKey {
    const { scanner } = this;
    if (++this.count > SEARCH_KEYS_LIMIT || depth > SEARCH_DEPTH_LIMIT) {
      throw badArgument('The search is too complicated', scanner.at);
    }
    if (scanner.accept('(')) {
      const inner = this.row(depth + 1);
      scanner.expect(')', 'a space or ")"');
      return inner;
    }
    if (/[\d*$]/.test(scanner.peek)) return { type: 'numbers', set: parseSet(scanner) };
    const { at } = scanner;
    const word = scanner.word('what to search for');
    return this.structure(word, depth) ?? this.plain(word) ?? this.withValue(word, at);
  }

  private structure(word: string, depth: number): SearchKey | undefined {
    const { scanner } = this;
    if (word === 'NOT') {
      scanner.space();
      return { type: 'not', key: this.key(depth + 1) };
    }
    if (word !== 'OR') return undefined;
    scanner.space();
    const left = this.key(depth + 1);
    scanner.space();
    return { type: 'or', left, right: this.key(depth + 1) };
  }

  private plain(word: string): SearchKey | undefined {
    if (word === 'ALL') return { type: 'all' };
    if (word === 'RECENT') return { type: 'recent' };
    if (word === 'NEW') return { type: 'new' };
    if (word === 'OLD') return { type: 'old' };
    const flag = Object.hasOwn(FLAG_KEYS, word) ? FLAG_KEYS[word] : undefined;
    if (!flag) return undefined;
    const key: SearchKey = { type: 'flag', flag: flag[0] };
    return flag[1] ? key : { type: 'not', key };
  }

  private withValue(word: string, at: number): SearchKey {
    const { scanner } = this;
    if (HEADER_KEYS.includes(word)) return { type: 'header', field: word, text: this.value() };
    const sent = word.startsWith('SENT');
    switch (word) {
      case 'BEFORE':
      case 'SENTBEFORE':
        return { type: 'before', sent, day: this.day() };
      case 'ON':
      case 'SENTON':
        return { type: 'on', sent, day: this.day() };
      case 'SINCE':
      case 'SENTSINCE':
        return { type: 'since', sent, day: this.day() };
      case 'TEXT':
        return { type: 'text', text: this.value() };
      case 'BODY':
        return { type: 'body', text: this.value() };
      case 'LARGER':
        return { type: 'larger', size: this.number() };
      case 'SMALLER':
        return { type: 'smaller', size: this.number() };
      case 'KEYWORD':
        return { type: 'flag', flag: this.keyword() };
      case 'UNKEYWORD':
        return { type: 'not', key: { type: 'flag', flag: this.keyword() } };
      case 'HEADER':
        return this.header();
      case 'UID':
        scanner.space();
        return { type: 'uids', set: parseSet(scanner) };
      case 'MODSEQ':
        return this.modSeq();
    }
    throw badArgument(`SEARCH knows no ${word}`, at);
  }

  private value(): string {
    this.scanner.space();
    return decodeText(this.scanner.octets('what to search for', true), this.charset);
  }

  private day(): number {
    this.scanner.space();
    return parseDate(this.scanner);
  }

  private number(): number {
    this.scanner.space();
    return this.scanner.number64('a size');
  }

  private keyword(): string {
    this.scanner.space();
    return this.scanner.flag();
  }

  private header(): SearchKey {
    this.scanner.space();
    const field = this.scanner.astring('the name of a field');
    return { type: 'header', field, text: this.value() };
  }

  /** `MODSEQ "/flags/\\draft" all 620162338`: the entry is read, and all are one here. */
  private modSeq(): SearchKey {
    const { scanner } = this;
    scanner.space();
    if (scanner.peek === '"') {
      scanner.string();
      scanner.space();
      if (!/^(?:PRIV|SHARED|ALL)$/.test(scanner.word())) throw scanner.fault('priv, shared or all');
      scanner.space();
    }
    return { type: 'modseq', modSeq: scanner.number64('a mod-sequence') };
  }
}

export function searchPieces({ uid, returns, key }: Of<'SEARCH'>): Pieces {
  const pieces = new Pieces().add(`${uid ? 'UID ' : ''}SEARCH `);
  if (returns) pieces.add(`RETURN (${returns.join(' ')}) `);
  if (needsCharset(key)) pieces.add('CHARSET UTF-8 ');
  return addKey(pieces, key, true);
}

/** Something beyond ASCII is searched for. */
function needsCharset(key: SearchKey): boolean {
  if (key.type === 'and') return key.keys.some(needsCharset);
  if (key.type === 'or') return needsCharset(key.left) || needsCharset(key.right);
  if (key.type === 'not') return needsCharset(key.key);
  return 'text' in key && /[^\0-\x7f]/.test(key.text);
}

export function addKey(pieces: Pieces, key: SearchKey, isOuter = false): Pieces {
  switch (key.type) {
    case 'and':
      if (!isOuter) pieces.add('(');
      key.keys.forEach((one, i) => {
        addKey(pieces.add(i > 0 ? ' ' : ''), one);
      });
      return isOuter ? pieces : pieces.add(')');
    case 'or':
      addKey(pieces.add('OR '), key.left);
      return addKey(pieces.add(' '), key.right);
    case 'not':
      return addKey(pieces.add('NOT '), key.key);
    case 'header':
      pieces.add('HEADER ', astringPiece(key.field, false), ' ');
      return pieces.add(astringPiece(key.text, false));
    case 'text':
    case 'body':
      return pieces.add(`${key.type.toUpperCase()} `, astringPiece(key.text, false));
  }
  return pieces.add(simpleText(key));
}

type Simple = Exclude<SearchKey, { type: 'and' | 'or' | 'not' | 'header' | 'text' | 'body' }>;

function simpleText(key: Simple): string {
  switch (key.type) {
    case 'numbers':
      return setText(key.set);
    case 'uids':
      return `UID ${setText(key.set)}`;
    case 'flag':
      return key.flag.startsWith('\\') ? key.flag.slice(1).toUpperCase() : `KEYWORD ${key.flag}`;
    case 'larger':
    case 'smaller':
      return `${key.type.toUpperCase()} ${key.size}`;
    case 'before':
    case 'on':
    case 'since':
      return `${key.sent ? 'SENT' : ''}${key.type.toUpperCase()} ${dateText(key.day)}`;
    case 'modseq':
      return `MODSEQ ${key.modSeq}`;
  }
  return key.type.toUpperCase();
}
