import { beforeEach, describe, expect, test } from 'vitest';
import { CookieJar } from './jar.ts';
import type { CookieContext } from './types.ts';

const DAY = 86_400_000;
const SHOP = 'http://www.shop.com/';
const SAFE_SHOP = 'https://www.shop.com/';
const NEWS: CookieContext = { siteUrl: 'http://www.news.org/' };
const SAFE_NEWS: CookieContext = { siteUrl: 'https://www.news.org/' };
const LINK: CookieContext = { ...NEWS, topLevel: true };

let now: number;
let jar: CookieJar;
beforeEach(() => {
  now = Date.UTC(2026, 0, 1);
  jar = new CookieJar({ now: () => now });
});

/** `stored`, `replaced`, `deleted` or the code of the refusal. */
function outcome(url: string, text: string, context: CookieContext = {}): string {
  const decision = jar.set(url, text, context);
  return decision.kind === 'refused' ? decision.code : decision.kind;
}

describe('what is taken', () => {
  test.each<[string, string, CookieContext | undefined, string]>([
    [SHOP, 'a=b', undefined, 'stored'],
    [SHOP, 'b', undefined, 'stored'],
    [SHOP, 'a=b; Domain=shop.com', undefined, 'stored'],
    [SHOP, 'a=b; Domain=www.shop.com', undefined, 'stored'],
    [SHOP, 'a=b; Domain=a.www.shop.com', undefined, 'COOKIE_OTHER_DOMAIN'],
    [SHOP, 'a=b; Domain=news.org', undefined, 'COOKIE_OTHER_DOMAIN'],
    [SHOP, 'a=b; Domain=op.com', undefined, 'COOKIE_OTHER_DOMAIN'],
    [SHOP, 'a=b; Domain=com', undefined, 'COOKIE_PUBLIC_SUFFIX'],
    [SHOP, 'a=b; Domain=.', undefined, 'stored'],
    [SHOP, 'a=b; Domain=bücher.com', undefined, 'COOKIE_DOMAIN_NOT_ASCII'],
    ['http://a.shop.co.uk/', 'a=b; Domain=co.uk', undefined, 'COOKIE_PUBLIC_SUFFIX'],
    ['http://localhost/', 'a=b', undefined, 'stored'],
    ['http://localhost/', 'a=b; Domain=localhost', undefined, 'stored'],
    ['http://localhost:8080/', 'a=b; Secure', undefined, 'stored'],
    ['http://shop.test/', 'a=b; Domain=shop.test', undefined, 'stored'],
    ['http://shop.test/', 'a=b; Domain=test', undefined, 'COOKIE_PUBLIC_SUFFIX'],
    ['http://printer.local/', 'a=b; Domain=printer.local', undefined, 'stored'],
    ['http://127.0.0.1/', 'a=b', undefined, 'stored'],
    ['http://127.0.0.1/', 'a=b; Domain=127.0.0.1', undefined, 'stored'],
    ['http://127.0.0.1/', 'a=b; Domain=0.0.1', undefined, 'COOKIE_OTHER_DOMAIN'],
    ['http://[::1]/', 'a=b', undefined, 'stored'],
    ['ftp://shop.com/', 'a=b', undefined, 'COOKIE_BAD_URL'],
    ['no url', 'a=b', undefined, 'COOKIE_BAD_URL'],
    [SHOP, 'a=b; Path=/elsewhere', undefined, 'stored'],
    [SHOP, 'a=b; Secure', undefined, 'COOKIE_NOT_SECURE'],
    [SAFE_SHOP, 'a=b; Secure', undefined, 'stored'],
    [SHOP, 'a=b; HttpOnly', { api: 'script' }, 'COOKIE_HTTP_ONLY'],
    [SHOP, 'a=b; HttpOnly', undefined, 'stored'],
    [SHOP, 'a=b; SameSite=Strict', undefined, 'stored'],
    [SHOP, 'a=b', NEWS, 'COOKIE_CROSS_SITE'],
    [SHOP, 'a=b; SameSite=Lax', NEWS, 'COOKIE_CROSS_SITE'],
    [SHOP, 'a=b; SameSite=Strict', LINK, 'stored'],
    [SHOP, 'a=b; SameSite=None', NEWS, 'COOKIE_NONE_NOT_SECURE'],
    [SHOP, 'a=b; SameSite=None', undefined, 'COOKIE_NONE_NOT_SECURE'],
    [SAFE_SHOP, 'a=b; SameSite=None; Secure', SAFE_NEWS, 'stored'],
    [SHOP, 'a=b', { siteUrl: 'http://img.shop.com/' }, 'stored'],
    [SHOP, 'a=b', { siteUrl: 'https://www.shop.com/' }, 'COOKIE_CROSS_SITE'],
    [SHOP, 'a=b', { siteUrl: 'about:blank' }, 'COOKIE_CROSS_SITE'],
    [SHOP, '__Secure-a=b', undefined, 'COOKIE_SECURE_PREFIX'],
    [SAFE_SHOP, '__Secure-a=b', undefined, 'COOKIE_SECURE_PREFIX'],
    [SAFE_SHOP, '__SECURE-a=b', undefined, 'COOKIE_SECURE_PREFIX'],
    [SAFE_SHOP, '__Secure-a=b; Secure', undefined, 'stored'],
    [SAFE_SHOP, '__Host-a=b; Secure; Path=/', undefined, 'stored'],
    [SAFE_SHOP, '__Host-a=b; Secure', undefined, 'COOKIE_HOST_PREFIX'],
    [SAFE_SHOP, '__Host-a=b; Path=/', undefined, 'COOKIE_HOST_PREFIX'],
    [SAFE_SHOP, '__host-a=b; Secure; Path=/; Domain=shop.com', undefined, 'COOKIE_HOST_PREFIX'],
    [SAFE_SHOP, '__Host-a=b; Secure; Path=/a', undefined, 'COOKIE_HOST_PREFIX'],
    [SAFE_SHOP, '=__Host-a=b; Secure; Path=/', undefined, 'COOKIE_HIDDEN_PREFIX'],
    [SAFE_SHOP, '__Secure-a', undefined, 'COOKIE_HIDDEN_PREFIX'],
    [SHOP, 'a=b; Max-Age=0', undefined, 'deleted'],
    [SHOP, 'a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT', undefined, 'deleted'],
    [SHOP, 'a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=9', undefined, 'stored'],
    [SHOP, 'a=\u0007', undefined, 'COOKIE_CONTROL_CHARACTER'],
    [SHOP, '', undefined, 'COOKIE_EMPTY'],
  ])('from %s: %j with %o: %s', (url, text, context, expected) => {
    expect(outcome(url, text, context)).toBe(expected);
  });

  test('a refusal says why, and where that is written', () => {
    const told: unknown[] = [];
    jar = new CookieJar({ now: () => now, onDecision: (...what) => told.push(what) });
    expect(jar.set(SHOP, 'track=1; Domain=com')).toEqual({
      kind: 'refused',
      name: 'track',
      code: 'COOKIE_PUBLIC_SUFFIX',
      why: 'its Domain is a public suffix, which belongs to nobody',
      spec: 'RFC 6265bis §5.7',
    });
    expect(told).toEqual([[expect.objectContaining({ code: 'COOKIE_PUBLIC_SUFFIX' }), SHOP, {}]]);
  });

  test('a Secure cookie is left alone by who is not', () => {
    jar.set(SAFE_SHOP, 'a=good; Secure; Path=/login; Domain=shop.com');
    expect(outcome(SHOP, 'a=bad; Path=/login')).toBe('COOKIE_OVERLAYS_SECURE');
    expect(outcome(SHOP, 'a=bad; Path=/login/x; Domain=shop.com')).toBe('COOKIE_OVERLAYS_SECURE');
    expect(outcome(SHOP, 'a=bad; Path=/')).toBe('stored');
    expect(outcome(SHOP, 'b=bad; Path=/login')).toBe('stored');
    expect(outcome('http://news.org/', 'a=other; Path=/login')).toBe('stored');
    expect(outcome(SAFE_SHOP, 'a=better; Path=/login; Domain=shop.com')).toBe('replaced');
  });

  test('an HttpOnly cookie is not replaced by a script', () => {
    jar.set(SHOP, 'a=1; HttpOnly');
    expect(outcome(SHOP, 'a=2', { api: 'script' })).toBe('COOKIE_HTTP_ONLY');
    expect(outcome(SHOP, 'a=2')).toBe('replaced');
  });

  test('nobody is believed for more than 400 days', () => {
    jar.set(SHOP, 'a=1; Max-Age=99999999999999999999');
    jar.set(SHOP, 'b=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT');
    expect(jar.all().map(({ expires }) => expires)).toEqual([now + 400 * DAY, now + 400 * DAY]);
  });
});

