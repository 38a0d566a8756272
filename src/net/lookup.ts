import type { Address } from '../lib/endpoint.ts';

/** How a client finds the addresses of a name: a resolver's library call, or a table in a test. */
export type Lookup = (
  name: string,
  options?: { signal?: AbortSignal },
) => Promise<readonly Address[]>;
