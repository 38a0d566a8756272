/** Lines between parts (RFC 2046 §5.1.1). */
import type { Entity } from './entity.ts';

export interface Delimiter {
  /** Which of the open entities is the multipart that it belongs to. */
  readonly level: number;
  readonly closing: boolean;
}

/**
 * The innermost multipart that this line belongs to: a boundary of one further out ends what is inside
 * (§5.1.2). The whole line must be the boundary, but for blanks: a longer one may be another's.
 */
export function delimiterIn(open: readonly Entity[], text: string): Delimiter | undefined {
  const line = text.slice(2).trimEnd();
  for (let level = open.length - 1; level >= 0; level--) {
    const { boundary, closed } = open[level] as Entity;
    if (boundary === undefined || closed || !line.startsWith(boundary)) continue;
    if (line.length === boundary.length) return { level, closing: false };
    if (line === `${boundary}--`) return { level, closing: true };
  }
  return undefined;
}
