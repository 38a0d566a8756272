/** Names of hosts and address literals (RFC 5321 §4.1.2, §4.1.3). */
import { isIPv4 } from '../../lib/endpoint.ts';
import { DOMAIN_LIMIT } from '../defaults.ts';

const LABEL =
  /^[a-z0-9\u0080-\u{10ffff}](?:[a-z0-9\u0080-\u{10ffff}-]{0,61}[a-z0-9\u0080-\u{10ffff}])?$/iu;

/** Labels of letters, digits and hyphens; characters beyond ASCII are the caller's to allow (RFC 6531 §3.3). */
export function isDomain(text: string): boolean {
  return text.length <= DOMAIN_LIMIT && text.split('.').every((label) => LABEL.test(label));
}

/** `[127.0.0.1]`, `[IPv6:::1]`, `[Tag:what]`. */
export function isAddressLiteral(text: string): boolean {
  if (!text.startsWith('[') || !text.endsWith(']') || text.length > DOMAIN_LIMIT) return false;
  const inside = text.slice(1, -1);
  if (isIPv4(inside)) return true;
  const tag = /^([a-z0-9-]*[a-z0-9]):([!-Z^-~]+)$/i.exec(inside);
  if (!tag) return false;
  return tag[1]?.toLowerCase() === 'ipv6' ? isIPv6(tag[2] ?? '') : true;
}

/** IPv6-addr of §4.1.3: eight groups, or fewer with one `::` that stands for two at least. */
export function isIPv6(text: string): boolean {
  const tail = /(?<=:)[\d.]+\.[\d.]+$/.exec(text)?.[0];
  if (tail !== undefined && !isIPv4(tail)) return false;
  const plain = tail === undefined ? text : `${text.slice(0, -tail.length)}0:0`;
  const [left = '', right, more] = plain.split('::');
  if (more !== undefined) return false;
  const groups = [left, right ?? ''].flatMap((side) => (side === '' ? [] : side.split(':')));
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false;
  return right === undefined ? groups.length === 8 : groups.length <= 6;
}

/** An address as a literal: `[127.0.0.1]`, `[IPv6:::1]`. */
export function addressLiteral(address: string): string {
  return address.includes(':') ? `[IPv6:${address}]` : `[${address}]`;
}
