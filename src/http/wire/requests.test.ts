/** Requests that a server must take, each read whole, in halves and byte by byte. */
import { describe, expect, test } from 'vitest';
import { gist, readRequests } from '../../../test/fuzz/http-parse.ts';
import { latin1 } from '../../lib/bytes.ts';

const H = 'Host: a\r\n';
const get = (rest: string): string => `GET / HTTP/1.1\r\n${H}${rest}\r\n`;
const chunked = (body: string): string =>
  `POST / HTTP/1.1\r\n${H}Transfer-Encoding: chunked\r\n\r\n${body}`;

/** [what, bytes, a line for each event that must be said] */
const TAKEN: readonly (readonly [string, string, readonly RegExp[]])[] = [
  [
    'the least request',
    get(''),
    [/"target":"\/","version":"1.1","headers":\[\["Host","a"\]\]/, /^end/],
  ],
  ['empty lines before', `\r\n\n\r\n${get('')}`, [/"method":"GET"/, /^end/]],
  [
    'LF alone, typed by hand',
    'GET / HTTP/1.1\nHost: a\nX: b\n\n',
    [/\["Host","a"\],\["X","b"\]/, /^end/],
  ],
  ['HTTP/1.0 without Host', 'GET / HTTP/1.0\r\n\r\n', [/"version":"1.0"/, /^end/]],
  ['HTTP/1.2, read as 1.1', `GET / HTTP/1.2\r\n${H}\r\n`, [/"version":"1.1"/, /^end/]],
  ['an empty Host', 'GET / HTTP/1.1\r\nHost:\r\n\r\n', [/\["Host",""\]/, /^end/]],
  ['a Host with port', 'GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n', [/\[::1\]:80/, /^end/]],
  ['white space around a value', get('X: \t a b \t\r\n'), [/\["X","a b"\]/, /^end/]],
  ['an empty value', get('X:\r\n'), [/\["X",""\]/, /^end/]],
  ['bytes beyond ASCII in a value', get('X: \xe9\r\n'), [/\["X","é"\]/, /^end/]],
  [
    'the absolute form',
    `GET http://b:81/a?c HTTP/1.1\r\n${H}\r\n`,
    [/"http:\/\/b:81\/a\?c"/, /^end/],
  ],
  ['the authority form', `CONNECT b:443 HTTP/1.1\r\n${H}\r\n`, [/"b:443"/, /^end/]],
  ['the asterisk form', `OPTIONS * HTTP/1.1\r\n${H}\r\n`, [/"target":"\*"/, /^end/]],
  ['an unknown method', `BREW /pot HTTP/1.1\r\n${H}\r\n`, [/"method":"BREW"/, /^end/]],
  [
    'a length',
    `POST / HTTP/1.1\r\n${H}Content-Length: 5\r\n\r\nhello`,
    [/"length":5/, /^data hello$/, /^end/],
  ],
  [
    'equal lengths',
    `POST / HTTP/1.1\r\n${H}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`,
    [/"kind":"length"/, /^data hello$/, /^end/],
  ],
  ['a length of zero', `POST / HTTP/1.1\r\n${H}Content-Length: 0\r\n\r\n`, [/"length":0/, /^end/]],
  [
    'chunks',
    chunked('5\r\nhello\r\n6;a=b;c="d;e"\r\n world\r\n0\r\n\r\n'),
    [/"chunked"/, /^data hello world$/, /^end \[\]$/],
  ],
  [
    'chunks with leading zeros',
    chunked('005\r\nhello\r\n000\r\n\r\n'),
    [/"chunked"/, /^data hello$/, /^end/],
  ],
  [
    'chunks in upper case',
    chunked('A\r\n0123456789\r\n0\r\n\r\n'),
    [/"chunked"/, /^data 0123456789$/, /^end/],
  ],
  [
    'white space around an extension',
    chunked('1 ; a = b\r\nx\r\n0\r\n\r\n'),
    [/"chunked"/, /^data x$/, /^end/],
  ],
  [
    'Chunked in capitals',
    `POST / HTTP/1.1\r\n${H}Transfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n`,
    [/"chunked"/, /^end/],
  ],
  [
    'trailers',
    chunked('0\r\nX: a\r\nY: b\r\n\r\n'),
    [/"chunked"/, /^end \[\["X","a"\],\["Y","b"\]\]$/],
  ],
  ['two pipelined', get('') + get(''), [/GET/, /^end/, /GET/, /^end/]],
  [
    'a body and the next',
    `${chunked('1\r\nx\r\n0\r\n\r\n')}${get('')}`,
    [/POST/, /^data x$/, /^end/, /GET/, /^end/],
  ],
  ['128 fields', get('X: a\r\n'.repeat(127)), [/GET/, /^end/]],
  ['a request line at its limit', `GET /${'a'.repeat(8000)} HTTP/1.1\r\n${H}\r\n`, [/GET/, /^end/]],
];

describe('requests that are taken', () => {
  test.each(TAKEN)('%s', (_, text, expected) => {
    const whole = readRequests(latin1(text));
    expect(whole.error).toBeUndefined();
    expect(whole.events.length).toBe(expected.length);
    for (const [i, pattern] of expected.entries()) expect(whole.events[i]).toMatch(pattern);
    for (const piece of [1, 2, Math.ceil(text.length / 2)]) {
      expect(gist(readRequests(latin1(text), piece))).toBe(gist(whole));
    }
  });
});
