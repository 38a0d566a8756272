import { describe, expect, it, test } from 'vitest';
import { fromLatin1, latin1, utf8 } from '../../lib/bytes.ts';
import { ImapError } from '../errors.ts';
import type { Command } from '../types.ts';
import { appendPieces } from './append.ts';
import { commandPieces, parseCommand, tagOf } from './command.ts';
import { dateTimeText } from './date.ts';
import { parseResponse } from './response.ts';
import { inRanges, normalRanges, numbersText, rangesOf } from './sequence-set.ts';
import { type Unit, UnitReader } from './unit-reader.ts';
import { fromUtf7, toUtf7 } from './utf7.ts';

/** A unit out of octets, its literals held. */
function unit(text: string | Uint8Array, inBytes = false): Unit {
  const reader = new UnitReader(1_000);
  const bytes = typeof text === 'string' ? latin1(text) : text;
  const parts = inBytes ? [...bytes].map((byte) => Uint8Array.of(byte)) : [bytes];
  for (const part of parts) {
    reader.push(part);
    for (let step = reader.next(); step; step = reader.next()) {
      if (step.type === 'unit') return step.unit;
      reader.keep();
    }
  }
  throw new Error('not whole');
}

function parse(text: string): Command {
  return parseCommand(unit(`${text}\r\n`));
}

const STAR = Number.POSITIVE_INFINITY;

