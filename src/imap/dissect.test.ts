import { expect, it } from 'vitest';
import { latin1, utf8 } from '../lib/bytes.ts';
import type { Dissected, Speaker } from '../trace/index.ts';
import { imapDissector } from './dissect.ts';

const DIALOGUE: readonly (readonly [Speaker, string])[] = [
  ['server', '* OK [CAPABILITY IMAP4rev1] ready\r\n'],
  ['client', 'a1 LOGIN alice "tea for two"\r\n'],
  ['server', 'a1 OK Welcome\r\n'],
  ['client', 'a2 AUTHENTICATE PLAIN\r\n'],
  ['server', '+ \r\n'],
  ['client', 'AGEAYg==\r\n'],
  ['server', 'a2 NO wrong\r\n'],
  ['client', 'a3 UID FETCH 1:* (FLAGS BODY[TEXT]<0.10>)\r\na4 APPEND x {5+}\r\nab\r\nc\r\n'],
  [
    'server',
    '* 1 FETCH (UID 4 FLAGS (\\Seen) BODY[TEXT]<0> {4}\r\na\r\nb)\r\na3 OK [X 1] done\r\n',
  ],
  ['client', 'a5 APPEND x {5}\r\n'],
  ['server', 'a4 OK\r\na5 NO [TRYCREATE] no\r\n'],
  ['client', 'a6 FROB\r\na7 IDLE\r\n'],
  ['server', 'a6 BAD what\r\n+ idling\r\n* 3 EXISTS\r\n'],
  ['client', 'DONE\r\n'],
  ['server', 'a7 OK done\r\n'],
  ['client', 'a8 COMPRESS DEFLATE\r\n'],
  ['server', 'a8 OK deflate\r\n'],
  ['client', 'xyz'],
];

const SAID = [
  ['other', '* OK [CAPABILITY IMAP4rev1] ready'],
  ['request', 'a1 LOGIN alice'],
  ['reply', 'a1 OK Welcome'],
  ['request', 'a2 AUTHENTICATE PLAIN'],
  ['other', '+ '],
  ['other', 'response of AUTHENTICATE'],
  ['reply', 'a2 NO wrong'],
  ['request', 'a3 UID FETCH 1:* (FLAGS BODY[TEXT]<0.10>)'],
  ['request', 'a4 APPEND x {5+}'],
  ['other', '* 1 FETCH (UID 4 FLAGS (\\Seen) BODY[TEXT]<0> {4}'],
  ['reply', 'a3 OK [X 1] done'],
  ['reply', 'a4 OK'],
  ['request', 'a5 APPEND x {5}'],
  ['reply', 'a5 NO [TRYCREATE] no'],
  ['request', 'malformed: There is no command FROB (RFC 9051 §6)'],
  ['request', 'a7 IDLE'],
  ['reply', 'a6 BAD what'],
  ['other', '+ idling'],
  ['other', '* 3 EXISTS'],
  ['other', 'DONE'],
  ['reply', 'a7 OK done'],
  ['request', 'a8 COMPRESS DEFLATE'],
  ['reply', 'a8 OK deflate'],
];

function dissect(inBytes: boolean): Dissected[] {
  const stream = imapDissector.stream?.();
  if (!stream) throw new Error('no stream');
  const said = DIALOGUE.flatMap(([speaker, text]) => {
    const bytes = utf8(text);
    const parts = inBytes ? [...bytes].map((byte) => Uint8Array.of(byte)) : [bytes];
    return parts.flatMap((part) => stream.push(speaker, part));
  });
  return [...said, ...stream.end('client'), ...stream.end('server')];
}

it.each([false, true])('a session is read (byte by byte: %s)', (inBytes) => {
  const said = dissect(inBytes);
  const clear = said.filter(({ summary }) => !summary.includes('compressed'));
  expect(clear.map(({ role, summary }) => [role, summary])).toEqual(SAID);
  const total = DIALOGUE.reduce((sum, [, text]) => sum + utf8(text).length, 0);
  expect(said.reduce((sum, { length }) => sum + length, 0)).toBe(total);
  for (const { length, fields } of said) {
    for (const { start, end } of fields()) expect(start <= end && end <= length).toBe(true);
  }
});

it('fields stand at their octets', () => {
  const said = dissect(false);
  expect(said[7]?.fields()).toMatchObject([
    { name: 'Tag', value: 'a3', start: 0, end: 2 },
    { name: 'Command', value: 'UID FETCH', start: 3, end: 12 },
    { name: 'Argument', value: '1:*', start: 13, end: 16 },
    { name: 'Argument', value: '(FLAGS BODY[TEXT]<0.10>)', start: 17, end: 41 },
  ]);
  expect(said[8]?.fields()[3]).toMatchObject({ name: 'Argument', value: '{5+}\r\nab\r\nc' });
  expect(said[9]?.fields()).toMatchObject([
    { name: 'Tag', value: '*' },
    { name: 'Number', value: '1' },
    { name: 'Response', value: 'FETCH', spec: 'RFC 9051 §7.5.2' },
    { name: 'Data', start: 10, end: 55 },
  ]);
  expect(said[10]?.fields()).toMatchObject([
    { name: 'Tag', value: 'a3' },
    { name: 'Response', value: 'OK' },
    { name: 'Code', value: '[X 1]' },
    { name: 'Text', value: 'done' },
  ]);
});

it('what is not whole or not IMAP is shown all the same', () => {
  const stream = imapDissector.stream?.();
  expect(stream?.push('server', latin1('hello\r\n'))[0]).toMatchObject({ malformed: true });
  expect(stream?.push('client', latin1('\x16\x03\x01xyz'))[0]?.summary).toContain('TLS');
  const half = imapDissector.stream?.();
  half?.push('client', latin1('a1 NO'));
  expect(half?.end('client')).toMatchObject([{ length: 5, malformed: true }]);
});
