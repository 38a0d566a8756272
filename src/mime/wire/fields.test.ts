import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DefectCode } from '../errors.ts';
import { addressText, formatAddress, parseAddresses } from './address.ts';
import { formatContentType, parseContentType } from './content-fields.ts';
import { formatMailDate, parseMailDate } from './date.ts';
import { decodeWords, encodeWords } from './encoded-word.ts';
import { fieldValue } from './fields.ts';
import { flow, unflow } from './flowed.ts';
import { foldField, unstructured } from './fold.ts';
import { contentIdOf, newMessageId, parseMessageIds } from './message-id.ts';
import { formatParameter, parseParameters } from './parameters.ts';

const SEEDED = { seed: 5, numRuns: 1500 };

describe('addresses (RFC 5322 §3.4)', () => {
  test.each<[string, string[], number?]>([
    ['joe@where.test', ['|joe@where.test']],
    ['Joe Q. Public <john.q.public@example.com>', ['Joe Q. Public|john.q.public@example.com']],
    ['"Giant; \\"Big\\" Box" <a@b.c>', ['Giant; "Big" Box|a@b.c']],
    ['<boss@nil.test>, "A, B" <c@d.e>', ['|boss@nil.test', 'A, B|c@d.e']],
    ['Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>', ['Pete|pete@silly.test']],
    ['joe@here.test (Joe (the) Man)', ['Joe (the) Man|joe@here.test']],
    ['"very unusual @ x"@b.c', ['|"very unusual @ x"@b.c']],
    ['a@[127.0.0.1], b@[IPv6:::1]', ['|a@[127.0.0.1]', '|b@[IPv6:::1]']],
    ['Mary <@node.test,@b.test:mary@example.net>', ['Mary|mary@example.net']],
    ['john . doe @ example . net', ['|john.doe@example.net']],
    ['=?utf-8?Q?J=C3=B6rg?= <j@x.y>', ['Jörg|j@x.y']],
    ['"=?utf-8?Q?J=C3=B6rg?=" <j@x.y>', ['Jörg|j@x.y']],
    ['jörg@exämple.test', ['|jörg@exämple.test']],
    [
      'A Group:Ed <ed@x.y>,joe@where.test;, z@y.x',
      ['A Group:[Ed|ed@x.y,|joe@where.test]', '|z@y.x'],
    ],
    ['Undisclosed recipients:;', ['Undisclosed recipients:[]']],
    [',, a@b.c ,', ['|a@b.c']],
    ['', []],
    ['just words', ['just words|'], 1],
    ['Joe Doe joe@x.y', ['Joe Doe|joe@x.y'], 1],
    ['<a@b.c', ['|a@b.c'], 1],
    ['a@b.c>, d@e.f', ['|a@b.c', '|d@e.f'], 1],
    ['g: a@b.c', ['g:[|a@b.c]'], 1],
    ['"open <a@b.c>', ['open <a@b.c>|'], 1],
    ['<>', ['|'], 1],
    ['@b.c', ['|@b.c'], 1],
  ])('%s', (value, expected, bad = 0) => {
    const codes: DefectCode[] = [];
    const shown = parseAddresses(value, (code) => codes.push(code)).map(
      function show(entry): string {
        if ('group' in entry) return `${entry.group}:[${entry.members.map(show).join(',')}]`;
        const { name, local, domain } = entry;
        return `${name}|${local === '' && domain ? `@${domain}` : addressText(entry)}`;
      },
    );
    expect(shown).toEqual(expected);
    expect(codes.length > 0).toBe(bad > 0);
  });

  const name = fc
    .string({ unit: 'grapheme', maxLength: 40 })
    .filter((text) => !/\p{Cc}/u.test(text));
  const mailbox = fc.record({
    name: name.map((text) => text.trim()),
    local: fc.stringMatching(/^[ -~]{1,20}$/),
    domain: fc.stringMatching(/^[a-z0-9]{1,8}(\.[a-z]{2,5}){1,3}$/),
  });

  test('what is written is read again', () => {
    fc.assert(
      fc.property(fc.array(mailbox, { minLength: 1, maxLength: 4 }), fc.boolean(), (list, utf8) => {
        const value = list.map((entry) => formatAddress(entry, { utf8 })).join(', ');
        expect(parseAddresses(value)).toEqual(list);
        if (!utf8) expect(foldField('To', value)).toMatch(/^([\t -~]{1,998}\r\n)+$/);
      }),
      SEEDED,
    );
  });

  test.each<[string, string, string]>([
    ['', 'b.c', 'MIME_BAD_FIELD'],
    ['a', '', 'MIME_BAD_FIELD'],
    ['a', 'b c', 'MIME_BAD_FIELD'],
    ['a\r\nBcc: x', 'b.c', 'MIME_BAD_FIELD'],
    ['ä', 'b.c', 'MIME_NEEDS_UTF8'],
  ])('%j at %j is not written', (local, domain, code) => {
    expect(() => formatAddress({ name: '', local, domain })).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

describe('dates (RFC 5322 §3.3)', () => {
  test.each<[string, string | undefined, number?]>([
    ['Fri, 21 Nov 1997 09:55:06 -0600', '1997-11-21T15:55:06.000Z', -360],
    ['21 Nov 97 09:55 GMT', '1997-11-21T09:55:00.000Z', 0],
    ['Tue, 1 Jul 2003 10:52:37 +0200 (CEST)', '2003-07-01T08:52:37.000Z', 120],
    [
      'Thu,\r\n 13 Feb (day) 1969 23:32 -0330 (Newfoundland Time)',
      '1969-02-14T03:02:00.000Z',
      -210,
    ],
    ['Fri, 1 Jan 105 00:00:00 EDT', '2005-01-01T04:00:00.000Z', -240],
    ['Fri, 01-Jan-05 00:00:00 Z', '2005-01-01T00:00:00.000Z', 0],
    ['1 January 2005 0:00:00 UT', '2005-01-01T00:00:00.000Z', 0],
    ['Sat, 31 Dec 2005 23:59:60 +0000', '2006-01-01T00:00:00.000Z', 0],
    ['31 Feb 2005 00:00:00 +0000', undefined],
    ['1 Foo 2005 00:00:00 +0000', undefined],
    ['1 Jan 2005 24:00:00 +0000', undefined],
    ['yesterday', undefined],
    ['', undefined],
  ])('%s', (value, iso, zone) => {
    const date = parseMailDate(value);
    expect(date && new Date(date.ms).toISOString()).toBe(iso);
    expect(date?.zone).toBe(zone);
  });

  test('there and back', () => {
    const date = fc.record({
      ms: fc.integer({ min: 0, max: 4e9 }).map((s) => s * 1000),
      zone: fc.integer({ min: -720, max: 840 }),
    });
    fc.assert(
      fc.property(date, (d) => {
        expect(parseMailDate(formatMailDate(d))).toEqual(d);
      }),
      SEEDED,
    );
  });
});

describe('encoded words (RFC 2047)', () => {
  test.each<[string, string, number?]>([
    ['=?ISO-8859-1?Q?a?=', 'a'],
    ['=?ISO-8859-1?Q?a?= b', 'a b'],
    ['=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=', 'ab'],
    ['=?ISO-8859-1?Q?a?=  \t =?utf-8?Q?b?=', 'ab'],
    ['=?ISO-8859-1?Q?a_b?=', 'a b'],
    ['=?US-ASCII*en?Q?Keith?=', 'Keith'],
    ['=?utf-8?B?5pel?=', '日'],
    ['=?utf-8?B?5pc=?= =?utf-8?Q?=A5?=', '日'],
    ['a=?utf-8?Q?=C3=A4?=b', 'aäb'],
    ['=?utf-8?Q?=C3?=', '\ufffd', 1],
    ['=?klingon?Q?a?= =?utf-8?Q?b?=', '=?klingon?Q?a?= b', 1],
    ['=?utf-8?X?a?=', '=?utf-8?X?a?='],
    ['=?utf-8?Q?a b?=', 'a b'],
    ['plain =?', 'plain =?'],
  ])('%s', (coded, text, bad = 0) => {
    const codes: DefectCode[] = [];
    expect(decodeWords(coded, (code) => codes.push(code))).toBe(text);
    expect(codes.length > 0).toBe(bad > 0);
  });

  test('any text goes there and back, in words of 75 at most', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const coded = encodeWords(text);
        expect(decodeWords(coded)).toBe(text);
        for (const word of coded.split(' ')) expect(word).toMatch(/^=\?[!-~]{1,73}$/);
      }),
      SEEDED,
    );
  });
});

