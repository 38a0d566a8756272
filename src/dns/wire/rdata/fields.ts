/**
 * The elements that RDATA is made of. A type of record is a list of them; each knows its bytes, its
 * text in master files, and what a person calls it.
 */
import { fromLatin1, latin1, utf8 } from '../../../lib/bytes.ts';
import { UsageError } from '../../../lib/errors.ts';
import { ipv6Text, parseIPv4, parseIPv6 } from '../../address.ts';
import { badMessage } from '../../errors.ts';
import { labelChar, parseName, readEscape } from '../../name.ts';
import type { Name } from '../../types.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** One word of a master file; a quoted one may be empty and holds any character. */
export interface Word {
  readonly text: string;
  readonly quoted: boolean;
}

/** The words of one record's RDATA, taken one by one. Errors name file, line and column. */
export interface Words {
  readonly origin: Name;
  /** True while a word is left. */
  readonly more: boolean;
  /** The next word; throws that `what` is missing when there is none. */
  take(what: string): Word;
}

export interface Kind<T> {
  /** `end` is where the RDATA ends. */
  decode(reader: Reader, end: number): T;
  encode(writer: Writer, value: T): void;
  parse(words: Words): T;
  format(value: T): string;
}

function number(what: string, largest: number, spec: string): (words: Words) => number {
  return (words) => {
    const { text } = words.take(what);
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value <= largest)) {
      throw new UsageError(`expected ${what} from 0 to ${largest}, found ${text}`, { spec });
    }
    return value;
  };
}

export const u8: Kind<number> = {
  decode: (reader) => reader.u8(),
  encode: (writer, value) => writer.u8(value),
  parse: number('a number', 255, 'RFC 1035 §5.1'),
  format: String,
};

export const u16: Kind<number> = {
  decode: (reader) => reader.u16(),
  encode: (writer, value) => writer.u16(value),
  parse: number('a number', 65535, 'RFC 1035 §5.1'),
  format: String,
};

export const u32: Kind<number> = {
  decode: (reader) => reader.u32(),
  encode: (writer, value) => writer.u32(value),
  parse: number('a number', 0xffff_ffff, 'RFC 1035 §5.1'),
  format: String,
};

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 };

/** Seconds of `3600`, `1h30m`, `2w`; undefined when it is no time. At most 2^31 - 1 (RFC 2181 §8). */
export function parseSeconds(text: string): number | undefined {
  if (!/^(\d+[smhdw]?)+$/i.test(text)) return undefined;
  let seconds = 0;
  for (const [, digits, unit] of text.matchAll(/(\d+)([smhdw]?)/gi)) {
    seconds += Number(digits) * (UNITS[(unit ?? '').toLowerCase()] ?? 1);
  }
  return seconds <= 0x7fff_ffff ? seconds : undefined;
}

/** Seconds, with units allowed in master files. */
export const seconds: Kind<number> = {
  decode: (reader) => reader.u32(),
  encode: (writer, value) => writer.u32(value),
  parse(words) {
    const { text } = words.take('a time');
    const value = parseSeconds(text);
    if (value === undefined)
      throw new UsageError(`expected a time such as 3600 or 1h, found ${text}`);
    return value;
  },
  format: String,
};

/** A name that may be compressed: only in the types of RFC 1035 (RFC 3597 §4). */
export const name: Kind<Name> = {
  decode: (reader) => reader.name(),
  encode: (writer, value) => writer.name(value),
  parse(words) {
    const { text } = words.take('a name');
    return parseName(text, words.origin);
  },
  format: (value) => value,
};

/** A name that is never compressed: in all types that came after RFC 1035 (RFC 3597 §4). */
export const plainName: Kind<Name> = {
  ...name,
  encode: (writer, value) => writer.plainName(value),
};

export const ipv4: Kind<string> = {
  decode(reader) {
    reader.need(4, 'an address');
    const { bytes, at } = reader;
    reader.at = at + 4;
    return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
  },
  encode(writer, value) {
    putIPv4(writer, value);
  },
  parse(words) {
    const { text } = words.take('an IPv4 address');
    return parseIPv4(text) ? text : noAddress('IPv4', text);
  },
  format: (value) => value,
};

/** Digit by digit: this is the record that servers send most. */
function putIPv4(writer: Writer, address: string): void {
  let part = 0;
  let dots = 0;
  for (let i = 0; i < address.length; i++) {
    const code = address.charCodeAt(i);
    if (code === 46) {
      writer.u8(part);
      part = 0;
      dots++;
    } else part = part * 10 + code - 48;
    if (!(part >= 0 && part <= 255)) noAddress('IPv4', address);
  }
  if (dots !== 3) noAddress('IPv4', address);
  writer.u8(part);
}