/** Commands, and what they mean; each is said again as it was read, but for those with a third value. */
const COMMANDS: readonly (readonly [string, object, string?])[] = [
  ['NOOP', { name: 'NOOP' }],
  ['LOGIN alice "t \\"e\\\\a"', { name: 'LOGIN', user: 'alice', password: 't "e\\a' }],
  ['LOGIN {5+}\r\nal ce {0+}\r\n', { user: 'al ce', password: '' }, 'LOGIN "al ce" ""'],
  ['AUTHENTICATE PLAIN =', { mechanism: 'PLAIN', initial: '=' }],
  ['SELECT inbox', { name: 'SELECT', mailbox: 'inbox', condstore: false }],
  ['EXAMINE "a b" (CONDSTORE)', { name: 'EXAMINE', mailbox: 'a b', condstore: true }],
  [
    'SELECT x (QRESYNC (67 90 1:3,9 (1:2 5:6)))',
    {
      qresync: {
        uidValidity: 67,
        modSeq: 90,
        known: [
          [1, 3],
          [9, 9],
        ],
        match: { numbers: [[1, 2]], uids: [[5, 6]] },
      },
    },
  ],
  ['CREATE Gesendet (USE (\\Sent))', { mailbox: 'Gesendet', use: ['\\Sent'] }],
  ['CREATE L&AOQ-den', { mailbox: 'Läden' }],
  ['DELETE A&-B', { mailbox: 'A&B' }],
  ['DELETE ~peter/mail', { mailbox: '~peter/mail' }],
  ['RENAME a "b c"', { from: 'a', to: 'b c' }],
  ['LIST "" %', { reference: '', patterns: ['%'], extended: false }, 'LIST "" "%"'],
  [
    'LIST (SUBSCRIBED RECURSIVEMATCH) "" ("a*" b) RETURN (CHILDREN STATUS (MESSAGES))',
    {
      selection: ['SUBSCRIBED', 'RECURSIVEMATCH'],
      patterns: ['a*', 'b'],
      returns: { children: true, status: ['MESSAGES'] },
    },
  ],
  ['LSUB "" x', { name: 'LSUB', pattern: 'x' }],
  ['STATUS x (UIDNEXT SIZE HIGHESTMODSEQ)', { items: ['UIDNEXT', 'SIZE', 'HIGHESTMODSEQ'] }],
  [
    'UID EXPUNGE 3,5:*',
    {
      name: 'EXPUNGE',
      set: [
        [3, 3],
        [5, STAR],
      ],
    },
  ],
  [
    'FETCH 2:4 ALL',
    {
      items: [
        { type: 'FLAGS' },
        { type: 'INTERNALDATE' },
        { type: 'RFC822.SIZE' },
        { type: 'ENVELOPE' },
      ],
    },
    'FETCH 2:4 (FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)',
  ],
  [
    'UID FETCH 1 (BODY.PEEK[1.2.HEADER.FIELDS (From "X Y")]<0.5> BINARY[3] BINARY.SIZE[1]) (CHANGEDSINCE 7 VANISHED)',
    {
      uid: true,
      items: [
        {
          type: 'BODY[]',
          peek: true,
          section: { part: '1.2', text: 'HEADER.FIELDS', fields: ['From', 'X Y'] },
          partial: { offset: 0, length: 5 },
        },
        { type: 'BINARY[]', peek: false, part: '3' },
        { type: 'BINARY.SIZE[]', part: '1' },
      ],
      changedSince: 7,
      vanished: true,
    },
  ],
  [
    'STORE 4:2 (UNCHANGEDSINCE 12) -FLAGS.SILENT (\\Deleted a]b)',
    { set: [[2, 4]], how: 'remove', silent: true, flags: ['\\Deleted', 'a]b'], unchangedSince: 12 },
    'STORE 2:4 (UNCHANGEDSINCE 12) -FLAGS.SILENT (\\Deleted a]b)',
  ],
  [
    'STORE $ +FLAGS \\Seen x',
    { set: '$', how: 'add', flags: ['\\Seen', 'x'] },
    'STORE $ +FLAGS (\\Seen x)',
  ],
  ['UID MOVE * Trash', { name: 'MOVE', uid: true, set: [[STAR, STAR]], mailbox: 'Trash' }],
  [
    'SEARCH RETURN (MIN COUNT) OR SEEN NOT KEYWORD x (SINCE 1-Feb-2026 LARGER 5)',
    {
      returns: ['MIN', 'COUNT'],
      key: {
        type: 'and',
        keys: [{ type: 'or', left: { type: 'flag', flag: '\\Seen' } }, { type: 'and' }],
      },
    },
  ],
  [
    'UID SEARCH UID 3:4 HEADER X-Y ""',
    {
      uid: true,
      key: {
        keys: [
          { type: 'uids', set: [[3, 4]] },
          { type: 'header', field: 'X-Y', text: '' },
        ],
      },
    },
  ],
  ['SEARCH RETURN () FROM a', { returns: ['ALL'] }, 'SEARCH RETURN (ALL) HEADER FROM a'],
  ['SEARCH CHARSET UTF-8 TEXT {3+}\r\n\xc3\xa4x', { key: { type: 'text', text: 'äx' } }],
  [
    'SEARCH MODSEQ "/flags/\\\\draft" all 620',
    { key: { type: 'modseq', modSeq: 620 } },
    'SEARCH MODSEQ 620',
  ],
  [
    'SORT (REVERSE DATE SUBJECT) UTF-8 ALL',
    {
      criteria: [
        { field: 'DATE', reverse: true },
        { field: 'SUBJECT', reverse: false },
      ],
    },
  ],
  ['UID THREAD REFERENCES UTF-8 SEEN', { algorithm: 'REFERENCES', uid: true }],
  [
    'ID ("name" "x y" "version" NIL)',
    {
      fields: new Map([
        ['name', 'x y'],
        ['version', null],
      ]),
    },
  ],
  ['ENABLE QRESYNC X', { capabilities: ['QRESYNC', 'X'] }],
  ['COMPRESS DEFLATE', { mechanism: 'DEFLATE' }],
  ['GETQUOTA ""', { root: '' }],
  ['SETQUOTA "" (STORAGE 512)', { limits: new Map([['STORAGE', 512]]) }],
  ['GETQUOTAROOT INBOX', { mailbox: 'INBOX' }],
];

/** As a client sends it that need not wait. */
function said(command: Command): string {
  if (command.name === 'APPEND') throw new Error('APPEND has its own');
  return commandPieces(command)
    .list.map((piece) =>
      typeof piece === 'string'
        ? piece
        : `{${piece.octets.length}+}\r\n${fromLatin1(piece.octets)}`,
    )
    .join('');
}

