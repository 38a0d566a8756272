/** A mail host under thousands of connections, and under readers that never read: who is refused, what it costs, and who is served afterwards. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ImapClient } from '../../src/imap/index.ts';
import { latin1 } from '../../src/lib/bytes.ts';
import { realHost } from '../../src/net/real/index.ts';
import { Pop3Client } from '../../src/pop3/index.ts';
import { SmtpClient } from '../../src/smtp/index.ts';

/** Of each process; some are for files and for the runner. */
const DESCRIPTORS = Number(execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' })) || 1e6;
const CONNECTIONS: number = Math.min(5_000, DESCRIPTORS - 300);
const DOORS = ['smtp', 'pop3', 'imap'] as const;
/** Some of each door's are beyond its limit. */
const SESSIONS: number = Math.floor(CONNECTIONS / 3) - 50;

const BUSY = { smtp: /^421 4/, pop3: /^-ERR \[/, imap: /^\* BYE \[UNAVAILABLE\]/ };
const READY = { smtp: /^220 /, pop3: /^\+OK /, imap: /^\* OK / };
const WORDS = { smtp: 'EHLO laptop', pop3: 'CAPA', imap: 'a CAPABILITY' };
const ANSWERS = { smtp: /^250[- ]/m, pop3: /^\+OK/m, imap: /^a OK/m };

let folder: string;
let child: ChildProcess;
let lines: AsyncIterator<string>;
let reader: Interface;
let errors = '';
let ports: Record<(typeof DOORS)[number], number>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'toplayer-many-'));
  const script = join(import.meta.dirname, 'serve.ts');
  child = spawn(process.execPath, ['--expose-gc', script, folder, String(SESSIONS)]);
  child.stderr?.on('data', (text) => {
    errors += text;
  });
  reader = createInterface(child.stdout as NonNullable<typeof child.stdout>);
  lines = reader[Symbol.asyncIterator]();
  ports = JSON.parse((await lines.next()).value);
});

afterAll(async () => {
  child.stdin?.end();
  await once(child, 'exit');
  rmSync(folder, { recursive: true });
  expect(errors).toBe('');
});

/** Of the server, after its garbage is gone: bytes. */
async function memory(): Promise<number> {
  child.stdin?.write('\n');
  return Number((await lines.next()).value);
}

interface Talker {
  readonly door: (typeof DOORS)[number];
  readonly socket: Socket;
  said: string;
}

async function call(door: (typeof DOORS)[number]): Promise<Talker> {
  const socket = connect(ports[door], '127.0.0.1');
  const talker: Talker = { door, socket, said: '' };
  socket.setEncoding('latin1').on('error', () => {});
  socket.on('data', (text) => {
    talker.said += text;
  });
  await once(socket, 'data');
  return talker;
}

async function inBatches<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let at = 0; at < all.length; at += 250) {
    done.push(...(await Promise.all(all.slice(at, at + 250).map(work))));
  }
  return done;
}

async function servesAll(): Promise<void> {
  const host = realHost();
  const at = (door: (typeof DOORS)[number]) => ({ address: '127.0.0.1', port: ports[door] });
  const smtp = await SmtpClient.connect(host, at('smtp'));
  const to = [{ path: { local: 'alice', domain: 'shop.com' } }];
  await smtp.send({ from: null, to }, 'Subject: afterwards\r\n\r\nHi\r\n');
  await smtp.quit();
  const imap = await ImapClient.connect(host, at('imap'));
  await imap.authenticate({ user: 'alice', password: 'tea' });
  const { exists } = await imap.select('INBOX');
  await imap.logout();
  const pop3 = await Pop3Client.connect(host, at('pop3'));
  await pop3.login({ user: 'alice', password: 'tea' });
  expect((await pop3.stat()).count).toBe(exists);
  await pop3.quit();
  await host.close();
}

test(`${CONNECTIONS} connections at once, idle and talking`, { timeout: 120_000 }, async () => {
  await servesAll();
  const before = await memory();
  const doors = Array.from({ length: CONNECTIONS }, (_, n) => DOORS[n % 3] as 'smtp');
  const all = await inBatches(doors, call);
  const served = all.filter(({ door, said }) => READY[door].test(said));
  const refused = all.filter(({ door, said }) => BUSY[door].test(said));
  expect(served.length).toBe(3 * SESSIONS);
  expect(refused.length).toBe(CONNECTIONS - 3 * SESSIONS);
  const idle = await memory();
  await inBatches(served, async (one) => {
    one.said = '';
    one.socket.write(`${WORDS[one.door]}\r\n`);
    await once(one.socket, 'data');
  });
  expect(served.filter(({ door, said }) => !ANSWERS[door].test(said))).toEqual([]);
  const talking = await memory();
  const each = (now: number): number => Math.round((now - before) / 1024 / served.length);
  console.info(
    `${served.length} sessions: ${each(idle)} KiB each, ${each(talking)} KiB after a word`,
  );
  expect(each(talking)).toBeLessThan(60);
  for (const { socket } of all) socket.destroy();
  await servesAll();
});

test('40 readers of a large message that never read', { timeout: 120_000 }, async () => {
  const size = process.env['TOPLAYER_SLOW'] ? 50_000_000 : 10_000_000;
  const host = realHost();
  const imap = await ImapClient.connect(host, { address: '127.0.0.1', port: ports.imap });
  await imap.authenticate({ user: 'alice', password: 'tea' });
  const text = `Subject: large\r\n\r\n${`${'x'.repeat(70)}\r\n`.repeat(size / 72)}`;
  // Nothing is deleted here: its UID is its number.
  const [number = 0] = (await imap.append('INBOX', { octets: latin1(text) }))?.uids ?? [];
  await host.close();
  const before = await memory();
  const sockets = Array.from({ length: 40 }, (_, n) => {
    const socket = connect(n === 0 ? ports.pop3 : ports.imap, '127.0.0.1');
    socket.pause();
    socket.on('error', () => {});
    socket.write(
      n === 0
        ? `USER alice\r\nPASS tea\r\nRETR ${number}\r\n`
        : `a LOGIN alice tea\r\nb SELECT INBOX\r\nc FETCH ${number} BODY[]\r\n`,
    );
    return socket;
  });
  // Each has its first bytes on the way.
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  const peak = Math.max(await memory(), await memory());
  await servesImapBeside(number);
  const later = Math.max(peak, await memory());
  console.info(`40 readers of ${size} bytes: ${Math.round((later - before) / 2 ** 20)} MiB more`);
  expect(later - before).toBeLessThan(200 * 2 ** 20);
  for (const socket of sockets) socket.destroy();
  await servesAll();
});

async function servesImapBeside(uid: number): Promise<void> {
  const host = realHost();
  const imap = await ImapClient.connect(host, { address: '127.0.0.1', port: ports.imap });
  await imap.authenticate({ user: 'alice', password: 'tea' });
  await imap.select('INBOX');
  expect((await imap.message(uid))?.length).toBeGreaterThan(1_000_000);
  await host.close();
}
