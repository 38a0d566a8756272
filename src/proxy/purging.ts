/**
 * PURGE over HTTP, as caches have it: of the URL asked for, of all that begin with it
 * (`Purge-Scope: prefix`), or of all that carry a tag (`Cache-Tag: a, b`); `Purge-Mode: soft` marks.
 */
import type { HttpCache, PurgeTarget } from '../cache/index.ts';
import { type Link, listElements, type Request, type Response, statusPage } from '../http/index.ts';
import type { Address } from '../lib/endpoint.ts';

/** Who may purge: by default this machine only. */
export type Permission = (address: Address) => boolean;

export const fromLoopback: Permission = (address) =>
  address === '::1' || address.startsWith('127.');

/** Answers PURGE; everything else goes on. */
export function purging(cache: HttpCache, permitted: Permission = fromLoopback): Link {
  return (next) => (request, context) => {
    if (request.method !== 'PURGE') return next(request, context);
    if (!permitted(context.remote.address)) {
      return statusPage(403, `${context.remote.address} may not purge here.`);
    }
    return purged(cache, request);
  };
}

function purged(cache: HttpCache, request: Request): Response {
  const { headers } = request;
  const soft = headers.get('Purge-Mode')?.toLowerCase() === 'soft';
  let count = 0;
  for (const target of targetsOf(request)) count += cache.purge(target, { soft });
  return {
    status: 200,
    headers: [['Content-Type', 'application/json']],
    body: `${JSON.stringify({ purged: count, soft })}\n`,
  };
}

function targetsOf(request: Request): PurgeTarget[] {
  const tags = request.headers.joined('Cache-Tag') ?? request.headers.joined('Surrogate-Key');
  if (tags !== undefined) return listElements(tags).map((tag) => ({ tag }));
  const prefix = request.headers.get('Purge-Scope')?.toLowerCase() === 'prefix';
  return [prefix ? { prefix: request.url } : { url: request.url }];
}
