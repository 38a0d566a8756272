import { expect, test } from 'vitest';
import { base32, fromBase32 } from './base32.ts';
import { base64Url, fromBase64Url } from './base64.ts';
import { utf8 } from './bytes.ts';

/** RFC 4648 §10, without padding. */
test.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('base32 of %j is %s', (text, encoded) => {
  expect(base32(utf8(text))).toBe(encoded);
  expect(fromBase32(encoded)).toEqual(utf8(text));
});

test('as people copy it', () => {
  expect(fromBase32('mzxw 6ytb oi==')).toEqual(utf8('foobar'));
  expect(['A', 'ABC', 'M1', 'MZ=W', 'é'].map(fromBase32)).toEqual(Array(5).fill(undefined));
});

test('base64 for URLs has one text for each value', () => {
  const bytes = Uint8Array.of(251, 255, 254, 0);
  expect(base64Url(bytes)).toBe('-__-AA');
  expect(fromBase64Url('-__-AA')).toEqual(bytes);
  expect(['-__-AB', 'A', '+', 'AA=='].map(fromBase64Url)).toEqual(Array(4).fill(undefined));
});
