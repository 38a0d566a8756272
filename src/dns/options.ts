/** EDNS options: what they mean, how they are made, and their text as `dig` shows it. */
import { fromLatin1, fromUtf8, hex, utf8 } from '../lib/bytes.ts';
import { ipv6Text, parseIPv4, parseIPv6 } from './address.ts';
import type { Edns, EdnsOption } from './types.ts';

/** The codes of the registry that are known here. */
export const OPTION = {
  NSID: 3,
  CLIENT_SUBNET: 8,
  COOKIE: 10,
  KEEPALIVE: 11,
  PADDING: 12,
  EXTENDED_ERROR: 15,
} as const;

interface OptionKind {
  readonly name: string;
  readonly spec: string;
  /** The value for people; undefined when the bytes are not what the option asks for. */
  readonly text: (data: Uint8Array) => string | undefined;
}

const KINDS: ReadonlyMap<number, OptionKind> = new Map([
  [OPTION.NSID, { name: 'NSID', spec: 'RFC 5001 §2.3', text: nsidText }],
  [OPTION.CLIENT_SUBNET, { name: 'CLIENT-SUBNET', spec: 'RFC 7871 §6', text: subnetText }],
  [OPTION.COOKIE, { name: 'COOKIE', spec: 'RFC 7873 §4', text: cookieText }],
  [OPTION.KEEPALIVE, { name: 'TCP-KEEPALIVE', spec: 'RFC 7828 §3.1', text: keepaliveText }],
  [
    OPTION.PADDING,
    { name: 'PAD', spec: 'RFC 7830 §3', text: (data: Uint8Array) => `(${data.length} bytes)` },
  ],
  [OPTION.EXTENDED_ERROR, { name: 'EDE', spec: 'RFC 8914 §2', text: errorText }],
]);

/** `EDE: 3 (Stale Answer)`: one option as a line of dig's OPT section. */
export function formatOption({ code, data }: EdnsOption): string {
  const kind = KINDS.get(code);
  const text = kind?.text(data);
  if (!kind || text === undefined) return `OPT=${code}: ${hexWords(data)}`.trimEnd();
  return text === '' ? kind.name : `${kind.name}: ${text}`;
}

/** The section that says what an option means; those of others have their frame alone. */
export function specOfOption(code: number): string {
  return KINDS.get(code)?.spec ?? 'RFC 6891 §6.1.2';
}

export function optionOf(edns: Edns | undefined, code: number): Uint8Array | undefined {
  return edns?.options.find((option) => option.code === code)?.data;
}

function hexWords(data: Uint8Array): string {
  return hex(data).replace(/..(?=.)/g, '$& ');
}

function u16(data: Uint8Array, at: number): number {
  return ((data[at] as number) << 8) | (data[at + 1] as number);
}

function nsidText(data: Uint8Array): string {
  if (data.length === 0) return '';
  return `${hexWords(data)} ("${fromLatin1(data).replace(/[^ -~]/g, '.')}")`;
}

function keepaliveText(data: Uint8Array): string | undefined {
  if (data.length === 0) return '';
  return data.length === 2 ? `${(u16(data, 0) / 10).toFixed(1)} secs` : undefined;
}

/** RFC 7873 §4: eight bytes of the client, then 8 to 32 of the server. */
export interface DnsCookie {
  readonly client: Uint8Array;
  readonly server: Uint8Array | undefined;
}

/** Undefined when its length is one that no cookie has. */
export function readCookie(data: Uint8Array): DnsCookie | undefined {
  if (data.length !== 8 && (data.length < 16 || data.length > 40)) return undefined;
  const server = data.length > 8 ? data.subarray(8) : undefined;
  return { client: data.subarray(0, 8), server };
}

function cookieText(data: Uint8Array): string | undefined {
  return readCookie(data) && hex(data);
}

/** Whose addresses an answer is for (RFC 7871 §6). */
export interface ClientSubnet {
  readonly address: string;
  /** Bits of the address that count: those told, and those the answer depends on. */
  readonly source: number;
  readonly scope: number;
}

