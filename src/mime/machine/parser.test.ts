import { describe, expect, test } from 'vitest';
import { concat, fromLatin1, latin1 } from '../../lib/bytes.ts';
import { parseMessage } from '../message.ts';
import type { Part } from '../types.ts';
import { typeName } from '../wire/content-fields.ts';
import { MimeParser } from './parser.ts';
import type { ParserLimits } from './sink.ts';

/** What a parser tells of a message that comes in pieces of this size. */
function read(message: string, size = Number.POSITIVE_INFINITY, limits: ParserLimits = {}) {
  const bytes = latin1(message);
  const bodies = new Map<Part, Uint8Array[]>();
  const events: string[] = [];
  const parser = new MimeParser(
    {
      onPart: (part) => events.push(`part ${part.path}`),
      onBody: (part, piece) => bodies.set(part, [...(bodies.get(part) ?? []), piece.slice()]),
      onEnd: (part) => events.push(`end ${part.path}`),
    },
    limits,
  );
  for (let at = 0; at < bytes.length; at += size) parser.push(bytes.subarray(at, at + size));
  const root = parser.end();
  const tree: string[] = [];
  const walk = (part: Part): void => {
    const body = bodies.get(part);
    if (body) expect(concat(body)).toEqual(bytes.subarray(part.body.start, part.body.end));
    const shown = body ? ` ${JSON.stringify(fromLatin1(concat(body)))}` : '';
    tree.push(`${part.path} ${typeName(part.type)}${shown}`.trim());
    part.children.forEach(walk);
  };
  walk(root);
  const defects = parser.defects.map(({ code, offset, part }) =>
    `${code} ${offset} ${part}`.trim(),
  );
  return { tree, defects, events, root };
}

const MIXED = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n';

