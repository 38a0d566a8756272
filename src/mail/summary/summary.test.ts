/** What is known of messages: the texts of IMAP, facts, subjects of conversations, texts for search. */
import { describe, expect, it } from 'vitest';
import { latin1, utf8 } from '../../lib/bytes.ts';
import { parseMessage } from '../../mime/index.ts';
import { baseSubject, isReply, searchTexts, summarise } from '../index.ts';

function of(...lines: string[]) {
  return summarise([utf8(`${lines.join('\r\n')}\r\n`)]);
}

describe('ENVELOPE (RFC 9051 §7.5.2)', () => {
  it.each([
    [
      [
        'Subject: hi',
        'From: Bob <bob@shop.com>',
        'To: a@x, "C, D" <c@y>',
        'Date: Thu, 26 Nov 2026 08:05:39 +0100',
        '',
      ],
      '("Thu, 26 Nov 2026 08:05:39 +0100" "hi" (("Bob" NIL "bob" "shop.com")) (("Bob" NIL "bob" "shop.com")) (("Bob" NIL "bob" "shop.com")) ((NIL NIL "a" "x")("C, D" NIL "c" "y")) NIL NIL NIL NIL)',
    ],
    [
      [
        'From: a@x',
        'Sender: s@x',
        'Reply-To: r@x',
        'To: team: b@x, c@x;',
        'In-Reply-To: <1@x>',
        'Message-ID: <2@x>',
        '',
      ],
      '(NIL NIL ((NIL NIL "a" "x")) ((NIL NIL "s" "x")) ((NIL NIL "r" "x")) ((NIL NIL "team" NIL)(NIL NIL "b" "x")(NIL NIL "c" "x")(NIL NIL NIL NIL)) NIL NIL "<1@x>" "<2@x>")',
    ],
    [
      ['Subject: a "b" \\c', 'From: =?utf-8?Q?J=C3=B6rg?= <j@x>', ''],
      '(NIL "a \\"b\\" \\\\c" (("=?utf-8?Q?J=C3=B6rg?=" NIL "j" "x")) (("=?utf-8?Q?J=C3=B6rg?=" NIL "j" "x")) (("=?utf-8?Q?J=C3=B6rg?=" NIL "j" "x")) NIL NIL NIL NIL NIL)',
    ],
    [['Subject: grün', ''], '(NIL "=?utf-8?Q?gr=C3=BCn?=" NIL NIL NIL NIL NIL NIL NIL NIL)'],
    [[''], '(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)'],
  ])('of %j', (lines, envelope) => {
    expect(of(...lines).envelope).toBe(envelope);
  });
});

describe('BODYSTRUCTURE (RFC 9051 §7.5.2)', () => {
  it('of a text', () => {
    const { body, bodyStructure } = of('Content-Type: text/plain; charset=utf-8', '', 'one', 'two');
    expect(body).toBe('("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "7BIT" 10 2)');
    expect(bodyStructure).toBe(`${body.slice(0, -1)} NIL NIL NIL NIL)`);
  });

  it('of parts, a message among them', () => {
    const { body, bodyStructure } = of(
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      'x',
      '--b',
      'Content-Type: message/rfc822',
      '',
      'Subject: in',
      '',
      'y',
      '--b',
      "Content-Type: application/pdf; name*=utf-8''%C3%A4.pdf",
      'Content-Disposition: attachment; filename=a.pdf',
      'Content-Transfer-Encoding: base64',
      '',
      'QUJD',
      '--b--',
    );
    const text = '("TEXT" "PLAIN" ("CHARSET" "us-ascii") NIL NIL "7BIT" 1 0';
    const inner = '(NIL "in" NIL NIL NIL NIL NIL NIL NIL NIL)';
    const pdf = `("APPLICATION" "PDF" ("NAME*" "utf-8''%C3%A4.pdf") NIL NIL "BASE64" 4`;
    expect(body).toBe(
      `(${text})("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 16 ${inner} ${text}) 2)${pdf}) "MIXED")`,
    );
    expect(bodyStructure).toContain(`${pdf} NIL ("attachment" ("FILENAME" "a.pdf")) NIL NIL)`);
    expect(bodyStructure).toMatch(/"MIXED" \("BOUNDARY" "b"\) NIL NIL NIL\)$/);
  });

  it('of a multipart without parts', () => {
    const { body } = of('Content-Type: multipart/mixed; boundary=b', '', 'nothing');
    expect(body).toBe('(("TEXT" "PLAIN" NIL NIL NIL "7BIT" 0 0) "MIXED")');
  });
});

describe('facts', () => {
  it.each([
    [['', '> quoted', 'so it begins', '', 'and goes  on'], 'so it begins and goes on'],
    [['Content-Type: text/html', '', '<style>p{}</style><p>a&nbsp;&lt;b</p>'], 'a <b'],
    [
      [
        'Content-Transfer-Encoding: quoted-printable',
        'Content-Type: text/plain; charset=latin1',
        '',
        'gr=FCn',
      ],
      'grün',
    ],
    [['', 'x'.repeat(300)], `${'x'.repeat(256)}…`],
    [['Content-Type: image/png', '', 'x'], ''],
  ])('of %j begin', (lines, preview) => {
    expect(of(...lines).facts.preview).toBe(preview);
  });

  it('names references, and without them what it answers', () => {
    expect(of('References: <1@x> <2@x>', 'In-Reply-To: <2@x>', '').facts.references).toEqual([
      '1@x',
      '2@x',
    ]);
    expect(of('In-Reply-To: <2@x> (yours of Monday)', '').facts.references).toEqual(['2@x']);
    const many = Array.from({ length: 200 }, (_, i) => `<${i}@x>`);
    const kept = of(`References: ${many.join('\r\n ')}`, '').facts.references;
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([50, '0@x', '199@x']);
  });

  it('are the same from pieces of any size', () => {
    const bytes = utf8(
      'Subject: x\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<b>h</b>\r\n--b\r\n\r\nplain\r\n--b--\r\n',
    );
    const whole = summarise([bytes]);
    for (const size of [1, 3, 50]) {
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.slice(at, at + size));
      expect(summarise(pieces)).toEqual(whole);
    }
    expect(whole.facts.preview).toBe('plain');
  });
});

describe('the subject of a conversation (RFC 5256 §2.1)', () => {
  it.each([
    ['Plan', 'plan', false],
    ['Re: Plan', 'plan', true],
    ['RE: re[2]: FWD: Plan (fwd)', 'plan', true],
    ['[list] Re: [list] Plan', 'plan', true],
    ['[Fwd: Re: Plan]', 'plan', true],
    ['Fw: Plan', 'plan', true],
    ['[list]', '[list]', false],
    ['Re:', '', true],
    ['Report: 1', 'report: 1', false],
    ['  a \t b ', 'a b', false],
    ['', '', false],
  ])('of %j is %j', (subject, base, reply) => {
    expect([baseSubject(subject), isReply(subject)]).toEqual([base, reply]);
  });
});

describe('texts for search', () => {
  it('are decoded, headers of parts with them', () => {
    const message = parseMessage(
      latin1(
        'Subject: =?utf-8?Q?gr=C3=BCn?=\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Description: inner\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD\r\n--b\r\nContent-Type: image/png\r\n\r\nPNG\r\n--b--\r\n',
      ),
    );
    const { header, body } = searchTexts(message);
    expect(header).toContain('Subject: grün\n');
    expect(header).toContain('Content-Description: inner');
    expect(body).toBe('ABC');
  });
});
