/** What a client must take and refuse: each response read whole, in halves and byte by byte. */
import { describe, expect, test } from 'vitest';
import { REFUSED_RESPONSES } from '../../../test/conformance/malformed/responses.ts';
import { gist, readResponses, verdictText } from '../../../test/fuzz/http-parse.ts';
import { latin1 } from '../../lib/bytes.ts';

const ok = (fields: string, body = ''): string => `HTTP/1.1 200 OK\r\n${fields}\r\n${body}`;

/** [what, methods, bytes, a pattern for each event] */
const TAKEN: readonly (readonly [string, string, string, readonly RegExp[]])[] = [
  ['a length', 'GET', ok('Content-Length: 5\r\n', 'hello'), [/"length":5/, /^data hello$/, /^end/]],
  ['until the close', 'GET', ok('', 'hello'), [/"close"/, /^data hello$/, /^end/]],
  ['an empty body until the close', 'GET', ok(''), [/"close"/, /^end/]],
  ['HTTP/1.0', 'GET', 'HTTP/1.0 200 OK\r\n\r\nx', [/"1.0"/, /^data x$/, /^end/]],
  ['HEAD', 'HEAD', ok('Content-Length: 5\r\n'), [/"none"/, /^end/]],
  ['HEAD with chunked', 'HEAD', ok('Transfer-Encoding: chunked\r\n'), [/"none"/, /^end/]],
  ['204', 'GET', 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n', [/"none"/, /^end/]],
  ['304', 'GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', [/"none"/, /^end/]],
  ['no reason', 'GET', 'HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n', [/"reason":""/, /^end/]],
  ['no space either', 'GET', 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n', [/"reason":""/, /^end/]],
  [
    'a reason of several words',
    'GET',
    'HTTP/1.1 404 No such page\r\nContent-Length: 0\r\n\r\n',
    [/No such page/, /^end/],
  ],
  ['a status beyond 599', 'GET', 'HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n', [/999/, /^end/]],
  [
    'chunks and trailers',
    'GET',
    ok('Transfer-Encoding: chunked\r\n', '1\r\nx\r\n0\r\nA: b\r\n\r\n'),
    [/"chunked"/, /^data x$/, /^end \[\["A","b"\]\]/],
  ],
  [
    '100, then the answer',
    'POST',
    `HTTP/1.1 100 Continue\r\n\r\n${ok('Content-Length: 0\r\n')}`,
    [/"interim".*100/, /"head".*200/, /^end/],
  ],
  [
    '103 with fields',
    'GET',
    `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok('Content-Length: 0\r\n')}`,
    [/"Link"/, /200/, /^end/],
  ],
  [
    '101, then another protocol',
    'GET',
    'HTTP/1.1 101 Switching Protocols\r\n\r\nanything',
    [/"switched"/],
  ],
  ['CONNECT', 'CONNECT', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nanything', [/"switched"/]],
  [
    'CONNECT refused',
    'CONNECT',
    'HTTP/1.1 403 No\r\nContent-Length: 1\r\n\r\nx',
    [/403/, /^data x$/, /^end/],
  ],
  [
    'three in a row',
    'HEAD GET GET',
    ok('Content-Length: 9\r\n') + ok('Content-Length: 1\r\n', 'a') + ok('', 'b'),
    [/"none"/, /^end/, /"length"/, /^data a$/, /^end/, /"close"/, /^data b$/, /^end/],
  ],
];

describe('responses that are refused', () => {
  test.each(REFUSED_RESPONSES)('%s', (_, text, verdict) => {
    const whole = readResponses(latin1(text), ['GET']);
    expect(verdictText(whole.error)).toBe(verdict);
    for (const piece of [1, 2, Math.ceil(text.length / 2)]) {
      expect(gist(readResponses(latin1(text), ['GET'], piece))).toBe(gist(whole));
    }
  });
});

describe('responses that are taken', () => {
  test.each(TAKEN)('%s', (_, methods, text, expected) => {
    const whole = readResponses(latin1(text), methods.split(' '));
    expect(whole.error).toBeUndefined();
    expect(whole.events.length).toBe(expected.length);
    for (const [i, pattern] of expected.entries()) expect(whole.events[i]).toMatch(pattern);
    for (const piece of [1, 2, Math.ceil(text.length / 2)]) {
      expect(gist(readResponses(latin1(text), methods.split(' '), piece))).toBe(gist(whole));
    }
  });
});
