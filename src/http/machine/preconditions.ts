/** What the conditions of a request ask for (RFC 9110 §13). */
import type { HeaderList } from '../../lib/ordered-headers.ts';
import { parseDate } from '../wire/date.ts';
import { type EntityTag, parseTag, parseTags, sameStrong, sameWeak } from '../wire/etag.ts';

export interface Validators {
  readonly tag: EntityTag;
  /** Milliseconds since 1970; HTTP knows whole seconds only. */
  readonly modified: number;
}

export interface Verdict {
  readonly result: 'proceed' | 'not-modified' | 'failed';
  /** Why, for the trace. */
  readonly why: string;
  readonly spec: string;
}

const PROCEED: Verdict = { result: 'proceed', why: '', spec: 'RFC 9110 §13.2.2' };

const CONDITIONS = ['If-None-Match', 'If-Modified-Since', 'If-Match', 'If-Unmodified-Since'];

/** The conditions in the order of RFC 9110 §13.2.2; `now` is the calendar's. */
export function evaluate(
  method: string,
  headers: HeaderList,
  current: Validators,
  now: number,
): Verdict {
  if (!CONDITIONS.some((name) => headers.has(name))) return PROCEED;
  return expectSame(headers, current, now) ?? expectOther(method, headers, current, now) ?? PROCEED;
}

/** Steps 1 and 2: If-Match, and If-Unmodified-Since where that is missing. */
function expectSame(headers: HeaderList, current: Validators, now: number): Verdict | undefined {
  const match = headers.joined('If-Match');
  if (match !== undefined) {
    const tags = parseTags(match);
    if (tags === '*' || tags?.some((tag) => sameStrong(tag, current.tag))) return undefined;
    const why = 'none of the ETags that the client demands is the current one';
    return { result: 'failed', why, spec: 'RFC 9110 §13.1.1' };
  }
  const since = dateOf(headers, 'If-Unmodified-Since', now);
  if (since === undefined || seconds(current.modified) <= seconds(since)) return undefined;
  return { result: 'failed', why: 'it was modified since', spec: 'RFC 9110 §13.1.4' };
}

/** Steps 3 and 4: If-None-Match, and If-Modified-Since where that is missing. */
function expectOther(
  method: string,
  headers: HeaderList,
  current: Validators,
  now: number,
): Verdict | undefined {
  const reading = method === 'GET' || method === 'HEAD';
  const match = headers.joined('If-None-Match');
  if (match !== undefined) {
    const tags = parseTags(match);
    if (tags !== '*' && !tags?.some((tag) => sameWeak(tag, current.tag))) return undefined;
    const why = 'the ETag that the client sent is still the current one';
    return { result: reading ? 'not-modified' : 'failed', why, spec: 'RFC 9110 §13.1.2' };
  }
  const since = reading ? dateOf(headers, 'If-Modified-Since', now) : undefined;
  if (since === undefined || seconds(current.modified) > seconds(since)) return undefined;
  const why = 'it was not modified since the date that the client sent';
  return { result: 'not-modified', why, spec: 'RFC 9110 §13.1.3' };
}

/** Step 5: whether Range holds, given If-Range (RFC 9110 §13.1.5). */
export function rangeHolds(headers: HeaderList, current: Validators, now: number): boolean {
  const value = headers.get('If-Range');
  if (value === undefined) return true;
  const tag = parseTag(value);
  if (tag) return sameStrong(tag, current.tag);
  const date = parseDate(value, now);
  // A date is a strong validator only once the second it names is over (RFC 9110 §8.8.2.2).
  return date === seconds(current.modified) && now - current.modified >= 1000;
}

function dateOf(headers: HeaderList, name: string, now: number): number | undefined {
  const value = headers.joined(name);
  return value === undefined ? undefined : parseDate(value, now);
}

const seconds = (ms: number): number => Math.floor(ms / 1000) * 1000;