describe('what goes back', () => {
  test.each<[string, string, string, CookieContext | undefined, boolean]>([
    [SHOP, 'a=b', SHOP, undefined, true],
    [SHOP, 'a=b', 'http://www.shop.com:8080/deep/er?x', undefined, true],
    [SHOP, 'a=b', 'http://shop.com/', undefined, false],
    [SHOP, 'a=b', 'http://x.www.shop.com/', undefined, false],
    [SHOP, 'a=b; Domain=shop.com', 'http://img.shop.com/', undefined, true],
    [SHOP, 'a=b; Domain=shop.com', 'http://shop.com/', undefined, true],
    [SHOP, 'a=b; Domain=shop.com', 'http://notshop.com/', undefined, false],
    ['http://www.shop.com/a/b', 'a=b', 'http://www.shop.com/a/c', undefined, true],
    ['http://www.shop.com/a/b', 'a=b', SHOP, undefined, false],
    [SHOP, 'a=b; Path=/a', 'http://www.shop.com/ab', undefined, false],
    [SAFE_SHOP, 'a=b; Secure', SHOP, undefined, false],
    [SAFE_SHOP, 'a=b; Secure', SAFE_SHOP, undefined, true],
    [SAFE_SHOP, 'a=b', SHOP, undefined, true],
    ['http://localhost/', 'a=b; Secure', 'http://localhost:81/', undefined, true],
    [SHOP, 'a=b; HttpOnly', SHOP, { api: 'script' }, false],
    [SHOP, 'a=b', SHOP, NEWS, false],
    [SHOP, 'a=b', SHOP, LINK, true],
    [SHOP, 'a=b', SHOP, { ...LINK, method: 'POST' }, false],
    [SHOP, 'a=b; SameSite=Strict', SHOP, LINK, false],
    [SHOP, 'a=b; SameSite=Strict', SHOP, { siteUrl: 'http://shop.com/x' }, true],
    [SHOP, 'a=b; SameSite=Strict', SHOP, undefined, true],
    [SAFE_SHOP, 'a=b; SameSite=None; Secure', SAFE_SHOP, SAFE_NEWS, true],
    [SAFE_SHOP, 'a=b; SameSite=None; Secure', SAFE_SHOP, { ...SAFE_NEWS, method: 'POST' }, true],
    [
      'http://a.github.io/',
      'a=b',
      'http://a.github.io/',
      { siteUrl: 'http://b.github.io/' },
      false,
    ],
  ])('from %s: %j to %s with %o: %s', (from, text, to, context, goes) => {
    expect(jar.set(from, text).kind).toBe('stored');
    expect(jar.cookieHeader(to, context) !== undefined).toBe(goes);
  });

  test('longer paths first, then the older ones; setting anew keeps the age', () => {
    for (const text of ['a=1', 'b=2', 'c=3; Path=/x', 'd=4']) {
      jar.set(SHOP, text);
      now++;
    }
    jar.set(SHOP, 'a=5');
    expect(jar.cookieHeader('http://www.shop.com/x/y')).toBe('c=3; a=5; b=2; d=4');
  });

  test('what stays behind has its reason', () => {
    jar.set(SAFE_SHOP, 'a=b; Secure');
    jar.set(SHOP, 'c=d; Path=/x');
    const { sent, withheld } = jar.select(SHOP);
    expect(sent).toEqual([]);
    expect(withheld.map(({ cookie, reason }) => [cookie.name, reason.code])).toEqual([
      ['a', 'COOKIE_NOT_SECURE'],
      ['c', 'COOKIE_OTHER_PATH'],
    ]);
  });

  test('after its time nothing does', () => {
    jar.set(SHOP, 'a=1; Max-Age=60');
    now += 59_999;
    expect(jar.cookieHeader(SHOP)).toBe('a=1');
    now += 1;
    expect(jar.cookieHeader(SHOP)).toBeUndefined();
    expect(jar.all()).toEqual([]);
  });

  test('host-only cookies and those of a domain stand side by side', () => {
    jar.set(SHOP, 'a=host');
    jar.set(SHOP, 'a=domain; Domain=www.shop.com');
    expect(jar.cookieHeader(SHOP)).toBe('a=host; a=domain');
    expect(outcome(SHOP, 'a=; Max-Age=0')).toBe('deleted');
    expect(jar.cookieHeader(SHOP)).toBe('a=domain');
  });
});

