import { expect, test } from 'vitest';
import { isAddress, parseAddress, splitAddresses } from './addresses.ts';

test.each<[string, readonly string[]]>([
  ['', []],
  ['ann@x.org', ['ann@x.org']],
  ['Ann <ann@x.org>, bob@y.org; ', ['Ann <ann@x.org>', 'bob@y.org']],
  ['"Adams, Ann" <ann@x.org>,,bob', ['"Adams, Ann" <ann@x.org>', 'bob']],
  ['"open', ['"open']],
])('%s is parted', (text, parts) => {
  expect(splitAddresses(text)).toEqual(parts);
});

test.each<[string, string | null, string, boolean]>([
  ['ann@x.org', null, 'ann@x.org', true],
  ['Ann Adams <ann@x.org>', 'Ann Adams', 'ann@x.org', true],
  ['"Adams, \\"A\\"" <ann@x.org>', 'Adams, "A"', 'ann@x.org', true],
  ['ann', null, 'ann', false],
  ['Ann <>', 'Ann', '', false],
  ['a@b@c', null, 'a@b@c', false],
])('%s is read', (text, name, email, right) => {
  expect(parseAddress(text)).toEqual({ name, email });
  expect(isAddress(parseAddress(text))).toBe(right);
});
