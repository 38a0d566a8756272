/** The fields of what is said, each at its octets. */
import { fromLatin1, fromUtf8 } from '../lib/bytes.ts';
import type { Field } from '../trace/index.ts';
import type { CommandName } from './types.ts';

const SPECS: Readonly<Partial<Record<CommandName, string>>> = {
  CAPABILITY: 'RFC 9051 §6.1.1',
  NOOP: 'RFC 9051 §6.1.2',
  LOGOUT: 'RFC 9051 §6.1.3',
  STARTTLS: 'RFC 9051 §6.2.1',
  AUTHENTICATE: 'RFC 9051 §6.2.2',
  LOGIN: 'RFC 9051 §6.2.3',
  ENABLE: 'RFC 9051 §6.3.1',
  SELECT: 'RFC 9051 §6.3.2',
  EXAMINE: 'RFC 9051 §6.3.3',
  CREATE: 'RFC 9051 §6.3.4',
  DELETE: 'RFC 9051 §6.3.5',
  RENAME: 'RFC 9051 §6.3.6',
  SUBSCRIBE: 'RFC 9051 §6.3.7',
  UNSUBSCRIBE: 'RFC 9051 §6.3.8',
  LIST: 'RFC 9051 §6.3.9',
  LSUB: 'RFC 3501 §6.3.9',
  NAMESPACE: 'RFC 9051 §6.3.10',
  STATUS: 'RFC 9051 §6.3.11',
  APPEND: 'RFC 9051 §6.3.12',
  IDLE: 'RFC 9051 §6.3.13',
  CLOSE: 'RFC 9051 §6.4.1',
  UNSELECT: 'RFC 9051 §6.4.2',
  EXPUNGE: 'RFC 9051 §6.4.3',
  SEARCH: 'RFC 9051 §6.4.4',
  FETCH: 'RFC 9051 §6.4.5',
  STORE: 'RFC 9051 §6.4.6',
  COPY: 'RFC 9051 §6.4.7',
  MOVE: 'RFC 9051 §6.4.8',
  CHECK: 'RFC 3501 §6.4.1',
  SORT: 'RFC 5256 §3',
  THREAD: 'RFC 5256 §3',
  ID: 'RFC 2971 §3.1',
  COMPRESS: 'RFC 4978 §3',
  GETQUOTA: 'RFC 9208 §4.1.2',
  GETQUOTAROOT: 'RFC 9208 §4.1.3',
  SETQUOTA: 'RFC 9208 §4.1.1',
};

/** Sections of RFC 9051 about what servers say unasked. */
const RESPONSES: Readonly<Record<string, string>> = {
  OK: 'RFC 9051 §7.1.1',
  NO: 'RFC 9051 §7.1.2',
  BAD: 'RFC 9051 §7.1.3',
  PREAUTH: 'RFC 9051 §7.1.4',
  BYE: 'RFC 9051 §7.1.5',
  ENABLED: 'RFC 9051 §7.2.1',
  CAPABILITY: 'RFC 9051 §7.2.2',
  LIST: 'RFC 9051 §7.3.1',
  NAMESPACE: 'RFC 9051 §7.3.2',
  STATUS: 'RFC 9051 §7.3.3',
  ESEARCH: 'RFC 9051 §7.3.4',
  FLAGS: 'RFC 9051 §7.3.5',
  EXISTS: 'RFC 9051 §7.4.1',
  EXPUNGE: 'RFC 9051 §7.5.1',
  FETCH: 'RFC 9051 §7.5.2',
  RECENT: 'RFC 3501 §7.3.2',
  SEARCH: 'RFC 3501 §7.2.5',
  LSUB: 'RFC 3501 §7.2.3',
  SORT: 'RFC 5256 §4',
  THREAD: 'RFC 5256 §4',
  VANISHED: 'RFC 7162 §3.2.10',
  QUOTA: 'RFC 9208 §4.2.1',
  QUOTAROOT: 'RFC 9208 §4.2.2',
  ID: 'RFC 2971 §3.2',
};

/** A word, a string, or all between two parentheses; a literal with its octets. */
interface Piece {
  readonly start: number;
  readonly end: number;
}

/** Tag, name, and each argument. `length` is the whole where only its beginning is kept. */
export function commandFields(bytes: Uint8Array, length: number): Field[] {
  const [tag, ...rest] = piecesOf(bytes);
  if (!tag) return [];
  const isUid = rest[0] !== undefined && textOf(bytes, rest[0]).toUpperCase() === 'UID';
  const [first, second] = rest;
  const named = isUid && second ? { start: first?.start ?? 0, end: second.end } : first;
  const fields: Field[] = [field('Tag', bytes, tag, 'RFC 9051 §2.2.1')];
  if (!named) return fields;
  const name = textOf(bytes, named).toUpperCase().replace('UID ', '') as CommandName;
  const spec = isUid ? 'RFC 9051 §6.4.9' : SPECS[name];
  fields.push(field('Command', bytes, named, spec));
  for (const piece of rest.slice(isUid ? 2 : 1)) fields.push(field('Argument', bytes, piece));
  return within(fields, length);
}

