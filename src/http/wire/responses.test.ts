/** What a client must take and refuse: each response read whole, in halves and byte by byte. */
import { describe, expect, test } from 'vitest';
import { gist, readResponses, verdictText } from '../../../test/fuzz/http-parse.ts';
import { latin1 } from '../../lib/bytes.ts';

type Row = readonly [what: string, bytes: string, verdict: string];

const ok = (fields: string, body = ''): string => `HTTP/1.1 200 OK\r\n${fields}\r\n${body}`;

const REFUSED: readonly Row[] = [
  ['HTTP/0.9, a page at once', '<html>', 'BAD_START 400 9112 §2.2'],
  ['an empty line first', `\r\n${ok('')}`, 'BAD_START 400 9112 §2.2'],
  ['LF alone', 'HTTP/1.1 200 OK\n\n', 'BAD_LINE_END 400 9112 §2.2'],
  ['another protocol', 'SSH-2.0-x\r\n\r\n', 'BAD_VERSION 400 9112 §2.3'],
  ['no version', '200 OK\r\n\r\n', 'BAD_VERSION 400 9112 §2.3'],
  ['HTTP/2.0', 'HTTP/2.0 200 OK\r\n\r\n', 'VERSION_NOT_SUPPORTED 505 9110 §15.6.6'],
  ['no status', 'HTTP/1.1\r\n\r\n', 'BAD_STATUS_LINE 400 9112 §4'],
  ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n', 'BAD_STATUS_LINE 400 9112 §4'],
  ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n', 'BAD_STATUS_LINE 400 9112 §4'],
  ['a status below 100', 'HTTP/1.1 099 OK\r\n\r\n', 'BAD_STATUS_LINE 400 9112 §4'],
  ['two spaces', 'HTTP/1.1  200 OK\r\n\r\n', 'BAD_STATUS_LINE 400 9112 §4'],
  [
    'a control character in the reason',
    'HTTP/1.1 200 O\x07K\r\n\r\n',
    'CONTROL_CHARACTER 400 9110 §5.5',
  ],
  ['a folded line', ok('X: a\r\n b\r\n'), 'OBS_FOLD 400 9112 §5.2'],
  ['a bare CR', ok('X: a\rb\r\n'), 'BAD_LINE_END 400 9112 §2.2'],
  ['a space before the colon', ok('X : a\r\n'), 'SPACE_BEFORE_COLON 400 9112 §5.1'],
  [
    'both lengths',
    ok('Content-Length: 1\r\nTransfer-Encoding: chunked\r\n'),
    'TWO_LENGTHS 400 9112 §6.3',
  ],
  [
    'lengths that differ',
    ok('Content-Length: 1\r\nContent-Length: 2\r\n'),
    'LENGTHS_DIFFER 400 9112 §6.3',
  ],
  ['a length that is none', ok('Content-Length: a\r\n'), 'BAD_LENGTH 400 9110 §8.6'],
  [
    'a coding that is not spoken',
    ok('Transfer-Encoding: gzip, chunked\r\n'),
    'CODING_NOT_SUPPORTED 501 9112 §6.1',
  ],
  [
    'a last coding that is not chunked',
    ok('Transfer-Encoding: gzip\r\n'),
    'BAD_CODING 400 9112 §6.3',
  ],
  [
    'a coding in HTTP/1.0',
    'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
    'BAD_CODING 400 9112 §6.1',
  ],
  ['a short body', ok('Content-Length: 5\r\n', 'hell'), 'INCOMPLETE 400 9112 §8'],
  [
    'chunks that break off',
    ok('Transfer-Encoding: chunked\r\n', '5\r\nhel'),
    'INCOMPLETE 400 9112 §8',
  ],
  ['a head that breaks off', 'HTTP/1.1 200', 'INCOMPLETE 400 9112 §8'],
  [
    'more than was asked for',
    `${ok('Content-Length: 0\r\n')}${ok('')}`,
    'UNEXPECTED 400 9112 §6.3',
  ],
  ['17 interim responses', 'HTTP/1.1 102 X\r\n\r\n'.repeat(17), 'UNEXPECTED 400 9110 §15.2'],
];

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
  test.each(REFUSED)('%s', (_, text, verdict) => {
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
