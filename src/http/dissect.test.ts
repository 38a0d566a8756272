import { describe, expect, test } from 'vitest';
import { fromLatin1, latin1 } from '../lib/bytes.ts';
import { below, seededRandom } from '../net/index.ts';
import type { Dissected, Field, Speaker } from '../trace/index.ts';
import { httpDissector } from './dissect.ts';

type Said = readonly [Speaker, string];

/** Each direction's messages; `piece` bytes at a time. */
function dissect(said: readonly Said[], piece = Number.MAX_SAFE_INTEGER, end = true): Dissected[] {
  const stream = httpDissector.stream?.();
  if (!stream) throw new Error('no stream');
  const found: Dissected[] = [];
  for (const [speaker, text] of said) {
    const bytes = latin1(text);
    for (let at = 0; at < bytes.length; at += piece) {
      found.push(...stream.push(speaker, bytes.subarray(at, at + piece)));
    }
  }
  if (end) for (const speaker of ['client', 'server'] as const) found.push(...stream.end(speaker));
  return found;
}

const GET = 'GET /a?b HTTP/1.1\r\nHost: www.campus.edu\r\n\r\n';
const OK =
  'HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 5\r\n\r\nhello';
const CHUNKED =
  'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x=y\r\nyou\r\n0\r\nX-Sum: 8\r\n\r\n';

