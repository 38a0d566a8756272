/** `toplayer imap` against our server. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveImap } from '../../src/imap/index.ts';
import { type Folder, MailStore, memoryMailTables } from '../../src/mail/index.ts';
import { type RealHost, realHost } from '../../src/net/real/index.ts';
import { letter, quickUsers } from '../imap/stage.ts';
import { type Outcome, outcome, TOPLAYER, toplayer } from '../run.ts';

let host: RealHost;
let store: MailStore;
let url: string;

beforeAll(async () => {
  host = realHost();
  store = MailStore.open(host, memoryMailTables());
  await store.addAccount({ name: 'alice', addresses: ['alice@campus.edu'] });
  const users = quickUsers(host);
  const { local } = await serveImap(host, { port: 0, store, users, plaintext: true });
  url = `imap://alice:tea@127.0.0.1:${local.port}`;
  await put({ subject: 'one', text: 'zebra', date: 'Thu, 26 Nov 2026 08:00:00 +0000' });
  await put({ subject: '=?utf-8?q?Gr=C3=BC=C3=9Fe=1B?=', from: 'Zoe <zoe@x.y>' });
});

afterAll(async () => {
  await host.close();
  await store.close();
});

async function put(one: Parameters<typeof letter>[0]): Promise<void> {
  const account = store.open('alice');
  const staged = store.stageBytes(letter(one));
  await account.append(account.folder('INBOX') as Folder, [{ staged }]);
}

const imap = (...args: string[]): Promise<Outcome> => toplayer('imap', ...args);

test('lists mailboxes and messages, and lets nobody steer the terminal', async () => {
  const { out } = await imap('ls', `${url}/`);
  expect(out).toMatch(/^ +2 +2 new {2}INBOX\n +0 +Archive {2}\\Archive\n/);
  const messages = await imap('ls', `${url}/INBOX`);
  expect(messages.out).toMatch(
    /^ +1 N .*2026-11-26 08:00 {2}bob@b\.org +one\n +2 N .*Zoe <zoe@x\.y> +Grüße\?\n$/,
  );
});

test('searches, sorted, in JSON too', async () => {
  expect((await imap('search', url, '--text', 'zebra')).out).toMatch(/^ +1 .* one\n$/);
  const { out } = await imap('search', url, '--sort', '-from', '--json');
  expect(JSON.parse(out)).toMatchObject([
    { uid: 2, subject: 'Grüße\x1b' },
    { uid: 1, flags: [] },
  ]);
  expect((await imap('search', url, '--subject', 'nothing')).out).toBe('no messages\n');
});

test('fetches to standard output and to files', async () => {
  const { out, err } = await imap('fetch', `${url}/INBOX;UID=1`, '--section', 'TEXT', '-v');
  expect(out).toBe('zebra\r\n');
  expect(err).toContain('C: A3 UID FETCH 1 (UID BODY.PEEK[TEXT])\n');
  const folder = mkdtempSync(join(tmpdir(), 'toplayer-imap-'));
  await imap('fetch', `${url}/INBOX`, '--out', folder);
  expect(readdirSync(folder).sort()).toEqual(['1.eml', '2.eml']);
  expect(readFileSync(join(folder, '1.eml'), 'utf8')).toContain('\r\n\r\nzebra\r\n');
  rmSync(folder, { recursive: true });
});

test('tells what happens, and ends by itself or by Ctrl-C', async () => {
  const { ended } = await waiting('--once', '--json');
  await put({ subject: 'news' });
  const { out, status } = await ended;
  expect(JSON.parse(out)).toMatchObject({ type: 'message', subject: 'news' });
  expect(status).toBe(0);
  const patient = await waiting();
  patient.child.kill('SIGINT');
  expect((await patient.ended).err).not.toMatch(/at .*\.ts/);
});

/** Started, and past its SELECT: nothing that comes from then on is missed. */
async function waiting(
  ...flags: string[]
): Promise<{ child: ChildProcess; ended: Promise<Outcome> }> {
  const child = spawn(TOPLAYER, ['imap', 'idle', url, ...flags], { stdio: 'pipe' });
  const ended = outcome(child);
  await new Promise((resolve) => child.stderr?.once('data', resolve));
  return { child, ended };
}
