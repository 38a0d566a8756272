import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromLatin1, fromUtf8, latin1, utf8 } from '../lib/bytes.ts';
import { seededRandom } from '../net/index.ts';
import { buildMessage } from './build/build-message.ts';
import type { MessageDraft } from './build/draft.ts';
import { fileName, parseMessage } from './message.ts';
import { reencode7bit } from './reencode.ts';

const NOW = Date.UTC(2026, 10, 26, 7, 5, 39);
const options = () => ({ now: NOW, zone: 60, luck: seededRandom(1) });
const FROM = { name: 'Jörg', local: 'joerg', domain: 'campus.edu' };

/** What every message we write must be (RFC 5322 §2.1.1, §2.3, RFC 2045 §2.7). */
function expectStrict(bytes: Uint8Array, eightBit = false): void {
  const text = fromLatin1(bytes);
  expect(text).not.toMatch(/\r(?!\n)|(?<!\r)\n|\0/);
  expect(text).not.toMatch(/[^\n]{1000}/);
  if (!eightBit) expect(/[\u0080-\u00ff]/.test(text)).toBe(false);
}

describe('building', () => {
  test('a small one, byte for byte', () => {
    const bytes = buildMessage(
      { from: FROM, to: 'Ann <ann@news.org>, bob@news.org', subject: 'Hello', text: 'Hi\nAnn' },
      options(),
    );
    const { messageId } = parseMessage(bytes);
    expect(messageId).toMatch(/@campus\.edu$/);
    expect(fromLatin1(bytes)).toBe(
      `Date: Thu, 26 Nov 2026 08:05:39 +0100\r\nFrom: =?utf-8?Q?J=C3=B6rg?= <joerg@campus.edu>\r\n` +
        `To: Ann <ann@news.org>, bob@news.org\r\nSubject: Hello\r\nMessage-ID: <${messageId}>\r\n` +
        'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nHi\r\nAnn',
    );
  });

  test('text, HTML with a picture, an attachment: each in its place', () => {
    const bytes = buildMessage(
      {
        from: FROM,
        text: 'ä',
        html: '<img src="cid:p@x">',
        attachments: [
          { id: 'p@x', type: 'image/png', content: Uint8Array.of(0, 255) },
          { fileName: 'Übung 1.txt', type: 'text/plain', content: 'x\n' },
        ],
      },
      options(),
    );
    expectStrict(bytes);
    const message = parseMessage(bytes);
    const tree = [...message.parts()].map(({ path, type }) => `${path} ${type.subtype}`);
    expect(tree).toEqual([
      ' mixed',
      '1 alternative',
      '1.1 plain',
      '1.2 related',
      '1.2.1 html',
      '1.2.2 png',
      '2 plain',
    ]);
    expect(message.text).toBe('ä');
    expect(message.html).toBe('<img src="cid:p@x">');
    expect(message.related.map((part) => [...message.content(part)])).toEqual([[0, 255]]);
    expect(message.attachments.map(fileName)).toEqual(['Übung 1.txt']);
    expect(message.inspect()).toEqual([]);
  });

  const text = fc.string({
    unit: fc.constantFrom('a', ' ', '\n', 'ä', '日', '=', '-', '.', '--=_', 'x'.repeat(600)),
    maxLength: 60,
  });
  const line = fc.string({ unit: 'grapheme', maxLength: 80 }).filter((one) => !/\p{Cc}/u.test(one));
  const draft = fc.record(
    {
      from: fc.constant(FROM),
      subject: line,
      text,
      html: text,
      attachments: fc.array(
        fc.record({
          fileName: fc.stringMatching(/^[a-zäö日"; ]{1,40}[a-z]$/).map((name) => `x${name}`),
          type: fc.constantFrom('image/png', 'text/csv', 'application/pdf'),
          content: text.map(utf8),
        }),
        { maxLength: 3 },
      ),
    },
    { requiredKeys: ['from', 'text'] },
  );

  test('what is built is read again, and is strict', () => {
    fc.assert(
      fc.property(draft, fc.boolean(), (one, eightBit) => {
        const bytes = buildMessage(one as MessageDraft, { ...options(), eightBit });
        expectStrict(bytes, eightBit);
        for (const whole of [bytes, reencode7bit(bytes)]) {
          const message = parseMessage(whole);
          expect(message.inspect()).toEqual([]);
          expect(message.subject).toBe(one.subject ?? '');
          expect(message.text).toBe(one.text);
          expect(message.html).toBe(one.html);
          expect(message.attachments.map(fileName)).toEqual(
            one.attachments?.map((a) => a.fileName) ?? [],
          );
          expect(message.attachments.map((part) => message.content(part))).toEqual(
            one.attachments?.map((a) => a.content) ?? [],
          );
        }
        expectStrict(reencode7bit(bytes));
      }),
      { seed: 9, numRuns: 500 },
    );
  });

  test('internationalized: names and addresses in UTF-8 (RFC 6532)', () => {
    const bytes = buildMessage(
      {
        from: { name: 'Jörg', local: 'jörg', domain: 'exämple.test' },
        subject: 'Grüße',
        text: 'x',
      },
      { ...options(), utf8: true },
    );
    expect(fromUtf8(bytes)).toContain('From: Jörg <jörg@exämple.test>\r\nSubject: Grüße\r\n');
    expect(parseMessage(bytes).from).toEqual([
      { name: 'Jörg', local: 'jörg', domain: 'exämple.test' },
    ]);
  });

  test.each<[string, MessageDraft, string]>([
    ['nobody', { from: [] }, 'MIME_BAD_DRAFT'],
    ['no address', { from: 'me' }, 'MIME_BAD_FIELD'],
    ['a second line', { from: FROM, subject: 'a\r\nBcc: b@c.d' }, 'MIME_BAD_FIELD'],
    ['a bad name', { from: FROM, fields: [['A b', 'c']] }, 'MIME_BAD_FIELD'],
    ['a bad identifier', { from: FROM, messageId: 'a>b' }, 'MIME_BAD_FIELD'],
    ['a bad type', { from: FROM, content: { type: 'text', body: '' } }, 'MIME_BAD_DRAFT'],
    [
      'a multipart of text',
      { from: FROM, content: { type: 'multipart/mixed', body: '' } },
      'MIME_BAD_DRAFT',
    ],
    ['no parts', { from: FROM, content: { type: 'multipart/mixed', body: [] } }, 'MIME_BAD_DRAFT'],
    [
      'a file name in two lines',
      { from: FROM, attachments: [{ fileName: 'a\nb', content: '' }] },
      'MIME_BAD_FIELD',
    ],
  ])('%s is refused', (_, one, code) => {
    expect(() => buildMessage(one, options())).toThrow(expect.objectContaining({ code }));
  });
});

describe('for a hop of seven bits (RFC 6152)', () => {
  test('what needs no change is left as it is', () => {
    const bytes = latin1('A: b\r\n\r\ntext');
    expect(reencode7bit(bytes)).toBe(bytes);
  });

  test.each<[string, string, string]>([
    [
      'text',
      'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\ngr\xc3\xbc\xc3\x9fe, all of you',
      'grüße, all of you',
    ],
    ['mail from before MIME', 'Subject: x\r\n\r\ngr\xfc\xdfe, all of you', 'grüße, all of you'],
    ['a long line', `A: b\r\n\r\n${'x'.repeat(2000)}`, 'x'.repeat(2000)],
    ['LF alone', 'A: b\r\n\r\n\xe4 one\ntwo', 'ä one\ntwo'],
    [
      'a message in a message',
      'Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nsome gr\xc3\xbc',
      '',
    ],
  ])('%s', (_, message, text) => {
    const bytes = reencode7bit(latin1(message));
    expectStrict(bytes);
    const leaf = [...parseMessage(bytes).parts()].at(-1);
    const read = parseMessage(bytes);
    expect(read.textOf([...read.parts()].at(-1) ?? read.root)).toBe(text || 'some grü');
    expect(leaf?.encoding).toMatch(/base64|quoted-printable/);
  });

  test('a header in UTF-8 is no matter of encodings', () => {
    expect(() => reencode7bit(utf8('Subject: ä\r\n\r\nx'))).toThrow(
      expect.objectContaining({ code: 'MIME_NEEDS_UTF8' }),
    );
  });
});

test.each<[string, string | undefined]>([
  ['../../etc/passwd', 'passwd'],
  ['C:\\Windows\\a.exe', 'a.exe'],
  ['a\u202egpj.exe', 'agpj.exe'],
  ['..', undefined],
  ['/', undefined],
])('the file name %j is saved as %s', (name, safe) => {
  const field = `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(name)}`;
  expect(fileName(parseMessage(latin1(`${field}\r\n\r\n`)).root)).toBe(safe);
});
