/** What an origin is told of who asks (RFC 7239, and the older X-Forwarded fields). */
import type { HeaderList } from '../http/index.ts';
import type { Address } from '../lib/endpoint.ts';

/** `x` is X-Forwarded-For, -Host and -Proto, `forwarded` is RFC 7239. */
export type ForwardedStyle = 'none' | 'x' | 'forwarded' | 'both';

export interface Asker {
  readonly address: Address;
  readonly hostField: string | undefined;
  readonly scheme: 'http' | 'https';
}

export function withForwarded(
  headers: HeaderList,
  style: ForwardedStyle,
  asker: Asker,
): HeaderList {
  let result = headers;
  if (style === 'x' || style === 'both') result = withXForwarded(result, asker);
  if (style === 'forwarded' || style === 'both') {
    result = result.appended('Forwarded', forwardedElement(asker));
  }
  return result;
}

/** For grows with each proxy; the others are ours to say: a client could make a cache keep its lies. */
function withXForwarded(headers: HeaderList, { address, hostField, scheme }: Asker): HeaderList {
  const earlier = headers.joined('X-Forwarded-For');
  const chain = earlier === undefined ? address : `${earlier}, ${address}`;
  const result = headers.with('X-Forwarded-For', chain).with('X-Forwarded-Proto', scheme);
  return hostField === undefined
    ? result.without('X-Forwarded-Host')
    : result.with('X-Forwarded-Host', hostField);
}

/** `for=192.0.2.1;host=a.example;proto=http`; IPv6 in brackets and quotes (RFC 7239 §6). */
function forwardedElement({ address, hostField, scheme }: Asker): string {
  const node = address.includes(':') ? `"[${address}]"` : address;
  const host = hostField === undefined ? '' : `;host=${tokenOrQuoted(hostField)}`;
  return `for=${node}${host};proto=${scheme}`;
}

function tokenOrQuoted(text: string): string {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}
