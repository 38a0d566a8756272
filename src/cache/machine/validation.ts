/** Asking the origin whether stored responses are still good (RFC 9111 §4.3). */
import {
  type EntityTag,
  parseTag,
  type RequestHead,
  type ResponseHead,
  sameStrong,
  sameWeak,
} from '../../http/index.ts';
import type { HeaderList } from '../../lib/ordered-headers.ts';
import { VALIDATION_TAGS_LIMIT } from '../defaults.ts';

/** What of a stored response is compared. */
export interface Validated {
  readonly headers: HeaderList;
  /** Calendar milliseconds of its Date. */
  readonly date: number;
}

/**
 * The request with the validators of the stored responses. `chosen` is the one that would be used;
 * `others` are further variants of the URL, one of which the origin may name instead.
 */
export function validationHead(
  head: RequestHead,
  chosen: Validated | undefined,
  others: readonly Validated[],
): RequestHead {
  const stored = chosen ? [chosen, ...others] : others;
  const tags = new Set<string>();
  for (const { headers } of stored) {
    const tag = headers.get('ETag');
    if (tag !== undefined && tags.size < VALIDATION_TAGS_LIMIT) tags.add(tag);
  }
  const modified = chosen?.headers.get('Last-Modified');
  if (tags.size === 0 && modified === undefined) return head;
  let { headers } = head;
  const own = headers.joined('If-None-Match');
  headers = headers.without('If-None-Match', 'If-Modified-Since');
  if (tags.size > 0) {
    headers = headers.appended('If-None-Match', union(own, tags));
  } else if (own !== undefined) {
    headers = headers.appended('If-None-Match', own);
  }
  if (modified !== undefined) headers = headers.appended('If-Modified-Since', modified);
  return { ...head, headers };
}

/** The client's tags and ours: the answer tells which is meant (RFC 9111 §4.3.2). */
function union(own: string | undefined, tags: ReadonlySet<string>): string {
  const ours = [...tags].filter((tag) => own === undefined || !own.includes(tag));
  return [...(own === undefined || own === '*' ? [] : [own]), ...ours].join(', ');
}

/** Of the stored responses those that a 304 is about, and whether their heads are to be updated. */
export interface Freshening<T> {
  readonly chosen: T | undefined;
  /** Their head fields are to be updated from the answer. */
  readonly update: readonly T[];
}

/** RFC 9111 §4.3.4. `candidates`, the likeliest first, are those whose validators were sent. */
export function freshened<T extends Validated>(
  { headers }: Pick<ResponseHead, 'headers'>,
  candidates: readonly T[],
): Freshening<T> {
  const text = headers.get('ETag');
  const tag = parseTag(text ?? '');
  if (tag && !tag.weak) {
    const same = candidates.filter((stored) => sameStrong(tagOf(stored), tag));
    // The origin says that what we asked about is unchanged, and calls it otherwise: nothing of its
    // head is taken over, but the one response that can be meant was validated.
    if (same.length === 0) return { chosen: onlyOne(candidates), update: [] };
    return { chosen: same[0], update: same };
  }
  if (text !== undefined) {
    const same = candidates.filter((stored) => weaklySame(stored, text));
    const newest = same.reduce<T | undefined>(newer, undefined);
    return { chosen: newest, update: newest ? [newest] : [] };
  }
  const named = candidates.find((stored) => sameDate(stored, headers));
  return { chosen: named, update: named ? [named] : [] };
}

function onlyOne<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}

function newer<T extends Validated>(best: T | undefined, stored: T): T {
  return best && best.date >= stored.date ? best : stored;
}

function weaklySame(stored: Validated, tag: string): boolean {
  return stored.headers.get('ETag') === tag || sameWeak(tagOf(stored), parseTag(tag) ?? NO_TAG);
}

/** Without a tag the date tells; without either the answer is about the likeliest. */
function sameDate(stored: Validated, headers: HeaderList): boolean {
  const modified = headers.get('Last-Modified');
  const own = stored.headers.get('Last-Modified');
  return modified === undefined || own === undefined || own === modified;
}

const NO_TAG: EntityTag = { weak: true, opaque: '' };

function tagOf({ headers }: Validated): EntityTag {
  return parseTag(headers.get('ETag') ?? '') ?? { weak: true, opaque: `\0${headers.get('ETag')}` };
}

/** RFC 9111 §4.3.5: whether a HEAD's answer speaks of the same representation. */
export function sameByHead(
  stored: Validated,
  length: number | undefined,
  { headers }: Pick<ResponseHead, 'headers'>,
): boolean {
  for (const name of ['ETag', 'Last-Modified']) {
    const value = headers.get(name);
    if (value !== undefined && value !== stored.headers.get(name)) return false;
  }
  const declared = headers.get('Content-Length');
  return declared === undefined || length === undefined || Number(declared) === length;
}