const CASES: readonly (readonly [
  name: string,
  message: string,
  tree: string[],
  defects: string[],
])[] = [
  ['a text', 'A: b\r\n\r\nhello', ['1 text/plain "hello"'], []],
  ['no body', 'A: b\r\n\r\n', ['1 text/plain'], []],
  ['nothing', '', ['1 text/plain'], ['MIME_HEADER_NOT_ENDED 0 1']],
  ['no header', '\r\nbody', ['1 text/plain "body"'], []],
  [
    'no empty line',
    'A: b\r\nbody is here',
    ['1 text/plain "body is here"'],
    ['MIME_HEADER_LINE 6 1'],
  ],
  ['a header that breaks off', 'A: b\r\nC: d', ['1 text/plain'], ['MIME_HEADER_NOT_ENDED 10 1']],
  ['LF alone', 'A: b\n\na\nb', ['1 text/plain "a\\nb"'], ['MIME_BARE_LF 0 1']],
  ['CR alone', 'A: b\r\n\r\na\rb', ['1 text/plain "a\\rb"'], ['MIME_BARE_CR 9 1']],
  ['CR at the end', 'A: b\r\n\r\na\r', ['1 text/plain "a\\r"'], ['MIME_BARE_CR 9 1']],
  ['NUL', 'A: b\r\n\r\na\0b', ['1 text/plain "a\\u0000b"'], ['MIME_NUL 9 1']],
  ['8 bits in 7', 'A: b\r\n\r\n\xe4', ['1 text/plain "\xe4"'], ['MIME_8BIT_BODY 8 1']],
  [
    '8 bits in a header',
    'A: \xe4\r\nB: \xc3\xa4\r\n\r\n',
    ['1 text/plain'],
    ['MIME_8BIT_HEADER 0 1', 'MIME_UTF8_HEADER 6 1'],
  ],
  [
    'From of an mbox',
    'From a@b Thu\r\nA: b\r\n\r\nx',
    ['1 text/plain "x"'],
    ['MIME_FROM_LINE 0 1'],
  ],
  [
    'a blank before the colon',
    'A : b\r\n\r\nx',
    ['1 text/plain "x"'],
    ['MIME_SPACE_BEFORE_COLON 0 1'],
  ],
  [
    'a field twice',
    'Subject: a\r\nsubject: b\r\n\r\nx',
    ['1 text/plain "x"'],
    ['MIME_DUPLICATE_FIELD 12 1'],
  ],
  [
    'a long line',
    `A: b\r\n\r\n${'x'.repeat(999)}`,
    [`1 text/plain "${'x'.repeat(999)}"`],
    ['MIME_LINE_TOO_LONG 8 1'],
  ],
  ['no type', 'Content-Type: text\r\n\r\nx', ['1 text/plain "x"'], ['MIME_BAD_TYPE 0 1']],
  [
    'an unknown encoding',
    'Content-Transfer-Encoding: x-gz\r\n\r\nx',
    ['1 text/plain "x"'],
    ['MIME_UNKNOWN_ENCODING 0 1'],
  ],
  [
    'two parts',
    `${MIXED}pre\r\n--b\r\n\r\none\r\n--b \t\r\nContent-Type: text/html\r\n\r\ntwo\r\n--b--\r\npost\r\n--b\r\n`,
    ['multipart/mixed', '1 text/plain "one"', '2 text/html "two"'],
    [],
  ],
  [
    'empty parts',
    `${MIXED}--b\r\n\r\n--b\r\n\r\n\r\n--b--`,
    ['multipart/mixed', '1 text/plain', '2 text/plain'],
    [],
  ],
  [
    'a part without header or empty line',
    `${MIXED}--b\r\n--b--`,
    ['multipart/mixed', '1 text/plain'],
    ['MIME_HEADER_NOT_ENDED 50 1'],
  ],
  [
    'a header cut by a boundary',
    `${MIXED}--b\r\nA: b\r\n--b--`,
    ['multipart/mixed', '1 text/plain'],
    ['MIME_HEADER_NOT_ENDED 56 1'],
  ],
  [
    'what only looks like a boundary',
    `${MIXED}--b\r\n\r\n--bb\r\n-b\r\n--b-\r\n -\r\n--b--`,
    ['multipart/mixed', '1 text/plain "--bb\\r\\n-b\\r\\n--b-\\r\\n -"'],
    [],
  ],
  [
    'no last boundary',
    `${MIXED}--b\r\n\r\none\r\n`,
    ['multipart/mixed', '1 text/plain "one\\r\\n"'],
    ['MIME_NOT_CLOSED 57'],
  ],
  [
    'a boundary at the very end',
    `${MIXED}--b\r\n\r\none\r\n--b`,
    ['multipart/mixed', '1 text/plain "one"', '2 text/plain'],
    ['MIME_HEADER_NOT_ENDED 60 2', 'MIME_NOT_CLOSED 60'],
  ],
  ['no boundary in the body', `${MIXED}text`, ['multipart/mixed'], ['MIME_NO_PARTS 49']],
  [
    'no boundary parameter',
    'Content-Type: multipart/mixed\r\n\r\n--b\r\n',
    ['multipart/mixed "--b\\r\\n"'],
    ['MIME_NO_BOUNDARY 0'],
  ],
  [
    'no empty line before the first boundary',
    'Content-Type: multipart/mixed; boundary=b\r\n--b\r\n\r\nx\r\n--b--',
    ['multipart/mixed', '1 text/plain "x"'],
    ['MIME_HEADER_LINE 43'],
  ],
  [
    'an inner multipart ended by the outer boundary (RFC 2046 §5.1.2)',
    `${MIXED}--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--`,
    ['multipart/mixed', '1 multipart/alternative', '1.1 text/plain "one"', '2 text/plain "two"'],
    ['MIME_NOT_CLOSED 111 1'],
  ],
  [
    'boundaries of which one begins with the other',
    'Content-Type: multipart/mixed; boundary=bb\r\n\r\n--bb\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b--\r\n--bb--',
    ['multipart/mixed', '1 multipart/mixed', '1.1 text/plain "one"'],
    [],
  ],
  [
    'LF everywhere',
    'Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n--b--\n',
    ['multipart/mixed', '1 text/plain "one"', '2 text/plain "two"'],
    ['MIME_BARE_LF 0', 'MIME_BARE_LF 47 1', 'MIME_BARE_LF 56 2'],
  ],
  [
    'a digest (RFC 2046 §5.1.5)',
    'Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nSubject: in\r\n\r\ntext\r\n--b--',
    ['multipart/digest', '1 message/rfc822', '1.1 text/plain "text"'],
    [],
  ],
  [
    'a message in a message, a multipart in that',
    `Content-Type: message/rfc822\r\n\r\n${MIXED}--b\r\n\r\none\r\n--b--`,
    ['1 message/rfc822', '1 multipart/mixed', '1.1 text/plain "one"'],
    [],
  ],
  [
    'a message in base64 is not opened',
    'Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nQQ==',
    ['1 message/rfc822 "QQ=="'],
    ['MIME_ENCODED_COMPOSITE 0 1'],
  ],
  [
    'a multipart in base64 is',
    `Content-Transfer-Encoding: base64\r\n${MIXED}--b\r\n\r\none\r\n--b--`,
    ['multipart/mixed', '1 text/plain "one"'],
    ['MIME_ENCODED_COMPOSITE 0'],
  ],
];

