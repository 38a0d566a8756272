/** Where an answer sends its client on to, and with what (RFC 9110 §15.4). */
import { HeaderList } from '../lib/ordered-headers.ts';
import type { ClientResponse } from './attempt.ts';
import type { ClientRequest } from './client-target.ts';

const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** Asking twice does what asking once does (RFC 9110 §9.2.2). */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method);
}

/** The request that follows, or undefined when this answer is the last. */
export function redirected(
  request: ClientRequest,
  response: ClientResponse,
): ClientRequest | undefined {
  const { status } = response;
  if (status !== 301 && status !== 302 && status !== 303 && status !== 307 && status !== 308) {
    return undefined;
  }
  const location = response.headers.get('Location');
  const url = location === undefined ? null : URL.parse(location, request.url);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return undefined;
  const from = new URL(request.url);
  // A fragment is inherited (RFC 9110 §10.2.2); secrets for one origin are not for another.
  const address = url.hash === '' ? url.href + from.hash : url.href;
  const elsewhere = url.origin !== from.origin;
  const given = HeaderList.from(request.headers);
  const headers = elsewhere ? given.without('Host', 'Authorization', 'Cookie') : given;
  const method = request.method ?? (request.body === undefined ? 'GET' : 'POST');
  const keeps = status === 307 || status === 308;
  if (!keeps && method !== 'GET' && method !== 'HEAD' && (status === 303 || method === 'POST')) {
    return {
      url: address,
      method: 'GET',
      headers: headers.without('Content-Type', 'Content-Length'),
    };
  }
  const { body } = request;
  if (body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array))
    return undefined;
  return { url: address, method, headers, ...(body === undefined ? {} : { body }) };
}
