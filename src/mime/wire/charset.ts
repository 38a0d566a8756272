/** Octets to text by the name of a charset: the platform's decoders, and what they lack. */
import { ignoreDefects, type Report } from '../errors.ts';
import { CODE_PAGES } from './code-pages.ts';
import { decodeUtf7 } from './utf7.ts';

interface Decoded {
  readonly text: string;
  /** False where octets were replaced. */
  readonly ok: boolean;
}

type Read = (bytes: Uint8Array) => Decoded;

/** Names that mail uses and platforms don't know. */
const ALIASES: Readonly<Record<string, string>> = {
  'utf-8mb4': 'utf-8',
  'unicode-2-0-utf-8': 'utf-8',
  'unicode-1-1-utf-7': 'utf-7',
  utf7: 'utf-7',
  utf16: 'utf-16',
  cp65001: 'utf-8',
  cp932: 'shift_jis',
  'shift-jis-2004': 'shift_jis',
  cp936: 'gbk',
  cp949: 'euc-kr',
  ms949: 'euc-kr',
  cp950: 'big5',
  eucjp: 'euc-jp',
  'iso-2022-jp-1': 'iso-2022-jp',
  'iso-2022-jp-2': 'iso-2022-jp',
  'iso-2022-jp-3': 'iso-2022-jp',
  'cp-850': 'cp850',
  'iso-8859-8-e': 'iso-8859-8',
  'iso-8859-6-i': 'iso-8859-6',
  'iso-8859-6-e': 'iso-8859-6',
  ebcdic: 'unknown',
};

const OWN: Readonly<Record<string, Read>> = {
  'us-ascii': readAscii,
  'utf-7': decodeUtf7,
  'utf-32': (bytes) => readUtf32(bytes, bytes[0] === 0xff && bytes[1] === 0xfe),
  'utf-32le': (bytes) => readUtf32(bytes, true),
  'utf-32be': (bytes) => readUtf32(bytes, false),
  'utf-16': readUtf16,
  'iso-2022-kr': (bytes) => readPlatform('euc-kr', unshiftKorean(bytes)),
  'hz-gb-2312': (bytes) => readPlatform('gbk', unshiftHz(bytes)),
};

