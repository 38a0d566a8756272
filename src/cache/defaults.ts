/** The limits and times of the cache, each with its reason. */

/** What a cache may hold in memory: a small site whole, and no danger to a laptop. */
export const CAPACITY: number = 64 * 1024 * 1024;

/** The share of the capacity that one response may take: one film must not push a site out. */
export const LARGEST_SHARE = 0.25;

/** What an entry costs beside its body and its head: objects, maps, lists. */
export const ENTRY_OVERHEAD = 512;

/** RFC 9111 §4.2.2: the part of the time since Last-Modified for which it is taken to stay so. */
export const HEURISTIC_FRACTION = 0.1;

/** Without word from the origin nothing is taken as fresh for longer than a day. */
export const HEURISTIC_LIMIT_MS: number = 24 * 3_600_000;

/** RFC 9111 §1.2.2: what is beyond 2^31 is infinite; 2^31 seconds are 68 years. */
export const DELTA_SECONDS_LIMIT: number = 2 ** 31;

/** How long after its end a response may stand in for an origin that can't be reached (§4.2.4). */
export const DISCONNECTED_MS: number = 24 * 3_600_000;

/** Variants of one URL: languages times codings; more is a Vary that splits by client. */
export const VARIANTS_LIMIT = 64;

/** Entity tags in one validation: a request must stay a request. */
export const VALIDATION_TAGS_LIMIT = 32;

/** URLs known not to be worth waiting for: their requests are not collapsed. */
export const LONERS_LIMIT = 10_000;

/** How long a URL counts as such: its answers may have become storable since. */
export const LONER_MS = 60_000;

/** How often a request waits for what another brings, and finds it another variant, before it goes itself. */
export const WAITS_LIMIT = 3;

/** What an answer that nobody waits for any more may still cost to be had whole. */
export const FINISH_LIMIT: number = 1024 * 1024;

/** Bytes that are passed on without being stored wait for the slowest reader up to this many. */
export const PASSING_BUFFER: number = 64 * 1024;

/** Ranges in one request (RFC 9110 §14.2). */
export const RANGES_LIMIT = 32;

/** Segments of one partial response: more is a reader that jumps about. */
export const SEGMENTS_LIMIT = 64;

/** Tags of one response: `Cache-Tag` and `Surrogate-Key` of large shops have about this many. */
export const TAGS_LIMIT = 128;

/** From the start of a refresh behind the client's back to its end. */
export const REFRESH_TIMEOUT_MS = 30_000;

/** The fields that steer this cache and no other, the most particular first (RFC 9213 §2.2). */
export const TARGETS: readonly string[] = ['CDN-Cache-Control'];

/** The fields that carry tags to purge by, as CDNs have them. */
export const TAG_FIELDS: readonly string[] = ['Cache-Tag', 'Surrogate-Key'];

/** How this cache is called in Cache-Status. */
export const CACHE_NAME = 'toplayer';
