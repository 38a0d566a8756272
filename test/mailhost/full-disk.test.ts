/** A disk that is full: everybody is told in the words of his protocol, nothing that was taken is lost, and all goes on when there is room. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { ImapClient } from '../../src/imap/index.ts';
import { latin1 } from '../../src/lib/bytes.ts';
import type { Folder } from '../../src/mail/index.ts';
import { MailHost } from '../../src/mailhost/index.ts';
import type { Server } from '../../src/net/index.ts';
import { type RealHost, realHost } from '../../src/net/real/index.ts';
import { Pop3Client } from '../../src/pop3/index.ts';
import { SmtpClient } from '../../src/smtp/index.ts';
import { queueTables } from '../../src/storage/index.ts';
import type { LoggedDatabase } from '../../src/storage/logged-database.ts';
import { mailTables, openMail } from '../../src/storage/mail-sqlite.ts';
import { NOWHERE } from '../storage/relay-host.ts';
import { ALICE } from './stage.ts';

vi.setConfig({ testTimeout: 60_000 });

const FROM = { local: 'bob', domain: 'b.org' };
const TO = [{ path: { local: 'alice', domain: 'shop.com' } }];

interface Scene extends AsyncDisposable {
  readonly host: RealHost;
  readonly mail: MailHost;
  readonly database: LoggedDatabase;
  readonly doors: Readonly<Record<'smtp' | 'imap' | 'pop3', Server>>;
}

async function scene(folder: string): Promise<Scene> {
  const host = realHost();
  const database = openMail(join(folder, 'mail.sqlite'));
  const errors: unknown[] = [];
  const mail = await MailHost.open(host, {
    mail: mailTables(database),
    queue: queueTables(database),
    domains: ['shop.com'],
    lookup: NOWHERE,
    accounts: [ALICE],
    plaintext: true,
    onError: (error) => void errors.push(error),
  });
  const doors = {
    smtp: await mail.serve('smtp', { port: 0 }),
    imap: await mail.serve('imap', { port: 0 }),
    pop3: await mail.serve('pop3', { port: 0 }),
  };
  const end = async (): Promise<void> => {
    await mail.close();
    database.close();
    await host.close();
    expect(errors).toEqual([]);
  };
  return { host, mail, database, doors, [Symbol.asyncDispose]: end };
}

/** A disk that can be full. */
interface Disk {
  readonly folder: string;
  /** From now on there is room for about a megabyte, or for plenty. */
  readonly room: (scene: Scene, much: 'little' | 'plenty') => void;
  readonly end: () => void;
}

/** The file itself may not grow. */
function smallFile(): Disk {
  const folder = mkdtempSync(join(tmpdir(), 'toplayer-full-'));
  return {
    folder,
    room({ database }, much) {
      const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
      const most = pages + (much === 'little' ? 300 : 100_000);
      database.prepare(`PRAGMA max_page_count = ${most}`).get();
    },
    end: () => rmSync(folder, { recursive: true }),
  };
}

/** A file system that is full: the log of SQLite cannot grow either. */
function smallDisk(): Disk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'toplayer-full-'));
  const mount = ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', folder];
  if (spawnSync('mount', mount).status !== 0) {
    rmdirSync(folder);
    return undefined;
  }
  return {
    folder,
    room: (_scene, much) =>
      execFileSync('mount', ['-o', `remount,size=${much === 'little' ? 3 : 60}m`, folder]),
    end() {
      execFileSync('umount', [folder]);
      rmdirSync(folder);
    },
  };
}

/** Pieces on the disk that belong to no message. */
function strays({ database }: Scene): number {
  const sql =
    'SELECT count(*) AS n FROM mail_piece WHERE id / 65536 NOT IN (SELECT id FROM mail_content)';
  return Number(database.prepare(sql).get()?.['n']);
}

function subjects({ mail }: Pick<Scene, 'mail'>): string[] {
  const account = mail.store.open('alice');
  return account
    .entries(account.folder('INBOX') as Folder)
    .map(({ content }) => account.summary(content).facts.subject);
}

function letter(name: string, kilobytes: number): string {
  return `Subject: ${name}\r\n\r\n${`${'x'.repeat(62)}\r\n`.repeat(16 * kilobytes)}`;
}

async function fillAndFree(disk: Disk): Promise<void> {
  const taken: string[] = [];
  const refused: string[] = [];
  {
    await using s = await scene(disk.folder);
    const { host, doors } = s;
    const smtp = await SmtpClient.connect(host, doors.smtp.local);
    const imap = await ImapClient.connect(host, doors.imap.local);
    await imap.authenticate({ user: 'alice', password: 'tea' });
    disk.room(s, 'little');
    for (let n = 0; n < 40 && refused.length < 6; n++) {
      const [way, size] = [n % 2 === 0 ? 'smtp' : 'imap', n % 3 === 0 ? 900 : 60];
      const sent =
        way === 'smtp'
          ? smtp.send({ from: FROM, to: TO }, letter(`smtp ${n}`, size))
          : imap.append('INBOX', { octets: latin1(letter(`imap ${n}`, size)) });
      await sent.then(
        () => taken.push(`${way} ${n}`),
        (error: Error) => refused.push(error.message),
      );
    }
    expect([...new Set(refused)].sort()).toEqual([
      'APPEND: NO [UNAVAILABLE] the store of mail: no space',
      'the message: 452 4.3.1 The disk is full; come later',
    ]);
    expect(taken.length).toBeGreaterThan(0);
    expect(subjects(s)).toEqual(taken);
    // Reading goes on, in sessions that begin now too.
    const pop3 = await Pop3Client.connect(host, doors.pop3.local);
    await pop3.login({ user: 'alice', password: 'tea' });
    expect((await pop3.stat()).count).toBe(taken.length);
    await pop3.quit();
    disk.room(s, 'plenty');
    await smtp.send({ from: FROM, to: TO }, letter('smtp again', 900));
    await imap.append('INBOX', { octets: latin1(letter('imap again', 900)) });
    taken.push('smtp again', 'imap again');
    expect(subjects(s)).toEqual(taken);
    await imap.logout();
    await smtp.quit();
  }
  await using again = await scene(disk.folder);
  expect(subjects(again)).toEqual(taken);
  expect(strays(again)).toBe(0);
}

test('a file that may not grow', { timeout: 60_000 }, async () => {
  const disk = smallFile();
  await fillAndFree(disk).finally(disk.end);
});

test('a file system that is full', { timeout: 60_000 }, async ({ skip }) => {
  const disk = smallDisk();
  if (!disk) skip('this user, or this container, may not mount one');
  else await fillAndFree(disk).finally(disk.end);
});