/** The name as we know it: lower case, without what people put around it. */
export function charsetName(label: string): string {
  const name = label
    .trim()
    .toLowerCase()
    .replace(/^["'\s]+|["'\s]+$/g, '')
    .replace(/^(?:cp|ibm|oem|dos)-?(\d{3})$/, 'cp$1')
    .replace(/^(?:cp|windows|win|ms)-?(125\d|874)$/, 'windows-$1')
    .replace(/^iso_?8859[-_](\d+)$/, 'iso-8859-$1');
  if (name === 'ascii' || name === 'ansi_x3.4-1968' || name === '646') return 'us-ascii';
  return (Object.hasOwn(ALIASES, name) && ALIASES[name]) || name;
}

/** Whether text in this charset can be read. */
export function knowsCharset(label: string): boolean {
  return readerFor(charsetName(label)) !== undefined;
}

/** Text of octets. What does not fit is reported and replaced: it never throws. */
export function decodeCharset(
  bytes: Uint8Array,
  label: string,
  report: Report = ignoreDefects,
): string {
  const read = readerFor(charsetName(label));
  if (read === undefined) {
    report('MIME_UNKNOWN_CHARSET', 0);
    return guess(bytes);
  }
  const { text, ok } = read(bytes);
  if (!ok) report('MIME_WRONG_CHARSET', 0);
  return text;
}

/** UTF-8 where it fits, else what most unlabelled mail of the West is in. */
export function guess(bytes: Uint8Array): string {
  const { text, ok } = readPlatform('utf-8', bytes);
  return ok ? text : readPlatform('windows-1252', bytes).text;
}

/** Whether the octets are UTF-8. */
export function isUtf8(bytes: Uint8Array): boolean {
  return readPlatform('utf-8', bytes).ok;
}

function readerFor(name: string): Read | undefined {
  if (Object.hasOwn(OWN, name)) return OWN[name];
  if (Object.hasOwn(CODE_PAGES, name)) {
    const page = CODE_PAGES[name] as string;
    return (bytes) => readCodePage(page, bytes);
  }
  return strictDecoder(name) && ((bytes) => readPlatform(name, bytes));
}

/** By label; the platform knows some 220, so this cannot grow beyond them. */
const strict = new Map<string, TextDecoder>();

function strictDecoder(label: string): TextDecoder | undefined {
  const known = strict.get(label);
  if (known) return known;
  try {
    const decoder = new TextDecoder(label, { fatal: true });
    strict.set(label, decoder);
    return decoder;
  } catch {
    return undefined;
  }
}

function readPlatform(label: string, bytes: Uint8Array): Decoded {
  try {
    return { text: (strictDecoder(label) as TextDecoder).decode(bytes), ok: true };
  } catch {
    return { text: new TextDecoder(label).decode(bytes), ok: false };
  }
}

function readAscii(bytes: Uint8Array): Decoded {
  for (let i = 0; i < bytes.length; i++) {
    if ((bytes[i] as number) > 127) return { text: guess(bytes), ok: false };
  }
  return readPlatform('utf-8', bytes);
}

/** RFC 2781 §4.3: without a mark of the order it is big-endian. */
function readUtf16(bytes: Uint8Array): Decoded {
  const little = bytes[0] === 0xff && bytes[1] === 0xfe;
  return readPlatform(little ? 'utf-16le' : 'utf-16be', bytes);
}

function readUtf32(bytes: Uint8Array, little: boolean): Decoded {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const characters: string[] = [];
  let ok = bytes.length % 4 === 0;
  for (let i = 0; i + 4 <= bytes.length; i += 4) {
    const point = view.getUint32(i, little);
    const fits = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
    ok &&= fits;
    if (i > 0 || point !== 0xfeff) characters.push(fits ? String.fromCodePoint(point) : '\ufffd');
  }
  return { text: characters.join(''), ok };
}

function readCodePage(page: string, bytes: Uint8Array): Decoded {
  const characters: string[] = [];
  for (const byte of bytes) {
    characters.push(byte < 128 ? String.fromCharCode(byte) : page.charAt(byte - 128));
  }
  const text = characters.join('');
  return { text, ok: !text.includes('\ufffd') };
}

/** ISO-2022-KR (RFC 1557) as EUC-KR: between SO and SI the high bit is set. */
function unshiftKorean(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  let high = 0;
  for (let i = 0; i < bytes.length; i++) {
    const code = bytes[i] as number;
    if (code === 0x0e) high = 0x80;
    else if (code === 0x0f) high = 0;
    else if (code === 0x1b && bytes[i + 1] === 0x24 && bytes[i + 2] === 0x29) i += 3;
    else out.push(code > 32 ? code | high : code);
    if (code === 10) high = 0;
  }
  return Uint8Array.from(out);
}

/** HZ (RFC 1843) as GBK: between ~{ and ~} the high bit is set; ~~ is a tilde, ~ and LF nothing. */
function unshiftHz(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  let high = 0;
  for (let i = 0; i < bytes.length; i++) {
    const code = bytes[i] as number;
    const shift = code === 0x7e ? HZ_ESCAPES[bytes[i + 1] ?? 0] : undefined;
    if (shift !== undefined) {
      if (shift >= 0) high = shift;
      else if (shift === HZ_TILDE) out.push(code);
      i++;
      continue;
    }
    if (code === 10) high = 0;
    out.push(code > 32 ? code | high : code);
  }
  return Uint8Array.from(out);
}

const HZ_TILDE = -1;
const HZ_ESCAPES: Readonly<Record<number, number>> = {
  123: 0x80,
  125: 0,
  126: HZ_TILDE,
  10: -2,
};