export const ipv6: Kind<string> = {
  decode(reader) {
    reader.need(16, 'an address');
    reader.at += 16;
    return ipv6Text(reader.bytes, reader.at - 16);
  },
  encode(writer, value) {
    writer.put(parseIPv6(value) ?? noAddress('IPv6', value));
  },
  parse(words) {
    const { text } = words.take('an IPv6 address');
    return ipv6Text(parseIPv6(text) ?? noAddress('IPv6', text));
  },
  format: (value) => value,
};

function noAddress(family: string, text: string): never {
  throw new UsageError(`expected an ${family} address, found ${text}`);
}

/** One or more character-strings up to the end of the RDATA (RFC 1035 §3.3.14). */
export const strings: Kind<readonly string[]> = {
  decode(reader, end) {
    const values: string[] = [];
    while (reader.at < end) {
      values.push(readString(reader, end));
    }
    if (values.length > 0) return values;
    throw badMessage('DNS_BAD_STRING', 'TXT without a string', 'RFC 1035 §3.3.14', reader.at);
  },
  encode(writer, values) {
    for (const value of values) putString(writer, value);
  },
  parse(words) {
    const values: string[] = [];
    do values.push(characterString(words.take('a string').text));
    while (words.more);
    return values;
  },
  format: (values) => values.map(quoted).join(' '),
};

function readString(reader: Reader, end: number): string {
  const length = reader.u8();
  if (reader.at + length <= end) return fromLatin1(reader.take(length));
  throw badMessage(
    'DNS_BAD_STRING',
    'a character-string is longer than its RDATA',
    'RFC 1035 §3.3',
    reader.at - 1,
  );
}

function putString(writer: Writer, value: string): void {
  if (value.length > 255) throw new UsageError('a character-string of more than 255 octets');
  writer.u8(value.length);
  writer.put(latin1(value));
}

/** One character-string (RFC 1035 §3.3). */
export const string: Kind<string> = {
  decode: readString,
  encode: putString,
  parse: (words) => characterString(words.take('a string').text),
  format: quoted,
};

/** One character-string of letters and digits, written without quotes: the tag of CAA. */
export const word: Kind<string> = {
  decode(reader, end) {
    const at = reader.at;
    const value = readString(reader, end);
    if (/^[a-z0-9]+$/i.test(value)) return value;
    throw badMessage('DNS_BAD_TAG', 'a tag is letters and digits', 'RFC 8659 §4.1', at);
  },
  encode: putString,
  parse(words) {
    const { text } = words.take('a tag');
    if (/^[a-z0-9]{1,255}$/i.test(text)) return text;
    throw new UsageError(`a tag is letters and digits, not ${text}`, { spec: 'RFC 8659 §4.1' });
  },
  format: (value) => value,
};

/** All bytes up to the end of the RDATA as a text; it needs no length. */
export const text: Kind<string> = {
  decode: (reader, end) => fromLatin1(reader.takeTo(end)),
  encode: (writer, value) => writer.put(latin1(value)),
  parse: (words) => characterString(words.take('a string').text, 65_535),
  format: quoted,
};

/** The bytes that a word of a master file stands for; beyond ASCII in UTF-8. */
export function characterString(text: string, most = 255): string {
  let value = '';
  for (let at = 0; at < text.length; ) {
    const escaped = text[at] === '\\' ? readEscape(text, at) : undefined;
    if (text[at] === '\\' && !escaped) throw new UsageError(`a wrong escape in ${text}`);
    const char = String.fromCodePoint(text.codePointAt(at) as number);
    value += escaped ? String.fromCharCode(escaped.byte) : fromLatin1(utf8(char));
    at = escaped ? escaped.next : at + char.length;
  }
  if (value.length > most) {
    throw new UsageError(`a string of ${value.length} octets: ${most} fit, write two`, {
      spec: 'RFC 1035 §3.3',
    });
  }
  return value;
}

/** A character-string between quotes, as in master files. */
export function quoted(value: string): string {
  let text = '';
  for (let i = 0; i < value.length; i++) {
    const char = value[i] as string;
    if (char === '"' || char === '\\') text += `\\${char}`;
    else text += char >= ' ' && char <= '~' ? char : labelChar(value.charCodeAt(i));
  }
  return `"${text}"`;
}
