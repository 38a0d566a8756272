/** A shared HTTP cache (RFC 9111), with Cache-Status (RFC 9211) and targeted fields (RFC 9213). */
export { HttpCache, type HttpCacheOptions } from './cache.ts';
export * from './defaults.ts';
export type { MalformedAge } from './machine/freshness.ts';
export { relay } from './relay.ts';
export { MemoryStore } from './store/memory-store.ts';
export type { CacheStore } from './store/types.ts';
export type { StoredResponse } from './stored-response.ts';
export type * from './types.ts';
export { connectionFields, endToEnd } from './wire/hop-by-hop.ts';
