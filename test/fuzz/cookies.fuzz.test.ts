/** Cookies: any text is taken or refused; what is written is read again. */
import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  CookieJar,
  formatCookiesTxt,
  parseCookieDate,
  parseCookies,
  parseCookiesTxt,
  parseSetCookie,
  setCookie,
} from '../../src/cookies/index.ts';
import { fromLatin1 } from '../../src/lib/bytes.ts';
import { fuzz, SEED } from './mutate.ts';

const TIME = 120_000;
const NOW = Date.UTC(2026, 0, 1);

it('Set-Cookie: a jar stays within its limits and sends what a field may hold', {
  timeout: TIME,
}, () => {
  const jar = new CookieJar({ now: () => NOW, limits: { perDomain: 8, total: 20 } });
  fuzz(
    [
      'id=1678; Domain=shop.com; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=None',
      '__Host-a=b; Path=/; Secure; Expires=Thu, 01 Jan 2026 00:00:10 GMT',
      'a="b c"; path=/x; samesite=lax',
    ],
    [
      '=',
      ';',
      '; ',
      'Domain=',
      'Expires=',
      'Max-Age=',
      '.',
      '\t',
      '\0',
      '"',
      '__proto__=',
      '-1',
      '\xe9',
    ],
    (bytes) => {
      const text = fromLatin1(bytes);
      const url = bytes.length % 2 === 0 ? 'https://www.shop.com/x/y' : 'http://shop.com/';
      const decision = jar.set(
        url,
        text,
        bytes.length % 3 === 0 ? { siteUrl: 'http://news.org/' } : {},
      );
      if (decision.kind === 'refused') notEqual(decision.why, '');
      ok(jar.all().length <= 20);
      match(jar.cookieHeader(url) ?? '', /^[\t\x20-\x7e\x80-\xff]*$/);
    },
    20_000,
  );
});

it('Cookie fields and dates', { timeout: TIME }, () => {
  fuzz(
    ['a=b; c=d', 'Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT'],
    ['=', ';', ' ', ':', '-', '99', 'feb', '\0', '31'],
    (bytes) => {
      const text = fromLatin1(bytes);
      for (const [name, value] of parseCookies(text)) {
        expect(`${name}=${value}`).not.toContain(';');
      }
      const date = parseCookieDate(text);
      if (date !== undefined) equal(parseCookieDate(new Date(date).toUTCString()), date);
    },
  );
});

it('cookies.txt: what was read is written and read the same', { timeout: TIME }, () => {
  fuzz(
    [
      '#HttpOnly_.shop.com\tTRUE\t/\tFALSE\t2000000000\tid\t1678',
      '#^ SameSite=lax Created=1 Used=2\nx\tFALSE\t/\tTRUE\t0\ta\tb',
    ],
    ['\t', '\n', '#', 'TRUE', 'FALSE', '0', '-1', '/', '.', '\r\n', '#HttpOnly_', '\0'],
    (bytes) => {
      const { cookies } = parseCookiesTxt(fromLatin1(bytes), 7);
      const kept = cookies.filter(({ expires }) => expires !== 0);
      deepEqual(parseCookiesTxt(formatCookiesTxt(kept), 9).cookies, kept);
    },
    30_000,
  );
});

const octets = fc.stringMatching(/^[!#-+\--:<-[\]-~]{0,40}$/);
const token = fc.stringMatching(/^[a-zA-Z0-9!#$%&'*+.^`|~][\w-]{0,20}$/);

it('what a server writes is what a client reads', () => {
  fc.assert(
    fc.property(
      token,
      octets,
      fc.record({
        maxAge: fc.maxSafeInteger(),
        expires: fc.integer({ min: 0, max: 4_000_000_000 }).map((s) => s * 1000),
        path: fc.stringMatching(/^\/[a-z/%.-]{0,20}$/),
        httpOnly: fc.boolean(),
        secure: fc.constant(true),
        sameSite: fc.constantFrom('strict' as const, 'lax' as const, 'none' as const),
      }),
      (name, value, attributes) => {
        const read = parseSetCookie(setCookie(name, value, attributes));
        deepEqual(read, { name, value, domain: undefined, ...attributes });
      },
    ),
    { seed: SEED },
  );
});
