/** Broken messages on the whole way: by SMTP into the mailbox, out by IMAP, POP3 and the API, and shown as safe HTML. */
import { expect, it } from 'vitest';
import { ImapClient } from '../../src/imap/index.ts';
import { fromLatin1, latin1 } from '../../src/lib/bytes.ts';
import { hasCode } from '../../src/lib/errors.ts';
import type { Folder } from '../../src/mail/index.ts';
import { type Message, showMessage, typeName } from '../../src/mime/index.ts';
import { Pop3Client } from '../../src/pop3/index.ts';
import { SmtpClient } from '../../src/smtp/index.ts';
import { ask, DOORS, stage } from '../mailhost/stage.ts';
import { inputs, SEED } from './mutate.ts';

const MESSAGES = Number(process.env['FUZZ_MESSAGES'] ?? 2_000);

const EXAMPLES = [
  'From: =?utf-8?Q?J=C3=BCrgen?= <j@x.y>, undisclosed:;\r\nTo: alice@shop.com\r\nSubject: a\r\n =?utf-8?B?w6Q=?=\r\nDate: Thu, 26 Nov 2026 08:00:00 +0100\r\nMessage-ID: <1@x.y>\r\nReferences: <2@x.y> <3@x.y>\r\n\r\nhello\r\n',
  'Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\nh\xe4\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p onclick=3D"x">=C3=A4<script>alert(1)</script><img src=3D"http://x.y/z.png">\r\n--b--\r\n',
  'Content-Type: multipart/mixed; boundary="b"\r\n\r\npre\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\nContent-Type: multipart/digest; boundary=c\r\n\r\n--c\r\n\r\nSubject: x\r\n\r\ny\r\n--c--\r\n--b\r\nContent-Type: application/pdf; name*0*=utf-8\'\'%C3; name*1*=%A4.pdf\r\nContent-Disposition: attachment; filename="a.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD\r\n--b--\r\n',
  'Content-Type: text/html; charset=utf-7\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<a href="javascript:alert(1)">x</a><style>@import "http://e.x";</style>\r\n',
];
const SPICE = [
  '\r\n',
  '\r\n\r\n',
  '--b',
  '--b--',
  '--c\r\n',
  ':',
  ';',
  '=',
  '"',
  '(',
  '<',
  '\xff',
  '=?',
  '?=',
  'boundary=b',
  'Content-Type: ',
  '.',
  '\r\n.\r\n',
  '\t',
  '\\',
  '{5}',
  ')',
  ' NIL ',
];

/** What acts, in the tags of a document that was written out anew. */
const ACTING = /<(?:script|iframe|object|form|base)\b|<[^>]*\s(?:on\w+=|href="\s*javascript:)/i;

/** A part that is attached is not shown. */
function shownSafely(message: Message): string {
  try {
    return showMessage(message);
  } catch (error) {
    if (hasCode(error, 'MIME_NO_PART')) return '';
    throw error;
  }
}

/** As RFC 5321 lets a client say them: lines with CR LF, of 998 octets at most, no NUL. */
function sendable(bytes: Uint8Array): string {
  const text = fromLatin1(bytes).replace(/\r\n|[\r\n\0]/g, '\r\n');
  const lines = text.split('\r\n').map((line) => line.slice(0, 900));
  return `${lines.join('\r\n')}\r\n`;
}

/** A line that is no field ends the header: it gets the empty line that it lacks. */
function hasEmptyLineMore(delivered: string, sent: string): boolean {
  const text = delivered.slice(-sent.length - 2);
  let at = 0;
  while (at < sent.length && text[at] === sent[at]) at++;
  const from = sent.lastIndexOf('\r\n', at) + 2;
  return [at, from < 2 ? 0 : from].some(
    (place) => text === `${sent.slice(0, place)}\r\n${sent.slice(place)}`,
  );
}

it(`${MESSAGES} of them`, { timeout: 180_000 }, async () => {
  const s = await stage();
  const at = (door: keyof typeof DOORS) => ({ address: s.server.address, port: DOORS[door] });
  const sent: string[] = [];
  const play = async (): Promise<void> => {
    const smtp = await SmtpClient.connect(s.client, at('smtp'));
    const to = [{ path: { local: 'alice', domain: 'shop.com' } }];
    const envelope = { from: null, to, options: { body: '8BITMIME' as const } };
    for (const bytes of inputs(EXAMPLES.map(latin1), SPICE.map(latin1), MESSAGES)) {
      const text = sendable(bytes);
      await smtp.send(envelope, latin1(text)).catch((cause: unknown) => {
        throw new Error(`seed ${SEED}: ${JSON.stringify(text)}`, { cause });
      });
      sent.push(text);
    }
    await smtp.quit();
    await byImap();
    await byPop3();
    await shown();
  };
  const checked = (n: number, bytes: Uint8Array | undefined): void => {
    const text = fromLatin1(bytes as Uint8Array);
    expect(text, `seed ${SEED}, message ${n}`).toMatch(/^Return-Path: <>\r\nDelivered-To: /);
    const whole = sent[n] as string;
    expect(text.endsWith(whole) || hasEmptyLineMore(text, whole), `message ${n}`).toBe(true);
  };
  const byImap = async (): Promise<void> => {
    const imap = await ImapClient.connect(s.client, at('imap'));
    await imap.authenticate({ user: 'alice', password: 'tea' });
    expect((await imap.select('INBOX')).exists).toBe(MESSAGES);
    let n = 0;
    const wish = { structure: true, envelope: true, body: true } as const;
    for await (const { bodies, structure, envelope } of imap.fetch('1:*', wish)) {
      checked(n++, bodies.get('BODY[]') ?? undefined);
      expect(structure && envelope).toBeDefined();
    }
    expect(n).toBe(MESSAGES);
    expect((await imap.thread()).length).toBeGreaterThan(0);
    expect((await imap.sort(['SUBJECT', 'FROM'])).length).toBe(MESSAGES);
    await imap.search({ text: 'hello' });
    await imap.logout();
  };
  const byPop3 = async (): Promise<void> => {
    const pop3 = await Pop3Client.connect(s.client, at('pop3'));
    // Else headers are shown in ASCII (RFC 6856 §2).
    await pop3.utf8();
    await pop3.login({ user: 'alice', password: 'tea' });
    let n = 0;
    for await (const { bytes } of pop3.download({ mode: 'keep' })) checked(n++, bytes);
    expect(n).toBe(MESSAGES);
    await pop3.quit();
  };
  /** As the API and the webmail show them. */
  const shown = async (): Promise<void> => {
    const alice = s.mail.store.open('alice');
    const entries = alice.entries(alice.folder('INBOX') as Folder);
    for (const [n, { id, content }] of entries.entries()) {
      const message = alice.message(content);
      const hasHtml = [...message.parts()].some(({ type }) => typeName(type) === 'text/html');
      if (hasHtml) expect(shownSafely(message), `message ${n}`).not.toMatch(ACTING);
      if (n % 50 === 0) expect((await ask(s, `GET /messages/alice/${id}`)).status).toBe(200);
    }
    expect((await ask(s, 'GET /messages?all=true')).json.total).toBe(MESSAGES);
  };
  await s.world.run(play());
  expect(s.errors).toEqual([]);
});
