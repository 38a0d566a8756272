/** What the cache has done so far. */
import type { CacheStore } from './store/types.ts';
import type { CacheStatistics } from './types.ts';

export class Counters {
  requests = 0;
  hits = 0;
  staleHits = 0;
  collapsed = 0;
  validated = 0;
  misses = 0;
  passed = 0;
  bytesSaved = 0;
  bytesFromOrigin = 0;

  statistics(store: CacheStore): CacheStatistics {
    const { requests, hits, staleHits, collapsed, validated, misses, passed } = this;
    return {
      requests,
      hits,
      staleHits,
      collapsed,
      validated,
      misses,
      passed,
      hitRatio: requests === 0 ? 0 : (hits + collapsed) / requests,
      bytesSaved: this.bytesSaved,
      bytesFromOrigin: this.bytesFromOrigin,
      entries: store.count,
      bytesStored: store.bytes,
      capacity: store.capacity,
      evicted: store.evicted,
    };
  }
}
