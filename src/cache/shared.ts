import type { Context, Request } from '../http/index.ts';
import type { Host } from '../net/index.ts';
import type { Flights } from './flights.ts';
import type { Growing } from './growing.ts';
import type { Demands } from './machine/demands.ts';
import type { Counters } from './statistics.ts';
import type { CacheStore } from './store/types.ts';
import type { Rules } from './stored-response.ts';
import type { Forward } from './types.ts';
import type { ForwardReason } from './wire/cache-status.ts';

/** What the parts of one cache share. */
export interface CacheShared {
  readonly host: Host;
  readonly name: string;
  readonly store: CacheStore;
  readonly rules: Rules;
  readonly counters: Counters;
  readonly flights: Flights;
  readonly growing: Growing;
  /** Requests under way to origins; those of a URL that is invalidated bring nothing to store. */
  readonly trips: Set<Trippable>;
}

export interface Trippable {
  readonly url: string;
  /** What it brings may be from before the invalidation. */
  tainted: boolean;
}

/** One request, as the cache looks at it. */
export interface Inquiry {
  readonly request: Pick<Request, 'method' | 'target' | 'version' | 'headers' | 'body'>;
  /** Undefined for a refresh behind the clients' backs. */
  readonly context: Context | undefined;
  readonly forward: Forward;
  readonly url: string;
  readonly demands: Demands;
}

/** Why the origin is asked. */
export interface Reason {
  readonly fwd: ForwardReason;
  readonly detail?: string | undefined;
  readonly why: string;
  readonly spec: string;
}
