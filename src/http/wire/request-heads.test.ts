/** Heads that a server must refuse, each read whole, in halves and byte by byte. */
import { describe, expect, test } from 'vitest';
import { gist, readRequests, verdictText } from '../../../test/fuzz/http-parse.ts';
import { latin1 } from '../../lib/bytes.ts';

type Row = readonly [what: string, bytes: string, verdict: string];

const H = 'Host: a\r\n';
const get = (rest: string): string => `GET / HTTP/1.1\r\n${H}${rest}\r\n`;

/** [what, bytes, verdict: code, reply, RFC and section] */
const REFUSED: readonly Row[] = [
  ['TLS instead of HTTP', '\x16\x03\x01\x02\x00', 'BAD_START 400 9112 §2.2'],
  ['a space first', ` GET / HTTP/1.1\r\n${H}\r\n`, 'BAD_START 400 9112 §2.2'],
  ['a NUL first', '\0GET / HTTP/1.1\r\n\r\n', 'BAD_START 400 9112 §2.2'],
  ['a bare CR first', '\rGET / HTTP/1.1\r\n\r\n', 'BAD_LINE_END 400 9112 §2.2'],
  ['endless empty lines', '\r\n'.repeat(17), 'BAD_START 400 9112 §2.2'],
  ['HTTP/0.9', 'GET /\r\n\r\n', 'BAD_REQUEST_LINE 400 9112 §3'],
  ['a method alone', 'GET\r\n\r\n', 'BAD_REQUEST_LINE 400 9112 §3'],
  ['no target', `GET HTTP/1.1\r\n${H}\r\n`, 'BAD_REQUEST_LINE 400 9112 §3'],
  ['two spaces after the method', `GET  / HTTP/1.1\r\n${H}\r\n`, 'BAD_REQUEST_LINE 400 9112 §3'],
  ['two spaces before the version', `GET /  HTTP/1.1\r\n${H}\r\n`, 'BAD_REQUEST_LINE 400 9112 §3'],
  ['a space in the target', `GET /a b HTTP/1.1\r\n${H}\r\n`, 'BAD_REQUEST_LINE 400 9112 §3'],
  ['a space at the end of the line', `GET / HTTP/1.1 \r\n${H}\r\n`, 'BAD_VERSION 400 9112 §2.3'],
  ['a tab between method and target', `GET\t/ HTTP/1.1\r\n${H}\r\n`, 'BAD_METHOD 400 9110 §9.1'],
  ['a method with a slash', `GE/T / HTTP/1.1\r\n${H}\r\n`, 'BAD_METHOD 400 9110 §9.1'],
  ['a method with a colon', `GET: / HTTP/1.1\r\n${H}\r\n`, 'BAD_METHOD 400 9110 §9.1'],
  ['a version in lower case', `GET / http/1.1\r\n${H}\r\n`, 'BAD_VERSION 400 9112 §2.3'],
  ['a version of one digit', `GET / HTTP/1\r\n${H}\r\n`, 'BAD_VERSION 400 9112 §2.3'],
  ['a version of two digits', `GET / HTTP/1.10\r\n${H}\r\n`, 'BAD_VERSION 400 9112 §2.3'],
  ['a version of another protocol', `GET / RTSP/1.1\r\n${H}\r\n`, 'BAD_VERSION 400 9112 §2.3'],
  ['HTTP/2.0', `GET / HTTP/2.0\r\n${H}\r\n`, 'VERSION_NOT_SUPPORTED 505 9110 §15.6.6'],
  ['HTTP/0.9 spelled out', `GET / HTTP/0.9\r\n${H}\r\n`, 'VERSION_NOT_SUPPORTED 505 9110 §15.6.6'],
  [
    'the preface of HTTP/2',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'VERSION_NOT_SUPPORTED 505 9110 §15.6.6',
  ],
  ['a target without a slash', `GET a HTTP/1.1\r\n${H}\r\n`, 'BAD_TARGET 400 9112 §3.2'],
  ['a fragment', `GET /a#b HTTP/1.1\r\n${H}\r\n`, 'BAD_TARGET 400 9112 §3.2'],
  [
    'an unencoded letter in the target',
    `GET /\xe9 HTTP/1.1\r\n${H}\r\n`,
    'BAD_TARGET 400 9112 §3.2',
  ],
  ['* for GET', `GET * HTTP/1.1\r\n${H}\r\n`, 'BAD_TARGET 400 9112 §3.2.4'],
  [
    'an absolute target without host',
    `GET http:///a HTTP/1.1\r\n${H}\r\n`,
    'BAD_TARGET 400 9112 §3.2.2',
  ],
  [
    'an absolute target with user',
    `GET http://u@a/ HTTP/1.1\r\n${H}\r\n`,
    'BAD_TARGET 400 9112 §3.2.2',
  ],
  ['CONNECT without a port', `CONNECT a HTTP/1.1\r\n${H}\r\n`, 'BAD_TARGET 400 9112 §3.2.3'],
  ['CONNECT to a path', `CONNECT / HTTP/1.1\r\n${H}\r\n`, 'BAD_TARGET 400 9112 §3.2.3'],
  [
    'a request line of 9,000 bytes',
    `GET /${'a'.repeat(9000)} HTTP/1.1\r\n${H}\r\n`,
    'REQUEST_LINE_TOO_LONG 414 9112 §3',
  ],
  ['a request line without end', 'G'.repeat(9000), 'REQUEST_LINE_TOO_LONG 414 9112 §3'],
  ['a head of 70,000 bytes', get(`X: ${'a'.repeat(70_000)}\r\n`), 'HEAD_TOO_LARGE 431 6585 §5'],
  ['129 fields', get('X: a\r\n'.repeat(128)), 'TOO_MANY_FIELDS 431 9110 §5.4'],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', 'HOST_MISSING 400 9112 §3.2'],
  [
    'no Host with an absolute target',
    'GET http://a/ HTTP/1.1\r\n\r\n',
    'HOST_MISSING 400 9112 §3.2',
  ],
  ['two Hosts', get('Host: b\r\n'), 'HOST_TWICE 400 9112 §3.2'],
  ['two equal Hosts', get(H), 'HOST_TWICE 400 9112 §3.2'],
  ['a Host with a path', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n', 'BAD_HOST 400 9112 §3.2'],
  ['a Host with a comma', 'GET / HTTP/1.1\r\nHost: a,b\r\n\r\n', 'BAD_HOST 400 9112 §3.2'],
  ['a Host with a user', 'GET / HTTP/1.1\r\nHost: u@a\r\n\r\n', 'BAD_HOST 400 9112 §3.2'],
  ['a Host with a wrong port', 'GET / HTTP/1.1\r\nHost: a:b\r\n\r\n', 'BAD_HOST 400 9112 §3.2'],
  ['a folded line', get('X: a\r\n b\r\n'), 'OBS_FOLD 400 9112 §5.2'],
  ['a line folded with a tab', get('X: a\r\n\tb\r\n'), 'OBS_FOLD 400 9112 §5.2'],
  [
    'white space before the first field',
    'GET / HTTP/1.1\r\n Host: a\r\n\r\n',
    'OBS_FOLD 400 9112 §5.2',
  ],
  ['a space before the colon', get('X : a\r\n'), 'SPACE_BEFORE_COLON 400 9112 §5.1'],
  ['a tab before the colon', get('X\t: a\r\n'), 'SPACE_BEFORE_COLON 400 9112 §5.1'],
  [
    'a space before the colon of a length',
    get('Content-Length : 5\r\n'),
    'SPACE_BEFORE_COLON 400 9112 §5.1',
  ],
  ['no colon', get('X\r\n'), 'BAD_FIELD 400 9112 §5'],
  ['no name', get(': a\r\n'), 'BAD_FIELD 400 9112 §5'],
  ['a space in a name', get('X Y: a\r\n'), 'BAD_FIELD 400 9110 §5.1'],
  ['a bracket in a name', get('X[]: a\r\n'), 'BAD_FIELD 400 9110 §5.1'],
  ['a letter beyond ASCII in a name', get('\xe9: a\r\n'), 'BAD_FIELD 400 9110 §5.1'],
  ['NUL in a value', get('X: a\0b\r\n'), 'CONTROL_CHARACTER 400 9110 §5.5'],
  ['ESC in a value', get('X: a\x1bb\r\n'), 'CONTROL_CHARACTER 400 9110 §5.5'],
  ['DEL in a value', get('X: a\x7fb\r\n'), 'CONTROL_CHARACTER 400 9110 §5.5'],
  [
    'vertical tab in the request line',
    `GET\x0b/ HTTP/1.1\r\n${H}\r\n`,
    'CONTROL_CHARACTER 400 9110 §5.5',
  ],
  ['NUL in a name', get('X\0: a\r\n'), 'CONTROL_CHARACTER 400 9110 §5.5'],
  [
    'a bare CR in a value',
    get('X: a\rTransfer-Encoding: chunked\r\n'),
    'BAD_LINE_END 400 9112 §2.2',
  ],
  [
    'a bare LF among CR LF',
    get('X: a\nTransfer-Encoding: chunked\r\n'),
    'BAD_LINE_END 400 9112 §2.2',
  ],
  ['an empty line of LF after CR LF', `GET / HTTP/1.1\r\n${H}\n`, 'BAD_LINE_END 400 9112 §2.2'],
  [
    'an empty line of CR LF after LF',
    'GET / HTTP/1.1\nHost: a\n\r\n',
    'BAD_LINE_END 400 9112 §2.2',
  ],
  ['CR CR LF', `GET / HTTP/1.1\r\r\n${H}\r\n`, 'BAD_LINE_END 400 9112 §2.2'],
];

describe('heads that are refused', () => {
  test.each(REFUSED)('%s', (_, text, verdict) => {
    const whole = readRequests(latin1(text));
    expect(verdictText(whole.error)).toBe(verdict);
    expect(whole.error?.side).toBe('remote');
    expect(whole.error?.offset).toBeTypeOf('number');
    const half = Math.ceil(text.length / 2);
    for (const piece of text.length > 20_000 ? [half] : [1, 2, half]) {
      expect(gist(readRequests(latin1(text), piece))).toBe(gist(whole));
    }
  });
});
