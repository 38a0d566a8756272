/** When a message is tried again (RFC 5321 §4.5.4.1). */
import { RETRY_JITTER } from '../defaults.ts';
import type { QueuedMessage, RetrySchedule } from '../types.ts';

/** The wait after so many attempts. `luck` is 0 to below 1. */
export function retryDelay(
  { firstMs, growth, mostMs }: RetrySchedule,
  attempts: number,
  luck: number,
): number {
  const plain = Math.min(mostMs, firstMs * growth ** Math.min(64, Math.max(0, attempts - 1)));
  return Math.round(plain * (1 + RETRY_JITTER * (2 * luck - 1)));
}

export function isExpired(
  { received }: QueuedMessage,
  { expiryMs }: RetrySchedule,
  now: number,
): boolean {
  return now - received >= expiryMs;
}

export function isLate(
  { received }: QueuedMessage,
  { delayNoticeMs }: RetrySchedule,
  now: number,
): boolean {
  return now - received >= delayNoticeMs;
}
