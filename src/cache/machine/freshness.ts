/** How long a response is fresh and how old it is (RFC 9111 §4.2). Milliseconds throughout. */
import type { HeaderList } from '../../lib/ordered-headers.ts';
import { HEURISTIC_FRACTION, HEURISTIC_LIMIT_MS } from '../defaults.ts';
import { cacheDate } from '../wire/cache-date.ts';
import { type AgeValue, ageValue } from '../wire/delta.ts';
import type { Policy } from './policy.ts';

export interface Lifetime {
  readonly ms: number;
  /** What it was taken from: `s-maxage`, `max-age`, `Expires`, `heuristic`, `none`. */
  readonly from: string;
  readonly explicit: boolean;
}

/** What to make of an Age that is no number, or of several: RFC 9111 §5.1 asks to ignore and to take the first. */
export type MalformedAge = 'ignore' | 'stale';

const NONE: Lifetime = { ms: 0, from: 'none', explicit: false };

/** RFC 9110 §15.1: the statuses that may be kept by guess. */
const HEURISTIC = new Set([200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501]);

export function isHeuristic(status: number): boolean {
  return HEURISTIC.has(status);
}

/** RFC 9111 §4.2.1, the first rule that matches. `now` is the calendar's when it was received. */
export function lifetimeOf(
  status: number,
  headers: HeaderList,
  policy: Policy,
  now: number,
): Lifetime {
  const stated = [
    ['s-maxage', policy.sMaxage],
    ['max-age', policy.maxAge],
  ] as const;
  for (const [from, value] of stated) {
    if (value === undefined) continue;
    return { ms: value === 'malformed' ? 0 : value * 1000, from, explicit: true };
  }
  const expires = policy.expiresCounts ? headers.get('Expires') : undefined;
  if (expires !== undefined) {
    const at = cacheDate(expires, now);
    const ms = at === undefined ? 0 : Math.max(0, at - dateOf(headers, now));
    return { ms, from: 'Expires', explicit: true };
  }
  return heuristic(status, headers, policy, now);
}

/** RFC 9111 §4.2.2: a part of the time for which it has stayed the same already. */
function heuristic(status: number, headers: HeaderList, policy: Policy, now: number): Lifetime {
  if (!isHeuristic(status) && !policy.isPublic) return NONE;
  const modified = cacheDate(headers.get('Last-Modified') ?? '', now);
  if (modified === undefined) return NONE;
  const unchanged = Math.max(0, dateOf(headers, now) - modified);
  const ms = Math.min(unchanged * HEURISTIC_FRACTION, HEURISTIC_LIMIT_MS);
  return { ms, from: 'heuristic', explicit: false };
}

/** Date, or when it was received where that is missing or wrong (RFC 9110 §6.6.1). */
export function dateOf(headers: HeaderList, now: number): number {
  return cacheDate(headers.get('Date') ?? '', now) ?? now;
}

/** The corrected initial age of RFC 9111 §4.2.3. */
export function initialAge(
  headers: HeaderList,
  requestedAt: number,
  receivedAt: number,
  malformed: MalformedAge = 'ignore',
): number {
  const { age, listed } = ageValue(headers);
  if (malformed === 'stale' && (age === 'malformed' || listed)) return Number.POSITIVE_INFINITY;
  const apparent = Math.max(0, receivedAt - dateOf(headers, receivedAt));
  const corrected = ageMs(age) + (receivedAt - requestedAt);
  return Math.max(apparent, corrected);
}

function ageMs(age: AgeValue): number {
  return typeof age === 'number' ? age * 1000 : 0;
}
