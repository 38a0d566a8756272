/** Bodies that a server must refuse, each read whole, in halves and byte by byte. */
import { describe, expect, test } from 'vitest';
import { gist, readRequests, verdictText } from '../../../test/fuzz/http-parse.ts';
import { latin1 } from '../../lib/bytes.ts';

type Row = readonly [what: string, bytes: string, verdict: string];

const H = 'Host: a\r\n';
const get = (rest: string): string => `GET / HTTP/1.1\r\n${H}${rest}\r\n`;
const chunked = (body: string): string =>
  `POST / HTTP/1.1\r\n${H}Transfer-Encoding: chunked\r\n\r\n${body}`;

const REFUSED: readonly Row[] = [
  [
    'both lengths',
    get('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n'),
    'TWO_LENGTHS 400 9112 §6.3',
  ],
  [
    'both lengths, the other way round',
    get('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n'),
    'TWO_LENGTHS 400 9112 §6.3',
  ],
  [
    'lengths that differ',
    get('Content-Length: 5\r\nContent-Length: 6\r\n'),
    'LENGTHS_DIFFER 400 9112 §6.3',
  ],
  [
    'lengths that differ in a list',
    get('Content-Length: 5, 6\r\n'),
    'LENGTHS_DIFFER 400 9112 §6.3',
  ],
  [
    'lengths equal but for a zero',
    get('Content-Length: 5\r\nContent-Length: 05\r\n'),
    'LENGTHS_DIFFER 400 9112 §6.3',
  ],
  ['a length with a plus', get('Content-Length: +5\r\n'), 'BAD_LENGTH 400 9110 §8.6'],
  ['a length below zero', get('Content-Length: -5\r\n'), 'BAD_LENGTH 400 9110 §8.6'],
  ['a length in hexadecimal', get('Content-Length: 0x5\r\n'), 'BAD_LENGTH 400 9110 §8.6'],
  ['a length with a no-break space', get('Content-Length: 5\xa0\r\n'), 'BAD_LENGTH 400 9110 §8.6'],
  ['a length with a space inside', get('Content-Length: 1 5\r\n'), 'BAD_LENGTH 400 9110 §8.6'],
  ['an empty length', get('Content-Length:\r\n'), 'BAD_LENGTH 400 9110 §8.6'],
  ['a length with an exponent', get('Content-Length: 1e2\r\n'), 'BAD_LENGTH 400 9110 §8.6'],
  [
    'a length beyond every number',
    get(`Content-Length: ${'9'.repeat(30)}\r\n`),
    'BAD_LENGTH 413 9110 §8.6',
  ],
  ['an unknown coding', get('Transfer-Encoding: xchunked\r\n'), 'BAD_CODING 400 9112 §6.3'],
  ['identity', get('Transfer-Encoding: identity\r\n'), 'BAD_CODING 400 9112 §6.3'],
  [
    'chunked, then identity',
    get('Transfer-Encoding: chunked, identity\r\n'),
    'BAD_CODING 400 9112 §6.3',
  ],
  ['chunked twice', get('Transfer-Encoding: chunked, chunked\r\n'), 'BAD_CODING 400 9112 §6.1'],
  [
    'chunked in two fields',
    get('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n'),
    'BAD_CODING 400 9112 §6.1',
  ],
  [
    'chunked with a parameter',
    get('Transfer-Encoding: chunked;a=b\r\n'),
    'BAD_CODING 400 9112 §6.3',
  ],
  ['chunked in quotes', get('Transfer-Encoding: "chunked"\r\n'), 'BAD_CODING 400 9112 §6.3'],
  [
    'chunked with a no-break space',
    get('Transfer-Encoding: chunked\xa0\r\n'),
    'BAD_CODING 400 9112 §6.3',
  ],
  ['an empty coding', get('Transfer-Encoding:\r\n'), 'BAD_CODING 400 9112 §6.3'],
  [
    'gzip, chunked',
    get('Transfer-Encoding: gzip, chunked\r\n'),
    'CODING_NOT_SUPPORTED 501 9112 §6.1',
  ],
  [
    'a coding in HTTP/1.0',
    'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'BAD_CODING 400 9112 §6.1',
  ],
  ['a chunk size that is none', chunked('x\r\n\r\n'), 'BAD_CHUNK 400 9112 §7.1'],
  ['an empty chunk size', chunked('\r\n\r\n'), 'BAD_CHUNK 400 9112 §7.1'],
  ['a chunk size with 0x', chunked('0x5\r\nhello\r\n0\r\n\r\n'), 'BAD_CHUNK 400 9112 §7.1'],
  ['a chunk size below zero', chunked('-1\r\n\r\n'), 'BAD_CHUNK 400 9112 §7.1'],
  ['a space before a chunk size', chunked(' 5\r\nhello\r\n0\r\n\r\n'), 'BAD_CHUNK 400 9112 §7.1'],
  ['a space after a chunk size', chunked('5 \r\nhello\r\n0\r\n\r\n'), 'BAD_CHUNK 400 9112 §7.1'],
  ['a chunk line that ends with LF', chunked('5\nhello\r\n0\r\n\r\n'), 'BAD_CHUNK 400 9112 §7.1'],
  ['an extension that ends with LF', chunked('5;a\nhello\r\n0\r\n\r\n'), 'BAD_CHUNK 400 9112 §7.1'],
  ['an extension without a name', chunked('5;\r\nhello\r\n0\r\n\r\n'), 'BAD_CHUNK 400 9112 §7.1'],
  ['a bare CR in an extension', chunked('5;a\rb\r\nhello\r\n0\r\n\r\n'), 'BAD_CHUNK 400 9112 §7.1'],
  ['a chunk size beyond every number', chunked('fffffffffffffffff\r\n'), 'BAD_CHUNK 400 9112 §7.1'],
  ['a chunk line without end', chunked(`5;${'a'.repeat(2000)}`), 'BAD_CHUNK 400 9112 §7.1'],
  [
    'many long extensions',
    chunked(`1;${'a'.repeat(1000)}\r\nx\r\n`.repeat(20)),
    'BAD_CHUNK 400 9112 §7.1',
  ],
  ['more data than the chunk size', chunked('5\r\nhello!\r\n0\r\n\r\n'), 'BAD_CHUNK 400 9112 §7.1'],
  ['data that ends with LF', chunked('5\r\nhello\n0\r\n\r\n'), 'BAD_CHUNK 400 9112 §7.1'],
  ['data that ends with CR', chunked('5\r\nhello\r0\r\n\r\n'), 'BAD_CHUNK 400 9112 §7.1'],
  ['a trailer that ends with LF', chunked('0\r\nX: a\n\r\n'), 'BAD_CHUNK 400 9112 §7.1'],
  ['a folded trailer', chunked('0\r\nX: a\r\n b\r\n\r\n'), 'OBS_FOLD 400 9112 §5.2'],
  ['NUL in a trailer', chunked('0\r\nX: a\0\r\n\r\n'), 'CONTROL_CHARACTER 400 9110 §5.5'],
  [
    'trailers of 20,000 bytes',
    chunked(`0\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`),
    'TRAILERS_TOO_LARGE 431 6585 §5',
  ],
  ['an end within the head', 'GET / HTTP/1.1\r\nHost', 'INCOMPLETE 400 9112 §8'],
  [
    'an end within the body',
    `POST / HTTP/1.1\r\n${H}Content-Length: 5\r\n\r\nhell`,
    'INCOMPLETE 400 9112 §8',
  ],
  ['an end within the chunks', chunked('5\r\nhello\r\n'), 'INCOMPLETE 400 9112 §8'],
];

describe('bodies that are refused', () => {
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
