/** Messages: any bytes are read, the same whole and in pieces; what is made of them is strict. */
import { deepEqual, doesNotMatch, equal, match, notEqual, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { expect, it } from 'vitest';
import { concat, fromLatin1, latin1, utf8 } from '../../src/lib/bytes.ts';
import {
  buildMessage,
  decodeCharset,
  decodeWords,
  flow,
  MimeParser,
  NO_RESOURCES,
  type Part,
  parseAddresses,
  parseContentType,
  parseMailDate,
  parseMessage,
  reencode7bit,
  safeHtml,
  unflow,
} from '../../src/mime/index.ts';
import { seededRandom } from '../../src/net/index.ts';
import { fuzz, SEED } from './mutate.ts';

const TIME = 180_000;

const MESSAGES = [
  'From: a@b.c\r\nSubject: =?utf-8?Q?=C3=A4?=\r\n\r\nhello\r\n',
  'Content-Type: multipart/mixed; boundary=b\r\n\r\npre\r\n--b\r\n\r\none\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD\r\n--b--\r\n',
  'Content-Type: multipart/digest; boundary="b"\r\n\r\n--b\r\n\r\nSubject: x\r\n\r\ny\r\n--b--',
  'Content-Type: message/rfc822\r\n\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\n\r\n--c--',
  'Content-Type: text/html; charset=utf-7\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>=\r\n+AOQ-',
];
const LABELS = ['utf-7', 'utf-32', 'hz-gb-2312', 'iso-2022-kr', 'cp437', 'utf-8'];
const SPICE = [
  '\r\n',
  '\n',
  '\r',
  '--b',
  '--b--',
  '--c',
  '\r\n\r\n',
  ':',
  ' ',
  ';',
  '=',
  '"',
  '\0',
  '\xff',
  '=?',
  '?=',
  '-',
  'Content-Type: ',
  'boundary=b',
  '--b\r\n',
];

type Element = DefaultTreeAdapterTypes.Element;

/** Whether scripts run, which changes how noscript is read, and whether pictures from outside are wanted. */
const SETTINGS = [
  [true, false],
  [false, true],
] as const;

const ACTING = /^(?:script|iframe|object|embed|svg|math|form|base|link|template|noscript)$/;

/** All elements, as a browser reads them again. */
function elements(root: DefaultTreeAdapterTypes.ParentNode): Element[] {
  return root.childNodes.flatMap((node) =>
    'childNodes' in node ? [...('tagName' in node ? [node] : []), ...elements(node)] : [],
  );
}

/** The tree without what cannot be compared, and the bodies as they passed. */
function read(pieces: readonly Uint8Array[]) {
  const bodies = new Map<Part, Uint8Array[]>();
  const parser = new MimeParser({
    onBody: (part, piece) => bodies.set(part, [...(bodies.get(part) ?? []), piece.slice()]),
  });
  for (const piece of pieces) parser.push(piece);
  return { root: parser.end(), defects: parser.defects, bodies: [...bodies.values()].map(concat) };
}

/** Parts lie in their parents, in order, headers before bodies. */
function checkRanges(part: Part, end: number): void {
  ok(part.header.start <= part.header.end);
  equal(part.header.end, part.body.start);
  ok(part.body.start <= part.body.end);
  ok(part.body.end <= end);
  let at = part.body.start;
  for (const child of part.children) {
    ok(child.header.start >= at);
    checkRanges(child, part.body.end);
    at = child.body.end;
  }
}

it('the parser: whole is byte by byte, and ranges lie in each other', { timeout: TIME }, () => {
  fuzz(
    MESSAGES,
    SPICE,
    (bytes) => {
      const whole = read([bytes]);
      checkRanges(whole.root, bytes.length);
      const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
      equal(JSON.stringify(read(single)), JSON.stringify(whole));
    },
    25_000,
  );
});

it('messages: everything can be decoded, and seven bits are seven', { timeout: TIME }, () => {
  fuzz(
    MESSAGES,
    SPICE,
    (bytes) => {
      const message = parseMessage(bytes);
      message.inspect();
      void [message.text, message.html, message.attachments, message.messageId];
      let seven: Uint8Array;
      try {
        seven = reencode7bit(bytes);
      } catch (error) {
        expect(error).toMatchObject({ code: 'MIME_NEEDS_UTF8' });
        return;
      }
      if (seven !== bytes) equal(/[\0\x80-\xff]/.test(fromLatin1(seven)), false);
    },
    50_000,
  );
});

it('fields: whatever stands in them', { timeout: TIME }, () => {
  fuzz(
    [
      '"A, B" <a@b.c>, g: x@y.z, q (c);',
      '=?utf-8?B?5pel?= =?iso-2022-jp?Q?=1B$B?=',
      'a/b; n*0*=utf-8\'\'%C3; n*1*=%A4; m="q\\""',
      'Fri, 21 Nov 1997 09:55:06 -0600 (x)',
    ],
    [
      '"',
      '(',
      ')',
      '<',
      '>',
      '@',
      ',',
      ';',
      ':',
      '\\',
      '*',
      "'",
      '%',
      '=?',
      '?=',
      '[',
      ' ',
      '\xe4',
    ],
    (bytes) => {
      const text = fromLatin1(bytes);
      for (const entry of parseAddresses(text)) equal(typeof entry, 'object');
      equal(typeof decodeWords(text), 'string');
      notEqual(parseContentType(text).type, '');
      const date = parseMailDate(text);
      if (date) ok(Number.isFinite(date.ms));
      equal(typeof unflow(flow(text)), 'string');
      const label = LABELS[bytes.length % LABELS.length] ?? text;
      equal(typeof decodeCharset(bytes, label), 'string');
      equal(typeof decodeCharset(bytes, text), 'string');
    },
    25_000,
  );
});

it('HTML: nothing that acts is left', { timeout: TIME }, () => {
  fuzz(
    [
      '<p style="a:url(x)"><img src=x onerror=y()><script>z</script>',
      '<svg><style><img src=x></style></svg><a href="javascript:a">b</a>',
      '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=x&gt;">',
      '<noscript><p title="</noscript><img src=x onerror=y()>">',
    ],
    [
      '<',
      '>',
      '"',
      '<script>',
      '</style>',
      '<!--',
      '-->',
      '<template>',
      '<svg>',
      '<math>',
      ' onload=x ',
      '<style>',
      '&lt;',
      '<textarea>',
      '<form>',
    ],
    (bytes) => {
      for (const [scriptingEnabled, pictures] of SETTINGS) {
        const safe = safeHtml(fromLatin1(bytes), 'http://a.b/', NO_RESOURCES, { pictures });
        for (const node of elements(parse(safe, { scriptingEnabled }))) {
          doesNotMatch(node.tagName, ACTING);
          for (const { name, value } of node.attrs) {
            doesNotMatch(name, /^on|^srcdoc$|^formaction$/);
            if (name === 'href') match(value, /^(?:https?:|mailto:|#)/);
            if (name === 'src') match(value, pictures ? /^(?:data|https?):/ : /^data:/);
          }
        }
      }
    },
    15_000,
  );
});

it('what is built is strict and is read again', { timeout: TIME }, () => {
  const text = fc.string({ unit: 'binary', maxLength: 300 }).map((one) => one.replaceAll('\r', ''));
  fc.assert(
    fc.property(
      text,
      fc.uint8Array({ maxLength: 300 }),
      fc.boolean(),
      (body, content, eightBit) => {
        const luck = seededRandom(SEED);
        const bytes = buildMessage(
          { from: 'a@b.c', text: body, attachments: [{ content }] },
          { now: 0, luck, eightBit },
        );
        doesNotMatch(fromLatin1(bytes), /\r(?!\n)|(?<!\r)\n|\0|[^\n]{1000}/);
        const message = parseMessage(bytes);
        equal(message.text, new TextDecoder().decode(utf8(body)));
        deepEqual(
          message.attachments.map((part) => message.content(part)),
          [content],
        );
      },
    ),
    { seed: SEED, numRuns: 10_000 },
  );
});

it('long lines and deep nests take time in proportion', { timeout: TIME }, () => {
  const long = [
    `Subject: ${'=?utf-8?Q?a?= '.repeat(4000)}\r\n\r\n`,
    `To: ${'('.repeat(60_000)}\r\n\r\n`,
    `To: ${'a@b.c,'.repeat(10_000)}\r\n\r\n`,
    `Content-Type: a/b; ${'x="'.repeat(20_000)}\r\n\r\n`,
    `Content-Transfer-Encoding: quoted-printable\r\n\r\n${' '.repeat(1_000_000)}`,
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n'.repeat(200_000)}`,
    'Content-Type: message/rfc822\r\n\r\n'.repeat(30_000),
  ];
  for (const text of long) {
    const begun = performance.now();
    parseMessage(latin1(text)).inspect();
    ok(performance.now() - begun < 5_000);
  }
});
