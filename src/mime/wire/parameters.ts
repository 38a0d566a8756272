/** Parameters of Content-Type and Content-Disposition (RFC 2045 §5.1), long ones and charsets (RFC 2231). */
import { concat, EMPTY, latin1, utf8 } from '../../lib/bytes.ts';
import { PARAMETER_LIMIT, PARAMETER_SECTION, SECTION_LIMIT } from '../defaults.ts';
import { ignoreDefects, misuse, type Report } from '../errors.ts';
import type { Parameters } from '../types.ts';
import { hasControl } from './address.ts';
import { decodeCharset } from './charset.ts';
import { decodeWords } from './encoded-word.ts';
import { isAscii } from './fields.ts';
import { quoted } from './lexer.ts';
import { hexPair } from './quoted-printable.ts';

/** A field of a word and parameters. */
export interface WordAndParameters {
  /** In lower case, without blanks. */
  readonly word: string;
  readonly parameters: Parameters;
}

interface Piece {
  readonly name: string;
  readonly value: string;
  readonly at: number;
}

/** `text/plain; charset=utf-8` and its like, whatever it looks like. */
export function parseParameters(value: string, report: Report = ignoreDefects): WordAndParameters {
  const [first = '', ...rest] = split(value, report);
  const pieces: Piece[] = [];
  let at = first.length + 1;
  for (const part of rest.slice(0, PARAMETER_LIMIT)) {
    const piece = parsePiece(part, at, report);
    if (piece) pieces.push(piece);
    at += part.length + 1;
  }
  const word = withoutComment(first).replace(/\s+/g, '').toLowerCase();
  return { word, parameters: join(pieces, report) };
}

/** At semicolons outside quoted strings and comments. */
function split(value: string, report: Report): string[] {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  let inQuotes = false;
  for (let i = 0; i < value.length; i++) {
    const character = value.charAt(i);
    if (character === '\\' && (inQuotes || depth > 0)) i++;
    else if (character === '"' && depth === 0) inQuotes = !inQuotes;
    else if (character === '(' && !inQuotes) depth++;
    else if (character === ')' && depth > 0) depth--;
    else if (character === ';' && !inQuotes && depth === 0) {
      parts.push(value.slice(start, i));
      start = i + 1;
    }
  }
  if (inQuotes || depth > 0) report('MIME_BAD_PARAMETER', start);
  parts.push(value.slice(start));
  return parts;
}

function withoutComment(text: string): string {
  return text.includes('(') ? text.replace(/\([^()]*\)/g, '') : text;
}

const TOKEN = /^[!#$%&'*+\-.^_`{|}~\w]+$/;

function parsePiece(part: string, at: number, report: Report): Piece | undefined {
  const equals = part.indexOf('=');
  if (equals < 0) {
    if (withoutComment(part).trim() !== '') report('MIME_BAD_PARAMETER', at);
    return undefined;
  }
  const name = withoutComment(part.slice(0, equals)).trim().toLowerCase();
  const raw = part.slice(equals + 1).trim();
  if (!TOKEN.test(name)) {
    report('MIME_BAD_PARAMETER', at);
    return undefined;
  }
  const string = /^"((?:[^"\\]|\\[\s\S])*)"?/.exec(raw)?.[1];
  if (string !== undefined) return { name, value: string.replace(/\\([\s\S])/g, '$1'), at };
  const value = withoutComment(raw).trim();
  if (!TOKEN.test(value)) report('MIME_BAD_PARAMETER', at);
  return { name, value, at };
}

/** Sections joined in order, charsets applied (RFC 2231 §3, §4.1). */
function join(pieces: readonly Piece[], report: Report): Parameters {
  const parameters = new Map<string, string>();
  const long = new Map<string, Map<number, Section>>();
  for (const { name, value, at } of pieces) {
    const match = /^([^*]+)(?:\*(\d{1,3}))?(\*)?$/.exec(name);
    if (!match) {
      report('MIME_BAD_PARAMETER', at);
      continue;
    }
    const [, base = '', number, star] = match;
    if (number === undefined && star === undefined) {
      if (parameters.has(base)) report('MIME_DUPLICATE_PARAMETER', at);
      else parameters.set(base, decodeWords(value));
      continue;
    }
    const sections = long.get(base) ?? new Map<number, Section>();
    sections.set(Number(number ?? 0), { value, extended: star !== undefined });
    long.set(base, sections);
  }
  // The extended form is the better one where both are given (RFC 6266 says so for HTTP).
  for (const [base, sections] of long) parameters.set(base, joinSections(sections, report));
  return parameters;
}

interface Section {
  readonly value: string;
  readonly extended: boolean;
}

function joinSections(sections: ReadonlyMap<number, Section>, report: Report): string {
  const parts: Uint8Array[] = [];
  let charset = '';
  for (let i = 0; i < SECTION_LIMIT; i++) {
    const section = sections.get(i);
    if (!section) break;
    let { value } = section;
    if (i === 0 && section.extended) {
      const match = /^([^']*)'[^']*'([\s\S]*)$/.exec(value);
      if (!match) report('MIME_BAD_PARAMETER', 0);
      charset = match?.[1] ?? '';
      value = match?.[2] ?? value;
    }
    parts.push(section.extended ? percentDecoded(value) : utf8(value));
  }
  if (parts.length !== sections.size) report('MIME_BAD_PARAMETER', 0);
  return decodeCharset(parts.length === 0 ? EMPTY : concat(parts), charset || 'utf-8', report);
}

function percentDecoded(text: string): Uint8Array {
  const bytes = isAscii(text) ? latin1(text) : utf8(text);
  const out = new Uint8Array(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const value = bytes[i] === 37 ? hexPair(bytes[i + 1] ?? 0, bytes[i + 2] ?? 0) : -1;
    out[length++] = value >= 0 ? value : (bytes[i] as number);
    if (value >= 0) i += 2;
  }
  return out.subarray(0, length);
}

/** `; name=value`, quoted where it must be, in sections where it is long or more than ASCII. */
export function formatParameter(name: string, value: string): string {
  if (!TOKEN.test(name) || name.includes('*') || hasControl(value)) {
    const message = `The parameter ${JSON.stringify(name)} cannot be written`;
    throw misuse('MIME_BAD_FIELD', message, 'RFC 2045 §5.1');
  }
  const short = value.length <= PARAMETER_SECTION;
  if (short && TOKEN.test(value)) return `; ${name}=${value}`;
  if (short && isAscii(value) && !value.includes('=?')) return `; ${name}=${quoted(value)}`;
  return extended(name, value);
}

/** Octets that need no percent in an extended value (RFC 2231 §7: attribute-char). */
const ATTRIBUTE = /^[!#$&+\-.^_`{|}~\w]$/;

function extended(name: string, value: string): string {
  const sections: string[] = [];
  let section = "utf-8''";
  for (const byte of utf8(value)) {
    const character = String.fromCharCode(byte);
    const text = ATTRIBUTE.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    if (section.length + text.length > PARAMETER_SECTION) {
      sections.push(section);
      section = '';
    }
    section += text;
  }
  sections.push(section);
  if (sections.length === 1) return `; ${name}*=${section}`;
  if (sections.length > SECTION_LIMIT) {
    const message = `The parameter ${name} is too long`;
    throw misuse('MIME_BAD_FIELD', message, 'RFC 2231 §3');
  }
  return sections.map((text, i) => `; ${name}*${i}*=${text}`).join('');
}
