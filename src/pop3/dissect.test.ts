import { expect, it } from 'vitest';
import { latin1, utf8 } from '../lib/bytes.ts';
import type { Dissected, Speaker } from '../trace/index.ts';
import { pop3Dissector } from './dissect.ts';

const DIALOGUE: readonly (readonly [Speaker, string])[] = [
  ['server', '+OK ready <1.2@hamburger.edu>\r\n'],
  ['client', 'AUTH CRAM-MD5\r\n'],
  ['server', '+ PDEuMkBhPg==\r\n'],
  ['client', 'Ym9iIDEyMw==\r\n'],
  ['server', '-ERR [AUTH] Wrong\r\n'],
  ['client', 'user bob\r\n'],
  ['server', '+OK\r\n'],
  ['client', 'PASS very secret\r\n'],
  ['server', '+OK 2 messages\r\n'],
  ['client', 'LIST\r\nRETR 1\r\nRETR 9\r\nFROB\r\nLIST 2\r\nQUIT\r\n'],
  [
    'server',
    '+OK 2 messages\r\n1 38\r\n2 20\r\n.\r\n+OK 38 octets\r\nSubject: ketchup\r\n and more\r\nX: y\r\n\r\n..\r\nhi\r\n.\r\n',
  ],
  ['server', '-ERR No such message\r\n-ERR What?\r\n+OK 2 20\r\n+OK Bye\r\n'],
];

const SAID = [
  ['other', '+OK ready <1.2@hamburger.edu>'],
  ['request', 'AUTH CRAM-MD5'],
  ['reply', 'challenge of AUTH'],
  ['request', 'response of AUTH'],
  ['reply', '-ERR [AUTH] Wrong'],
  ['request', 'USER bob'],
  ['reply', '+OK'],
  ['request', 'PASS ********'],
  ['reply', '+OK 2 messages'],
  ['request', 'LIST'],
  ['request', 'RETR 1'],
  ['request', 'RETR 9'],
  ['request', expect.stringMatching(/^malformed: Unknown command/)],
  ['request', 'LIST 2'],
  ['request', 'QUIT'],
  ['reply', '+OK 2 messages: 1 38, 2 20'],
  ['reply', '+OK 38 octets: ketchup'],
  ['reply', '-ERR No such message'],
  ['reply', '-ERR What?'],
  ['reply', '+OK 2 20'],
  ['reply', '+OK Bye'],
];

function dissect(inBytes: boolean): Dissected[] {
  const stream = pop3Dissector.stream?.();
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
  expect(said.map(({ role, summary }) => [role, summary])).toEqual(SAID);
  const total = DIALOGUE.reduce((sum, [, text]) => sum + utf8(text).length, 0);
  expect(said.reduce((sum, { length }) => sum + length, 0)).toBe(total);
  for (const { length, fields } of said) {
    for (const { start, end } of fields()) expect(start <= end && end <= length).toBe(true);
  }
});

it('fields stand at their bytes', () => {
  const said = dissect(false);
  expect(said[5]?.fields()).toMatchObject([
    { name: 'Command', value: 'USER', start: 0, end: 4 },
    { name: 'Name', value: 'bob', start: 5, end: 8 },
  ]);
  expect(said[4]?.fields()).toMatchObject([
    { name: 'Status', value: '-ERR' },
    { name: 'Code', value: 'AUTH', start: 5, end: 11 },
    { name: 'Text', value: 'Wrong', start: 12, end: 17 },
  ]);
  expect(said[7]?.fields()).toMatchObject([{}, { name: 'Password', value: 'very secret' }]);
  expect(said[15]?.fields()).toMatchObject([
    {},
    {},
    { name: 'Line', value: '1 38', start: 16, end: 20 },
    { name: 'Line', value: '2 20' },
    { name: 'End', value: '.' },
  ]);
  expect(said[16]?.fields().slice(2)).toMatchObject([
    { name: 'Subject', value: 'ketchup and more', start: 15, end: 44 },
    { name: 'X', value: 'y' },
    { name: 'Body', value: '8 bytes', start: 52, end: 60 },
    { name: 'End', value: '.', start: 60, end: 63 },
  ]);
});

it('what is not whole or not POP3 is shown all the same', () => {
  const stream = pop3Dissector.stream?.();
  expect(stream?.push('server', latin1('hello\r\n'))[0]).toMatchObject({ malformed: true });
  expect(stream?.push('client', latin1('\x16\x03\x01xyz'))[0]?.summary).toBe('6 B of TLS');
  const half = pop3Dissector.stream?.();
  half?.push('client', latin1('LIS'));
  expect(half?.end('client')).toMatchObject([{ length: 3, malformed: true }]);
});
