import { expect, test } from 'vitest';
import { utf8 } from '../../lib/bytes.ts';
import { seededRandom } from '../../net/index.ts';
import { Attempts } from './attempts.ts';
import { Nonces } from './nonces.ts';

const NOW = Date.UTC(2026, 0, 1);
const random = seededRandom('nonces');
const luck = (length: number) => random.bytes(length);
const make = (more = {}) => new Nonces({ secret: utf8('secret'), ...more });

test('a nonce is known again by its maker alone, until its time is over', () => {
  const nonce = make().issue(NOW, luck);
  expect(make().check(nonce, NOW + 300_000)).toBe('good');
  expect(make().check(nonce, NOW + 300_001)).toBe('stale');
  expect(new Nonces({ secret: utf8('other') }).check(nonce, NOW)).toBe('bad');
  expect(make().issue(NOW, luck)).not.toBe(nonce);
});

test.each(['', 'x', 'A'.repeat(43), 'ä', '='.repeat(43)])('%j is none', (text) => {
  expect(make().check(text, NOW)).toBe('bad');
});

test('each count is taken once, also when requests overtake each other', () => {
  const nonces = make();
  const nonce = nonces.issue(NOW, luck);
  const takes = [
    1,
    2,
    2,
    5,
    3,
    4,
    4,
    1,
    40,
    8,
    9,
    9,
    40,
    2 ** 31,
    2 ** 31 - 1,
    2 ** 31 - 32,
    2 ** 31,
  ];
  expect(takes.map((count) => nonces.use(nonce, count))).toEqual([
    ...[true, true, false, true, true, true, false, false],
    ...[true, false, true, false, false],
    ...[true, true, false, false],
  ]);
});

test('a nonce that was forgotten is stale: its counts can not be used again', () => {
  const nonces = make({ limit: 2 });
  const [a, b, c] = [0, 1, 2].map((ms) => nonces.issue(NOW + ms, luck)) as [string, string, string];
  for (const nonce of [a, b, c]) expect(nonces.use(nonce, 1)).toBe(true);
  expect([a, b, c].map((nonce) => nonces.check(nonce, NOW + 5))).toEqual(['stale', 'good', 'good']);
  expect(nonces.check(nonces.issue(NOW + 5, luck), NOW + 5)).toBe('good');
});

test('who fails five times waits a minute', () => {
  const attempts = new Attempts();
  for (let i = 0; i < 4; i++) attempts.failed('a', 1000);
  expect(attempts.waitMs('a', 1000)).toBe(0);
  attempts.failed('a', 2000);
  expect([attempts.waitMs('a', 2000), attempts.waitMs('b', 2000)]).toEqual([60_000, 0]);
  expect(attempts.waitMs('a', 61_999)).toBe(1);
  expect(attempts.waitMs('a', 62_000)).toBe(0);
  attempts.failed('a', 62_000);
  expect(attempts.waitMs('a', 62_000)).toBe(0);
  for (let i = 0; i < 4; i++) attempts.failed('a', 62_000);
  attempts.passed('a');
  expect(attempts.waitMs('a', 62_000)).toBe(0);
});

test('failures of no more keys are remembered than fit', () => {
  const attempts = new Attempts({ remembered: 2, allowed: 1 });
  for (const key of ['a', 'b', 'a', 'c']) attempts.failed(key, 0);
  expect(['a', 'b', 'c'].map((key) => attempts.waitMs(key, 0) > 0)).toEqual([true, false, true]);
});
