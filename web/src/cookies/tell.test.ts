import { describe, expect, it } from 'vitest';
import type { CookieView } from '../../../src/internet/dashboard/api-web.ts';
import { dataText, flagsOf, isThirdParty, scopeText, setByText, shortValue } from './tell.ts';

const cookie = (more: Partial<CookieView> = {}): CookieView => ({
  name: 'id',
  value: '7',
  domain: 'www.shop.com',
  hostOnly: true,
  path: '/',
  created: 0,
  secure: false,
  httpOnly: false,
  sameSite: 'default',
  ...more,
});

describe('a cookie', () => {
  it.each([
    [{}, 'www.shop.com'],
    [{ path: '/basket' }, 'www.shop.com, /basket'],
    [{ domain: 'shop.com', hostOnly: false }, 'shop.com and below'],
  ])('%j goes back to %s', (more, text) => {
    expect(scopeText(cookie(more))).toBe(text);
  });

  it.each([
    [{}, []],
    [
      { secure: true, httpOnly: true, sameSite: 'none' as const },
      ['HttpOnly', 'Secure', 'SameSite=None'],
    ],
    [{ sameSite: 'strict' as const }, ['SameSite=Strict']],
  ])('%j has flags', (more, flags) => {
    expect(flagsOf(cookie(more))).toEqual(flags);
  });

  it.each([
    [undefined, 'of an earlier day'],
    [{ url: 'http://www.shop.com/a' }, 'set by www.shop.com'],
    [{ url: 'http://img.shop.com/a', page: 'http://www.shop.com/' }, 'set by img.shop.com'],
    [
      { url: 'http://www.ads.com/a', page: 'http://www.shop.com/' },
      'set by www.ads.com, on a page of www.shop.com',
    ],
  ])('%j', (setBy, text) => {
    expect(setByText(cookie(setBy && { setBy }))).toBe(text);
  });

  it('has a long value cut', () => {
    expect(shortValue('short')).toBe('short');
    expect(shortValue('x'.repeat(40))).toMatch(/^x{25}…$/);
  });
});

it('a page of the same site is no third party', () => {
  expect(isThirdParty({ url: 'http://a.shop.com/' })).toBe(false);
  expect(isThirdParty({ url: 'http://a.shop.com/', page: 'http://b.shop.com/' })).toBe(false);
  expect(isThirdParty({ url: 'http://ads.com/', page: 'http://b.shop.com/' })).toBe(true);
});

it.each([
  ['ann', 'ann'],
  [['kettle', 'lamp'], 'kettle, lamp'],
  [[1, 2, 3, 4, 5, 6], '1, 2, 3, 4 and 2 more'],
  [{ kettle: 2, lamp: 1 }, 'kettle: 2, lamp: 1'],
  [[{ site: 'www.news.org', path: '/a', at: 7 }], 'www.news.org/a'],
  [{ site: 'www.news.org', deep: { a: 1 } }, 'site: www.news.org, deep: {"a":1}'],
  [null, 'null'],
])('%j is said', (value, text) => {
  expect(dataText(value)).toBe(text);
});
