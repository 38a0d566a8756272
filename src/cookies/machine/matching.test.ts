import { expect, test } from 'vitest';
import { publicSuffixes } from '../public-suffixes.ts';
import { defaultPath, domainMatches, isTrustworthy, pathMatches, placeOf } from './matching.ts';

test.each([
  ['shop.com', 'shop.com', true],
  ['www.shop.com', 'shop.com', true],
  ['a.b.shop.com', 'shop.com', true],
  ['shop.com', 'www.shop.com', false],
  ['myshop.com', 'shop.com', false],
  ['www.shop.com', 'com', true],
  ['127.0.0.1', '127.0.0.1', true],
  ['127.0.0.1', '0.0.1', false],
  ['[::1]', '[::1]', true],
  ['localhost', 'localhost', true],
  ['a.', '', false],
])('%s domain-matches %s: %s', (host, domain, matches) => {
  expect(domainMatches(host, domain)).toBe(matches);
});

test.each([
  ['/', '/'],
  ['', '/'],
  ['x', '/'],
  ['/a', '/'],
  ['/a/', '/a'],
  ['/a/b', '/a'],
  ['/a/b/c.html', '/a/b'],
])('the default path of %j is %j', (path, expected) => expect(defaultPath(path)).toBe(expected));

test.each([
  ['/', '/', true],
  ['/a', '/', true],
  ['/a', '/a', true],
  ['/a/b', '/a', true],
  ['/a/b', '/a/', true],
  ['/ab', '/a', false],
  ['/a', '/a/', false],
  ['/A', '/a', false],
  ['/', '/a', false],
])('%s path-matches %s: %s', (path, cookiePath, matches) => {
  expect(pathMatches(path, cookiePath)).toBe(matches);
});

test.each([
  ['https://www.shop.com/', true],
  ['http://www.shop.com/', false],
  ['http://localhost:8080/', true],
  ['http://a.localhost/', true],
  ['http://127.1.2.3/', true],
  ['http://[::1]/', true],
  ['http://128.0.0.1/', false],
  ['http://localhost.shop.com/', false],
])('%s may carry Secure cookies: %s', (url, trustworthy) => {
  expect(isTrustworthy(placeOf(url) ?? expect.fail())).toBe(trustworthy);
});

test.each([
  ['HTTP://WWW.Shop.COM:81/A?b#c', { host: 'www.shop.com', path: '/A', scheme: 'http' }],
  ['https://bücher.com', { host: 'xn--bcher-kva.com', path: '/', scheme: 'https' }],
  ['ftp://shop.com/', undefined],
  ['shop.com', undefined],
])('the place of %s', (url, place) => expect(placeOf(url)).toEqual(place));

test.each([
  ['com', true, 'com'],
  ['shop.com', false, 'shop.com'],
  ['www.shop.com', false, 'shop.com'],
  ['co.uk', true, 'co.uk'],
  ['a.shop.co.uk', false, 'shop.co.uk'],
  ['github.io', true, 'github.io'],
  ['ann.github.io', false, 'ann.github.io'],
  ['ck', true, 'ck'],
  ['foo.ck', true, 'foo.ck'],
  ['www.ck', false, 'www.ck'],
  ['localhost', true, 'localhost'],
  ['a.localhost', false, 'a.localhost'],
  ['test', true, 'test'],
  ['www.shop.test', false, 'shop.test'],
  ['printer.local', false, 'printer.local'],
  ['www.campus.edu', false, 'campus.edu'],
  ['www.own.internal', false, 'www.own.internal'],
  ['own.internal', true, 'own.internal'],
])('%s is a public suffix: %s, and its site is %s', (name, suffix, site) => {
  const suffixes = publicSuffixes(['own.internal']);
  expect([suffixes.isSuffix(name), suffixes.site(name)]).toEqual([suffix, site]);
});
