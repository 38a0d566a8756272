/** Lets go of stored responses before their time, by URL, by the beginning of URLs, or by tag. */
import type { CacheShared } from './shared.ts';
import type { StoredResponse } from './stored-response.ts';
import type { PurgeTarget } from './types.ts';
import { normalUrl } from './url-key.ts';

/** Softly: they stay, and are validated before their next use. */
export function purge(shared: CacheShared, asked: PurgeTarget, soft: boolean): number {
  const target = normal(asked);
  const stored = storedOf(shared, target);
  for (const one of stored) {
    if (soft) one.invalidate();
    else shared.store.remove(one);
  }
  const coming = [...shared.growing.all()].filter((one) => matches(one, target));
  for (const one of coming) {
    if (soft) one.invalidate();
    else {
      one.doomed = true;
      shared.growing.remove(one);
    }
  }
  for (const trip of shared.trips)
    if (!('tag' in target) && urlMatches(trip.url, target)) trip.tainted = true;
  return stored.length + coming.length;
}

/** As the URLs of stored responses are written. */
function normal(target: PurgeTarget): PurgeTarget {
  if ('url' in target) return { url: normalUrl(target.url) };
  return 'prefix' in target ? { prefix: normalUrl(target.prefix) } : target;
}

function storedOf({ store }: CacheShared, target: PurgeTarget): StoredResponse[] {
  if ('url' in target) return [...store.get(target.url)];
  if ('tag' in target) return [...store.tagged(target.tag)];
  return [...store.all()].filter((one) => urlMatches(one.url, target));
}

function matches(stored: StoredResponse, target: PurgeTarget): boolean {
  return 'tag' in target ? stored.tags.includes(target.tag) : urlMatches(stored.url, target);
}

function urlMatches(url: string, target: PurgeTarget): boolean {
  if ('url' in target) return url === target.url;
  return 'prefix' in target && url.startsWith(target.prefix);
}
