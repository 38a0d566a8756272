/** Content-Range of one part (RFC 9110 §14.4). */
import type { ByteRange } from '../../http/index.ts';

export interface ContentRange extends ByteRange {
  /** Of the whole representation; undefined where the sender does not say. */
  readonly size: number | undefined;
}

/** Undefined for other units, for `bytes *` and for what makes no sense. */
export function parseContentRange(value: string): ContentRange | undefined {
  const match = /^bytes[ \t]+([0-9]{1,15})-([0-9]{1,15})\/(\*|[0-9]{1,15})$/i.exec(value);
  if (!match) return undefined;
  const [start, last] = [Number(match[1]), Number(match[2])];
  const size = match[3] === '*' ? undefined : Number(match[3]);
  if (last < start || (size !== undefined && last >= size)) return undefined;
  return { start, end: last + 1, size };
}

/** `bytes 0-4/10` */
export function contentRange({ start, end }: ByteRange, size: number | undefined): string {
  return `bytes ${start}-${end - 1}/${size ?? '*'}`;
}
