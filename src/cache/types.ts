/** What the cache is given and what it gives (RFC 9111). */
import type { Body, HeaderList, RequestHead, ResponseHead } from '../http/index.ts';

/** A request on its way to the origin. */
export interface ForwardRequest {
  /** The client's, or with preconditions of the cache's own. */
  readonly head: RequestHead;
  /** Undefined where the request has none, or is a refresh behind the client's back. */
  readonly body: Body | undefined;
  readonly signal: AbortSignal | undefined;
  /** Interim answers (1xx), where somebody waits who may be told. */
  readonly onInterim: ((head: ResponseHead) => void) | undefined;
}

export interface OriginAnswer {
  readonly head: ResponseHead;
  readonly body: Body;
}

/** How the cache asks the origin. Rejects with an AppError when there is no answer. */
export type Forward = (request: ForwardRequest) => Promise<OriginAnswer>;

/** A part of a body: `bytes` stand at `start` of the whole. */
export interface Segment {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** A decision of the cache: a short word for Cache-Status, a sentence and the section for the trace. */
export interface Decision {
  readonly word: string;
  readonly why: string;
  readonly spec: string;
}

/** What one stored response looks like to a person. */
export interface EntryView {
  readonly url: string;
  /** The selecting fields and their values; '' without Vary. */
  readonly vary: string;
  readonly status: number;
  readonly type: string | undefined;
  /** Bytes of head and body in memory. */
  readonly size: number;
  /** False for parts of a representation, and while it is still being received. */
  readonly complete: boolean;
  /** Milliseconds since 1970. */
  readonly storedAt: number;
  /** Seconds, as the Age field would say. */
  readonly age: number;
  /** Seconds from its birth for which it is fresh. */
  readonly lifetime: number;
  /** Seconds; negative when stale. */
  readonly freshFor: number;
  /** Must be validated whatever its age: purged softly, or invalidated. */
  readonly invalid: boolean;
  readonly hits: number;
  readonly tags: readonly string[];
}

export interface CacheStatistics {
  readonly requests: number;
  /** Answered without asking the origin. */
  readonly hits: number;
  /** Of these: answered while stale. */
  readonly staleHits: number;
  /** Waited for another's request to the origin, and were served by it. */
  readonly collapsed: number;
  /** Asked the origin whether a stored response is still good, and it was. */
  readonly validated: number;
  readonly misses: number;
  /** Could not be answered from a cache at all: other methods, no-store. */
  readonly passed: number;
  /** hits and collapsed by requests; 0 without requests. */
  readonly hitRatio: number;
  /** Bytes of bodies that clients got and the origin did not have to send. */
  readonly bytesSaved: number;
  readonly bytesFromOrigin: number;
  readonly entries: number;
  readonly bytesStored: number;
  readonly capacity: number;
  readonly evicted: number;
}

/** What may be purged: one URL, all that begin so, or all that carry a tag. */
export type PurgeTarget =
  | { readonly url: string }
  | { readonly prefix: string }
  | { readonly tag: string };

/** What is kept of the response a stored one came from. */
export interface StoredHead {
  readonly status: number;
  readonly reason: string;
  readonly headers: HeaderList;
}
