/** Proxies and their caches as the dashboard is told of them. */
import type { HttpCache, PurgeTarget } from '../../cache/index.ts';
import { UsageError } from '../../lib/errors.ts';
import type { Internet } from '../internet.ts';
import type { ProxyView } from './api-web.ts';
import type { Fields } from './fields.ts';

export function proxyView(internet: Internet, host: string): ProxyView {
  const cache = cacheOf(internet, host);
  return {
    host,
    users: internet.hosts().flatMap(({ name, plan }) => (plan.proxy === host ? [name] : [])),
    statistics: cache.statistics(),
    entries: cache.view(),
  };
}

export function purgeProxy(internet: Internet, host: string, body: Fields): ProxyView {
  const soft = body['soft'] === true;
  const purged = cacheOf(internet, host).purge(targetOf(body), { soft });
  return { ...proxyView(internet, host), purged };
}

/** URLs of everything that is kept begin so. */
const EVERYTHING: PurgeTarget = { prefix: 'http' };

function targetOf(body: Fields): PurgeTarget {
  if (body['all'] === true) return EVERYTHING;
  for (const by of ['url', 'prefix', 'tag'] as const) {
    const value = body[by];
    if (typeof value === 'string' && value !== '') return { [by]: value } as unknown as PurgeTarget;
  }
  throw new UsageError('expected "url", "prefix" or "tag", a text, or "all": true');
}

function cacheOf(internet: Internet, host: string): HttpCache {
  const cache = internet.proxyCache(internet.host(host).name);
  if (!cache) throw new UsageError(`${host} has no proxy that runs`);
  return cache;
}
