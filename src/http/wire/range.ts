/** Byte ranges (RFC 9110 §14). */

/** From `start` to before `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The ranges of a Range field within `size` bytes, joined where they touch, in the order asked.
 * Undefined when the field must be ignored (another unit, wrong grammar, too many); empty when
 * none can be satisfied.
 */
export function parseRange(
  value: string,
  size: number,
  limit: number,
): readonly ByteRange[] | undefined {
  const match = /^bytes=(.*)$/i.exec(value);
  if (!match) return undefined;
  const specs = (match[1] as string).split(',').map((spec) => spec.replace(/^[ \t]+|[ \t]+$/g, ''));
  const wanted = specs.filter((spec) => spec !== '');
  if (wanted.length === 0 || wanted.length > limit) return undefined;
  const ranges: ByteRange[] = [];
  for (const spec of wanted) {
    const range = parseSpec(spec, size);
    if (!range) return undefined;
    if (range.start < range.end) ranges.push(range);
  }
  return joined(ranges);
}

/** An empty range for one that can't be satisfied, undefined for wrong grammar. */
function parseSpec(spec: string, size: number): ByteRange | undefined {
  const match = /^(\d*)-(\d*)$/.exec(spec);
  if (!match) return undefined;
  const [, first, last] = match as unknown as [string, string, string];
  if (first === '' && last === '') return undefined;
  if (first === '') return { start: Math.max(0, size - Number(last)), end: size };
  if (last !== '' && Number(last) < Number(first)) return undefined;
  const end = last === '' ? size : Math.min(size, Number(last) + 1);
  return { start: Math.min(Number(first), end), end };
}

/** Ranges that overlap or touch become one, in the place of the first (RFC 9110 §15.3.7.2). */
function joined(ranges: readonly ByteRange[]): ByteRange[] {
  const result: ByteRange[] = [];
  for (const range of ranges) {
    let { start, end } = range;
    let at = result.length;
    for (let i = result.length - 1; i >= 0; i--) {
      const other = result[i] as ByteRange;
      if (start > other.end || end < other.start) continue;
      start = Math.min(start, other.start);
      end = Math.max(end, other.end);
      result.splice(i, 1);
      at = i;
    }
    result.splice(at, 0, { start, end });
  }
  return result;
}
