import type { Endpoint } from '../lib/endpoint.ts';
import type { Transport } from '../trace/index.ts';
import type { Exchanged } from './exchange.ts';
import type { Cache } from './machine/cache.ts';
import type { RootHint } from './machine/delegation.ts';
import type { Note } from './machine/notes.ts';
import type { Ask } from './machine/result.ts';

/**
 * What goes beyond the classical walk is off by default, because that walk is what the course draws;
 * `HARDENED` turns all of it on.
 */
export interface ResolverOptions {
  /** The root servers that it starts with (RFC 1034 §5.3.2); none are needed with `forward`. */
  readonly hints: readonly RootHint[];
  /** Resolvers that do the work, in place of asking iteratively. */
  readonly forward?: readonly Endpoint[];
  /** The text of a hosts file, whose names come before DNS. */
  readonly hostsFile?: string;
  readonly cache?: Cache;
  /** The port of all servers; default 53. */
  readonly port?: number;
  /** The UDP size that it announces; default 1,232. */
  readonly udpSize?: number;
  /** QNAME minimisation (RFC 9156): no server sees more of a name than it needs. Default false. */
  readonly minimise?: boolean;
  /** Letters of both cases at random in each query (0x20); not to servers that fold them. Default false. */
  readonly mixCase?: boolean;
  /** Cookies towards servers (RFC 7873). Default false. */
  readonly cookies?: boolean;
  /** After so many wrong replies a question goes to TCP (RFC 5452 §9.3); default: never. */
  readonly wrongReplies?: number;
  /** Old data where no server answers (RFC 8767). Default false. */
  readonly serveStale?: boolean;
  /** Fetches anew what is asked for in its last tenth. Default false. */
  readonly prefetch?: boolean;
  /** Milliseconds after which a question fails; default 9,000. */
  readonly timeoutMs?: number;
}

export interface ResolveOptions {
  /** The conversation whose query this is: notes about what is not asked of anyone belong to it. */
  readonly asker?: {
    readonly local: Endpoint;
    readonly from: Endpoint;
    readonly transport: Transport;
  };
  /** Hears of each reply that came, in order. */
  readonly onReply?: (reply: Exchanged, ask: Ask) => void;
}

export interface SearchOptions extends ResolveOptions {
  /** Does not take the answer from the cache. */
  readonly anew?: boolean;
  /** Why there is a search without a client that asks. */
  readonly why?: Note;
}
