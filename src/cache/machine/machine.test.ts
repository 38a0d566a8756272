/** Decisions by themselves: tables, and parts of bodies against a plain array. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HeaderList } from '../../lib/ordered-headers.ts';
import { NO_DEMANDS } from './demands.ts';
import { initialAge, lifetimeOf } from './freshness.ts';
import { invalidated, isSafe, sameOrigin } from './invalidation.ts';
import { policyOf } from './policy.ts';
import { insteadOfError, reuse } from './reuse.ts';
import { bytesOf, onlyGap, sizeOf, wholeOf, withSegment } from './segments.ts';
import { updatedFields } from './updating.ts';
import { freshened, validationHead } from './validation.ts';

const NOW = Date.UTC(2026, 0, 2);
const list = (fields: Record<string, string>): HeaderList => HeaderList.from(fields);

describe('freshness (RFC 9111 §4.2)', () => {
  const day = 86_400;
  const cases: readonly (readonly [Record<string, string>, number, string, number])[] = [
    [{ 'Cache-Control': 's-maxage=1, max-age=2', Expires: '0' }, 200, 's-maxage', 1],
    [{ 'Cache-Control': 'max-age=2', Expires: '0' }, 200, 'max-age', 2],
    [{ 'Cache-Control': 'max-age=x', Expires: 'Fri, 02 Jan 2026 01:00:00 GMT' }, 200, 'max-age', 0],
    [{ Expires: 'Fri, 02 Jan 2026 01:00:00 GMT' }, 200, 'Expires', 3600],
    [
      { Expires: 'Fri, 02 Jan 2026 01:00:00 GMT', Date: 'Fri, 02 Jan 2026 00:30:00 GMT' },
      200,
      'Expires',
      1800,
    ],
    [{ Expires: 'soon' }, 200, 'Expires', 0],
    [{ 'Last-Modified': 'Thu, 01 Jan 2026 00:00:00 GMT' }, 200, 'heuristic', day / 10],
    [{ 'Last-Modified': 'Sun, 01 Jan 2006 00:00:00 GMT' }, 404, 'heuristic', day],
    [{ 'Last-Modified': 'Sat, 03 Jan 2026 00:00:00 GMT' }, 200, 'heuristic', 0],
    [{ 'Last-Modified': 'Thu, 01 Jan 2026 00:00:00 GMT' }, 302, 'none', 0],
    [{}, 200, 'none', 0],
  ];
  test.each(cases)('%j with %i: %s %i', (fields, status, from, seconds) => {
    const headers = list(fields);
    expect(lifetimeOf(status, headers, policyOf(headers, []), NOW)).toMatchObject({
      from,
      ms: seconds * 1000,
    });
  });

  test('age (§4.2.3): the larger of what Date and what Age and the way say', () => {
    expect(initialAge(list({}), NOW - 2000, NOW)).toBe(2000);
    expect(initialAge(list({ Age: '10' }), NOW - 2000, NOW)).toBe(12_000);
    expect(initialAge(list({ Age: '10', Date: 'Thu, 01 Jan 2026 23:59:00 GMT' }), NOW, NOW)).toBe(
      60_000,
    );
    expect(initialAge(list({ Date: 'Fri, 02 Jan 2026 01:00:00 GMT' }), NOW, NOW)).toBe(0);
    expect(initialAge(list({ Age: 'old' }), NOW, NOW, 'stale')).toBe(Number.POSITIVE_INFINITY);
    expect(initialAge(list({ Age: '1, 2' }), NOW, NOW, 'stale')).toBe(Number.POSITIVE_INFINITY);
  });
});

test('targeted fields in the order of the list (RFC 9213 §2.2)', () => {
  const targets = ['Mine-Cache-Control', 'CDN-Cache-Control'];
  const source = (fields: Record<string, string>) => policyOf(list(fields), targets);
  expect(
    source({ 'CDN-Cache-Control': 'max-age=1', 'Mine-Cache-Control': 'max-age=2' }),
  ).toMatchObject({ source: 'mine-cache-control', maxAge: 2 });
  expect(
    source({ 'CDN-Cache-Control': 'max-age=1', 'Mine-Cache-Control': 'max age' }),
  ).toMatchObject({ source: 'cdn-cache-control', maxAge: 1 });
  expect(source({ 'Cache-Control': 'no-store', 'CDN-Cache-Control': 'none' })).toMatchObject({
    source: 'cdn-cache-control',
    noStore: false,
  });
  expect(
    source({ 'Cache-Control': 'max-age=3', 'CDN-Cache-Control': 'max-age=1.5, no-store=?0' }),
  ).toMatchObject({ maxAge: undefined, noStore: false });
  expect(source({ 'CDN-Cache-Control': 'private="a, B", no-cache' })).toMatchObject({
    isPrivate: false,
    withheld: ['a', 'b'],
    noCache: true,
  });
  expect(policyOf(list({ 'CDN-Cache-Control': 'no-store' }), [])).toMatchObject({ noStore: false });
});

test('every reason for asking has its word and its section', () => {
  const stored = (value: string, lifetime = 10_000) => ({
    policy: policyOf(list({ 'Cache-Control': value }), []),
    lifetime,
    invalid: false,
  });
  const cases = [
    [reuse(stored(''), 5000, NO_DEMANDS), 'fresh', 'hit'],
    [reuse({ ...stored(''), invalid: true }, 5000, NO_DEMANDS), 'validate', 'invalidated'],
    [reuse(stored('no-cache'), 5000, NO_DEMANDS), 'validate', 'no-cache'],
    [reuse(stored(''), 5000, { ...NO_DEMANDS, maxAge: 4000 }), 'validate', 'max-age'],
    [reuse(stored(''), 5000, { ...NO_DEMANDS, minFresh: 6000 }), 'validate', 'min-fresh'],
    [reuse(stored(''), 10_000, NO_DEMANDS), 'validate', 'stale'],
    [reuse(stored(''), 11_000, { ...NO_DEMANDS, maxStale: 2000 }), 'stale', 'max-stale'],
    [
      reuse(stored('stale-while-revalidate=2'), 11_000, NO_DEMANDS),
      'refresh',
      'stale-while-revalidate',
    ],
    [
      reuse(stored('stale-while-revalidate=2, must-revalidate'), 11_000, NO_DEMANDS),
      'validate',
      'must-revalidate',
    ],
  ] as const;
  for (const [verdict, use, word] of cases) {
    expect(verdict).toMatchObject({
      use,
      word,
      spec: expect.stringMatching(/^RFC \d+ §/),
      why: expect.stringMatching(/.{8}/),
    });
  }
  expect(insteadOfError(stored('stale-if-error=2'), 11_000, NO_DEMANDS, 'error')?.word).toBe(
    'stale-if-error',
  );
  expect(insteadOfError(stored(''), 11_000, NO_DEMANDS, 'disconnected')?.word).toBe('disconnected');
});

describe('validation (§4.3)', () => {
  const stored = (fields: Record<string, string>, date = 0) => ({ headers: list(fields), date });
  const head = (fields: Record<string, string>) => ({
    method: 'GET',
    target: '/',
    version: '1.1' as const,
    headers: list(fields),
  });

  test('the request carries all tags once, and the date of the chosen one only', () => {
    const chosen = stored({ ETag: '"a"', 'Last-Modified': 'then' });
    const asked = validationHead(
      head({ 'If-None-Match': '"a", "q"', 'If-Modified-Since': 'x' }),
      chosen,
      [stored({ ETag: 'W/"b"', 'Last-Modified': 'other' })],
    );
    expect([...asked.headers]).toEqual([
      ['If-None-Match', '"a", "q", W/"b"'],
      ['If-Modified-Since', 'then'],
    ]);
    expect(validationHead(head({ X: '1' }), stored({}), []).headers.size).toBe(1);
  });

  test('which responses a 304 is about (§4.3.4)', () => {
    const a = stored({ ETag: '"a"', 'Last-Modified': 'm' }, 1);
    const b = stored({ ETag: 'W/"b"' }, 2);
    const b2 = stored({ ETag: 'W/"b"' }, 3);
    const answer = (fields: Record<string, string>) => ({ headers: list(fields) });
    expect(freshened(answer({ ETag: '"a"' }), [a, b])).toEqual({ chosen: a, update: [a] });
    expect(freshened(answer({ ETag: 'W/"b"' }), [a, b, b2])).toEqual({ chosen: b2, update: [b2] });
    expect(freshened(answer({ ETag: '"z"' }), [a, b])).toEqual({ chosen: undefined, update: [] });
    expect(freshened(answer({ ETag: '"z"' }), [a])).toEqual({ chosen: a, update: [] });
    expect(freshened(answer({}), [a, b])).toEqual({ chosen: a, update: [a] });
    expect(freshened(answer({ 'Last-Modified': 'n' }), [a])).toEqual({
      chosen: undefined,
      update: [],
    });
  });

  test('fields that are updated, and those that are not (§3.2)', () => {
    const old = list({ A: '1', B: '1', 'Content-Encoding': 'br', ETag: '"a"' });
    const news = list({
      b: '2',
      C: '3',
      'Content-Length': '9',
      'Content-Encoding': 'x',
      ETag: '"b"',
      Connection: 'D',
      D: '4',
      Age: '5',
      S: '6',
    });
    expect([...updatedFields(old, news, ['s'])]).toEqual([
      ['A', '1'],
      ['Content-Encoding', 'br'],
      ['ETag', '"a"'],
      ['b', '2'],
      ['C', '3'],
    ]);
  });
});

test('invalidation (§4.4)', () => {
  const answer = (status: number, fields: Record<string, string> = {}) => ({
    version: '1.1' as const,
    status,
    reason: '',
    headers: list(fields),
  });
  const url = 'http://a/x';
  expect(invalidated(url, 'PUT', answer(204))).toEqual([url]);
  expect(invalidated(url, 'PUT', answer(404))).toEqual([]);
  expect(invalidated(url, 'GET', answer(200))).toEqual([]);
  expect(
    invalidated(url, 'X', answer(200, { Location: '/y?z', 'Content-Location': '//b/' })),
  ).toEqual([url, 'http://a/y?z']);
  expect([isSafe('HEAD'), isSafe('BREW'), sameOrigin(url, 'http://[')]).toEqual([
    true,
    false,
    undefined,
  ]);
});

describe('segments (§3.4)', () => {
  const bytes = Uint8Array.from({ length: 40 }, (_, i) => i);
  const part = fc
    .tuple(fc.nat(39), fc.nat(39))
    .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) + 1 }));

  test('have what was put in, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), part, (parts, wanted) => {
        const there = new Set<number>();
        let segments: readonly { start: number; bytes: Uint8Array }[] = [];
        for (const { start, end } of parts) {
          for (let i = start; i < end; i++) there.add(i);
          segments = withSegment(segments, { start, bytes: bytes.subarray(start, end) });
        }
        expect(sizeOf(segments)).toBe(there.size);
        const all = Array.from({ length: wanted.end - wanted.start }, (_, i) => wanted.start + i);
        const given = bytesOf(segments, wanted);
        expect(given && [...given]).toEqual(all.every((i) => there.has(i)) ? all : undefined);
        const missing = bytes.filter((i) => !there.has(i));
        const gap = onlyGap(segments, 40);
        const [first, last] = [missing[0], missing.at(-1)];
        const one =
          first !== undefined && last !== undefined && last - first + 1 === missing.length;
        expect(gap).toEqual(one ? { start: first, end: (last ?? 0) + 1 } : undefined);
        expect(wholeOf(segments, 40) !== undefined).toBe(missing.length === 0);
      }),
      { seed: 9111, numRuns: 500 },
    );
  });
});
