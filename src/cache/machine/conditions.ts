/** A client's own conditions, put to a stored response (RFC 9111 §4.3.2, RFC 9110 §13). */
import { parseTag, parseTags, sameStrong, sameWeak } from '../../http/index.ts';
import type { HeaderList } from '../../lib/ordered-headers.ts';
import { cacheDate } from '../wire/cache-date.ts';

export interface Conditioned {
  readonly headers: HeaderList;
  readonly date: number;
}

/** True when the client has it already: it is answered with 304. */
export function notModified(request: HeaderList, stored: Conditioned, now: number): boolean {
  const match = request.joined('If-None-Match');
  if (match !== undefined) return tagMatches(match, stored.headers.get('ETag'));
  const since = request.get('If-Modified-Since');
  const date = since === undefined ? undefined : cacheDate(since, now);
  if (date === undefined) return false;
  const modified = cacheDate(stored.headers.get('Last-Modified') ?? '', now) ?? stored.date;
  return modified <= date;
}

/** Tags that are no tags are compared as they stand: both sides may have the same habit. */
function tagMatches(match: string, text: string | undefined): boolean {
  if (match === '*') return true;
  if (text === undefined) return false;
  const tag = parseTag(text);
  const listed = parseTags(match);
  if (!tag || !listed || listed === '*') return match === text;
  return listed.some((one) => sameWeak(one, tag));
}

/** Whether Range holds for this response (RFC 9110 §13.1.5). */
export function rangeHolds(request: HeaderList, stored: Conditioned, now: number): boolean {
  const value = request.get('If-Range');
  if (value === undefined) return true;
  const wanted = parseTag(value);
  if (wanted) {
    const tag = parseTag(stored.headers.get('ETag') ?? '');
    return tag !== undefined && sameStrong(wanted, tag);
  }
  const date = cacheDate(value, now);
  const modified = cacheDate(stored.headers.get('Last-Modified') ?? '', now);
  // A date is strong once the origin has had time to change it again and did not (RFC 9110 §8.8.2.2).
  return date !== undefined && date === modified && stored.date - date >= 1000;
}

/** The strong entity tag of a response; parts may be joined only under one (RFC 9111 §3.4). */
export function strongTag(headers: HeaderList): string | undefined {
  const text = headers.get('ETag');
  const tag = text === undefined ? undefined : parseTag(text);
  return tag && !tag.weak ? text : undefined;
}
