/** Where a request goes, and the head it is given. */
import { UsageError } from '../lib/errors.ts';
import { HeaderList, type HeadersInit } from '../lib/ordered-headers.ts';
import type { OutgoingBody } from './client-conversation.ts';
import type { RequestHead, Version } from './types.ts';

export interface ClientRequest {
  readonly url: string;
  /** Default: GET, or POST with a body. */
  readonly method?: string;
  readonly headers?: HeadersInit;
  readonly body?: OutgoingBody;
  /** Default: 1.1. */
  readonly version?: Version;
}

/** Whom a request is for: what a connection leads to. */
export interface Origin {
  readonly scheme: 'http' | 'https';
  /** A name or an address, without brackets. */
  readonly hostname: string;
  readonly port: number;
}

export interface Target extends Origin {
  readonly hostField: string;
  readonly path: string;
  /** The whole URL without its fragment, as a proxy is asked (RFC 9112 §3.2.2). */
  readonly absolute: string;
}

/** Throws UsageError for what is not an http or https URL. */
export function parseTarget(text: string): Target {
  const url = URL.parse(text);
  if (!url) throw new UsageError(`not a URL: ${text}`);
  const scheme = url.protocol.slice(0, -1);
  if (scheme !== 'http' && scheme !== 'https') {
    throw new UsageError(`${scheme}:// is not spoken here, only http:// and https://: ${text}`);
  }
  const path = url.pathname + url.search;
  return {
    scheme,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || defaultPort(scheme)),
    hostField: url.host,
    path,
    absolute: `${url.origin}${path}`,
  };
}

export function defaultPort(scheme: Origin['scheme']): number {
  return scheme === 'https' ? 443 : 80;
}

/** `www.campus.edu:80`, as CONNECT and messages name it. */
export function authorityOf({ hostname, port }: Pick<Origin, 'hostname' | 'port'>): string {
  return `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`;
}

/** Without a length it goes out in chunks, and it can't be sent twice. */
export function isStream(body: OutgoingBody | undefined): boolean {
  return body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array);
}

/** Host goes first (RFC 9110 §7.2), then what the caller did not say, then what it said. */
export function requestHead(
  request: ClientRequest,
  target: Pick<Target, 'hostField' | 'path'>,
  defaults: readonly (readonly [string, string])[],
): RequestHead {
  const given = HeaderList.from(request.headers);
  const { body, version = '1.1' } = request;
  const method = request.method ?? (body === undefined ? 'GET' : 'POST');
  const fields: [string, string][] = [];
  for (const [name, value] of [['Host', target.hostField] as const, ...defaults]) {
    if (!given.has(name)) fields.push([name, value]);
  }
  const length = bodyLength(body);
  if (body !== undefined && length === undefined) fields.push(['Transfer-Encoding', 'chunked']);
  else if (length !== undefined) fields.push(['Content-Length', String(length)]);
  else if (method === 'POST' || method === 'PUT') fields.push(['Content-Length', '0']);
  const rest = given.without('Content-Length', 'Transfer-Encoding');
  const headers = new HeaderList([...fields, ...rest]);
  return { method, target: target.path, version, headers };
}

function bodyLength(body: OutgoingBody | undefined): number | undefined {
  if (typeof body === 'string') return new TextEncoder().encode(body).length;
  return body?.length;
}
