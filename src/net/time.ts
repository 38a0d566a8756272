import { deferred } from '../lib/deferred.ts';
import type { Clock } from './types.ts';

/** What the calendar says now on this host, in milliseconds since 1970 (UTC). */
export function calendar(clock: Pick<Clock, 'now' | 'epoch'>): number {
  return clock.epoch + clock.now();
}

/** Resolves after `ms` on this clock. */
export function sleep(clock: Clock, ms: number): Promise<void> {
  const done = deferred<void>();
  clock.setTimer(ms, () => done.resolve());
  return done.promise;
}
