/** Parts of a body: which are there, which are missing, and how they are joined (RFC 9111 §3.4). */
import type { ByteRange } from '../../http/index.ts';
import { concat } from '../../lib/bytes.ts';
import type { Segment } from '../types.ts';

const endOf = ({ start, bytes }: Segment): number => start + bytes.length;

/** With one more: in order, joined where they touch. What was there before is kept where both have it. */
export function withSegment(segments: readonly Segment[], more: Segment): readonly Segment[] {
  if (more.bytes.length === 0) return segments;
  const before = segments.filter((one) => endOf(one) < more.start);
  const after = segments.filter((one) => one.start > endOf(more));
  const touching = segments.filter((one) => endOf(one) >= more.start && one.start <= endOf(more));
  return [...before, joined([...touching, more]), ...after];
}

function joined(parts: readonly Segment[]): Segment {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const start = Math.min(...parts.map((one) => one.start));
  const bytes = new Uint8Array(Math.max(...parts.map(endOf)) - start);
  // The newest comes last in the list; the ones before were there first and are laid over it.
  for (const one of [...parts].reverse()) bytes.set(one.bytes, one.start - start);
  return { start, bytes };
}

/** The bytes of a range, when one segment has them all. */
export function bytesOf(
  segments: readonly Segment[],
  { start, end }: ByteRange,
): Uint8Array | undefined {
  const holder = segments.find((one) => one.start <= start && endOf(one) >= end);
  return holder?.bytes.subarray(start - holder.start, end - holder.start);
}

/** The one stretch that is missing of `size` bytes; undefined when there are several or none. */
export function onlyGap(segments: readonly Segment[], size: number): ByteRange | undefined {
  const gaps: ByteRange[] = [];
  let at = 0;
  for (const one of segments) {
    if (one.start > at) gaps.push({ start: at, end: one.start });
    at = endOf(one);
  }
  if (at < size) gaps.push({ start: at, end: size });
  return gaps.length === 1 ? gaps[0] : undefined;
}

/** All of it, when nothing is missing. */
export function wholeOf(
  segments: readonly Segment[],
  size: number | undefined,
): Uint8Array | undefined {
  const [first] = segments;
  if (size === undefined) return undefined;
  if (size === 0) return concat([]);
  return first && first.start === 0 && first.bytes.length === size ? first.bytes : undefined;
}

export function sizeOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
