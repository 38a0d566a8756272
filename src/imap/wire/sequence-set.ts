/** Sets of numbers (RFC 9051 §9, sequence-set). */
import { SET_LIMIT } from '../defaults.ts';
import { badArgument } from '../errors.ts';
import type { NumberRange, SequenceSet } from '../types.ts';
import type { Scanner } from './scanner.ts';

/** `1,3:5,7:*`, or `$`. */
export function parseSet(scanner: Scanner): SequenceSet {
  return scanner.accept('$') ? '$' : parseRanges(scanner, true);
}

/** `1,3:5`; with `star`, `*` too. */
export function parseRanges(scanner: Scanner, star = false): NumberRange[] {
  const ranges: NumberRange[] = [];
  do {
    const from = parseNumber(scanner, star);
    const to = scanner.accept(':') ? parseNumber(scanner, star) : from;
    if (ranges.length >= SET_LIMIT) throw badArgument(`No more than ${SET_LIMIT} ranges in a set`);
    // The order of the two does not matter (§9, seq-range).
    ranges.push(from <= to ? [from, to] : [to, from]);
  } while (scanner.accept(','));
  return ranges;
}

function parseNumber(scanner: Scanner, star: boolean): number {
  if (star && scanner.accept('*')) return Number.POSITIVE_INFINITY;
  const { at } = scanner;
  const value = scanner.number('a number of a message');
  if (value === 0) throw badArgument('Messages are counted from 1', at);
  return value;
}

export function setText(set: SequenceSet): string {
  if (set === '$') return '$';
  const one = (n: number): string => (n === Number.POSITIVE_INFINITY ? '*' : String(n));
  return set.map(([from, to]) => (from === to ? one(from) : `${one(from)}:${one(to)}`)).join(',');
}

/** Numbers in ascending order as ranges. */
export function rangesOf(numbers: readonly number[]): NumberRange[] {
  const ranges: [number, number][] = [];
  for (const n of numbers) {
    const last = ranges.at(-1);
    if (last && n === last[1] + 1) last[1] = n;
    else if (!last || n > last[1]) ranges.push([n, n]);
  }
  return ranges;
}

/** Numbers, in whatever order, as a set's text that keeps it. */
export function numbersText(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < numbers.length; ) {
    const first = numbers[i] as number;
    let last = first;
    while (++i < numbers.length && numbers[i] === last + 1) last++;
    parts.push(first === last ? String(first) : `${first}:${last}`);
  }
  return parts.join(',');
}

/** Sorted, and none of them touches another: `*` is `largest`. */
export function normalRanges(ranges: readonly NumberRange[], largest: number): NumberRange[] {
  const numbers = (n: number): number => (n === Number.POSITIVE_INFINITY ? largest : n);
  // `5:*` is `3:5` where the largest is 3.
  const clear = ranges
    .map(([from, to]) => [numbers(from), numbers(to)] as const)
    .map(([a, b]): NumberRange => (a <= b ? [a, b] : [b, a]))
    .sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [from, to] of clear) {
    const last = merged.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** In ranges that are sorted. */
export function inRanges(ranges: readonly NumberRange[], value: number): boolean {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle] as NumberRange)[1] < value) low = middle + 1;
    else high = middle;
  }
  const found = ranges[low];
  return found !== undefined && found[0] <= value;
}