describe('commands', () => {
  test.each(COMMANDS.map(([text, meaning, again = text]) => [text, meaning, again] as const))(
    '%s',
    (text, meaning, again) => {
      const command = parse(`a1 ${text}`);
      expect(command).toMatchObject({ tag: 'a1', ...meaning });
      expect(said(command)).toBe(again);
      expect(parseCommand(unit(latin1(`a1 ${text}\r\n`), true))).toEqual(command);
    },
  );

  test('APPEND of two messages', () => {
    const pieces = appendPieces(
      'x y',
      [{ octets: utf8('one'), flags: ['\\Seen'], received: 0 }, { octets: utf8('two') }],
      false,
    );
    const text = pieces.list
      .map((piece) => (typeof piece === 'string' ? piece : `{3+}\r\n${fromLatin1(piece.octets)}`))
      .join('');
    const whole = unit(`a1 ${text}\r\n`);
    expect(parseCommand(whole)).toEqual({
      tag: 'a1',
      name: 'APPEND',
      mailbox: 'x y',
      messages: [
        { literal: 0, flags: ['\\Seen'], received: 0 },
        { literal: 1, flags: [], received: undefined },
      ],
    });
    expect(whole.literals).toEqual([utf8('one'), utf8('two')]);
    expect(parse('a APPEND x UTF8 (~{1+}\r\nz)')).toMatchObject({ messages: [{ literal: 0 }] });
  });

  test.each([
    ['', 'IMAP_BAD_TAG'],
    ['+ NOOP', 'IMAP_BAD_TAG'],
    ['a', 'IMAP_BAD_ARGUMENT'],
    ['a  NOOP', 'IMAP_BAD_ARGUMENT'],
    ['a NOOP ', 'IMAP_BAD_ARGUMENT'],
    ['a FROB', 'IMAP_UNKNOWN_COMMAND'],
    ['a constructor', 'IMAP_UNKNOWN_COMMAND'],
    ['a UID NOOP', 'IMAP_UNKNOWN_COMMAND'],
    ['a LOGIN alice', 'IMAP_BAD_ARGUMENT'],
    ['a LOGIN alice "tea', 'IMAP_BAD_ARGUMENT'],
    ['a LOGIN "al\0ice" tea', 'IMAP_BAD_ARGUMENT'],
    ['a FETCH 0 FLAGS', 'IMAP_BAD_ARGUMENT'],
    ['a FETCH 1: FLAGS', 'IMAP_BAD_ARGUMENT'],
    ['a FETCH 4294967296 FLAGS', 'IMAP_BAD_ARGUMENT'],
    ['a FETCH 1 BODY[MIME]', 'IMAP_BAD_ARGUMENT'],
    ['a FETCH 1 BODY[]<0.0>', 'IMAP_BAD_ARGUMENT'],
    ['a FETCH 1 (FLAGS) (VANISHED)', 'IMAP_BAD_ARGUMENT'],
    ['a STORE 1 FLAGZ (x)', 'IMAP_BAD_ARGUMENT'],
    ['a SEARCH SINCE 31-Feb-2026', 'IMAP_BAD_ARGUMENT'],
    ['a SEARCH ((ALL)', 'IMAP_BAD_ARGUMENT'],
    [`a SEARCH ${'NOT '.repeat(60)}ALL`, 'IMAP_BAD_ARGUMENT'],
    ['a SEARCH CHARSET KOI8-R ALL TEXT x', 'IMAP_BAD_CHARSET'],
    ['a LIST (RECURSIVEMATCH) "" *', 'IMAP_BAD_ARGUMENT'],
    ['a APPEND x "now" {1+}\r\nx', 'IMAP_BAD_ARGUMENT'],
  ])('%j is refused', (text, code) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code }));
  });
});

describe('units', () => {
  test('literals are announced before they come, and may be refused', () => {
    const reader = new UnitReader(100);
    reader.push(latin1('a LOGIN {5}\r\n'));
    expect(reader.next()).toMatchObject({
      type: 'literal',
      size: 5,
      waits: true,
      head: { text: 'a LOGIN {5}\r\n' },
    });
    expect(reader.refuse()).toEqual({ text: 'a LOGIN {5}\r\n', literals: [] });
    reader.push(latin1('b APPEND x {3+}\r\nab'));
    expect(reader.next()).toMatchObject({ waits: false });
    const got: string[] = [];
    reader.stream((bytes) => got.push(fromLatin1(bytes)));
    expect(reader.next()).toBeUndefined();
    reader.push(latin1('c\r\nNOOP'));
    expect(reader.next()).toMatchObject({
      type: 'unit',
      unit: { text: 'b APPEND x {3+}\r\n', literals: [{ size: 3 }] },
    });
    expect(got.join('')).toBe('abc');
    expect(fromLatin1(reader.take())).toBe('NOOP');
  });

  it.each([false, true])(
    'a line without end is not held, and its literal is no command (byte by byte: %s)',
    (inBytes) => {
      const text = latin1(`tag ${'x'.repeat(5_000)} {6+}\r\nb NOOP\r\nc NOOP\r\n`);
      const reader = new UnitReader(1_000);
      const units: Unit[] = [];
      for (const part of inBytes ? [...text].map((byte) => Uint8Array.of(byte)) : [text]) {
        reader.push(part);
        expect(reader.buffered).toBeLessThan(inBytes ? 1_100 : 6_000);
        for (let step = reader.next(); step; step = reader.next()) {
          if (step.type === 'unit') units.push(step.unit);
          else reader.keep();
        }
      }
      expect(units).toMatchObject([{ fault: 'too long' }, { text: 'c NOOP' }]);
      expect(tagOf(units[0]?.text ?? '')).toBe('tag');
    },
  );
});

