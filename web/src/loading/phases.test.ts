import { describe, expect, it } from 'vitest';
import { type PageObject, shortName, spansOf, ticksOf } from './phases.ts';

const object = (more: Partial<PageObject>): PageObject => ({
  url: 'http://www.shop.com/',
  kind: 'page',
  status: 200,
  bytes: 10,
  type: 'text/html',
  startMs: 5,
  endMs: 30,
  timings: undefined,
  exchange: undefined,
  ...more,
});

describe('the phases of an object', () => {
  it('follow each other up to its end; what is before them is waiting for a connection', () => {
    const timings = {
      nameMs: 0,
      connectMs: 4,
      waitMs: 6,
      receiveMs: 5,
      reused: false,
      sentAt: 100,
    };
    expect(spansOf(object({ timings }))).toEqual([
      { phase: 'connect', from: 15, to: 19 },
      { phase: 'wait', from: 19, to: 25 },
      { phase: 'receive', from: 25, to: 30 },
    ]);
  });

  it('are one long wait where no answer came', () => {
    expect(spansOf(object({}))).toEqual([{ phase: 'wait', from: 5, to: 30 }]);
  });

  it('do not begin before it was asked for, however clocks were read', () => {
    const timings = { nameMs: 9, connectMs: 9, waitMs: 9, receiveMs: 0, reused: false, sentAt: 0 };
    expect(spansOf(object({ timings }))[0]).toEqual({ phase: 'name', from: 5, to: 14 });
  });
});

it.each([
  [25, 6, [0, 5, 10, 15, 20, 25]],
  [7.5, 6, [0, 2, 4, 6]],
  [2_300, 6, [0, 500, 1_000, 1_500, 2_000]],
  [0.4, 4, [0, 0.1, 0.2, 0.3, 0.4]],
  [0, 6, [0]],
])('an axis of %d ms has ticks', (total, most, ticks) => {
  const found = ticksOf(total, most);
  expect(found).toHaveLength(ticks.length);
  for (const [index, tick] of ticks.entries()) expect(found[index]).toBeCloseTo(tick, 9);
});

it.each([
  ['http://www.shop.com/', 'www.shop.com'],
  ['http://www.shop.com/bag.svg?size=2', '/bag.svg?size=2'],
  ['http://www.ads.com/banner', 'www.ads.com/banner'],
])('%s is called %s', (url, name) => {
  expect(shortName(url, 'http://www.shop.com/')).toBe(name);
});
