import type { Question } from '../types.ts';
import type { Cache, CacheView } from './cache.ts';
import { peekAnswer } from './peek.ts';
import type { Result } from './result.ts';

/**
 * An answer of which something is stale (RFC 8767); undefined when the cache has none. What is fresh
 * still is taken fresh.
 */
export function staleAnswer(cache: Cache, question: Question, now: number): Result | undefined {
  const view: CacheView = {
    get: (name, type) => cache.getStale(name, type, now),
    put() {},
    deny() {},
  };
  return peekAnswer(view, question, now);
}
