/** Responses that a client must refuse. */
import type { Row } from './row.ts';

const ok = (fields: string, body = ''): string => `HTTP/1.1 200 OK\r\n${fields}\r\n${body}`;

export const REFUSED_RESPONSES: readonly Row[] = [
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
  ['a space first', ' HTTP/1.1 200 OK\r\n\r\n', 'BAD_START 400 9112 §2.2'],
  ['a status with a sign', 'HTTP/1.1 +200 OK\r\n\r\n', 'BAD_STATUS_LINE 400 9112 §4'],
  ['a status in words', 'HTTP/1.1 OK\r\n\r\n', 'BAD_STATUS_LINE 400 9112 §4'],
  ['a tab before the status', 'HTTP/1.1\t200 OK\r\n\r\n', 'BAD_VERSION 400 9112 §2.3'],
  [
    'LF among CR LF',
    'HTTP/1.1 200 OK\r\nX: a\nContent-Length: 5\r\n\r\n',
    'BAD_LINE_END 400 9112 §2.2',
  ],
  ['NUL in a value', ok('X: a\0\r\n'), 'CONTROL_CHARACTER 400 9110 §5.5'],
  ['no name', ok(': a\r\n'), 'BAD_FIELD 400 9112 §5'],
  ['a length below zero', ok('Content-Length: -1\r\n'), 'BAD_LENGTH 400 9110 §8.6'],
  ['a length and an empty one', ok('Content-Length: 5,\r\n'), 'LENGTHS_DIFFER 400 9112 §6.3'],
  ['chunked twice', ok('Transfer-Encoding: chunked, chunked\r\n'), 'BAD_CODING 400 9112 §6.1'],
  [
    'a chunk with a wrong end',
    ok('Transfer-Encoding: chunked\r\n', '5\r\nhelloXX\r\n0\r\n\r\n'),
    'BAD_CHUNK 400 9112 §7.1',
  ],
  [
    'a chunk size in hexadecimal with a prefix',
    ok('Transfer-Encoding: chunked\r\n', '0x5\r\nhello\r\n0\r\n\r\n'),
    'BAD_CHUNK 400 9112 §7.1',
  ],
  [
    'a trailer with a space before its colon',
    ok('Transfer-Encoding: chunked\r\n', '0\r\nX : a\r\n\r\n'),
    'SPACE_BEFORE_COLON 400 9112 §5.1',
  ],
  ['a head of 70,000 bytes', ok(`X: ${'a'.repeat(70_000)}\r\n`), 'HEAD_TOO_LARGE 431 6585 §5'],
];