describe('summaries', () => {
  test.each<[string, readonly Said[], readonly string[]]>([
    [
      'request and answer',
      [
        ['client', GET],
        ['server', OK],
      ],
      ['GET /a?b www.campus.edu', '200 OK, 5 B, text/html'],
    ],
    [
      'HEAD has no body',
      [
        ['client', GET.replace('GET', 'HEAD')],
        ['server', OK.slice(0, -5)],
        ['client', GET],
        ['server', OK],
      ],
      ['HEAD /a?b www.campus.edu', '200 OK', 'GET /a?b www.campus.edu', '200 OK, 5 B, text/html'],
    ],
    [
      '304 and 204',
      [
        ['client', GET + GET],
        [
          'server',
          'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n',
        ],
      ],
      ['GET /a?b www.campus.edu', 'GET /a?b www.campus.edu', '304 Not Modified', '204 No Content'],
    ],
    [
      '100, a body, the answer',
      [
        ['client', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n'],
        ['server', 'HTTP/1.1 100 Continue\r\n\r\n'],
        ['client', 'abc'],
        ['server', OK],
      ],
      ['100 Continue', 'POST / a, 3 B', '200 OK, 5 B, text/html'],
    ],
    [
      'chunks',
      [
        ['client', GET],
        ['server', CHUNKED],
      ],
      ['GET /a?b www.campus.edu', '200 OK, 8 B, text/plain'],
    ],
    [
      'until the close',
      [
        ['client', GET],
        ['server', 'HTTP/1.0 200 OK\r\n\r\nabc'],
      ],
      ['GET /a?b www.campus.edu', '200 OK, 3 B'],
    ],
    [
      'a redirection',
      [
        ['client', GET],
        ['server', 'HTTP/1.1 301 Moved\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n'],
      ],
      ['GET /a?b www.campus.edu', '301 Moved to /b'],
    ],
    [
      'an unasked 408',
      [['server', 'HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n']],
      ['408 Request Timeout'],
    ],
    [
      'a malformed request, and its answer',
      [
        ['client', 'GET / HTTP/1.1\r\n\r\n'],
        ['server', 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'],
      ],
      ['malformed: Host is missing (RFC 9112 §3.2)', '400 Bad Request'],
    ],
    [
      'a switch',
      [
        ['client', GET],
        ['server', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
        ['server', 'abc'],
      ],
      ['GET /a?b www.campus.edu', '101 Switching Protocols', '3 B of another protocol'],
    ],
    [
      'an end too soon',
      [
        ['client', GET],
        ['server', OK.slice(0, -2)],
      ],
      [
        'GET /a?b www.campus.edu',
        '200 OK, 3 B, text/html; malformed: The connection ended 2 bytes short of the body (RFC 9112 §8)',
      ],
    ],
  ])('%s', (_, said, expected) => {
    expect(dissect(said).map((message) => message.summary)).toEqual(expected);
    const length = (messages: Dissected[]): number =>
      messages.reduce((sum, m) => sum + m.length, 0);
    expect(length(dissect(said))).toBe(said.reduce((sum, [, text]) => sum + text.length, 0));
    expect(length(dissect(said, 1))).toBe(length(dissect(said)));
  });
});

function flat(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => [field, ...flat(field.children ?? [])]);
}

test('the fields of a request lie where they say', () => {
  const [message] = dissect([['client', GET]]);
  const fields = flat(message?.fields() ?? []);
  const shown = fields.map((field) => [field.name, GET.slice(field.start, field.end)]);
  expect(shown).toEqual([
    ['Request line', 'GET /a?b HTTP/1.1'],
    ['Method', 'GET'],
    ['Target', '/a?b'],
    ['Version', 'HTTP/1.1'],
    ['Host', 'Host: www.campus.edu'],
    ['name', 'Host'],
    ['value', 'www.campus.edu'],
  ]);
  expect(fields.find((field) => field.name === 'Host')?.spec).toBe('RFC 9110 §7.2');
});

test('the fields of chunks and trailers lie where they say', () => {
  const message = dissect([
    ['client', GET],
    ['server', CHUNKED],
  ])[1];
  const shown = flat(message?.fields() ?? []).map((f) => [f.name, CHUNKED.slice(f.start, f.end)]);
  expect(shown.slice(-11)).toEqual([
    ['Chunk', '5\r\nhello'],
    ['Size', '5'],
    ['Data', 'hello'],
    ['Chunk', '3;x=y\r\nyou'],
    ['Size', '3;x=y'],
    ['Data', 'you'],
    ['Last chunk', '0\r\n'],
    ['Size', '0'],
    ['X-Sum', 'X-Sum: 8'],
    ['name', 'X-Sum'],
    ['value', '8'],
  ]);
});

test('a large body is counted, not held', () => {
  const stream = httpDissector.stream?.();
  stream?.push('client', latin1(GET));
  stream?.push('server', latin1('HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n'));
  const piece = new Uint8Array(100_000);
  let found: readonly Dissected[] = [];
  for (let i = 0; i < 100; i++) found = stream?.push('server', piece) ?? [];
  expect(found.map((message) => message.summary)).toEqual(['200 OK, 10,000,000 B']);
  expect(found[0]?.fields().at(-1)).toMatchObject({ name: 'Body', start: 45, end: 10_000_045 });
});

test('whatever comes, it is all accounted for, and nothing is thrown (seed 9110)', () => {
  const random = seededRandom(9110);
  const parts = [GET, OK, CHUNKED, '\r\n', 'x', '\0', 'HTTP/1.1 ', ' ', '5\r\n', '\n'];
  for (let run = 0; run < 5000; run++) {
    const said = Array.from(
      { length: 1 + below(random, 5) },
      (): Said => [
        below(random, 2) ? 'client' : 'server',
        Array.from({ length: 1 + below(random, 4) }, () => parts[below(random, parts.length)]).join(
          '',
        ),
      ],
    );
    const found = dissect(said, 1 + below(random, 50));
    const total = said.reduce((sum, [, text]) => sum + text.length, 0);
    const length = found.reduce((sum, message) => sum + message.length, 0);
    expect(length, JSON.stringify(said)).toBeLessThanOrEqual(total);
    for (const message of found) {
      for (const { start, end } of flat(message.fields())) {
        expect(
          start >= 0 && start <= end && end <= message.length,
          fromLatin1(latin1(JSON.stringify(said))),
        ).toBe(true);
      }
    }
  }
});