describe('parameters (RFC 2045 §5.1, RFC 2231)', () => {
  test.each<[string, string, Record<string, string>, ...DefectCode[]]>([
    ['text/plain', 'text/plain', {}],
    ['Text/Plain; Charset=UTF-8', 'text/plain', { charset: 'UTF-8' }],
    ['a/b; x="c;d\\"e"; y=1', 'a/b', { x: 'c;d"e', y: '1' }],
    ['a/b (c;d) ; (e) x=1 (f)', 'a/b', { x: '1' }],
    ["a/b; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun", 'a/b', { title: 'This is ***fun' }],
    ["a/b; t*0*=utf-8''%C3; t*1*=%A4; t*2=b", 'a/b', { t: 'äb' }],
    ['a/b; t*1=b; t*0=a', 'a/b', { t: 'ab' }],
    ["a/b; n=plain; n*=utf-8''better", 'a/b', { n: 'better' }],
    ['a/b; name="=?utf-8?Q?=C3=A4?=.txt"', 'a/b', { name: 'ä.txt' }],
    ['a/b;', 'a/b', {}],
    ['a/b; name=my file.txt', 'a/b', { name: 'my file.txt' }, 'MIME_BAD_PARAMETER'],
    ['a/b; x=1; x=2', 'a/b', { x: '1' }, 'MIME_DUPLICATE_PARAMETER'],
    ['a/b; x', 'a/b', {}, 'MIME_BAD_PARAMETER'],
    ['a/b; =1', 'a/b', {}, 'MIME_BAD_PARAMETER'],
    ['a/b; x="open', 'a/b', { x: 'open' }, 'MIME_BAD_PARAMETER'],
    ['a/b; t*0=a; t*2=c', 'a/b', { t: 'a' }, 'MIME_BAD_PARAMETER'],
    ["a/b; t*=utf-8''%C3", 'a/b', { t: '\ufffd' }, 'MIME_WRONG_CHARSET'],
    ['a/b; __proto__=1', 'a/b', { ['__proto__']: '1' }],
  ])('%s', (value, word, parameters, ...expected) => {
    const codes: DefectCode[] = [];
    const parsed = parseParameters(value, (code) => codes.push(code));
    expect(parsed.word).toBe(word);
    expect([...parsed.parameters]).toEqual(Object.entries(parameters));
    expect(codes).toEqual(expected);
  });

  test('what is no type is text/plain', () => {
    const codes: DefectCode[] = [];
    const type = parseContentType('text; charset=utf-8', (code) => codes.push(code));
    expect(formatContentType(type)).toBe('text/plain; charset=utf-8');
    expect(codes).toEqual(['MIME_BAD_TYPE']);
  });

  test('any value goes there and back', () => {
    const value = fc
      .string({ unit: 'grapheme', maxLength: 150 })
      .filter((text) => !/\p{Cc}/u.test(text));
    fc.assert(
      fc.property(value, (text) => {
        const coded = `a/b${formatParameter('name', text)}`;
        expect(coded).toMatch(/^[ -~]*$/);
        expect(parseParameters(coded).parameters.get('name')).toBe(text);
      }),
      SEEDED,
    );
  });
});

