/** The parameters of SVCB and HTTPS: kept as bytes, shown and read by their keys (RFC 9460). */
import { base64, fromBase64 } from '../../../lib/base64.ts';
import { concat, fromLatin1, latin1 } from '../../../lib/bytes.ts';
import { UsageError } from '../../../lib/errors.ts';
import { ipv6Text, parseIPv4, parseIPv6 } from '../../address.ts';
import { badMessage } from '../../errors.ts';
import type { SvcParam } from '../../types.ts';
import { characterString, type Kind, quoted } from './fields.ts';

const KEYS = ['mandatory', 'alpn', 'no-default-alpn', 'port', 'ipv4hint', 'ech', 'ipv6hint'];
const SPEC = 'RFC 9460 §2.2';

export const svcParams: Kind<readonly SvcParam[]> = {
  decode(reader, end) {
    const params: SvcParam[] = [];
    let last = -1;
    while (reader.at < end) {
      const start = reader.at;
      const key = reader.u16();
      const length = reader.u16();
      if (key <= last || reader.at + length > end) {
        const problem = key <= last ? 'keys of parameters are not in order' : 'is cut off';
        throw badMessage(
          'DNS_BAD_SVCPARAM',
          `the parameter ${keyName(key)}: ${problem}`,
          SPEC,
          start,
        );
      }
      params.push({ key, value: reader.take(length).slice() });
      last = key;
    }
    return params;
  },
  encode(writer, params) {
    for (const { key, value } of params) {
      writer.u16(key);
      writer.u16(value.length);
      writer.put(value);
    }
  },
  parse(words) {
    const params = new Map<number, Uint8Array>();
    while (words.more) {
      // alpn="h2,h3" is scanned as two words, the value quoted.
      const { text } = words.take('a parameter');
      const equals = text.indexOf('=');
      const name = equals < 0 ? text : text.slice(0, equals);
      const value =
        equals >= 0 && equals === text.length - 1 && words.more
          ? words.take('a value').text
          : text.slice(name.length + 1);
      const key = keyNumber(name);
      const generic = name.startsWith('key');
      if (params.has(key))
        throw new UsageError(`the parameter ${name} is given twice`, { spec: SPEC });
      params.set(key, generic ? bytesOf(value) : knownValue(key, value));
    }
    return [...params].map(([key, value]) => ({ key, value })).sort((a, b) => a.key - b.key);
  },
  format: (params) => params.map(formatSvcParam).join(' '),
};

/** What is not in the form of its key is written by number, as bytes (RFC 9460 §2.1). */
export function formatSvcParam({ key, value }: SvcParam): string {
  const text = known(key, value);
  if (text !== undefined) return text === '' ? keyName(key) : `${keyName(key)}=${text}`;
  return value.length === 0 ? `key${key}` : `key${key}=${quoted(fromLatin1(value))}`;
}

function keyName(key: number): string {
  return KEYS[key] ?? `key${key}`;
}

function keyNumber(name: string): number {
  const known = KEYS.indexOf(name);
  if (known >= 0) return known;
  const number = /^key(\d{1,5})$/.exec(name)?.[1];
  if (number !== undefined && Number(number) <= 65535) return Number(number);
  throw new UsageError(`no parameter of a service: ${name}`, { spec: SPEC });
}

/** The value as RFC 9460 §7 writes it; undefined where the bytes are not what the key asks for. */
function known(key: number, value: Uint8Array): string | undefined {
  const u16 = (at: number): number => ((value[at] as number) << 8) | (value[at + 1] as number);
  const many = (size: number, text: (at: number) => string): string | undefined =>
    value.length > 0 && value.length % size === 0
      ? Array.from({ length: value.length / size }, (_, i) => text(i * size)).join(',')
      : undefined;
  switch (key) {
    case 0:
      return many(2, (at) => keyName(u16(at)));
    case 1:
      return value.length > 0 ? protocols(value) : undefined;
    case 2:
      return value.length === 0 ? '' : undefined;
    case 3:
      return value.length === 2 ? String(u16(0)) : undefined;
    case 4:
      return many(4, (at) => value.subarray(at, at + 4).join('.'));
    case 5:
      return value.length > 0 ? base64(value) : undefined;
    case 6:
      return many(16, (at) => ipv6Text(value, at));
    default:
      return undefined;
  }
}

/** Plain protocol names only: others would need escapes within escapes, and are shown as bytes. */
function protocols(value: Uint8Array): string | undefined {
  const names: string[] = [];
  for (let at = 0; at < value.length; ) {
    const length = value[at] as number;
    const name = fromLatin1(value.subarray(at + 1, at + 1 + length));
    if (name.length !== length || !/^[\w./-]+$/.test(name)) return undefined;
    names.push(name);
    at += 1 + length;
  }
  return `"${names.join(',')}"`;
}

function bytesOf(text: string): Uint8Array {
  return latin1(characterString(text, 65_535));
}

function knownValue(key: number, text: string): Uint8Array {
  const items = text === '' ? [] : text.split(',');
  const value = BY_KEY[key]?.(items, text);
  if (value) return value;
  const spec = 'RFC 9460 §7';
  throw new UsageError(`${text || 'nothing'} is no value of ${keyName(key)}`, { spec });
}

/** By key, the bytes of a value that a person wrote; undefined when they make no sense. */
const BY_KEY: readonly ((items: readonly string[], text: string) => Uint8Array | undefined)[] = [
  (items) => numbers(items.map(keyNumber)),
  (items) =>
    items.every((item) => /^[\w./-]{1,255}$/.test(item))
      ? concat(items.map((item) => concat([Uint8Array.of(item.length), latin1(item)])))
      : undefined,
  (_, text) => (text === '' ? new Uint8Array(0) : undefined),
  (_, text) =>
    /^\d{1,5}$/.test(text) && Number(text) < 65536 ? numbers([Number(text)]) : undefined,
  (items) => addresses(items, parseIPv4),
  (_, text) => fromBase64(text),
  (items) => addresses(items, parseIPv6),
];

function numbers(values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value >> 8, value & 255]));
}

function addresses(
  items: readonly string[],
  parse: (text: string) => Uint8Array | undefined,
): Uint8Array | undefined {
  const parts = items.flatMap((item) => parse(item) ?? []);
  return parts.length === items.length && parts.length > 0 ? concat(parts) : undefined;
}
