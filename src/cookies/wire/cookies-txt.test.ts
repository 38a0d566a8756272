import { describe, expect, test } from 'vitest';
import type { Cookie } from '../types.ts';
import { cookieField, cookieValue, parseCookies } from './cookie-field.ts';
import { formatCookiesTxt, parseCookiesTxt } from './cookies-txt.ts';

const COOKIE: Cookie = {
  name: 'id',
  value: '1678',
  domain: 'shop.com',
  hostOnly: false,
  path: '/',
  expires: 2_000_000_000_000,
  secure: false,
  httpOnly: false,
  sameSite: 'default',
  created: 5,
  used: 5,
};
const LINE = '.shop.com\tTRUE\t/\tFALSE\t2000000000\tid\t1678';

describe('a line of cookies.txt', () => {
  test.each<[string, Partial<Cookie>]>([
    [LINE, {}],
    [`#HttpOnly_${LINE}`, { httpOnly: true }],
    [
      'www.shop.com\tFALSE\t/\tFALSE\t2000000000\tid\t1678',
      { hostOnly: true, domain: 'www.shop.com' },
    ],
    ['.shop.com\tTRUE\t/\tTRUE\t0\tid\t1678', { secure: true, expires: undefined }],
    ['.shop.com\tTRUE\t/a\tFALSE\t2000000000\tid\t', { path: '/a', value: '' }],
    ['.shop.com\tTRUE\t/a\tFALSE\t2000000000\tid', { path: '/a', value: '' }],
    ['.shop.com\tTRUE\t/\tFALSE\t2000000000\t\t1678', { name: '' }],
    ['.shop.com\tTRUE\t/\tFALSE\t2000000000\tid\ta\tb', { value: 'a\tb' }],
    ['.Shop.COM\tTRUE\t/\tFALSE\t2000000000\tid\t1678', {}],
    ['.shop.com\tTRUE\t/\tFALSE\t-1\tid\t1678', { expires: -1000 }],
    [`#^ SameSite=none Created=1 Used=2\n${LINE}`, { sameSite: 'none', created: 1, used: 2 }],
    [`# remark\n\n${LINE}\r\n`, {}],
  ])('%j', (text, expected) => {
    expect(parseCookiesTxt(text, 5)).toEqual({
      cookies: [{ ...COOKIE, ...expected }],
      problems: [],
    });
  });

  test.each([
    ['shop.com', /7 fields/],
    ['.shop.com TRUE / FALSE 0 id 1678', /7 fields/],
    ['\tTRUE\t/\tFALSE\t0\tid\t1', /no domain/],
    ['shop com\tTRUE\t/\tFALSE\t0\tid\t1', /no domain/],
    ['.shop.com\tyes\t/\tFALSE\t0\tid\t1', /neither TRUE nor FALSE/],
    ['.shop.com\tTRUE\tx\tFALSE\t0\tid\t1', /no path/],
    ['.shop.com\tTRUE\t/\t1\t0\tid\t1', /neither TRUE nor FALSE/],
    ['.shop.com\tTRUE\t/\tFALSE\tsoon\tid\t1', /no time/],
    ['.shop.com\tTRUE\t/\tFALSE\t0\t\t', /neither a name nor a value/],
  ])('%j is told with its line', (text, message) => {
    const { cookies, problems } = parseCookiesTxt(`# head\n${text}\n${LINE}`, 5);
    expect(cookies).toEqual([COOKIE]);
    expect(problems).toEqual([{ line: 2, message: expect.stringMatching(message) }]);
  });

  test('what is written is read again, but for names with a tab', () => {
    const all: Cookie[] = [
      COOKIE,
      { ...COOKIE, name: '', httpOnly: true, expires: undefined },
      {
        ...COOKIE,
        domain: '127.0.0.1',
        hostOnly: true,
        sameSite: 'strict',
        secure: true,
        path: '/a b',
      },
    ];
    const text = formatCookiesTxt([...all, { ...COOKIE, name: 'a\tb' }]);
    expect(text).toMatch(/^# Netscape HTTP Cookie File\n/);
    expect(parseCookiesTxt(text, 99)).toEqual({ cookies: all, problems: [] });
  });

  test('a file that is too long is read in part', () => {
    const { cookies, problems } = parseCookiesTxt(`${LINE}\n`.repeat(20_000), 5);
    expect(cookies).toHaveLength(13_200);
    expect(problems).toEqual([{ line: 13_201, message: expect.stringContaining('is not read') }]);
  });
});

describe('the Cookie field', () => {
  test.each([
    [undefined, []],
    ['', []],
    ['a=b', [['a', 'b']]],
    [
      'a=b; c=d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a=b;c=d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [' a = b ', [['a', 'b']]],
    [
      'a=1; a=2',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
    ['a', [['', 'a']]],
    ['=a', [['', 'a']]],
    ['a=b=c', [['a', 'b=c']]],
    ['a="b"', [['a', '"b"']]],
    [';;a=b;;', [['a', 'b']]],
  ])('%j', (text, pairs) => expect(parseCookies(text)).toEqual(pairs));

  test('is written with nameless ones as their value, and the first of a name counts', () => {
    const text = cookieField([COOKIE, { name: '', value: 'x' }, { name: 'id', value: '2' }]);
    expect(text).toBe('id=1678; x; id=2');
    expect([cookieValue(text, 'id'), cookieValue(text, ''), cookieValue(text, 'no')]).toEqual([
      '1678',
      'x',
      undefined,
    ]);
  });

  test('no more are read than a client may send', () => {
    expect(parseCookies('a=b;'.repeat(1000))).toHaveLength(180);
  });
});