describe('folding (RFC 5322 §2.2.3)', () => {
  const raw = (written: string, name: string) => written.slice(name.length + 1, -2);
  test('any text goes there and back, in lines of 78 where words allow', () => {
    const text = fc
      .string({
        unit: fc.oneof(
          fc.constant(' '),
          fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
        ),
        maxLength: 300,
      })
      .filter((one) => !/\p{Cc}/u.test(one));
    fc.assert(
      fc.property(text, fc.boolean(), (subject, utf8) => {
        const written = foldField('Subject', unstructured(subject, { utf8 }));
        const field = { name: 'Subject', raw: raw(written, 'Subject'), offset: 0 };
        if (utf8) return;
        expect(written).toMatch(/^([\t -~]{1,998}\r\n)+$/);
        expect(written).not.toMatch(/^[ \t]*\r\n/m);
        expect(decodeWords(fieldValue(field))).toBe(subject);
      }),
      SEEDED,
    );
  });

  test('breaks at the last space that fits', () => {
    const written = foldField('X', `${'a'.repeat(70)} ${'b'.repeat(10)} ${'c'.repeat(80)} d`);
    expect(written).toBe(
      `X: ${'a'.repeat(70)}\r\n ${'b'.repeat(10)}\r\n ${'c'.repeat(80)}\r\n d\r\n`,
    );
  });

  test.each([
    ['X', 'a\r\nBcc: b'],
    ['X', 'a\nb'],
    ['X', 'a\0'],
    ['X Y', 'a'],
    ['', 'a'],
    ['X', 'a'.repeat(1000)],
  ])('%j: %j is not written', (name, value) => {
    expect(() => foldField(name, value)).toThrow(
      expect.objectContaining({ code: 'MIME_BAD_FIELD' }),
    );
  });
});

