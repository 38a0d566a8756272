import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromLatin1, fromUtf8, latin1, utf8 } from '../../lib/bytes.ts';
import type { DefectCode } from '../errors.ts';
import type { TransferEncoding } from '../types.ts';
import { encodeBase64 } from './base64.ts';
import { decodeCharset, knowsCharset } from './charset.ts';
import { encodeQuotedPrintable } from './quoted-printable.ts';
import { decoderFor, decodeTransfer, parseEncoding } from './transfer.ts';

function decoded(text: string, encoding: TransferEncoding) {
  const defects: [DefectCode, number][] = [];
  const bytes = decodeTransfer(latin1(text), encoding, (code, at) => defects.push([code, at]));
  let bit = '';
  const decoder = decoderFor(encoding);
  for (const byte of latin1(text)) bit += fromLatin1(decoder.push(Uint8Array.of(byte)));
  bit += fromLatin1(decoder.end());
  expect(bit).toBe(fromLatin1(bytes));
  return { text: fromLatin1(bytes), defects };
}

describe('base64 (RFC 2045 §6.8)', () => {
  test.each<[string, string, ...[DefectCode, number][]]>([
    ['', ''],
    ['QQ==', 'A'],
    ['QUI=', 'AB'],
    ['QUJD', 'ABC'],
    ['QU\r\nJD\r\n', 'ABC'],
    ['Q U\tJ\nD', 'ABC'],
    ['QQ==QUI=', 'AAB'],
    ['QU!JD', 'ABC', ['MIME_BASE64_JUNK', 2]],
    ['QUJD\0', 'ABC', ['MIME_BASE64_JUNK', 4]],
    ['QQ', 'A', ['MIME_BASE64_LENGTH', 2]],
    ['QUI', 'AB', ['MIME_BASE64_LENGTH', 3]],
    ['Q', '', ['MIME_BASE64_LENGTH', 1]],
    ['Q===', '', ['MIME_BASE64_LENGTH', 1]],
    ['====', ''],
  ])('%j', (coded, text, ...defects) => {
    expect(decoded(coded, 'base64')).toEqual({ text, defects });
  });

  test('lines of 76, CRLF between them and none at the end', () => {
    const lines = fromLatin1(encodeBase64(new Uint8Array(57 * 2 + 1))).split('\r\n');
    expect(lines.map((line) => line.length)).toEqual([76, 76, 4]);
    expect(fromLatin1(encodeBase64(new Uint8Array(57)))).toHaveLength(76);
  });

  test('there and back, as the platform has it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const coded = encodeBase64(bytes);
        expect(fromLatin1(coded).replaceAll('\r\n', '')).toBe(btoa(fromLatin1(bytes)));
        expect(decodeTransfer(coded, 'base64')).toEqual(bytes);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });
});

describe('quoted-printable (RFC 2045 §6.7)', () => {
  test.each<[string, string, ...[DefectCode, number][]]>([
    ['a=3Db', 'a=b'],
    ['a=3db', 'a=b'],
    ['a=\r\nb', 'ab'],
    ['a=\nb', 'ab'],
    ['a= \t\r\nb', 'ab'],
    ['a \t\r\nb', 'a\r\nb'],
    ['a b \n', 'a b\n'],
    ['a =\r\n b', 'a  b'],
    ['a  ', 'a'],
    ['a=', 'a'],
    ['a\rb', 'a\rb'],
    ['a \rb', 'a \rb'],
    ['a=zb', 'a=zb', ['MIME_QP_ESCAPE', 1]],
    ['a=4', 'a=4', ['MIME_QP_ESCAPE', 1]],
    ['a=\rb', 'a=\rb', ['MIME_QP_ESCAPE', 1]],
    ['==41', '=A', ['MIME_QP_ESCAPE', 0]],
    ['\xe9', '\xe9', ['MIME_QP_8BIT', 0]],
  ])('%j', (coded, text, ...defects) => {
    expect(decoded(coded, 'quoted-printable')).toEqual({ text, defects });
  });

  test.each<[string, string]>([
    ['a=b', 'a=3Db'],
    ['a \r\nb', 'a=20\r\nb'],
    ['a b', 'a b'],
    ['a ', 'a=20'],
    ['\t\r\n', '=09\r\n'],
    ['a\nb\rc', 'a=0Ab=0Dc'],
    ['é', '=C3=A9'],
    ['~\x7f', '~=7F'],
    ['x'.repeat(76), 'x'.repeat(76)],
    ['x'.repeat(77), `${'x'.repeat(75)}=\r\nxx`],
    [`${'x'.repeat(75)}=`, `${'x'.repeat(75)}=\r\n=3D`],
  ])('writes %j', (text, coded) => {
    expect(fromLatin1(encodeQuotedPrintable(utf8(text)))).toBe(coded);
  });

  test('there and back, in lines of 76', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .string({ unit: fc.constantFrom(' ', '\t', '\r\n', '\n', '=', 'a', 'ä'), maxLength: 200 })
        .map(utf8),
    );
    fc.assert(
      fc.property(bytes, fc.boolean(), (content, text) => {
        const coded = encodeQuotedPrintable(content, text);
        expect(decodeTransfer(coded, 'quoted-printable')).toEqual(content);
        for (const line of fromLatin1(coded).split('\r\n')) {
          expect(line).toMatch(/^[\t -~]{0,76}$/);
          expect(line).not.toMatch(/[ \t]$/);
        }
      }),
      { seed: 2, numRuns: 2000 },
    );
  });
});