test('sets', () => {
  expect(
    normalRanges(
      [
        [5, STAR],
        [1, 2],
        [3, 3],
      ],
      4,
    ),
  ).toEqual([[1, 5]]);
  expect(normalRanges([[STAR, STAR]], 7)).toEqual([[7, 7]]);
  expect(rangesOf([1, 2, 2, 3, 7])).toEqual([
    [1, 3],
    [7, 7],
  ]);
  expect(numbersText([3, 4, 5, 1, 9])).toBe('3:5,1,9');
  const ranges = normalRanges(
    [
      [2, 3],
      [8, 9],
    ],
    9,
  );
  expect([1, 2, 3, 4, 8, 10].map((n) => inRanges(ranges, n))).toEqual([
    false,
    true,
    true,
    false,
    true,
    false,
  ]);
});

test.each([
  ['Läden', 'L&AOQ-den'],
  ['A&B', 'A&-B'],
  ['~peter/mail/台北/日本語', '~peter/mail/&U,BTFw-/&ZeVnLIqe-'],
  ['😀', '&2D3eAA-'],
  ['plain', 'plain'],
])('%s in modified UTF-7', (name, text) => {
  expect(toUtf7(name)).toBe(text);
  expect(fromUtf7(text)).toBe(name);
});

test('what is no modified UTF-7 stands for itself', () => {
  for (const text of ['a&b', '&AOQ', '&!!-', '&AGE-', '&A-']) expect(fromUtf7(text)).toBe(text);
});

test('dates', () => {
  expect(dateTimeText(Date.UTC(1996, 6, 7, 2, 4, 5))).toBe('" 7-Jul-1996 02:04:05 +0000"');
  expect(parse('a APPEND x "17-Jul-1996 02:44:25 -0730" {0+}\r\n')).toMatchObject({
    messages: [{ received: Date.UTC(1996, 6, 17, 10, 14, 25) }],
  });
});

const RESPONSES: readonly (readonly [string, object])[] = [
  [
    '* OK [ALERT] hi',
    { type: 'status', tag: undefined, status: 'OK', responseCode: 'ALERT', text: 'hi' },
  ],
  ['a1 NO', { tag: 'a1', status: 'NO', text: '' }],
  [
    '* OK [PERMANENTFLAGS (\\Seen a]b \\*)] x',
    { responseCode: 'PERMANENTFLAGS (\\Seen a]b \\*)', text: 'x' },
  ],
  ['+ go on', { type: 'continuation', text: 'go on' }],
  ['* CAPABILITY IMAP4rev1 AUTH=PLAIN ', { names: ['IMAP4rev1', 'AUTH=PLAIN'] }],
  [
    '* LIST (\\HasChildren \\Sent) "/" "L&AOQ-den"',
    { mailbox: { path: 'Läden', delimiter: '/', attributes: ['\\HasChildren', '\\Sent'] } },
  ],
  [
    '* LIST () NIL x ("CHILDINFO" ("SUBSCRIBED") "X" (1 (2)))',
    { mailbox: { delimiter: null, childInfo: ['SUBSCRIBED'] } },
  ],
  ['* STATUS x (MESSAGES 3 FOO bar UNSEEN 0)', { mailbox: { path: 'x', MESSAGES: 3, UNSEEN: 0 } }],
  ['* SEARCH', { result: { all: [] } }],
  ['* SEARCH 2 84 (MODSEQ 917)', { result: { all: [2, 84], modSeq: 917 } }],
  [
    '* ESEARCH (TAG "a") UID MIN 7 COUNT 2 ALL 7,9:10',
    { result: { tag: 'a', uid: true, min: 7, count: 2, all: [7, 9, 10] } },
  ],
  [
    '* THREAD (2)(3 6 (4 23)(44 7))',
    {
      threads: [
        { message: 2 },
        { message: 3, children: [{ message: 6, children: [{ message: 4 }, { message: 44 }] }] },
      ],
    },
  ],
  [
    '* THREAD ((1)(2))',
    { threads: [{ message: undefined, children: [{ message: 1 }, { message: 2 }] }] },
  ],
  ['* VANISHED (EARLIER) 1:3', { earlier: true, uids: [[1, 3]] }],
  ['* 23 EXISTS', { type: 'exists', number: 23 }],
  [
    '* NAMESPACE (("" "/")("x" NIL)) NIL (("#s/" "/"))',
    {
      personal: [{ prefix: '', delimiter: '/' }, { prefix: 'x' }],
      others: [],
      shared: [{ prefix: '#s/' }],
    },
  ],
  [
    '* QUOTA "" (STORAGE 10 512)',
    { root: '', resources: [{ name: 'STORAGE', used: 10, limit: 512 }] },
  ],
  ['* ID NIL', { fields: null }],
  ['* XFOO bar (1 2)', { type: 'other', name: 'XFOO', text: 'bar (1 2)' }],
];

