/** Numbers of seconds as caches read them (RFC 9111 §1.2.2, §5.1). */
import type { HeaderList } from '../../lib/ordered-headers.ts';
import { DELTA_SECONDS_LIMIT } from '../defaults.ts';

/** A non-negative whole number of seconds, at most 2^31; undefined for anything else. */
export function deltaSeconds(text: string): number | undefined {
  return /^[0-9]+$/.test(text) ? Math.min(Number(text), DELTA_SECONDS_LIMIT) : undefined;
}

/** What an Age field says: seconds, nothing at all, or nonsense. */
export type AgeValue = number | 'none' | 'malformed';

/** The first member counts (RFC 9111 §5.1); `listed` tells that there were others. */
export function ageValue(headers: HeaderList): {
  readonly age: AgeValue;
  readonly listed: boolean;
} {
  const value = headers.joined('Age');
  if (value === undefined) return { age: 'none', listed: false };
  const [first = '', ...others] = value.split(',');
  const age = deltaSeconds(first.trim()) ?? 'malformed';
  return { age, listed: others.length > 0 };
}
