import { describe, expect, it } from 'vitest';
import type { CacheEntryView } from '../../../src/internet/dashboard/api.ts';
import { leftAfter, lifetimeText, shareLeft, shownEntries, ttlText } from './cached.ts';

function entry(name: string, left: number, more: Partial<CacheEntryView> = {}): CacheEntryView {
  return {
    name,
    type: 'A',
    data: ['10.0.0.1'],
    left,
    ttl: 300,
    source: 'a.edu',
    stale: false,
    ...more,
  };
}

const ENTRIES = [
  entry('www.campus.edu.', 20, { type: 'CNAME', data: ['relay.campus.edu.'] }),
  entry('edu.', 80, { type: 'NS' }),
  entry('nothing.campus.edu.', 5, { denial: 'nxdomain', data: [] }),
  entry('shop.com.', 20),
];
const names = (text: string, order: 'name' | 'left' = 'name') =>
  shownEntries(ENTRIES, text, order).map(({ name }) => name);

describe('entries are shown', () => {
  it('by name from the right, or by the time that is left', () => {
    expect(names('')).toEqual(['shop.com.', 'edu.', 'nothing.campus.edu.', 'www.campus.edu.']);
    expect(names('', 'left')).toEqual([
      'nothing.campus.edu.',
      'shop.com.',
      'www.campus.edu.',
      'edu.',
    ]);
  });

  it.each([
    ['campus', ['nothing.campus.edu.', 'www.campus.edu.']],
    ['SHOP', ['shop.com.']],
    ['relay', ['www.campus.edu.']],
    ['nxdomain', ['nothing.campus.edu.']],
    ['campus cname', ['www.campus.edu.']],
    ['zzz', []],
  ])('that hold %j', (text, wanted) => {
    expect(names(text)).toEqual(wanted);
  });
});

it.each([
  [0, 20],
  [300, 20],
  [1_000, 19],
  [19_001, 1],
  [20_000, 0],
  [90_000, 0],
])('%d ms after the look, %d s are left', (elapsed, wanted) => {
  expect(leftAfter(entry('x.', 20), elapsed)).toBe(wanted);
});

it('the bar is a share of the lifetime', () => {
  expect(shareLeft(entry('x.', 75), 75)).toBe(0.25);
  expect(shareLeft(entry('x.', 0, { ttl: 0 }), 0)).toBe(0);
});

it.each([
  [lifetimeText(57), '57 s'],
  [lifetimeText(252), '4 min 12 s'],
  [lifetimeText(86_397), '23 h 59 min 57 s'],
  [ttlText(86_400), '24 h'],
  [ttlText(300), '5 min'],
  [ttlText(45), '45 s'],
  [ttlText(0), '0 s'],
])('%s', (text, wanted) => expect(text).toBe(wanted));
