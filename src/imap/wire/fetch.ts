/** FETCH (RFC 9051 §6.4.5; BINARY of RFC 3516; CHANGEDSINCE, VANISHED of RFC 7162). */
import { badArgument } from '../errors.ts';
import type { FetchItem, OctetRange, Of, Section } from '../types.ts';
import type { Scanner } from './scanner.ts';
import { parseSet, setText } from './sequence-set.ts';
import { astringPiece, Pieces, responseText } from './text.ts';

const FAST: readonly FetchItem[] = [
  { type: 'FLAGS' },
  { type: 'INTERNALDATE' },
  { type: 'RFC822.SIZE' },
];

const MACROS: Readonly<Record<string, readonly FetchItem[]>> = {
  FAST,
  ALL: [...FAST, { type: 'ENVELOPE' }],
  FULL: [...FAST, { type: 'ENVELOPE' }, { type: 'BODY' }],
};

const PLAIN = [
  'FLAGS',
  'UID',
  'INTERNALDATE',
  'RFC822.SIZE',
  'ENVELOPE',
  'MODSEQ',
  'BODYSTRUCTURE',
  'RFC822',
  'RFC822.HEADER',
  'RFC822.TEXT',
] as const;

export function parseFetch(scanner: Scanner, uid: boolean): Of<'FETCH'> {
  scanner.space();
  const set = parseSet(scanner);
  scanner.space();
  const items = parseItems(scanner);
  const modifiers = scanner.accept(' ') ? parseModifiers(scanner) : {};
  if (modifiers.vanished && (!uid || modifiers.changedSince === undefined)) {
    // RFC 7162 §3.2.6.
    throw badArgument('VANISHED goes with UID FETCH and CHANGEDSINCE');
  }
  return { name: 'FETCH', uid, set, items, ...modifiers };
}

function parseModifiers(scanner: Scanner): { changedSince?: number; vanished?: boolean } {
  const modifiers: { changedSince?: number; vanished?: boolean } = {};
  scanner.list(() => {
    if (scanner.acceptWord('VANISHED')) modifiers.vanished = true;
    else if (scanner.acceptWord('CHANGEDSINCE')) {
      scanner.space();
      modifiers.changedSince = scanner.number64('a mod-sequence');
    } else throw scanner.fault('CHANGEDSINCE or VANISHED');
  });
  return modifiers;
}

function parseItems(scanner: Scanner): readonly FetchItem[] {
  if (scanner.peek === '(') return scanner.list(() => parseItem(scanner));
  for (const [name, items] of Object.entries(MACROS)) if (scanner.acceptWord(name)) return items;
  return [parseItem(scanner)];
}

function parseItem(scanner: Scanner): FetchItem {
  const { at } = scanner;
  const word = itemName(scanner);
  if (scanner.peek === '[') {
    if (word === 'BODY' || word === 'BODY.PEEK') return parseBody(scanner, word === 'BODY.PEEK');
    if (word.startsWith('BINARY')) return parseBinary(scanner, word);
  }
  if (word === 'BODY') return { type: 'BODY' };
  const plain = PLAIN.find((name) => name === word);
  if (plain) return { type: plain };
  throw badArgument(`FETCH knows no ${word}`, at);
}

/** `[` is an atom's character, and begins a section here. */
function itemName(scanner: Scanner): string {
  const [name] = /^[\w.]+/.exec(scanner.text.slice(scanner.at, scanner.at + 20)) ?? [];
  if (name === undefined) throw scanner.fault('what to fetch');
  scanner.at += name.length;
  return name.toUpperCase();
}

function parseBody(scanner: Scanner, peek: boolean): FetchItem {
  const section = parseSection(scanner);
  const partial = parsePartial(scanner);
  return { type: 'BODY[]', peek, section, ...(partial && { partial }) };
}

function parseBinary(scanner: Scanner, word: string): FetchItem {
  scanner.expect('[');
  const part = parsePart(scanner);
  scanner.expect(']');
  if (word === 'BINARY.SIZE') return { type: 'BINARY.SIZE[]', part };
  if (word !== 'BINARY' && word !== 'BINARY.PEEK') throw badArgument(`FETCH knows no ${word}`);
  const partial = parsePartial(scanner);
  return { type: 'BINARY[]', peek: word === 'BINARY.PEEK', part, ...(partial && { partial }) };
}

function parsePart(scanner: Scanner): string {
  const [part = ''] = /^[1-9]\d*(?:\.[1-9]\d*)*/.exec(scanner.text.slice(scanner.at)) ?? [];
  if (part.length > 512) throw badArgument('No part lies so deep', scanner.at);
  scanner.at += part.length;
  return part;
}

/** `[1.2.HEADER.FIELDS (A B)]`. */
export function parseSection(scanner: Scanner): Section {
  scanner.expect('[');
  const part = parsePart(scanner);
  if (part === '' || scanner.accept('.')) {
    if (part === '' && scanner.accept(']')) return { part, text: '' };
    const text = parseSectionText(scanner, part);
    scanner.expect(']');
    return { part, ...text };
  }
  scanner.expect(']');
  return { part, text: '' };
}

function parseSectionText(scanner: Scanner, part: string): Pick<Section, 'text' | 'fields'> {
  for (const text of ['HEADER.FIELDS.NOT', 'HEADER.FIELDS'] as const) {
    if (!scanner.acceptWord(text)) continue;
    scanner.space();
    return { text, fields: scanner.list(() => scanner.astring('the name of a field')) };
  }
  if (scanner.acceptWord('HEADER')) return { text: 'HEADER' };
  if (scanner.acceptWord('TEXT')) return { text: 'TEXT' };
  if (part !== '' && scanner.acceptWord('MIME')) return { text: 'MIME' };
  throw scanner.fault('a section');
}

function parsePartial(scanner: Scanner): OctetRange | undefined {
  if (!scanner.accept('<')) return undefined;
  const offset = scanner.number64('an offset');
  scanner.expect('.');
  const { at } = scanner;
  const length = scanner.number64('a length');
  if (length === 0) throw badArgument('A part of no octets', at);
  scanner.expect('>');
  return { offset, length };
}

/** A section with its brackets, as an answer repeats it. */
export function sectionText({ part, text, fields }: Section): string {
  const names = fields?.map((name) => responseText(astringPiece(name, false))).join(' ');
  const list = names === undefined ? '' : ` (${names})`;
  return `[${part}${part !== '' && text !== '' ? '.' : ''}${text}${list}]`;
}

export function itemText(item: FetchItem): string {
  switch (item.type) {
    case 'BODY[]':
      return `BODY${item.peek ? '.PEEK' : ''}${sectionText(item.section)}${partialText(item.partial)}`;
    case 'BINARY[]':
      return `BINARY${item.peek ? '.PEEK' : ''}[${item.part}]${partialText(item.partial)}`;
    case 'BINARY.SIZE[]':
      return `BINARY.SIZE[${item.part}]`;
  }
  return item.type;
}

function partialText(partial: OctetRange | undefined): string {
  return partial ? `<${partial.offset}.${partial.length}>` : '';
}

export function fetchPieces({ uid, set, items, changedSince, vanished }: Of<'FETCH'>): Pieces {
  const since = changedSince === undefined ? '' : `CHANGEDSINCE ${changedSince}`;
  const modifiers = since === '' ? '' : ` (${since}${vanished ? ' VANISHED' : ''})`;
  const what = `(${items.map(itemText).join(' ')})`;
  return new Pieces().add(`${uid ? 'UID ' : ''}FETCH ${setText(set)} ${what}${modifiers}`);
}
