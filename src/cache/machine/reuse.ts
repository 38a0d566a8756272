/** Whether a stored response may answer a request (RFC 9111 §4, §4.2.4, RFC 5861). */
import { DISCONNECTED_MS } from '../defaults.ts';
import type { Decision } from '../types.ts';
import type { Demands } from './demands.ts';
import type { Policy } from './policy.ts';

/** What of a stored response the decision rests on. */
export interface Reusable {
  readonly policy: Policy;
  /** Milliseconds. */
  readonly lifetime: number;
  /** Must be validated whatever its age. */
  readonly invalid: boolean;
}

export type Reuse = Decision & {
  readonly use:
    | 'fresh'
    /** Stale, and let be by the client. */
    | 'stale'
    /** Stale for now: answer, and ask the origin behind the client's back (RFC 5861 §3). */
    | 'refresh'
    /** Not before the origin has been asked: the response is at its end, or the client will not have it. */
    | 'validate';
  /** For Cache-Status where the origin is asked. */
  readonly fwd: 'stale' | 'request';
};

const FRESH: Reuse = {
  use: 'fresh',
  fwd: 'stale',
  word: 'hit',
  why: 'a stored response is fresh',
  spec: 'RFC 9111 §4.2',
};

/** `age` in milliseconds. */
export function reuse(stored: Reusable, age: number, demands: Demands): Reuse {
  if (stored.invalid) {
    return validate('stale', 'invalidated', 'it was invalidated', 'RFC 9111 §4.4');
  }
  if (stored.policy.noCache) {
    const why = 'the origin wants to be asked each time';
    return validate('stale', 'no-cache', why, 'RFC 9111 §5.2.2.4');
  }
  if (demands.noCache) {
    return validate('request', 'no-cache', 'the client wants it validated', 'RFC 9111 §5.2.1.4');
  }
  return age < stored.lifetime
    ? reuseFresh(stored, age, demands)
    : reuseStale(stored, age, demands);
}

function reuseFresh({ lifetime }: Reusable, age: number, demands: Demands): Reuse {
  const { maxAge, minFresh, maxStale } = demands;
  if (maxAge !== undefined && age > maxAge + (maxStale ?? 0)) {
    return validate('request', 'max-age', 'the client wants a younger one', 'RFC 9111 §5.2.1.1');
  }
  if (minFresh !== undefined && lifetime - age < minFresh) {
    const why = 'the client wants one that stays fresh for longer';
    return validate('request', 'min-fresh', why, 'RFC 9111 §5.2.1.3');
  }
  return FRESH;
}

function reuseStale(stored: Reusable, age: number, demands: Demands): Reuse {
  const { policy, lifetime } = stored;
  const staleness = age - lifetime;
  const { maxAge, maxStale, minFresh } = demands;
  if (policy.mustRevalidate || policy.proxyRevalidate) {
    return validate('stale', 'must-revalidate', 'it is stale, and must be validated', '§5.2.2.2');
  }
  if (policy.sMaxage === undefined && maxStale !== undefined && staleness <= maxStale) {
    if (maxAge === undefined || age <= maxAge + maxStale)
      return stale('stale', 'max-stale', '§5.2.1.2');
  }
  const window = (policy.staleWhileRevalidate ?? 0) * 1000;
  if (staleness < window && maxAge === undefined && minFresh === undefined) {
    const why = 'it is stale, and may be used while the origin is asked';
    return { ...stale('refresh', 'stale-while-revalidate', ''), why, spec: 'RFC 5861 §3' };
  }
  return validate('stale', 'stale', 'it is stale', 'RFC 9111 §4.2');
}

/** Why a stale response may stand in for an origin that failed; undefined when it may not. */
export function insteadOfError(
  stored: Reusable,
  age: number,
  demands: Demands,
  failure: 'disconnected' | 'error',
): Decision | undefined {
  const { policy } = stored;
  const staleness = age - stored.lifetime;
  if (stored.invalid || policy.noCache || policy.mustRevalidate || policy.proxyRevalidate) {
    return undefined;
  }
  const allowed =
    policy.staleIfError === undefined ? demands.staleIfError : policy.staleIfError * 1000;
  if (allowed !== undefined) {
    if (staleness > allowed) return undefined;
    const why = 'the origin failed, and the stale response may stand in for it';
    return { word: 'stale-if-error', why, spec: 'RFC 5861 §4' };
  }
  if (failure === 'error' || policy.sMaxage !== undefined || staleness > DISCONNECTED_MS) {
    return undefined;
  }
  const why = 'the origin can not be reached: a stale response is better than none';
  return { word: 'disconnected', why, spec: 'RFC 9111 §4.2.4' };
}

function validate(fwd: Reuse['fwd'], word: string, why: string, spec: string): Reuse {
  return {
    use: 'validate',
    fwd,
    word,
    why,
    spec: spec.startsWith('§') ? `RFC 9111 ${spec}` : spec,
  };
}

function stale(use: 'stale' | 'refresh', word: string, section: string): Reuse {
  const why = 'it is stale, and the client takes it nevertheless';
  return { use, fwd: 'stale', word, why, spec: `RFC 9111 ${section}` };
}
