/** What the origin is asked, beside what the client asks (RFC 9111 §3.3, §4.3.1). */
import type { ByteRange, Request, RequestHead, ResponseHead } from '../http/index.ts';
import { servingOf } from './answers.ts';
import type { Found } from './lookup.ts';
import { strongTag } from './machine/conditions.ts';
import { onlyGap } from './machine/segments.ts';
import { validationHead } from './machine/validation.ts';
import type { StoredResponse } from './stored-response.ts';
import { parseContentRange } from './wire/content-range.ts';

/** A stored part, and the one stretch that it lacks. */
export interface Completing {
  readonly stored: StoredResponse;
  readonly gap: ByteRange;
}

export type Asking =
  | { readonly kind: 'plain' }
  | {
      readonly kind: 'validate';
      readonly chosen: StoredResponse | undefined;
      readonly others: readonly StoredResponse[];
    }
  | { readonly kind: 'complete'; readonly completes: Completing };

export const PLAIN: Asking = { kind: 'plain' };

type Asked = Pick<Request, 'method' | 'target' | 'version' | 'headers'>;

export function askingFor(request: Asked, { match, others }: Found, now: number): Asking {
  if (request.method !== 'GET') return PLAIN;
  const completes = completable(request, match);
  if (completes) return { kind: 'complete', completes };
  const chosen =
    match && servingOf(match, request, now) && isValidatable(match) ? match : undefined;
  const variants = others.filter((one) => one.whole && isValidatable(one));
  return chosen || variants.length > 0 ? { kind: 'validate', chosen, others: variants } : PLAIN;
}

function isValidatable({ headers, fill }: StoredResponse): boolean {
  return !fill && (headers.has('ETag') || headers.has('Last-Modified'));
}

/** RFC 9111 §3.3: a part that one range makes whole, for a client that wants all of it. */
function completable(
  { headers }: Asked,
  match: StoredResponse | undefined,
): Completing | undefined {
  const conditional = ['Range', 'If-None-Match', 'If-Modified-Since'].some((name) =>
    headers.has(name),
  );
  if (!match || match.whole || match.fill || match.size === undefined || conditional) {
    return undefined;
  }
  if (strongTag(match.headers) === undefined) return undefined;
  const gap = onlyGap(match.segments, match.size);
  return gap && { stored: match, gap };
}

/** The client's head with the preconditions or the range that this takes. */
export function askingHead(
  { method, target, version, headers }: Asked,
  asking: Asking,
): RequestHead {
  const head: RequestHead = { method, target, version, headers };
  if (asking.kind === 'validate') return validationHead(head, asking.chosen, asking.others);
  if (asking.kind === 'plain') return head;
  const { stored, gap } = asking.completes;
  const last = gap.end === stored.size ? '' : gap.end - 1;
  const range = headers
    .with('Range', `bytes=${gap.start}-${last}`)
    .with('If-Range', strongTag(stored.headers) as string);
  return { ...head, headers: range };
}

/** Whether a 206 brings just the missing bytes of the same representation (RFC 9111 §3.4). */
export function isCompleted({ stored, gap }: Completing, head: ResponseHead): boolean {
  if (head.status !== 206 || strongTag(head.headers) !== strongTag(stored.headers)) return false;
  const range = parseContentRange(head.headers.get('Content-Range') ?? '');
  if (range?.start !== gap.start || range.end !== gap.end) return false;
  return range.size === undefined || range.size === stored.size;
}