export function responseFields(bytes: Uint8Array, length: number): Field[] {
  const [tag, first, ...rest] = piecesOf(bytes);
  if (!tag) return [];
  const isNumbered = first !== undefined && /^\d+$/.test(textOf(bytes, first));
  const named = isNumbered ? rest[0] : first;
  const fields: Field[] = [field('Tag', bytes, tag, 'RFC 9051 §2.2.2')];
  if (isNumbered && first) fields.push(field('Number', bytes, first));
  if (!named || textOf(bytes, tag) === '+')
    return within([...fields, ...textField(bytes, first)], length);
  const name = textOf(bytes, named).toUpperCase();
  fields.push(field('Response', bytes, named, RESPONSES[name]));
  const more = isNumbered ? rest.slice(1) : rest;
  if (/^(?:OK|NO|BAD|PREAUTH|BYE)$/.test(name)) fields.push(...statusFields(bytes, more[0]));
  else for (const piece of more) fields.push(field('Data', bytes, piece));
  return within(fields, length);
}

/** A response code in brackets, and the words for people. */
function statusFields(bytes: Uint8Array, first: Piece | undefined): Field[] {
  if (!first) return [];
  const text = fromLatin1(bytes, first.start).replace(/\r?\n$/, '');
  const code = /^\[[^\]]*\]/.exec(text)?.[0] ?? '';
  const start = first.start + code.length + (code === '' ? 0 : 1);
  const codePiece = { start: first.start, end: first.start + code.length };
  const words = {
    start: Math.min(start, first.start + text.length),
    end: first.start + text.length,
  };
  return [
    ...(code === '' ? [] : [field('Code', bytes, codePiece, 'RFC 9051 §7.1')]),
    field('Text', bytes, words),
  ];
}

function textField(bytes: Uint8Array, first: Piece | undefined): Field[] {
  if (!first) return [];
  const end = bytes.length - (fromLatin1(bytes.subarray(-2)) === '\r\n' ? 2 : 1);
  return [field('Text', bytes, { start: first.start, end: Math.max(first.start, end) })];
}

/** A line that is neither. */
export function lineFields(bytes: Uint8Array): Field[] {
  const value = fromLatin1(bytes).trim();
  return [{ name: 'Response', value, start: 0, end: value.length, spec: 'RFC 9051 §2.2.1' }];
}

const VALUE_SHOWN = 400;

function textOf(bytes: Uint8Array, { start, end }: Piece): string {
  return fromUtf8(bytes.subarray(start, Math.min(end, start + VALUE_SHOWN)));
}

function field(name: string, bytes: Uint8Array, piece: Piece, spec?: string): Field {
  const value = textOf(bytes, piece);
  return { name, value, ...piece, ...(spec !== undefined && { spec }) };
}

function within(fields: readonly Field[], length: number): Field[] {
  return fields.filter(({ end }) => end <= length);
}

/** Pieces beyond these are not shown one by one. */
const PIECES_LIMIT = 200;

function piecesOf(bytes: Uint8Array): Piece[] {
  const text = fromLatin1(bytes);
  const pieces: Piece[] = [];
  let at = 0;
  while (at < text.length && pieces.length < PIECES_LIMIT) {
    const start = at;
    at = endOfPiece(text, at);
    at = Math.min(at, text.length);
    if (at > start) pieces.push({ start, end: at });
    while (at < text.length && /[ \r\n]/.test(text[at] as string)) at++;
  }
  return pieces;
}

function endOfPiece(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; ) {
    const character = text.charAt(at);
    if (/[\r\n]/.test(character) || (character === ' ' && depth <= 0)) return at;
    if (/[([]/.test(character)) depth++;
    if (/[)\]]/.test(character)) depth--;
    at += stringAt(text, at);
  }
  return text.length;
}

/** Characters of the string that begins here, or one. */
function stringAt(text: string, at: number): number {
  const next = text.slice(at, at + 4096);
  const [quoted] = /^"(?:[^"\\\r\n]|\\.)*"?/.exec(next) ?? [];
  if (quoted !== undefined) return quoted.length;
  const [literal, digits] = /^\{(\d{1,10})\+?\}\r?\n/.exec(next) ?? [];
  return literal === undefined ? 1 : literal.length + Number(digits);
}
