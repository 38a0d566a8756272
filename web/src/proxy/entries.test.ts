import { describe, expect, it } from 'vitest';
import { ageAfter, freshAfter, type ProxyEntry, shareFresh, shownEntries } from './entries.ts';

const entry = (more: Partial<ProxyEntry>): ProxyEntry => ({
  url: 'http://www.news.org/',
  vary: '',
  status: 200,
  type: 'text/html',
  size: 900,
  complete: true,
  storedAt: 0,
  age: 20,
  lifetime: 60,
  freshFor: 40,
  invalid: false,
  hits: 0,
  tags: [],
  ...more,
});

describe('freshness', () => {
  it('counts down, and the age up', () => {
    const fresh = entry({});
    expect([freshAfter(fresh, 0), freshAfter(fresh, 9_900), freshAfter(fresh, 70_000)]).toEqual([
      40, 31, -30,
    ]);
    expect(ageAfter(fresh, 9_900)).toBe(29);
  });

  it('is a share of the lifetime', () => {
    expect(shareFresh(entry({}), 10_000)).toBeCloseTo(0.5, 9);
    expect(shareFresh(entry({}), 90_000)).toBe(0);
    expect(shareFresh(entry({ lifetime: 0, age: 7, freshFor: -7 }), 0)).toBe(0);
  });
});

describe('what is shown', () => {
  const all = [
    entry({ url: 'http://b.org/', freshFor: 5, hits: 1, tags: ['front'] }),
    entry({ url: 'http://a.org/x.svg', freshFor: 90, hits: 3, type: 'image/svg+xml' }),
    entry({ url: 'http://c.org/', freshFor: -2, hits: 3 }),
  ];
  const urls = (text: string, order: 'url' | 'fresh' | 'hits') =>
    shownEntries(all, text, order).map(({ url }) => new URL(url).host);

  it.each([
    ['url', ['a.org', 'b.org', 'c.org']],
    ['fresh', ['c.org', 'b.org', 'a.org']],
    ['hits', ['a.org', 'c.org', 'b.org']],
  ] as const)('is ordered by %s', (order, expected) => {
    expect(urls('', order)).toEqual(expected);
  });

  it.each([
    ['SVG', ['a.org']],
    ['front b.org', ['b.org']],
    ['front a.org', []],
  ])('has all words of %j', (text, expected) => {
    expect(urls(text, 'url')).toEqual(expected);
  });
});
