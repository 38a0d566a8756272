/** Takes an answer in: its body goes to whoever reads it, and into the store. */
import type { BodySource, ByteRange } from '../http/index.ts';
import type { Completing } from './asking.ts';
import { Fill } from './fill.ts';
import { strongTag } from './machine/conditions.ts';
import { sizeOf, withSegment } from './machine/segments.ts';
import type { CacheShared } from './shared.ts';
import { type Origin, StoredResponse } from './stored-response.ts';
import type { OriginAnswer } from './types.ts';
import { parseContentRange } from './wire/content-range.ts';

export interface Receiving {
  readonly origin: Origin;
  readonly answer: OriginAnswer;
  /** A stored part that this answer completes: all of it is handed on. */
  readonly completes?: Completing | undefined;
}

export interface Received {
  readonly stored: StoredResponse;
  /** What the client gets of it, as it comes. */
  readonly body: BodySource;
  /** It has broken off already, before a client was told anything. */
  readonly error: Error | undefined;
}

/** The response as it grows; it is whole already where all of the body had come with the head. */
export function receive(shared: CacheShared, { origin, answer, completes }: Receiving): Received {
  const { store, growing, counters } = shared;
  const stored = new StoredResponse(origin, shared.rules);
  const extent = completes ? wholeExtent(completes.stored) : extentOf(answer);
  stored.size = extent.size;
  const already = completes ? sizeOf(completes.stored.segments) : 0;
  let reserved = 0;
  const release = (): void => {
    store.release(reserved);
    reserved = 0;
  };
  const fill = new Fill(answer.body, {
    start: extent.start,
    length: extent.length,
    ...(completes && around(completes.stored, completes.gap)),
    keep(bytes) {
      const may = !stored.doomed && reserved + bytes <= store.largest && store.reserve(bytes);
      if (may) {
        reserved += bytes;
      } else {
        growing.remove(stored);
        release();
      }
      return may;
    },
    onOver(complete) {
      counters.bytesFromOrigin += fill.received - already;
      growing.remove(stored);
      release();
      const whole = complete && (extent.expected ?? fill.received) === fill.received;
      if (fill.kept && !stored.doomed) settle(shared, stored, fill, whole);
    },
  });
  stored.fill = fill;
  growing.add(stored);
  fill.begin();
  const isPart = answer.head.status === 206 && !completes;
  const whole = isPart ? undefined : stored.whole;
  return { stored, body: whole ?? fill.reader(), error: fill.error };
}

interface Extent {
  readonly start: number;
  readonly length: number | undefined;
  readonly size: number | undefined;
  /** Bytes that must have come for it to be whole. */
  readonly expected: number | undefined;
}

function extentOf({ head, body }: OriginAnswer): Extent {
  const range =
    head.status === 206 ? parseContentRange(head.headers.get('Content-Range') ?? '') : undefined;
  if (!range) return { start: 0, length: body.length, size: body.length, expected: body.length };
  const expected = range.end - range.start;
  return { start: range.start, length: body.length, size: range.size, expected };
}

function wholeExtent({ size }: StoredResponse): Extent {
  return { start: 0, length: size, size, expected: size };
}

/** What of the stored part stands before the gap, and what behind it. */
function around(
  { segments }: StoredResponse,
  gap: ByteRange,
): { readonly before: Uint8Array | undefined; readonly after: Uint8Array | undefined } {
  return {
    before: segments.find(({ start }) => start < gap.start)?.bytes,
    after: segments.find(({ start }) => start >= gap.end)?.bytes,
  };
}

/** The body is over: whole, or as far as it came, which can be used under a strong validator (§3.3). */
function settle(shared: CacheShared, stored: StoredResponse, fill: Fill, complete: boolean): void {
  const segment = fill.segment();
  const { start, bytes } = segment;
  const tag = strongTag(stored.headers);
  if (!complete && (tag === undefined || stored.size === undefined || bytes.length === 0)) return;
  if (start === 0 && complete && stored.size === undefined) stored.size = bytes.length;
  stored.segments = [segment];
  const earlier = tag === undefined ? undefined : samePart(shared, stored, tag);
  if (earlier && stored.whole === undefined) joinParts(stored, earlier);
  stored.fill = undefined;
  shared.store.put(stored);
}

/** Parts of the same representation that are stored already (RFC 9111 §3.4). */
function samePart(
  { store }: CacheShared,
  { url, varyKey, size }: StoredResponse,
  tag: string,
): StoredResponse | undefined {
  return store
    .get(url)
    .find((one) => one.varyKey === varyKey && one.size === size && strongTag(one.headers) === tag);
}

function joinParts(stored: StoredResponse, earlier: StoredResponse): void {
  const [own] = stored.segments;
  if (own) stored.segments = withSegment(earlier.segments, own);
}