describe('the tree of', () => {
  test.each(CASES)('%s', (_, message, tree, defects) => {
    const whole = read(message);
    expect(whole.tree).toEqual(tree);
    expect(whole.defects).toEqual(defects);
    for (const size of [1, 2, 3, 7]) expect(read(message, size)).toEqual(whole);
  });
});

test('ranges and lines, as IMAP asks for them', () => {
  const text = `A: b\r\n${MIXED}pre\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nl1\r\nl2\r\n--b--\r\n`;
  const message = parseMessage(latin1(text));
  const section = (name: string): string | undefined => {
    const bytes = message.section(name);
    return bytes && fromLatin1(bytes);
  };
  expect(section('')).toBe(text);
  expect(section('HEADER')).toBe(`A: b\r\n${MIXED}`);
  expect(section('TEXT')).toBe(text.slice(text.indexOf('pre')));
  expect(section('1')).toBe('Subject: in\r\n\r\nl1\r\nl2');
  expect(section('1.MIME')).toBe('Content-Type: message/rfc822\r\n\r\n');
  expect(section('1.HEADER')).toBe('Subject: in\r\n\r\n');
  expect(section('1.TEXT')).toBe('l1\r\nl2');
  expect(section('1.1')).toBe('l1\r\nl2');
  for (const none of ['2', '1.1.HEADER', '0', 'X', '1.']) expect(section(none)).toBeUndefined();
  expect(message.part('1')?.lines).toBe(3);
  expect(message.part('1.1')?.lines).toBe(1);
});

describe('limits', () => {
  const nested = (depth: number) =>
    Array.from(
      { length: depth },
      (_, i) => `Content-Type: multipart/mixed; boundary=b${i}x\r\n\r\n--b${i}x\r\n`,
    ).join('');
  const depthOf = (part: Part): number => 1 + Math.max(0, ...part.children.map(depthOf));

  test('depth', () => {
    const { root, defects } = read(nested(200));
    expect(depthOf(root)).toBe(51);
    expect(defects.some((one) => one.startsWith('MIME_TOO_DEEP'))).toBe(true);
    expect(depthOf(read('Content-Type: message/rfc822\r\n\r\n'.repeat(200)).root)).toBe(51);
  });

  test('parts', () => {
    const message = `${MIXED}${'--b\r\n\r\nx\r\n'.repeat(5000)}--b--`;
    const { root, defects } = read(message);
    expect(root.children.length).toBe(1999);
    expect(defects).toEqual([expect.stringMatching(/^MIME_TOO_MANY_PARTS/)]);
    expect(read(message, 1000)).toEqual(read(message));
  });

  test('header bytes, lines and fields', () => {
    const limits = { header: 100, fields: 3 };
    const long = `A: ${'x'.repeat(200)}\r\nB: c\r\n\r\nbody`;
    expect(read(long, 5, limits)).toEqual(read(long, 1000, limits));
    expect(read(long, 5, limits).root.fields.size).toBe(0);
    expect(read(long, 5, limits).tree).toEqual(['1 text/plain "body"']);
    const many = read(`${'A: b\r\n'.repeat(9)}\r\nbody`, 5, limits);
    expect(many.root.fields.size).toBe(3);
    expect(many.defects).toEqual([expect.stringMatching(/^MIME_TOO_MANY_FIELDS 18/)]);
    const line = `A: b\r\nC: ${'x'.repeat(70_000)}\r\nD: e\r\n\r\nbody`;
    const fields = [...read(line, 999).root.fields].map(({ name }) => name);
    expect(fields).toEqual(['A', 'D']);
    expect(read(line, 999)).toEqual(read(line));
  });

  test('bodies are not held', () => {
    let most = 0;
    const parser = new MimeParser({
      onBody: (_, piece) => {
        most = Math.max(most, piece.length);
      },
    });
    parser.push(latin1('A: b\r\n\r\n'));
    const piece = latin1('-'.repeat(65_536));
    for (let i = 0; i < 200; i++) parser.push(piece);
    expect(parser.end().body.end).toBe(8 + 200 * 65_536);
    expect(most).toBe(65_536);
  });
});
