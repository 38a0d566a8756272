/** Addresses and networks (RFC 4632 §3.1): `10.0.0.0/8`, `127.0.0.1`, `::1`. */
import { type Address, ipv4Bytes, isIPv4 } from '../../lib/endpoint.ts';
import { UsageError } from '../../lib/errors.ts';

export type Network = (address: Address) => boolean;

/** Whether an address is in one of the networks. Throws UsageError for what is none. IPv6 stands for single addresses. */
export function parseNetworks(texts: readonly string[]): Network {
  const networks = texts.map(parseNetwork);
  return (address) => networks.some((one) => one(address));
}

function parseNetwork(text: string): Network {
  const [address = '', bits = '32'] = text.split('/');
  if (!isIPv4(address)) {
    if (text.includes(':') && !text.includes('/')) return (other) => other === text.toLowerCase();
    throw new UsageError(`"${text}" is no network: 10.0.0.0/8, 127.0.0.1 or ::1`);
  }
  const length = Number(bits);
  if (!/^\d{1,2}$/.test(bits) || length > 32) {
    throw new UsageError(`"${text}" is no network: the length is 0 to 32`);
  }
  const mask = length === 0 ? 0 : (-1 << (32 - length)) >>> 0;
  const wanted = (number(address) & mask) >>> 0;
  return (other) => isIPv4(other) && (number(other) & mask) >>> 0 === wanted;
}

function number(address: Address): number {
  return ipv4Bytes(address).reduce((sum, byte) => sum * 256 + byte, 0);
}
