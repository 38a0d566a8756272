import { describe, expect, test } from 'vitest';
import type { ReceivedCookie } from '../types.ts';
import { parseSetCookie, setCookie } from './set-cookie.ts';

const PLAIN: ReceivedCookie = {
  name: 'a',
  value: 'b',
  expires: undefined,
  maxAge: undefined,
  domain: undefined,
  path: undefined,
  secure: false,
  httpOnly: false,
  sameSite: 'default',
};

describe('read as browsers read it', () => {
  test.each<[string, Partial<ReceivedCookie>]>([
    ['a=b', {}],
    [' a = b ', {}],
    ['\ta\t=\tb\t', {}],
    ['a=b;', {}],
    ['a=b;;;', {}],
    ['a=b; unknown=1', {}],
    ['a=b=c', { value: 'b=c' }],
    ['a="b"', { value: '"b"' }],
    ['a="b;c"', { value: '"b' }],
    ['a=b c', { value: 'b c' }],
    ['a=b\tc', { value: 'b\tc' }],
    ['a=b,c', { value: 'b,c' }],
    ['a=', { value: '' }],
    ['=b', { name: '' }],
    ['b', { name: '' }],
    ['a b=b', { name: 'a b' }],
    ['a=é', { value: 'é' }],
    ['a=b; Secure', { secure: true }],
    ['a=b;secure=no', { secure: true }],
    ['a=b; HttpOnly', { httpOnly: true }],
    ['a=b; HTTPONLY; SECURE', { httpOnly: true, secure: true }],
    ['a=b; Path=/x', { path: '/x' }],
    ['a=b; Path=x', {}],
    ['a=b; Path=', {}],
    ['a=b; Path=/x; Path=y', {}],
    ['a=b; Path=/x; Path=/y', { path: '/y' }],
    ['a=b; Domain=Shop.COM', { domain: 'shop.com' }],
    ['a=b; Domain=.shop.com', { domain: 'shop.com' }],
    ['a=b; Domain=..shop.com', { domain: '.shop.com' }],
    ['a=b; Domain=', {}],
    ['a=b; Domain=shop.com; Domain=', {}],
    ['a=b; Domain=a.com; Domain=b.com', { domain: 'b.com' }],
    ['a=b; Max-Age=60', { maxAge: 60 }],
    ['a=b; max-age=-1', { maxAge: -1 }],
    ['a=b; Max-Age=0', { maxAge: 0 }],
    ['a=b; Max-Age=1.5', {}],
    ['a=b; Max-Age=1e3', {}],
    ['a=b; Max-Age=+1', {}],
    ['a=b; Max-Age=', {}],
    ['a=b; Max-Age=60; Max-Age=x', { maxAge: 60 }],
    ['a=b; Expires=Thu, 01 Jan 1970 00:00:10 GMT', { expires: 10_000 }],
    ['a=b; Expires=never', {}],
    ['a=b; Expires=Thu, 01 Jan 1970 00:00:10 GMT; Expires=never', { expires: 10_000 }],
    ['a=b; SameSite=Strict', { sameSite: 'strict' }],
    ['a=b; SameSite=LAX', { sameSite: 'lax' }],
    ['a=b; samesite = none ', { sameSite: 'none' }],
    ['a=b; SameSite', {}],
    ['a=b; SameSite=Strict; SameSite=other', {}],
    ['a=b; __proto__=1; constructor=2', {}],
    [`a=b; Path=/${'x'.repeat(1023)}`, { path: `/${'x'.repeat(1023)}` }],
    [`a=b; Path=/${'x'.repeat(1024)}`, {}],
    [`a=${'x'.repeat(4095)}`, { value: 'x'.repeat(4095) }],
  ])('%j', (text, expected) => {
    expect(parseSetCookie(text)).toEqual({ ...PLAIN, ...expected });
  });

  test.each([
    ['', 'COOKIE_EMPTY'],
    ['=', 'COOKIE_EMPTY'],
    ['; Secure', 'COOKIE_EMPTY'],
    [' = ; Path=/', 'COOKIE_EMPTY'],
    ['a=b\u0000c', 'COOKIE_CONTROL_CHARACTER'],
    ['a\u0001=b', 'COOKIE_CONTROL_CHARACTER'],
    ['a=b\u007f', 'COOKIE_CONTROL_CHARACTER'],
    ['a=b; Path=/\r\n', 'COOKIE_CONTROL_CHARACTER'],
    [`a=${'x'.repeat(4096)}`, 'COOKIE_TOO_LARGE'],
    [`${'x'.repeat(4097)}`, 'COOKIE_TOO_LARGE'],
    [`a=${'é'.repeat(2048)}`, 'COOKIE_TOO_LARGE'],
  ])('%j is refused', (text, code) => expect(parseSetCookie(text)).toMatchObject({ code }));
});

describe('written as the grammar asks', () => {
  test('every attribute, and read again', () => {
    const text = setCookie('id', '1678', {
      expires: 10_000,
      maxAge: 60,
      domain: 'shop.com',
      path: '/basket',
      secure: true,
      httpOnly: true,
      sameSite: 'none',
    });
    expect(text).toBe(
      'id=1678; Expires=Thu, 01 Jan 1970 00:00:10 GMT; Max-Age=60; Domain=shop.com; Path=/basket; Secure; HttpOnly; SameSite=None',
    );
    expect(parseSetCookie(text)).toEqual({
      name: 'id',
      value: '1678',
      expires: 10_000,
      maxAge: 60,
      domain: 'shop.com',
      path: '/basket',
      secure: true,
      httpOnly: true,
      sameSite: 'none',
    });
  });

  test.each<[string, string, Parameters<typeof setCookie>[2], RegExp]>([
    ['', 'b', {}, /no name/],
    ['a b', 'b', {}, /no name/],
    ['a;', 'b', {}, /no name/],
    ['a', 'b c', {}, /encode it/],
    ['a', 'b;c', {}, /encode it/],
    ['a', 'b\r\nX: y', {}, /encode it/],
    ['a', '"', {}, /encode it/],
    ['a', 'é', {}, /encode it/],
    ['a', 'x'.repeat(4096), {}, /longer than 4096/],
    ['a', 'b', { path: 'x' }, /no path/],
    ['a', 'b', { path: '/;x' }, /no path/],
    ['a', 'b', { domain: 'a;b' }, /no domain/],
    ['a', 'b', { maxAge: 1.5 }, /whole number/],
    ['a', 'b', { expires: Number.NaN }, /years 1 to 9999/],
    ['a', 'b', { sameSite: 'none' }, /together with secure/],
    ['__Secure-a', 'b', {}, /must be Secure/],
    ['__host-a', 'b', { secure: true }, /Path=\//],
    ['__Host-a', 'b', { secure: true, path: '/', domain: 'a.com' }, /without Domain/],
  ])('%j=%j %o is refused', (name, value, attributes, message) => {
    expect(() => setCookie(name, value, attributes)).toThrow(message);
  });

  test('prefixes that keep their promise', () => {
    expect(setCookie('__Host-a', '"b"', { secure: true, path: '/' })).toBe(
      '__Host-a="b"; Path=/; Secure',
    );
    expect(setCookie('__Secure-a', '', { secure: true })).toBe('__Secure-a=; Secure');
  });
});
