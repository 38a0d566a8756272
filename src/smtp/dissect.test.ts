import { expect, it } from 'vitest';
import { latin1, utf8 } from '../lib/bytes.ts';
import type { Dissected, Speaker } from '../trace/index.ts';
import { smtpDissector } from './dissect.ts';

const DIALOGUE: readonly (readonly [Speaker, string])[] = [
  ['server', '220 hamburger.edu\r\n'],
  ['client', 'EHLO crepes.fr\r\n'],
  ['server', '250-Hello crepes.fr\r\n250-SIZE 1000\r\n250 PIPELINING\r\n'],
  ['client', 'MAIL FROM:<alice@crepes.fr> SIZE=40\r\nRCPT TO:<bob@hamburger.edu>\r\nDATA\r\n'],
  ['server', '250 2.1.0 OK\r\n250 2.1.5 OK\r\n354 Go\r\n'],
  [
    'client',
    'Subject: Do you\r\n like ketchup?\r\nX: ö\r\n\r\nHow about\r\n..pickles?\r\n.\r\nAUTH PLAIN\r\n',
  ],
  ['server', '250 2.0.0 OK\r\n334 \r\n'],
  ['client', 'AGEAYg==\r\nBDAT 5 LAST\r\nabc\r\nFROB\r\nQUIT\r\n'],
  ['server', '235 2.7.0 OK\r\n503 5.5.1 No\r\n500 What?\r\n221 Bye\r\n'],
];

const SAID = [
  ['other', '220 hamburger.edu'],
  ['request', 'EHLO crepes.fr'],
  ['reply', '250 Hello crepes.fr, offers SIZE 1000, PIPELINING'],
  ['request', 'MAIL FROM:<alice@crepes.fr> SIZE=40'],
  ['request', 'RCPT TO:<bob@hamburger.edu>'],
  ['request', 'DATA'],
  ['reply', '250 2.1.0 OK'],
  ['reply', '250 2.1.5 OK'],
  ['reply', '354 Go'],
  ['request', 'message, 68 B: Do you'],
  ['request', 'AUTH PLAIN'],
  ['reply', '250 2.0.0 OK'],
  ['reply', '334'],
  ['request', 'response of AUTH'],
  ['request', 'BDAT 5 LAST'],
  ['request', 'malformed: Command not recognized; try HELP (RFC 5321 §4.2.4)'],
  ['request', 'QUIT'],
  ['reply', '235 2.7.0 OK'],
  ['reply', '503 5.5.1 No'],
  ['reply', '500 What?'],
  ['reply', '221 Bye'],
];

function dissect(inBytes: boolean): Dissected[] {
  const stream = smtpDissector.stream?.();
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
  expect(said[3]?.fields()).toMatchObject([
    { name: 'Command', value: 'MAIL', start: 0, end: 4 },
    { name: 'Reverse path', value: '<alice@crepes.fr>', start: 5, end: 27 },
    { name: 'SIZE', value: '40', start: 28, end: 35 },
  ]);
  expect(said[6]?.fields()).toMatchObject([
    { name: 'Code', value: '250' },
    { name: 'Enhanced status', value: '2.1.0', start: 4, end: 9 },
    { name: 'Text', value: 'OK', start: 10, end: 14 },
  ]);
  expect(said[9]?.fields()).toMatchObject([
    { name: 'Subject', value: 'Do you like ketchup?', start: 0, end: 33 },
    { name: 'X', value: 'ö', start: 33, end: 40 },
    { name: 'Body', value: '23 bytes', start: 42 },
    { name: 'End', value: '.', end: 68 },
  ]);
});

it('what is not whole or not SMTP is shown all the same', () => {
  const stream = smtpDissector.stream?.();
  expect(stream?.push('server', latin1('hello\r\n'))[0]).toMatchObject({ malformed: true });
  expect(stream?.push('client', latin1('\x16\x03\x01xyz'))[0]?.summary).toBe('6 B of TLS');
  const half = smtpDissector.stream?.();
  half?.push('client', latin1('EHL'));
  expect(half?.end('client')).toMatchObject([{ length: 3, malformed: true }]);
});
