/** Encoded words: text beyond ASCII in headers (RFC 2047; the language after `*` is RFC 2231 §5). */
import { base64 } from '../../lib/base64.ts';
import { concat, latin1, utf8 } from '../../lib/bytes.ts';
import { WORD_LIMIT } from '../defaults.ts';
import { ignoreDefects, type Report } from '../errors.ts';
import { Base64Decoder } from './base64.ts';
import { charsetName, decodeCharset, knowsCharset } from './charset.ts';
import { hexPair } from './quoted-printable.ts';

/** The text may hold blanks in Q words, which the grammar forbids and some programs write. */
const WORD = /=\?([^?\s*]{1,60})(?:\*[^?\s]{0,60})?\?([bBqQ])\?([^?\r\n]{0,2000})\?=/g;
const BLANKS = /^[ \t\r\n]+$/;

interface Word {
  readonly charset: string;
  readonly bytes: Uint8Array;
}

/** The text with all encoded words decoded; blanks between two of them go (§6.2). */
export function decodeWords(text: string, report: Report = ignoreDefects): string {
  if (!text.includes('=?')) return text;
  const out: string[] = [];
  let run: Word[] = [];
  let at = 0;
  const flush = (): void => {
    out.push(decodeRun(run, report));
    run = [];
  };
  for (const match of text.matchAll(WORD)) {
    const between = text.slice(at, match.index);
    const [whole, charset = '', encoding = '', coded = ''] = match;
    const word = decodeOne(charset, encoding, coded, report);
    if (!word) continue;
    const joined = run.length > 0 && (between === '' || BLANKS.test(between));
    // Words in one charset are one text: some programs split a character between two of them.
    if (!joined || run[0]?.charset !== word.charset) flush();
    if (!joined) out.push(between);
    run.push(word);
    at = match.index + whole.length;
  }
  flush();
  out.push(text.slice(at));
  return out.join('');
}

function decodeRun(run: readonly Word[], report: Report): string {
  const [first] = run;
  if (!first) return '';
  const bytes = concat(run.map((word) => word.bytes));
  return decodeCharset(bytes, first.charset, (_code, offset) =>
    report('MIME_ENCODED_WORD', offset),
  );
}

/** Undefined for a charset that is not known: the word is shown as it stands (§6.2). */
function decodeOne(
  label: string,
  encoding: string,
  text: string,
  report: Report,
): Word | undefined {
  const charset = charsetName(label);
  if (!knowsCharset(charset)) {
    report('MIME_ENCODED_WORD', 0);
    return undefined;
  }
  const bytes = encoding === 'q' || encoding === 'Q' ? decodeQ(text) : decodeB(text, report);
  return { charset, bytes };
}

function decodeB(text: string, report: Report): Uint8Array {
  const decoder = new Base64Decoder((_code, offset) => report('MIME_ENCODED_WORD', offset));
  const most = decoder.push(latin1(text));
  return concat([most, decoder.end()]);
}

/** §4.2: `_` is a space, `=XX` an octet. */
function decodeQ(text: string): Uint8Array {
  const out = new Uint8Array(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const value = code === 61 ? hexPair(text.charCodeAt(i + 1), text.charCodeAt(i + 2)) : -1;
    if (value >= 0) i += 2;
    out[length++] = value >= 0 ? value : code === 95 ? 32 : code;
  }
  return out.subarray(0, length);
}

/** In UTF-8, as Q while half of it can be read, else as B; words with a blank between them, each within 75. */
export function encodeWords(text: string): string {
  const bytes = utf8(text);
  let escaped = 0;
  for (const byte of bytes) if (!isPlainQ(byte) && byte !== 32) escaped++;
  const inQ = 2 * escaped <= bytes.length;
  return pieces(text, inQ)
    .map((piece) => encodeOne(piece, inQ))
    .join(' ');
}

const ROOM = WORD_LIMIT - '=?utf-8?Q??='.length;

/** Split between characters: each word must be whole (§5). */
function pieces(text: string, inQ: boolean): string[] {
  const found: string[] = [];
  let piece = '';
  let size = 0;
  for (const character of text) {
    const bytes = utf8(character);
    const width = inQ ? bytes.reduce((sum, byte) => sum + widthInQ(byte), 0) : bytes.length;
    const limit = inQ ? ROOM : Math.floor(ROOM / 4) * 3;
    if (size + width > limit) {
      found.push(piece);
      piece = '';
      size = 0;
    }
    piece += character;
    size += width;
  }
  return [...found, piece];
}

function encodeOne(piece: string, inQ: boolean): string {
  const bytes = utf8(piece);
  if (!inQ) return `=?utf-8?B?${base64(bytes)}?=`;
  let text = '';
  for (const byte of bytes) {
    if (byte === 32) text += '_';
    else if (isPlainQ(byte)) text += String.fromCharCode(byte);
    else text += `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return `=?utf-8?Q?${text}?=`;
}

function widthInQ(byte: number): number {
  return byte === 32 || isPlainQ(byte) ? 1 : 3;
}

/** What may stand in a word of a phrase, which is the narrowest place (§5 rule 3). */
function isPlainQ(byte: number): boolean {
  return (
    (byte >= 48 && byte <= 57) ||
    (byte >= 65 && byte <= 90) ||
    (byte >= 97 && byte <= 122) ||
    byte === 33 ||
    byte === 42 ||
    byte === 43 ||
    byte === 45 ||
    byte === 47
  );
}
