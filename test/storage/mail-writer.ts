/**
 * A mail host with sessions on all its doors until killed: letters by SMTP and submission, APPEND and MOVE by IMAP, downloads that delete
 * by POP3. Says `TEXT` when 250 or OK was said for what has that subject, `-TEXT` when its deletion was answered. Usage: mail-writer.ts FOLDER
 */
import { join } from 'node:path';
import { ImapClient } from '../../src/imap/index.ts';
import { utf8 } from '../../src/lib/bytes.ts';
import { MailHost } from '../../src/mailhost/index.ts';
import { realHost } from '../../src/net/real/index.ts';
import { Pop3Client } from '../../src/pop3/index.ts';
import { SmtpClient } from '../../src/smtp/index.ts';
import { sqliteRelayTables } from '../../src/storage/index.ts';
import { ALICE } from '../mailhost/stage.ts';
import { NOWHERE } from './relay-host.ts';

const [folder = '.', run = '0'] = process.argv.slice(2);
const host = realHost();
const mail = await MailHost.open(host, {
  ...sqliteRelayTables(join(folder, 'mail.sqlite')),
  domains: ['shop.com'],
  lookup: NOWHERE,
  accounts: [ALICE, { ...ALICE, name: 'popper', addresses: ['popper@shop.com'] }],
  plaintext: true,
});
const [smtp, submission, imap, pop3] = [
  await mail.serve('smtp', { port: 0 }),
  await mail.serve('submission', { port: 0 }),
  await mail.serve('imap', { port: 0 }),
  await mail.serve('pop3', { port: 0 }),
];

let next = 0;
const name = (who: string): string => `${who}-${run}-${++next}`;
const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const letter = (subject: string, size = 1): string =>
  `From: alice@shop.com\r\nSubject: ${subject}\r\n\r\n${`${'x'.repeat(70)}\r\n`.repeat(size)}`;

async function sends(to: string, client: SmtpClient): Promise<void> {
  const from = { local: 'alice', domain: 'shop.com' };
  for (;;) {
    const subject = name(to);
    const path = { local: to, domain: 'shop.com' };
    await client.send({ from, to: [{ path }] }, letter(subject, next % 7 === 0 ? 9_000 : 1));
    say(subject);
  }
}

/** Also several at once, large ones, and from folder to folder. */
async function appends(): Promise<void> {
  const client = await ImapClient.connect(host, imap.local);
  await client.authenticate({ user: 'alice', password: 'tea' });
  await client.select('INBOX');
  for (;;) {
    const subjects = [name('imap'), name('imap')];
    const octets = subjects.map((subject, n) => utf8(letter(subject, n === 0 ? 1 : 5_000)));
    const placed = await client.append('INBOX', ...octets.map((one) => ({ octets: one })));
    for (const subject of subjects) say(subject);
    await client.move([placed?.uids[0] ?? 0], 'Archive');
  }
}

async function pops(): Promise<void> {
  for (;;) {
    const client = await Pop3Client.connect(host, pop3.local);
    await client.login({ user: 'popper', password: 'tea' });
    const gone: string[] = [];
    for await (const { bytes } of client.download({ mode: 'delete' })) {
      gone.push(/^Subject: (.*)\r$/m.exec(new TextDecoder().decode(bytes))?.[1] ?? '');
    }
    await client.quit();
    for (const subject of gone) say(`-${subject}`);
  }
}

const submitted = await SmtpClient.connect(host, submission.local);
await submitted.auth({ user: 'alice', password: 'tea' }, { plaintext: true });
await Promise.all([
  sends('alice', await SmtpClient.connect(host, smtp.local)),
  sends('popper', submitted),
  appends(),
  pops(),
]);
