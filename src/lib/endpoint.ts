import { UsageError } from './errors.ts';

/** An IPv4 or IPv6 address as text: `127.20.0.53`, `::1`. Never a name. */
export type Address = string;

/** One end of a conversation: the address of a host and the port of a process on it. */
export interface Endpoint {
  readonly address: Address;
  readonly port: number;
}

/** `127.0.0.1:80`, `[::1]:80`: the form used in messages, keys and logs. */
export function endpointText(at: Endpoint): string {
  return at.address.includes(':') ? `[${at.address}]:${at.port}` : `${at.address}:${at.port}`;
}

export function sameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && a.address === b.address;
}

/** True for the four decimal parts of an IPv4 address, each 0 to 255, without leading zeros. */
export function isIPv4(text: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(text) && !/(^|\.)0\d/.test(text);
}

/** The four bytes of a dotted IPv4 address. Throws UsageError on anything else. */
export function ipv4Bytes(text: Address): Uint8Array {
  if (!isIPv4(text)) throw new UsageError(`not an IPv4 address: ${text}`);
  return Uint8Array.from(text.split('.'), Number);
}

/** Parses `ADDRESS`, `ADDRESS:PORT` or `[V6]:PORT`; `port` is the default. */
export function parseEndpoint(text: string, port: number): Endpoint {
  const match = /^\[([^\]]+)\](?::(\d+))?$/.exec(text) ?? /^([^:]+)(?::(\d+))?$/.exec(text);
  if (!match) return { address: text, port };
  const number = match[2] === undefined ? port : Number(match[2]);
  if (number > 65535) throw new UsageError(`no such port: ${match[2]} (0 to 65535)`);
  return { address: match[1] ?? text, port: number };
}
