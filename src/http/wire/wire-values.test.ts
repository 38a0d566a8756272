/** The small values of the wire: dates, tags, ranges, lists; and messages there and back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRequests, readResponses } from '../../../test/fuzz/http-parse.ts';
import { concat, fromLatin1, latin1 } from '../../lib/bytes.ts';
import { HeaderList } from '../../lib/ordered-headers.ts';
import { formatDate, parseDate } from './date.ts';
import { parseTags } from './etag.ts';
import { parseRange } from './range.ts';
import {
  encodeChunk,
  encodeLastChunk,
  encodeRequestHead,
  encodeResponseHead,
  joinedBytes,
} from './serialize.ts';
import { hostnameOf, targetParts } from './target.ts';
import { grouped, listElements, listNames } from './tokens.ts';

describe('dates (RFC 9110 §5.6.7)', () => {
  const MS = Date.UTC(1994, 10, 6, 8, 49, 37);
  test.each([
    ['Sun, 06 Nov 1994 08:49:37 GMT', MS],
    ['Sunday, 06-Nov-94 08:49:37 GMT', MS],
    ['Sun Nov  6 08:49:37 1994', MS],
    ['Fri, 31 Dec 1999 23:59:60 GMT', Date.UTC(2000, 0, 1)],
    ['Sunday, 06-Nov-70 08:49:37 GMT', Date.UTC(2070, 10, 6, 8, 49, 37)],
    ['Sunday, 06-Nov-80 08:49:37 GMT', Date.UTC(1980, 10, 6, 8, 49, 37)],
  ])('%s', (text, ms) => expect(parseDate(text, Date.UTC(2026, 0, 1))).toBe(ms));

  test.each([
    '',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 CET',
    'Thu, 31 Feb 2026 00:00:00 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    '1994-11-06T08:49:37Z',
  ])('not a date: %s', (text) => expect(parseDate(text)).toBeUndefined());

  test('there and back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e9 }),
        (s) => parseDate(formatDate(s * 1000)) === s * 1000,
      ),
      { seed: 1, numRuns: 2000 },
    );
  });
});

describe('tags (RFC 9110 §8.8.3)', () => {
  test.each<[string, unknown]>([
    ['"a"', [{ weak: false, opaque: '"a"' }]],
    [
      'W/"a", "b,c"',
      [
        { weak: true, opaque: '"a"' },
        { weak: false, opaque: '"b,c"' },
      ],
    ],
    ['""', [{ weak: false, opaque: '""' }]],
    ['*', '*'],
    ['a', undefined],
    ['"a" x', undefined],
    ['"a', undefined],
    ['', undefined],
  ])('%s', (text, tags) => expect(parseTags(text)).toEqual(tags));
});

describe('ranges (RFC 9110 §14.1.2)', () => {
  test.each<[string, unknown]>([
    ['bytes=0-', [[0, 10]]],
    [
      'bytes=5-6, 0-1',
      [
        [5, 7],
        [0, 2],
      ],
    ],
    ['bytes=5-6,6-8', [[5, 9]]],
    ['bytes=0-1,4-5,1-4', [[0, 6]]],
    ['bytes=-0', []],
    ['bytes=12-', []],
    ['bytes=0-0,1-1,2-2,3-3,4-4', undefined],
    ['bytes 0-1', undefined],
    ['bytes=1', undefined],
    ['bytes=--1', undefined],
  ])('%s', (text, expected) => {
    const ranges = parseRange(text, 10, 4);
    expect(ranges?.map(({ start, end }) => [start, end])).toEqual(expected);
  });

  test('lie within the file and apart from each other', () => {
    const spec = fc.oneof(
      fc.tuple(fc.nat(30), fc.nat(30)).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
      fc.nat(30).map((n) => `-${n}`),
      fc.nat(30).map((n) => `${n}-`),
    );
    fc.assert(
      fc.property(fc.array(spec, { minLength: 1, maxLength: 8 }), fc.nat(25), (specs, size) => {
        const ranges = parseRange(`bytes=${specs.join(',')}`, size, 8) ?? [];
        const hit = new Uint8Array(size);
        for (const { start, end } of ranges)
          for (let i = start; i < end; i++) hit[i] = (hit[i] ?? 0) + 1;
        expect(ranges.every(({ start, end }) => start < end && end <= size)).toBe(true);
        expect(hit.every((times) => times <= 1)).toBe(true);
      }),
      { seed: 2, numRuns: 2000 },
    );
  });
});

test('lists (RFC 9110 §5.6.1)', () => {
  expect(listElements('a, "b, c" ,,d')).toEqual(['a', '"b, c"', 'd']);
  expect(listNames('Keep-Alive, X', 'keep-alive')).toBe(true);
  expect(listNames('closed', 'close')).toBe(false);
  expect(grouped(1204512)).toBe('1,204,512');
});

test('targets', () => {
  expect(targetParts('/a?b?c')).toEqual({ path: '/a', query: 'b?c', authority: undefined });
  expect(targetParts('http://h:1?q')).toEqual({ path: '/', query: 'q', authority: 'h:1' });
  expect(targetParts('h:443')).toMatchObject({ authority: 'h:443' });
  expect(hostnameOf('[::1]:80')).toBe('[::1]');
});

const TOKEN = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/);
const VALUE = fc.stringMatching(/^([!-~\x80-\xff]([ -~\t\x80-\xff]{0,20}[!-~\x80-\xff])?)?$/);
const FIELDS = fc
  .array(fc.tuple(TOKEN, VALUE), { maxLength: 8 })
  .map((fields) =>
    fields.filter(([name]) => !/^(host|content-length|transfer-encoding)$/i.test(name)),
  );

describe('what is written is read again', () => {
  test('requests', () => {
    fc.assert(
      fc.property(TOKEN, FIELDS, fc.uint8Array({ maxLength: 50 }), (name, fields, body) => {
        const method = name === 'CONNECT' ? 'GET' : name;
        const length: [string, string] = ['Content-Length', String(body.length)];
        const headers = new HeaderList([['Host', 'a'], ...fields, length]);
        const head = { method, target: '/x', version: '1.1' as const, headers };
        const { events, error } = readRequests(concat([encodeRequestHead(head), body]));
        expect(error).toBeUndefined();
        const read = JSON.parse(events[0] as string).head;
        expect(read).toEqual({ ...head, headers: [...headers] });
        if (body.length > 0) expect(events[1]).toBe(`data ${fromLatin1(body)}`);
      }),
      { seed: 3, numRuns: 1000 },
    );
  });

  test('responses in chunks with trailers', () => {
    fc.assert(
      fc.property(
        FIELDS,
        fc.array(fc.uint8Array({ maxLength: 30 })),
        FIELDS,
        (fields, pieces, trailers) => {
          const headers = new HeaderList([...fields, ['Transfer-Encoding', 'chunked']]);
          const head = encodeResponseHead({ version: '1.1', status: 200, reason: 'OK', headers });
          const bytes = [
            head,
            ...pieces.map(encodeChunk),
            encodeLastChunk(new HeaderList(trailers)),
          ];
          const { events, error } = readResponses(concat(bytes), ['GET'], 7);
          expect(error).toBeUndefined();
          const data = fromLatin1(concat(pieces));
          expect(events.slice(1)).toEqual([
            ...(data === '' ? [] : [`data ${data}`]),
            `end ${JSON.stringify(trailers)}`,
          ]);
        },
      ),
      { seed: 4, numRuns: 1000 },
    );
  });

  test('what would break a message is not written', () => {
    const encode = (name: string, value: string): Uint8Array =>
      encodeRequestHead({
        method: 'GET',
        target: '/',
        version: '1.1',
        headers: new HeaderList([[name, value]]),
      });
    for (const value of ['a\r\nb', 'a\nb', 'a\0', '\u0100', '\x7f']) {
      expect(() => encode('X', value)).toThrow(expect.objectContaining({ code: 'HTTP_BAD_FIELD' }));
    }
    for (const name of ['', 'a b', 'a:', 'é', 'a\r\n']) {
      expect(() => encode(name, 'x')).toThrow(expect.objectContaining({ code: 'HTTP_BAD_FIELD' }));
    }
  });

  test('a head beyond ASCII and its body in one piece', () => {
    expect(fromLatin1(joinedBytes('aé', latin1('xyz')))).toBe('aéxyz');
    expect(fromLatin1(joinedBytes('éé', latin1('')))).toBe('éé');
  });
});
