/** What fields of caches mean: tables. */
import { describe, expect, test } from 'vitest';
import { HeaderList } from '../../lib/ordered-headers.ts';
import { parseDirectives } from './cache-control.ts';
import { cacheDate } from './cache-date.ts';
import { cacheStatus } from './cache-status.ts';
import { contentRange, parseContentRange } from './content-range.ts';
import { ageValue, deltaSeconds } from './delta.ts';
import { endToEnd } from './hop-by-hop.ts';
import { parseDictionary, tokenOrString } from './structured.ts';
import { cacheTags } from './tags.ts';
import { selectingKey, varyNames } from './vary.ts';

const list = (...fields: [string, string][]): HeaderList => new HeaderList(fields);

describe('Cache-Control (RFC 9111 §5.2)', () => {
  const cases: readonly (readonly [string, Record<string, unknown>])[] = [
    ['max-age=5', { 'max-age': ['5'] }],
    ['MAX-AGE="5"', { 'max-age': ['5'] }],
    ['a, b ,,c=d', { a: [true], b: [true], c: ['d'] }],
    ['a=1, a=2, a', { a: ['1', '2', true] }],
    ['max-age =5', {}],
    ['max-age= 5', { 'max-age': [' 5'] }],
    ['=5, "x", x="y, z=1"', { x: ['y, z=1'] }],
    [String.raw`x="a\"b"`, { x: ['a"b'] }],
    ['x="never ends, no-store', { x: ['"never ends'], 'no-store': [true] }],
    ['', {}],
  ];
  test.each(cases)('%s', (value, directives) => {
    expect(Object.fromEntries(parseDirectives(value))).toEqual(directives);
  });

  test('a value made to be slow is not', () => {
    const began = process.cpuUsage().user;
    parseDirectives(String.raw`"\"`.repeat(20_000));
    parseDirectives('"'.repeat(60_001));
    parseDirectives(',\t'.repeat(30_000));
    expect(process.cpuUsage().user - began).toBeLessThan(2_000_000);
  });
});

test('seconds (§1.2.2)', () => {
  expect(
    ['0', '007', '2147483648', '99999999999', '-1', '1.0', '', '1a', '1e3'].map(deltaSeconds),
  ).toEqual([0, 7, 2 ** 31, 2 ** 31, undefined, undefined, undefined, undefined, undefined]);
});

test('Age (§5.1)', () => {
  const age = (...values: string[]) =>
    ageValue(new HeaderList(values.map((value) => ['Age', value])));
  expect(age()).toEqual({ age: 'none', listed: false });
  expect(age('5')).toEqual({ age: 5, listed: false });
  expect(age('5, 7')).toEqual({ age: 5, listed: true });
  expect(age('5', '7')).toEqual({ age: 5, listed: true });
  expect(age('old')).toEqual({ age: 'malformed', listed: false });
});

test('dates in any case, and in no other zone (§4.2)', () => {
  const at = Date.UTC(2026, 7, 18, 2, 1, 18);
  const dates = [
    ['Tue, 18 Aug 2026 02:01:18 GMT', at],
    ['TUE, 18 AUG 2026 02:01:18 gmt', at],
    ['tuesday, 18-aug-26 02:01:18 GMT', at],
    ['Tue Aug 18 02:01:18 2026', at],
    ['Tue, 18 Aug 2026 02:01:18 UTC', undefined],
    ['Tue 18 Aug 2026 02:01:18 GMT', undefined],
    ['Tue, 18 Aug 26 02:01:18 GMT', undefined],
    ['Tue, 18  Aug 2026 02:01:18 GMT', undefined],
    ['0', undefined],
    ['', undefined],
  ] as const;
  for (const [text, expected] of dates)
    expect([text, cacheDate(text, at)]).toEqual([text, expected]);
});

