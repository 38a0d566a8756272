/** What a request lets a cache do (RFC 9111 §5.2.1). */
import type { HeaderList } from '../../lib/ordered-headers.ts';
import { type Argument, type Directives, parseDirectives } from '../wire/cache-control.ts';
import { deltaSeconds } from '../wire/delta.ts';

export interface Demands {
  readonly noStore: boolean;
  readonly noCache: boolean;
  readonly onlyIfCached: boolean;
  /** Milliseconds, as all that follow. */
  readonly maxAge: number | undefined;
  readonly minFresh: number | undefined;
  /** Infinite for max-stale without a value. */
  readonly maxStale: number | undefined;
  readonly staleIfError: number | undefined;
}

export const NO_DEMANDS: Demands = {
  noStore: false,
  noCache: false,
  onlyIfCached: false,
  maxAge: undefined,
  minFresh: undefined,
  maxStale: undefined,
  staleIfError: undefined,
};

export function demandsOf(headers: HeaderList): Demands {
  const value = headers.joined('Cache-Control');
  // Pragma counts only where Cache-Control is missing (RFC 9111 §5.4, for old clients).
  if (value === undefined) {
    const pragma = headers.joined('Pragma');
    const asks = pragma !== undefined && parseDirectives(pragma).has('no-cache');
    return asks ? { ...NO_DEMANDS, noCache: true } : NO_DEMANDS;
  }
  return fromDirectives(parseDirectives(value));
}

function fromDirectives(directives: Directives): Demands {
  const stale = directives.get('max-stale');
  return {
    noStore: directives.has('no-store'),
    noCache: directives.has('no-cache'),
    onlyIfCached: directives.has('only-if-cached'),
    maxAge: milliseconds(directives.get('max-age')),
    minFresh: milliseconds(directives.get('min-fresh')),
    maxStale: stale?.[0] === true ? Number.POSITIVE_INFINITY : milliseconds(stale),
    staleIfError: milliseconds(directives.get('stale-if-error')),
  };
}

function milliseconds(args: readonly Argument[] | undefined): number | undefined {
  const first = args?.[0];
  const value = typeof first === 'string' ? deltaSeconds(first) : undefined;
  return value === undefined ? undefined : value * 1000;
}