describe('format=flowed (RFC 3676)', () => {
  test.each<[string, string, boolean?]>([
    ['a \nb', 'a b'],
    ['a \nb', 'ab', true],
    ['a\nb', 'a\nb'],
    [' a\n >b', 'a\n>b'],
    ['> a \n> b\nc', '> a b\nc'],
    ['> a \n>> b', '> a \n>> b'],
    ['text \n-- \nname', 'text \n-- \nname'],
  ])('%j', (flowed, text, delSp = false) => expect(unflow(flowed, delSp)).toBe(text));

  test('paragraphs go there and back, in lines below 80', () => {
    const words = fc.array(fc.stringMatching(/^[a-zäF>rom-]{1,12}$/), {
      minLength: 1,
      maxLength: 40,
    });
    const text = fc.array(
      words.map((list) => list.join(' ')),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(text, (lines) => {
        const whole = lines.filter((line) => !line.startsWith('>')).join('\n');
        expect(unflow(flow(whole))).toBe(whole);
        for (const line of flow(whole).split('\n')) expect(line.length).toBeLessThan(80);
      }),
      SEEDED,
    );
  });
});

test('message identifiers (RFC 5322 §3.6.4) and cid: URLs (RFC 2392)', () => {
  expect(parseMessageIds('<a@b> <c@\r\n d> junk <e>')).toEqual(['a@b', 'c@d', 'e']);
  expect(contentIdOf('CID:foo%25bar@x')).toBe('foo%bar@x');
  expect(contentIdOf('cid:%zz')).toBe('%zz');
  expect(contentIdOf('http://x')).toBeUndefined();
  const luck = {
    next: 7,
    uint32: function (): number {
      return this.next++;
    },
  };
  const [one, other] = [newMessageId('x.y', 1000, luck), newMessageId('x.y', 1000, luck)];
  expect(one).toMatch(/^[!-;=?A-~]+@x\.y$/);
  expect(one).not.toBe(other);
});