describe('responses', () => {
  test.each(RESPONSES)('%s', (text, meaning) => {
    expect(parseResponse(unit(`${text}\r\n`))).toMatchObject(meaning);
  });

  test('FETCH with everything', () => {
    const text =
      '* 12 FETCH (FLAGS (\\Seen) UID 7 MODSEQ (9) INTERNALDATE "17-Jul-1996 02:44:25 -0700" RFC822.SIZE 4 ' +
      'ENVELOPE ("d" {1}\r\ns (("A B" NIL "a" "b.c")) NIL NIL ((NIL NIL "g" NIL)(NIL NIL "x" "y")(NIL NIL NIL NIL)) NIL NIL NIL "<i>") ' +
      'BODYSTRUCTURE (("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "7BIT" 10 2 NIL ("inline" NIL) NIL)' +
      '("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 20 ("d" "s" NIL NIL NIL NIL NIL NIL NIL NIL) ' +
      '(("TEXT" "HTML" NIL NIL NIL "7BIT" 5 1)("IMAGE" "PNG" NIL "<c>" "d" "BASE64" 9) "RELATED") 4) "MIXED" ("boundary" "x") NIL NIL) ' +
      'BODY[HEADER.FIELDS (subject)]<3> {2}\r\nhi BINARY[1] ~{2}\r\n\0\xff X-NEW (1 "a") BINARY.SIZE[2] 44)\r\n';
    const response = parseResponse(unit(text));
    expect(response).toMatchObject({
      message: {
        number: 12,
        uid: 7,
        modSeq: 9,
        size: 4,
        flags: ['\\Seen'],
        received: Date.UTC(1996, 6, 17, 9, 44, 25),
        envelope: {
          subject: 's',
          from: [{ name: 'A B', mailbox: 'a', host: 'b.c' }],
          to: [{ mailbox: 'g', host: null }, {}, { mailbox: null }],
          messageId: '<i>',
        },
        structure: {
          path: '',
          subtype: 'mixed',
          children: [
            {
              path: '1',
              lines: 2,
              parameters: new Map([['charset', 'utf-8']]),
              disposition: { kind: 'inline' },
            },
            {
              path: '2',
              lines: 4,
              children: [
                {
                  path: '2',
                  subtype: 'related',
                  children: [{ path: '2.1' }, { path: '2.2', id: '<c>' }],
                },
              ],
            },
          ],
        },
      },
    });
    if (response.type !== 'fetch') throw new Error(response.type);
    expect(response.message.bodies).toEqual(
      new Map([
        ['BODY[HEADER.FIELDS (SUBJECT)]', utf8('hi')],
        ['BINARY[1]', Uint8Array.of(0, 255)],
      ]),
    );
    expect(response.message.offsets.get('BODY[HEADER.FIELDS (SUBJECT)]')).toBe(3);
    expect(response.message.sizes.get('2')).toBe(44);
  });

  test.each([
    '',
    '*',
    '* 12 FETCH (FLAGS',
    '* STATUS x',
    'a1 MAYBE x',
    '* SEARCH x',
    `* 1 FETCH (X ${'('.repeat(400)}`,
    `* THREAD ${'('.repeat(2_000)}`,
  ])('%j is none', (text) => {
    expect(() => parseResponse({ text, literals: [] })).toThrow(ImapError);
  });
});
