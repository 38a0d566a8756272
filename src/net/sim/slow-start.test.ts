import { expect, test } from 'vitest';
import { INITIAL_WINDOW, SEGMENT } from './defaults.ts';
import { SlowStart } from './slow-start.ts';

const RTT = 100;
const RTO = 200;

/** Sends whole windows that leave within a millisecond; gives their sizes. */
function rounds(slow: SlowStart, from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const now = from + i * RTT;
    const allowed = slow.allowance(now, RTT, RTO);
    slow.begin(now, allowed);
    slow.done(now + 1);
    expect(slow.allowance(now + 1, RTT, RTO)).toBe(0);
    expect(slow.nextRound(RTT)).toBe(now + RTT);
    return allowed;
  });
}

test('the window doubles each round trip, and a loss halves it', () => {
  const slow = new SlowStart();
  expect(rounds(slow, 0, 4)).toEqual([1, 2, 4, 8].map((times) => times * INITIAL_WINDOW));
  slow.lost(350);
  expect(slow.allowance(350, RTT, RTO)).toBe(4 * INITIAL_WINDOW);
});

test('it never falls below two segments', () => {
  const slow = new SlowStart();
  slow.allowance(0, RTT, RTO);
  slow.begin(0, 1);
  for (let i = 0; i < 10; i++) slow.lost(1);
  expect(slow.allowance(1, RTT, RTO)).toBe(2 * SEGMENT);
});

test('it grows by what was sent, not by time', () => {
  const slow = new SlowStart();
  slow.allowance(0, RTT, RTO);
  slow.begin(0, 1000);
  slow.done(1);
  expect(slow.allowance(1, RTT, RTO)).toBe(INITIAL_WINDOW - 1000);
  expect(slow.allowance(100, RTT, RTO)).toBe(INITIAL_WINDOW + 1000);
});

test('a window that takes longer than a round trip to leave limits no more', () => {
  const slow = new SlowStart();
  slow.allowance(0, RTT, RTO);
  slow.begin(0, INITIAL_WINDOW);
  slow.done(120);
  expect(slow.allowance(120, RTT, RTO)).toBe(Number.POSITIVE_INFINITY);
});
