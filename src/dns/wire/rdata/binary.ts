/** The elements of RDATA that are no text: keys, digests, hashes, times, lists of types. */
import { base64, fromBase64 } from '../../../lib/base64.ts';
import { fromHex, hex } from '../../../lib/bytes.ts';
import { UsageError } from '../../../lib/errors.ts';
import { types } from '../../codes.ts';
import { badMessage } from '../../errors.ts';
import type { RecordType } from '../../types.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { base32Hex, fromBase32Hex } from './base32.ts';
import type { Kind, Words } from './fields.ts';

/** The words that are left, joined: long values may be cut anywhere (RFC 4034 §2.2). */
function rest(words: Words, what: string): string {
  let text = words.take(what).text;
  while (words.more) text += words.take(what).text;
  return text;
}

/** Bytes to the end of the RDATA, in hexadecimal. */
export const hexBytes: Kind<Uint8Array> = {
  decode: (reader, end) => reader.takeTo(end),
  encode: (writer, value) => writer.put(value),
  parse(words) {
    const text = words.more ? rest(words, 'hexadecimal digits') : '';
    return fromHex(text) ?? wrong(`expected hexadecimal digits, found ${text}`);
  },
  format: (value) => hex(value).toUpperCase(),
};

/** Bytes to the end of the RDATA, in base64. */
export const base64Bytes: Kind<Uint8Array> = {
  decode: (reader, end) => reader.takeTo(end),
  encode: (writer, value) => writer.put(value),
  parse(words) {
    const text = words.more ? rest(words, 'base64') : '';
    return fromBase64(text) ?? wrong(`expected base64, found ${text}`);
  },
  format: base64,
};

/** Bytes after their length. */
function counted(reader: Reader, end: number): Uint8Array {
  const length = reader.u8();
  if (reader.at + length <= end) return reader.take(length).slice();
  throw badMessage(
    'DNS_BAD_RDLENGTH',
    'a counted field is longer than its RDATA',
    'RFC 5155 §3.2',
    reader.at - 1,
  );
}

function putCounted(writer: Writer, value: Uint8Array): void {
  if (value.length > 255) throw new UsageError('a counted field of more than 255 octets');
  writer.u8(value.length);
  writer.put(value);
}

/** RFC 5155 §3.3: `-` when there is none. */
export const salt: Kind<Uint8Array> = {
  decode: counted,
  encode: putCounted,
  parse(words) {
    const { text } = words.take('a salt');
    return fromHex(text === '-' ? '' : text) ?? wrong(`expected a salt or -, found ${text}`);
  },
  format: (value) => (value.length === 0 ? '-' : hex(value).toUpperCase()),
};

/** The hash of a name, in the base32 that keeps its order (RFC 4648 §7). */
export const hash: Kind<Uint8Array> = {
  decode: counted,
  encode: putCounted,
  parse(words) {
    const { text } = words.take('a hash');
    return fromBase32Hex(text) ?? wrong(`expected a hash in base32hex, found ${text}`);
  },
  format: (value) => (value.length === 0 ? '-' : base32Hex(value)),
};

export const typeCode: Kind<RecordType> = {
  decode: (reader) => types.name(reader.u16()) as RecordType,
  encode: (writer, value) => writer.u16(types.number(value)),
  parse: (words) => typeIn(words.take('a type such as A').text),
  format: (value) => value,
};

function typeIn(text: string): RecordType {
  return (types.parse(text) ?? wrong(`expected a type such as A, found ${text}`)) as RecordType;
}

const BITMAP_SPEC = 'RFC 4034 §4.1.2';

/** Types as a map of bits in windows of 256. */
export const typeBitmap: Kind<readonly RecordType[]> = {
  decode(reader, end) {
    const found: RecordType[] = [];
    let last = -1;
    while (reader.at < end) {
      const window = reader.u8();
      const at = reader.at;
      const bits = counted(reader, end);
      const orderly = window > last && bits.length > 0 && bits.length <= 32 && bits.at(-1) !== 0;
      if (!orderly) {
        throw badMessage('DNS_BAD_BITMAP', 'a map of types is not in order', BITMAP_SPEC, at - 1);
      }
      last = window;
      for (let bit = 0; bit < bits.length * 8; bit++) {
        if ((bits[bit >> 3] as number) & (0x80 >> (bit & 7))) {
          found.push(types.name(window * 256 + bit) as RecordType);
        }
      }
    }
    return found;
  },
  encode(writer, value) {
    const numbers = value.map((type) => types.number(type)).sort((a, b) => a - b);
    for (let i = 0; i < numbers.length; ) {
      const window = (numbers[i] as number) >> 8;
      const bits = new Uint8Array(32);
      let length = 0;
      for (; i < numbers.length && (numbers[i] as number) >> 8 === window; i++) {
        const bit = (numbers[i] as number) & 255;
        length = (bit >> 3) + 1;
        bits[bit >> 3] = (bits[bit >> 3] as number) | (0x80 >> (bit & 7));
      }
      writer.u8(window);
      putCounted(writer, bits.subarray(0, length));
    }
  },
  parse(words) {
    const found = new Set<RecordType>();
    while (words.more) found.add(typeIn(words.take('a type').text));
    return [...found].sort((a, b) => types.number(a) - types.number(b));
  },
  format: (value) => value.join(' '),
};

/** A time of a signature: `YYYYMMDDHHmmSS`, or seconds since 1970 (RFC 4034 §3.2). */
export const date: Kind<number> = {
  decode: (reader) => reader.u32(),
  encode: (writer, value) => writer.u32(value),
  parse(words) {
    const { text } = words.take('a time such as 20261122094436');
    const seconds = /^\d{14}$/.test(text) ? fromDate(text) : Number(text);
    if (/^\d{1,14}$/.test(text) && seconds >= 0 && seconds <= 0xffff_ffff) return seconds;
    return wrong(`expected a time such as 20261122094436, found ${text}`);
  },
  format: (value) => new Date(value * 1000).toISOString().replace(/[-T:]|\..*/g, ''),
};

function fromDate(text: string): number {
  const [, y, mo, d, h, mi, s] = /(.{4})(..)(..)(..)(..)(..)/.exec(text) ?? [];
  return Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s)) / 1000;
}

/** RFC 8624 §3.1: those still met with. */
const ALGORITHMS: Readonly<Record<string, number>> = {
  RSASHA1: 5,
  NSEC3RSASHA1: 7,
  RSASHA256: 8,
  RSASHA512: 10,
  ECDSAP256SHA256: 13,
  ECDSAP384SHA384: 14,
  ED25519: 15,
  ED448: 16,
};

/** A number, or the mnemonic of an algorithm (RFC 4034 §A.1). */
export const algorithm: Kind<number> = {
  decode: (reader) => reader.u8(),
  encode: (writer, value) => writer.u8(value),
  parse(words) {
    const { text } = words.take('an algorithm');
    const value = /^\d{1,3}$/.test(text) ? Number(text) : ALGORITHMS[text.toUpperCase()];
    if (value !== undefined && value <= 255) return value;
    return wrong(`expected an algorithm from 0 to 255 or its mnemonic, found ${text}`);
  },
  format: String,
};

function wrong(message: string): never {
  throw new UsageError(message);
}