describe('dictionaries (RFC 9651 §3.2)', () => {
  const good: readonly (readonly [string, Record<string, unknown>])[] = [
    ['a', { a: true }],
    ['a=1, b=-2.5', { a: 1, b: -2.5 }],
    ['a=?0,b="x\\"y"', { a: false, b: 'x"y' }],
    ['a=tok/en:x', { a: 'tok/en:x' }],
    ['a=1;x=2;y, b;z="q"', { a: 1, b: true }],
    ['a=1, a=2', { a: 2 }],
    ['a=(1 2;x "y"), b=:YQ==:', { a: undefined, b: undefined }],
    ['  a \t,\t b ', { a: true, b: true }],
    ['', {}],
  ];
  test.each(good)('%s', (text, expected) => {
    const members = parseDictionary(text);
    const plain = [...(members ?? [])].map(([key, item]) => [
      key,
      'value' in item ? item.value : undefined,
    ]);
    expect(members && Object.fromEntries(plain)).toEqual(expected);
  });

  const bad = [
    'a,',
    ',a',
    'A=1',
    'a b',
    'a=',
    'a="x',
    'a=1.',
    'a=1.2345',
    'a=1234567890123456',
    'a=(1',
    'a=(1"2")',
    'a;',
    'a=é',
    'a=1;B',
    'a=?2',
    'a =1',
  ];
  test.each(bad)('not: %s', (text) => {
    expect(parseDictionary(text)).toBeUndefined();
  });
});

test('Cache-Status (RFC 9211 §2)', () => {
  expect(cacheStatus('edge', { ttl: 3.9 })).toBe('edge; hit; ttl=3');
  expect(cacheStatus('edge', { ttl: -0.5 })).toBe('edge; hit; ttl=-1');
  expect(
    cacheStatus('edge one', {
      fwd: 'stale',
      fwdStatus: 304,
      stored: true,
      collapsed: false,
      detail: 'a b',
    }),
  ).toBe('"edge one"; fwd=stale; fwd-status=304; stored; collapsed=?0; detail="a b"');
  expect(['a', 'a/b:c', '1a', '', 'a"b', 'é'].map(tokenOrString)).toEqual([
    'a',
    'a/b:c',
    '"1a"',
    '""',
    '"a\\"b"',
    '"?"',
  ]);
});

test('Content-Range (RFC 9110 §14.4)', () => {
  expect(parseContentRange('bytes 0-4/10')).toEqual({ start: 0, end: 5, size: 10 });
  expect(parseContentRange('BYTES 4-4/*')).toEqual({ start: 4, end: 5, size: undefined });
  for (const text of [
    'bytes */10',
    'bytes 5-4/10',
    'bytes 0-10/10',
    'lines 0-4/10',
    'bytes=0-4/10',
    'bytes 0-4',
    '',
  ]) {
    expect([text, parseContentRange(text)]).toEqual([text, undefined]);
  }
  expect(contentRange({ start: 0, end: 5 }, undefined)).toBe('bytes 0-4/*');
});

test('fields of one hop stay there (RFC 9110 §7.6.1)', () => {
  const headers = list(
    ['A', '1'],
    ['Connection', 'x, close'],
    ['X', '1'],
    ['Keep-Alive', '5'],
    ['Transfer-Encoding', 'chunked'],
    ['TE', 'y'],
    ['B', '2'],
  );
  expect([...endToEnd(headers, ['b'])]).toEqual([['A', '1']]);
  const clean = list(['A', '1']);
  expect(endToEnd(clean)).toBe(clean);
});

test('Vary (§4.1)', () => {
  expect(varyNames(list())).toEqual([]);
  expect(varyNames(list(['Vary', 'B, a'], ['vary', 'b,, c']))).toEqual(['a', 'b', 'c']);
  expect(varyNames(list(['Vary', ''], ['Vary', 'x, *']))).toBe('*');
  const key = (value: string) =>
    selectingKey(list(['Accept-Language', value], ['X', '1']), ['accept-language', 'x', 'y']);
  expect(key('de;q=0.50, EN')).toBe(key('en;q=1.000 ,de ; q=0.50'));
  expect(key('de')).not.toBe(key('en'));
});

test('tags, without doubles and bounded', () => {
  expect(cacheTags(list(['Cache-Tag', 'a, b'], ['Surrogate-Key', 'b c']))).toEqual(['a', 'b', 'c']);
  expect(
    cacheTags(list(['Cache-Tag', Array.from({ length: 500 }, (_, i) => `t${i}`).join()])),
  ).toHaveLength(128);
});
