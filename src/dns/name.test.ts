import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyName } from '../../test/fuzz/dns-arbitraries.ts';
import { ipv6Text, parseIPv6, reverseName } from './address.ts';
import { types } from './codes.ts';
import {
  isWithin,
  labelsOf,
  nameKey,
  parentName,
  parseName,
  plainName,
  sameName,
  wireLength,
} from './name.ts';

describe('parseName', () => {
  test.each([
    ['www.campus.edu', '.', 'www.campus.edu.'],
    ['www', 'campus.edu.', 'www.campus.edu.'],
    ['www.', 'campus.edu.', 'www.'],
    ['@', 'campus.edu.', 'campus.edu.'],
    ['.', 'campus.edu.', '.'],
    ['a\\.b.c', '.', 'a\\.b.c.'],
    ['\\065\\097.\\000', '.', 'Aa.\\000.'],
    ['a b', '.', 'a\\032b.'],
    ['a$b', '.', 'a\\$b.'],
  ])('%s in %s is %s', (text, origin, name) => {
    expect(parseName(text, origin)).toBe(name);
  });

  test.each([
    ['', /missing/],
    ['a..b', /empty label/],
    ['.a', /empty label/],
    ['a\\256', /wrong escape/],
    ['a\\', /wrong escape/],
    ['é', /not ASCII/],
    ['a'.repeat(64), /more than 63 octets/],
    ['abc.'.repeat(64), /more than 255 octets/],
  ])('refuses %s', (text, problem) => {
    expect(() => parseName(text)).toThrow(problem);
  });

  test('reads any name as it is written', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(parseName(name)).toBe(name);
        expect(wireLength(name)).toBeLessThanOrEqual(255);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });
});

describe('taking names apart', () => {
  test('labels and parents mind escapes', () => {
    expect(labelsOf('a\\.b.c.')).toEqual(['a\\.b', 'c']);
    expect(labelsOf('.')).toEqual([]);
    expect(parentName('a\\.b.c.')).toBe('c.');
    expect(parentName('c\\\\.d.')).toBe('d.');
    expect(parentName('c.')).toBe('.');
    expect(parentName('.')).toBeUndefined();
    expect(plainName('a.b.')).toBe('a.b');
  });

  test.each([
    ['www.campus.edu.', 'edu.', true],
    ['edu.', 'EDU.', true],
    ['WWW.Campus.edu.', 'campus.EDU.', true],
    ['xcampus.edu.', 'campus.edu.', false],
    ['a\\.campus.edu.', 'campus.edu.', false],
    ['a\\\\.campus.edu.', 'campus.edu.', true],
    ['edu.', 'campus.edu.', false],
    ['anything.', '.', true],
  ])('%s is within %s: %s', (name, zone, expected) => {
    expect(isWithin(name, zone)).toBe(expected);
  });

  test('case does not count (RFC 4343)', () => {
    expect(sameName('A.b.', 'a.B.')).toBe(true);
    expect(nameKey('A.B.')).toBe('a.b.');
  });
});

describe('addresses', () => {
  test.each([
    ['::', '::'],
    ['::1', '::1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['2001:DB8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['1::', '1::'],
    ['::ffff:127.0.0.1', '::ffff:7f00:1'],
  ])('%s is written %s (RFC 5952)', (text, canonical) => {
    expect(ipv6Text(parseIPv6(text) as Uint8Array)).toBe(canonical);
  });

  test.each([
    '',
    ':',
    ':::',
    '1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '::1::',
    '12345::',
    'g::',
    '1:2:3:4:5:6:7::8',
    '::1.2.3',
  ])('%s is no IPv6 address', (text) => {
    expect(parseIPv6(text)).toBeUndefined();
  });

  test('have names in the reverse tree', () => {
    expect(reverseName('127.20.3.80')).toBe('80.3.20.127.in-addr.arpa.');
    expect(reverseName('::1')).toBe(`1.${'0.'.repeat(31)}ip6.arpa.`);
    expect(reverseName('campus.edu')).toBeUndefined();
  });
});

test('types are read in any case, and by number', () => {
  expect(types.parse('mx')).toBe('MX');
  expect(types.parse('TYPE15')).toBe('MX');
  expect(types.parse('type65280')).toBe('TYPE65280');
  expect(types.parse('TYPE65536')).toBeUndefined();
  expect(types.parse('WHAT')).toBeUndefined();
  expect(types.number('TYPE4711')).toBe(4711);
});
