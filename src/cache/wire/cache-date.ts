/** Dates as caches compare them: any case, and no zone but GMT (RFC 9111 §4.2). */
import { parseDate } from '../../http/index.ts';

/** Milliseconds since 1970; undefined for what is no date. */
export function cacheDate(text: string, now: number): number | undefined {
  return parseDate(text, now) ?? parseDate(usualCase(text), now);
}

/** `THU, 18 AUG 2050 02:01:18 gmt` as it is written in the grammar. */
function usualCase(text: string): string {
  return text
    .toLowerCase()
    .replace(/[a-z]+/g, (word) =>
      word === 'gmt' ? 'GMT' : word.charAt(0).toUpperCase() + word.slice(1),
    );
}