describe('sites within sites', () => {
  const AD = 'http://www.ads.com/banner.svg';

  test('as before 2020 cookies follow everywhere; blocked, nowhere but at home', () => {
    jar = new CookieJar({ now: () => now, legacySameSite: true });
    expect(outcome(AD, 'id=7', NEWS)).toBe('stored');
    expect(jar.cookieHeader(AD, { siteUrl: SHOP })).toBe('id=7');
    const strict = new CookieJar({ now: () => now, legacySameSite: true, thirdParty: 'block' });
    expect(strict.set(AD, 'id=7', NEWS)).toMatchObject({ code: 'COOKIE_THIRD_PARTY' });
    expect(strict.set(AD, 'id=7').kind).toBe('stored');
    expect(strict.cookieHeader(AD, NEWS)).toBeUndefined();
    expect(strict.cookieHeader(AD, { ...NEWS, topLevel: true })).toBe('id=7');
    expect(strict.cookieHeader(AD)).toBe('id=7');
  });

  test('the user may think otherwise at any time', () => {
    jar = new CookieJar({ now: () => now, legacySameSite: true });
    jar.set(AD, 'id=7', NEWS);
    jar.thirdParty = 'block';
    expect(jar.thirdParty).toBe('block');
    expect(jar.cookieHeader(AD, NEWS)).toBeUndefined();
    expect(outcome(AD, 'id=8', NEWS)).toBe('COOKIE_THIRD_PARTY');
    jar.thirdParty = 'allow';
    expect(jar.cookieHeader(AD, NEWS)).toBe('id=7');
  });

  test('SameSite keeps its meaning then too', () => {
    jar = new CookieJar({ now: () => now, legacySameSite: true });
    expect(outcome(AD, 'id=7; SameSite=Lax', NEWS)).toBe('COOKIE_CROSS_SITE');
    expect(outcome(AD, 'id=7; SameSite=None', NEWS)).toBe('stored');
  });
});

