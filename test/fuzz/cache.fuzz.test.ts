/**
 * Random fields into the parsers of the cache, and random traffic through the whole: nothing throws,
 * nothing hangs, no answer is older than it may be, and none is mixed up with another.
 */
import { expect, test } from 'vitest';
import { policyOf } from '../../src/cache/machine/policy.ts';
import { parseDirectives } from '../../src/cache/wire/cache-control.ts';
import { cacheDate } from '../../src/cache/wire/cache-date.ts';
import { parseContentRange } from '../../src/cache/wire/content-range.ts';
import { ageValue } from '../../src/cache/wire/delta.ts';
import { parseDictionary, tokenOrString } from '../../src/cache/wire/structured.ts';
import { selectingKey, varyNames } from '../../src/cache/wire/vary.ts';
import { HeaderList } from '../../src/lib/ordered-headers.ts';
import { below, seededRandom } from '../../src/net/index.ts';
import { Stage } from '../cache/stage.ts';

const SEED = Number(process.env['FUZZ_SEED'] ?? 9111);
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 20_000);
const random = seededRandom(SEED);
const pick = <T>(from: readonly T[]): T => from[below(random, from.length)] as T;

const PIECES = [
  'max-age',
  'no-store',
  'private',
  '=',
  '="',
  '"',
  ',',
  ' ',
  '\t',
  ';',
  '5',
  '-1',
  '99999999999',
  '(',
  ')',
  '?1',
  ':',
  '@',
  '%"',
  '*',
  'W/',
  'bytes ',
  '/',
  '0-4',
  'Tue, ',
  'GMT',
  '\\',
  'é',
  'a',
  'q=0.5',
  '.',
  '18 Aug 2026',
  '01:02:03',
];

function value(): string {
  return Array.from({ length: below(random, 10) }, () => pick(PIECES)).join('');
}

test(`${RUNS} random values, seed ${SEED}`, () => {
  let understood = 0;
  for (let run = 0; run < RUNS; run++) {
    const text = value();
    const headers = new HeaderList([
      ['Cache-Control', text],
      ['CDN-Cache-Control', value()],
      ['Vary', value()],
      ['Age', value()],
      ['Accept', value()],
    ]);
    const names = varyNames(headers);
    if (names !== '*') selectingKey(headers, names);
    const { age } = ageValue(headers);
    expect(typeof age === 'string' || (age >= 0 && age <= 2 ** 31)).toBe(true);
    const { maxAge } = policyOf(headers, ['CDN-Cache-Control']);
    expect(typeof maxAge === 'number' ? maxAge >= 0 : true).toBe(true);
    parseContentRange(text);
    cacheDate(text, 0);
    if (parseDictionary(text)) understood++;
    if (parseDirectives(text).size > 0) understood++;
    expect(parseDictionary(`a=${tokenOrString(text)}`)?.size).toBe(1);
  }
  expect(understood).toBeGreaterThan(RUNS / 20);
});

/** What an origin says of each URL: it changes each second, and says for how long it may be kept. */
const CONTROLS = [
  'max-age=3',
  'max-age=10',
  'no-store',
  'max-age=2, must-revalidate',
  'no-cache',
  's-maxage=5',
  'max-age=0',
  'private, max-age=9',
];

test('random traffic: every answer is one that the origin gave, and not too long ago', async () => {
  const stage = new Stage({ capacity: 30_000 });
  const body = (target: string, variant: string, second: number) =>
    `${target}|${variant}|${second}|${'0123456789'.repeat(1 + (second % 5))}`;
  const limits = [3, 10, 0, 2, 0, 5, 0, 0];
  stage.reply = ({ target, headers }) => {
    const kind = Number(target.slice(1)) % CONTROLS.length;
    const second = Math.floor(stage.now / 1000);
    const variant = headers.get('X') ?? '';
    const text = body(target, variant, second);
    const etag = `"${second}-${variant}"`;
    const common = { 'Cache-Control': CONTROLS[kind] as string, ETag: etag, Vary: 'X' };
    if (headers.joined('If-None-Match')?.includes(etag)) return { status: 304, headers: common };
    const range = /^bytes=(\d+)-(\d+)$/.exec(headers.get('Range') ?? '');
    const whole = headers.has('If-Range') && headers.get('If-Range') !== etag;
    const [start, end] = [Number(range?.[1]), Math.min(Number(range?.[2]) + 1, text.length)];
    if (!range || whole || start >= text.length) return { headers: common, body: text };
    return {
      status: 206,
      headers: { ...common, 'Content-Range': `bytes ${start}-${end - 1}/${text.length}` },
      body: text.slice(start, end),
    };
  };
  stage.pass(60);
  for (let run = 0; run < 4000; run++) {
    stage.pass(below(random, 300) / 1000);
    const target = `/${below(random, 24)}`;
    const variant = pick(['a', 'b']);
    const from = below(random, 12);
    const ranged = below(random, 4) === 0;
    const { status, text } = await stage.get(target, {
      X: variant,
      ...(ranged && { Range: `bytes=${from}-${from + 6}` }),
    });
    const now = Math.floor(stage.now / 1000);
    const limit = limits[Number(target.slice(1)) % CONTROLS.length] as number;
    const allowed = Array.from({ length: limit + 2 }, (_, age) =>
      body(target, variant, now - age),
    ).map((whole) => (status === 206 ? whole.slice(from, from + 7) : whole));
    expect(allowed, `seed ${SEED}, run ${run}: ${target}`).toContain(text);
    expect(stage.statistics.bytesStored).toBeLessThanOrEqual(30_000);
  }
  const { hits, misses, validated } = stage.statistics;
  expect(Math.min(hits, misses, validated)).toBeGreaterThan(25);
});
