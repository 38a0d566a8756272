/** The head of a stored response: what is kept, and what a newer head changes (RFC 9111 §3.1, §3.2). */
import { formatDate } from '../../http/index.ts';
import { type HeaderField, HeaderList } from '../../lib/ordered-headers.ts';
import { cacheDate } from '../wire/cache-date.ts';
import { connectionFields, endToEnd } from '../wire/hop-by-hop.ts';

/** Age is kept as a number and written anew; the length is the body's own. */
const NOT_KEPT = ['age', 'content-length'];

/**
 * Those that say how the stored bytes are to be read, or which they are: the bytes stay, so these do
 * too (RFC 9111 §3.2).
 */
const BODY_BOUND: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-length',
  'content-range',
  'content-md5',
  'content-digest',
  'etag',
]);

/** The fields of a response as they are stored; `withheld` are lower-case names. */
export function storedFields(
  headers: HeaderList,
  withheld: readonly string[],
  receivedAt: number,
): HeaderList {
  const kept = endToEnd(headers, [...NOT_KEPT, ...withheld]);
  if (cacheDate(kept.get('Date') ?? '', receivedAt) !== undefined) return kept;
  // RFC 9110 §6.6.1: who stores a response without a date gives it one.
  return kept.with('Date', formatDate(receivedAt));
}

/** The stored fields with those of a newer head put in their places. */
export function updatedFields(
  stored: HeaderList,
  newer: HeaderList,
  withheld: readonly string[],
): HeaderList {
  const dropped = connectionFields(newer);
  const news: HeaderField[] = [];
  const renewed = new Set<string>(withheld);
  for (const field of newer) {
    const name = field[0].toLowerCase();
    if (dropped.has(name) || NOT_KEPT.includes(name) || BODY_BOUND.has(name)) continue;
    renewed.add(name);
    if (!withheld.includes(name)) news.push(field);
  }
  const old = [...stored].filter(([name]) => !renewed.has(name.toLowerCase()));
  return new HeaderList([...old, ...news]);
}