describe('the limits', () => {
  test('of a domain: what is not Secure goes first, the least used of it', () => {
    jar = new CookieJar({ now: () => now, limits: { perDomain: 3 } });
    jar.set(SAFE_SHOP, 'safe=1; Secure');
    for (const name of ['a', 'b', 'c']) {
      now++;
      jar.set(SAFE_SHOP, `${name}=1; Path=/${name}`);
    }
    expect(jar.all().map(({ name }) => name)).toEqual(['safe', 'b', 'c']);
    now++;
    jar.cookieHeader('https://www.shop.com/b');
    now++;
    jar.set(SAFE_SHOP, 'd=1');
    expect(jar.all().map(({ name }) => name)).toEqual(['safe', 'b', 'd']);
  });

  test('of the jar', () => {
    jar = new CookieJar({ now: () => now, limits: { total: 10 } });
    for (let i = 0; i < 30; i++) {
      now++;
      jar.set(`http://s${i}.com/`, 'a=b');
    }
    expect(jar.all().map(({ domain }) => domain)).toEqual(
      Array.from({ length: 10 }, (_, i) => `s${20 + i}.com`),
    );
  });

  test('as given, hold against a flood', () => {
    for (let i = 0; i < 1000; i++) jar.set(SHOP, `c${i}=x`);
    expect(jar.all()).toHaveLength(180);
  });
});

describe('a jar in a file', () => {
  test('is the same when it is opened again', () => {
    jar.set(SAFE_SHOP, 'a=1; Secure; HttpOnly; SameSite=None; Domain=shop.com; Max-Age=3600');
    jar.set(SHOP, 'session=2');
    jar.set('http://127.0.0.1/', 'x');
    const again = new CookieJar({ now: () => now });
    expect(again.load(jar.save())).toEqual([]);
    expect(again.all()).toEqual(jar.all());
  });

  test('has nothing that expired, nor more time than 400 days', () => {
    const line = (time: number) => `shop.com\tFALSE\t/\tFALSE\t${time}\tn${time}\tv`;
    jar.load(`${line(1)}\n${line(9_999_999_999)}`);
    expect(jar.all()).toMatchObject([{ name: 'n9999999999', expires: now + 400 * DAY }]);
  });

  test('forgets what was for the session, one, or all', () => {
    jar.set(SHOP, 'a=1');
    jar.set(SHOP, 'b=1; Max-Age=60');
    jar.set(SHOP, 'c=1; Max-Age=60');
    jar.endSession();
    const [b] = jar.all();
    expect(jar.all().map(({ name }) => name)).toEqual(['b', 'c']);
    expect([b && jar.delete(b), b && jar.delete(b)]).toEqual([true, false]);
    jar.clear();
    expect(jar.all()).toEqual([]);
  });
});
