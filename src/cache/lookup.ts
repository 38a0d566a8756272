/** Which of the responses of a URL answers a request (RFC 9111 §4, §4.1). */
import type { HeaderList } from '../lib/ordered-headers.ts';
import type { StoredResponse } from './stored-response.ts';
import { selectingKey } from './wire/vary.ts';

export interface Found {
  /** The one that the request selects, whatever its age. */
  readonly match: StoredResponse | undefined;
  /** Other variants of the same URL. */
  readonly others: readonly StoredResponse[];
}

const NONE: Found = { match: undefined, others: [] };

export function find(candidates: readonly StoredResponse[], request: HeaderList): Found {
  if (candidates.length === 0) return NONE;
  let match: StoredResponse | undefined;
  const others: StoredResponse[] = [];
  for (const stored of candidates) {
    if (!selects(stored, request)) others.push(stored);
    else if (!match || better(stored, match)) match = stored;
  }
  return { match, others };
}

function selects({ vary, varyKey }: StoredResponse, request: HeaderList): boolean {
  return vary.length === 0 || selectingKey(request, vary) === varyKey;
}

/** One that says what it varies by goes before one that does not; then the most recent (§4.1). */
function better(one: StoredResponse, other: StoredResponse): boolean {
  if (one.vary.length > 0 !== other.vary.length > 0) return one.vary.length > 0;
  return one.date === other.date ? one.storedAt > other.storedAt : one.date > other.date;
}