export function readClientSubnet(data: Uint8Array): ClientSubnet | undefined {
  if (data.length < 4) return undefined;
  const family = u16(data, 0);
  const [source, scope] = [data[2] as number, data[3] as number];
  const size = family === 1 ? 4 : family === 2 ? 16 : 0;
  if (data.length - 4 !== Math.ceil(source / 8) || source > size * 8) return undefined;
  const bytes = new Uint8Array(size);
  bytes.set(data.subarray(4));
  const address = family === 1 ? bytes.join('.') : ipv6Text(bytes);
  return { address, source, scope };
}

export function clientSubnet(address: string, source: number, scope = 0): EdnsOption {
  const bytes = parseIPv4(address) ?? parseIPv6(address) ?? new Uint8Array(0);
  const data = new Uint8Array(4 + Math.ceil(source / 8));
  data.set([0, bytes.length === 4 ? 1 : 2, source, scope]);
  data.set(bytes.subarray(0, data.length - 4), 4);
  // Bits beyond the prefix are 0 (RFC 7871 §6).
  const last = data.length - 1;
  if (source % 8 !== 0) data[last] = (data[last] as number) & (0xff << (8 - (source % 8)));
  return { code: OPTION.CLIENT_SUBNET, data };
}

function subnetText(data: Uint8Array): string | undefined {
  const subnet = readClientSubnet(data);
  return subnet && `${subnet.address}/${subnet.source}/${subnet.scope}`;
}

/** RFC 8914 §4: why there is no better answer. */
export const ERROR_TEXTS: Readonly<Record<number, string>> = {
  0: 'Other',
  1: 'Unsupported DNSKEY Algorithm',
  2: 'Unsupported DS Digest Type',
  3: 'Stale Answer',
  4: 'Forged Answer',
  5: 'DNSSEC Indeterminate',
  6: 'DNSSEC Bogus',
  7: 'Signature Expired',
  8: 'Signature Not Yet Valid',
  9: 'DNSKEY Missing',
  10: 'RRSIGs Missing',
  11: 'No Zone Key Bit Set',
  12: 'NSEC Missing',
  13: 'Cached Error',
  14: 'Not Ready',
  15: 'Blocked',
  16: 'Censored',
  17: 'Filtered',
  18: 'Prohibited',
  19: 'Stale NXDOMAIN Answer',
  20: 'Not Authoritative',
  21: 'Not Supported',
  22: 'No Reachable Authority',
  23: 'Network Error',
  24: 'Invalid Data',
};

/** Those that our servers say. */
export const EDE = {
  OTHER: 0,
  STALE: 3,
  CACHED_ERROR: 13,
  NOT_READY: 14,
  PROHIBITED: 18,
  STALE_NXDOMAIN: 19,
  NOT_AUTHORITATIVE: 20,
  NOT_SUPPORTED: 21,
  NO_REACHABLE_AUTHORITY: 22,
  NETWORK_ERROR: 23,
  INVALID_DATA: 24,
} as const;

/** What an extended error says; `text` is for people, and may be empty. */
export interface ExtendedError {
  readonly code: number;
  readonly text: string;
}

export function extendedError(code: number, text = ''): EdnsOption {
  const extra = utf8(text);
  const data = new Uint8Array(2 + extra.length);
  data.set([code >> 8, code & 255]);
  data.set(extra, 2);
  return { code: OPTION.EXTENDED_ERROR, data };
}

/** Several may stand in one message (RFC 8914 §2). */
export function extendedErrors(edns: Edns | undefined): ExtendedError[] {
  return (edns?.options ?? []).flatMap(({ code, data }) =>
    code === OPTION.EXTENDED_ERROR && data.length >= 2
      ? [{ code: u16(data, 0), text: fromUtf8(data.subarray(2)).replace(/\0$/, '') }]
      : [],
  );
}

function errorText(data: Uint8Array): string | undefined {
  if (data.length < 2) return undefined;
  const code = u16(data, 0);
  const meaning = ERROR_TEXTS[code];
  // The text came from elsewhere: it must not move a terminal's cursor.
  const text = fromUtf8(data.subarray(2)).replace(/\p{Cc}/gu, '');
  return `${code}${meaning ? ` (${meaning})` : ''}${text ? `: (${text})` : ''}`;
}