describe('uuencode', () => {
  test.each<[string, string, ...DefectCode[]]>([
    ['begin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\n', 'Cat'],
    ['text before\nbegin 644 a\n#0V%T\n \nend\nafter', 'Cat'],
    ['begin 644 a\n$    \nend\n', '\0\0\0\0'],
    ['begin 644 a\n#0V%T\n', 'Cat', 'MIME_UUENCODE'],
    ['begin 644 a\n#0V%Txxxxxxxxxxxx\nend\n', '', 'MIME_UUENCODE'],
    ['nothing', '', 'MIME_UUENCODE'],
  ])('%j', (coded, text, ...codes) => {
    const { text: found, defects } = decoded(coded, 'uuencode');
    expect(found).toBe(text);
    expect(defects.map(([code]) => code)).toEqual(codes);
  });
});

test.each<[string | undefined, TransferEncoding | undefined]>([
  [undefined, '7bit'],
  ['BASE64', 'base64'],
  [' Quoted-Printable (really)', 'quoted-printable'],
  ['"8bit";', '8bit'],
  ['x-uue', 'uuencode'],
  ['gzip', undefined],
  ['toString', undefined],
])('Content-Transfer-Encoding: %s', (value, encoding) => {
  expect(parseEncoding(value)).toBe(encoding);
});

describe('charsets', () => {
  test.each<[string, number[], string, ...DefectCode[]]>([
    ['us-ascii', [65], 'A'],
    ['us-ascii', [0xc3, 0xa4], 'ä', 'MIME_WRONG_CHARSET'],
    ['us-ascii', [0xe4], 'ä', 'MIME_WRONG_CHARSET'],
    ['"UTF-8"', [0xc3, 0xa4], 'ä'],
    ['utf-8', [0xc3, 65], '\ufffdA', 'MIME_WRONG_CHARSET'],
    ['ISO-8859-15', [0xa4], '€'],
    ['iso_8859-1', [0xe9], 'é'],
    ['cp1251', [0xcf], 'П'],
    ['win-1252', [0x80], '€'],
    ['koi8-r', [0xd0], 'п'],
    ['ibm437', [0x84], 'ä'],
    ['cp858', [0xd5], '€'],
    ['iso-2022-jp', [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x1b, 0x28, 0x42], '日'],
    ['iso-2022-kr', [0x1b, 0x24, 0x29, 0x43, 0x0e, 0x30, 0x21, 0x0f, 65], '가A'],
    ['hz-gb-2312', [0x7e, 0x7b, 0x56, 0x50, 0x7e, 0x7d, 0x7e, 0x7e], '中~'],
    ['gb2312', [0xd6, 0xd0], '中'],
    ['big5', [0xa4, 0xa4], '中'],
    ['shift_jis', [0x93, 0xfa], '日'],
    ['ks_c_5601-1987', [0xb0, 0xa1], '가'],
    ['utf-16', [0, 65], 'A'],
    ['utf-16', [0xff, 0xfe, 65, 0], 'A'],
    ['utf-32', [0, 1, 0xf6, 0], '😀'],
    ['utf-32le', [65, 0, 0, 0, 1], 'A', 'MIME_WRONG_CHARSET'],
    ['klingon', [0xc3, 0xa4], 'ä', 'MIME_UNKNOWN_CHARSET'],
    ['__proto__', [0xe4], 'ä', 'MIME_UNKNOWN_CHARSET'],
  ])('%s %j', (label, bytes, text, ...expected) => {
    const codes: DefectCode[] = [];
    expect(decodeCharset(Uint8Array.from(bytes), label, (code) => codes.push(code))).toBe(text);
    expect(codes).toEqual(expected);
  });

  test.each<[string, string, boolean]>([
    ['Hi Mom -+Jjo--!', 'Hi Mom -☺-!', true],
    ['+ZeVnLIqe-', '日本語', true],
    ['1 +- 1 = 2', '1 + 1 = 2', true],
    ['+2D3eAA-', '😀', true],
    ['a+', 'a\ufffd', false],
    ['+/', '\ufffd', false],
    ['+2D0-', '\ufffd', true],
  ])('UTF-7 %s (RFC 2152)', (coded, text, ok) => {
    const codes: DefectCode[] = [];
    expect(decodeCharset(latin1(coded), 'utf-7', (code) => codes.push(code))).toBe(text);
    expect(codes.length === 0).toBe(ok);
  });

  test('known by their names', () => {
    expect(['utf8', 'Latin1', 'CP850', 'unicode-1-1-utf-7'].every(knowsCharset)).toBe(true);
    expect(knowsCharset('x-unknown')).toBe(false);
  });

  test('UTF-8 goes there and back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeCharset(utf8(text), 'utf-8')).toBe(
          fromUtf8(utf8(text)).replace(/^\ufeff/, ''),
        );
      }),
      { seed: 3 },
    );
  });
});
