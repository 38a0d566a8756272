/** Mail beside Postfix, Dovecot and npm's smtp-server: messages a second, in turns, so that noise meets all alike. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MailStore } from '../src/mail/index.ts';
import { realHost } from '../src/net/real/index.ts';
import { sqliteRelayTables } from '../src/storage/index.ts';
import { type Bench, median, type Result } from './bench.ts';
import { RawClient } from './mail-dialogue.ts';
import { type MailServer, startDovecot, startOwn, startPostfix } from './mail-peers.ts';
import { processorSeconds } from './processes.ts';

const RUNS = 5;
const MESSAGES = 10_000;
const LINE = 'some words of text that fill a line of the message to be sought\r\n';

function message(i: number): Uint8Array {
  const head = `From: Bob Brown <bob@src.test>\r\nTo: Carol <c@bench.test>\r\nSubject: Message ${i}\r\nDate: Thu, 26 Nov 2026 08:05:39 +0100\r\nMessage-ID: <m${i}@src.test>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n`;
  return Buffer.from(head + LINE.repeat(Math.ceil((4096 - head.length) / LINE.length)));
}

interface Load {
  readonly name: string;
  readonly sessions: number;
  readonly count: number;
  /** A connection for each message. */
  readonly anew: boolean;
}

/** Messages a second that Postfix's own load generator gets rid of. */
async function smtpSource(port: number, { sessions, count, anew }: Load): Promise<number> {
  const words = ['-l', '4096', '-s', String(sessions), '-m', String(count)];
  const envelope = ['-f', 'a@src.test', '-t', 'c@bench.test', `127.0.0.1:${port}`];
  const began = performance.now();
  const child = spawn('smtp-source', [...(anew ? [] : ['-d']), ...words, ...envelope]);
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`smtp-source ended with ${code}`);
  return count / ((performance.now() - began) / 1000);
}

interface Peer {
  readonly server: MailServer;
  readonly goal?: number;
}

/** What a server does after it has answered (delivering, indexing) is not to disturb the next. */
async function quiet(server: MailServer): Promise<void> {
  for (let before = processorSeconds(server.pids()); ; ) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const now = processorSeconds(server.pids());
    if (now - before < 0.02) return;
    before = now;
  }
}

/** Each server in turn, run after run; the first run only warms up. */
async function inTurns(
  servers: readonly MailServer[],
  work: (server: MailServer) => Promise<number>,
): Promise<Map<MailServer, number>> {
  const figures = new Map<MailServer, number[]>(servers.map((server) => [server, []]));
  for (const server of servers) await work(server);
  for (let run = 0; run < RUNS; run++) {
    for (const server of servers) {
      figures.get(server)?.push(await work(server));
      await quiet(server);
    }
  }
  return new Map([...figures].map(([server, all]) => [server, median(all)]));
}

async function compare(
  name: string,
  unit: string,
  ours: MailServer,
  peers: readonly Peer[],
  work: (server: MailServer) => Promise<number>,
): Promise<Result[]> {
  const figures = await inTurns([ours, ...peers.map(({ server }) => server)], work);
  return peers.map(({ server, goal }) => ({
    name,
    unit,
    ours: figures.get(ours) ?? Number.NaN,
    peer: { name: server.name, version: server.version, figure: figures.get(server) ?? Number.NaN },
    ...(goal !== undefined && { goal }),
  }));
}

async function intake(folder: string): Promise<Result[]> {
  const ours = await startOwn('ours', join(folder, 'intake.sqlite'));
  const [postfix, discard, fsync] = [
    await startPostfix(),
    await startOwn('discard'),
    await startOwn('fsync', folder),
  ];
  const rows: [Load, Peer[]][] = [
    [
      { name: 'durable intake, 1 session', sessions: 1, count: 1_000, anew: false },
      [{ server: postfix, goal: 1.3 }, { server: fsync }, { server: discard }],
    ],
    [
      { name: 'durable intake, 20 sessions', sessions: 20, count: 6_000, anew: false },
      [{ server: postfix, goal: 4 }, { server: fsync, goal: 1.3 }, { server: discard }],
    ],
    [
      { name: 'a connection per message', sessions: 20, count: 2_000, anew: true },
      [{ server: postfix, goal: 2 }, { server: discard }],
    ],
  ];
  const results: Result[] = [];
  for (const [load, peers] of rows) {
    const work = (server: MailServer) => smtpSource(server.smtp, load);
    results.push(...(await compare(load.name, 'msg/s', ours, peers, work)));
  }
  for (const server of [ours, postfix, discard, fsync]) await server.stop();
  return results;
}

/** A file with one account and its messages, as our server finds it; `indexed` for search, too. */
async function filled(file: string, count: number, indexed: boolean): Promise<void> {
  const tables = sqliteRelayTables(file);
  const store = MailStore.open(realHost(), tables.mail);
  await store.addAccount({
    name: 'c',
    addresses: ['c@bench.test'],
    password: 'pass',
    keepPassword: true,
  });
  const account = store.open('c');
  const inbox = account.folder('INBOX');
  if (!inbox) throw new Error('no INBOX');
  for (let at = 0; at < count; at += 50) {
    const some = Array.from({ length: 50 }, (_, i) => ({
      staged: store.stageBytes(message(at + i)),
    }));
    await account.append(inbox, some);
  }
  while (indexed && tables.mail.texts.missing(1).length > 0) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await store.close();
  tables.close();
}

async function imapSession({ imap = 0 }: MailServer): Promise<RawClient> {
  const client = await RawClient.connect(imap);
  await client.imap('LOGIN c pass');
  return client;
}

async function timed(count: number, work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return count / ((performance.now() - began) / 1000);
}

const ENVELOPES = 'FETCH 1:* (FLAGS UID RFC822.SIZE ENVELOPE)';

/** Envelopes of the whole folder, by a session of a server that has just begun. */
async function firstOpening(server: MailServer): Promise<number> {
  const client = await imapSession(server);
  const rate = await timed(MESSAGES, async () => {
    await client.imap('SELECT INBOX');
    await client.imap(ENVELOPES);
  });
  client.close();
  return rate;
}

async function imap(folder: string): Promise<Result[]> {
  const file = join(folder, 'imap.sqlite');
  await filled(file, MESSAGES, true);
  const texts = Array.from({ length: MESSAGES }, (_, i) => message(i));
  const first: [number[], number[]] = [[], []];
  let servers: readonly [MailServer, MailServer] | undefined;
  for (let run = 0; run < 3; run++) {
    for (const server of servers ?? []) await server.stop();
    servers = [await startOwn('ours', file), await startDovecot(texts)];
    for (const [at, server] of servers.entries()) first[at]?.push(await firstOpening(server));
  }
  const [ours, dovecot] = servers as readonly [MailServer, MailServer];
  const clients = new Map<MailServer, RawClient>();
  for (const server of [ours, dovecot]) {
    const client = await imapSession(server);
    await client.imap('SELECT INBOX');
    clients.set(server, client);
  }
  const ask = (count: number, command: string) => (server: MailServer) =>
    timed(count, () => clients.get(server)?.imap(command) ?? Promise.reject());
  const beside = (goal: number): Peer[] => [{ server: dovecot, goal }];
  const results: Result[] = [
    {
      name: 'IMAP: envelopes of 10,000, first opening',
      unit: 'msg/s',
      ours: median(first[0]),
      peer: { name: dovecot.name, version: dovecot.version, figure: median(first[1]) },
      goal: 1,
    },
    ...(await compare(
      'IMAP: envelopes, warm',
      'msg/s',
      ours,
      beside(0.5),
      ask(MESSAGES, ENVELOPES),
    )),
    ...(await compare(
      'IMAP: 1,000 bodies, warm',
      'msg/s',
      ours,
      beside(0.3),
      ask(1000, 'FETCH 1:1000 BODY.PEEK[]'),
    )),
    ...(await compare(
      'IMAP: search for a text',
      'msg/s',
      ours,
      beside(5),
      ask(MESSAGES, 'SEARCH TEXT "zebra"'),
    )),
    ...(await compare('IMAP: APPEND, each waits for OK', 'msg/s', ours, beside(4), (server) => {
      const client = clients.get(server) as RawClient;
      const text = Buffer.from(message(1)).toString('latin1');
      return timed(500, async () => {
        for (let i = 0; i < 500; i++)
          await client.imap(`APPEND INBOX {${text.length}+}\r\n${text}`);
      });
    })),
    ...(await pop3(ours, dovecot)),
  ];
  for (const client of clients.values()) client.close();
  for (const server of [ours, dovecot]) await server.stop();
  return results;
}

async function pop3(ours: MailServer, dovecot: MailServer): Promise<Result[]> {
  const session = async ({ pop3: port = 0 }: MailServer): Promise<RawClient> => {
    const client = await RawClient.connect(port);
    await client.line('USER c\r\n');
    await client.line('PASS pass\r\n');
    return client;
  };
  const peers = [{ server: dovecot, goal: 2 }];
  const oneByOne = async (server: MailServer): Promise<number> => {
    const client = await session(server);
    const rate = await timed(1000, async () => {
      for (let i = 1; i <= 1000; i++) await client.listing(`RETR ${i}\r\n`);
    });
    client.close();
    return rate;
  };
  const pipelined = async (server: MailServer): Promise<number> => {
    const client = await session(server);
    const asked = Array.from({ length: 1000 }, (_, i) => `RETR ${i + 1}\r\n`).join('');
    const rate = await timed(1000, () => client.listings(asked, 1000));
    client.close();
    return rate;
  };
  return [
    ...(await compare('POP3: RETR one by one', 'msg/s', ours, peers, oneByOne)),
    ...(await compare('POP3: RETR, pipelined', 'msg/s', ours, [{ server: dovecot }], pipelined)),
  ];
}

/** Seconds until a mailbox of 100,000 messages is open, by a server that has just begun. */
async function large(folder: string): Promise<Result> {
  const file = join(folder, 'large.sqlite');
  await filled(file, 100_000, false);
  const times: number[] = [];
  for (let run = 0; run < 3; run++) {
    const server = await startOwn('ours', file);
    const client = await imapSession(server);
    const began = performance.now();
    await client.imap('SELECT INBOX');
    times.push((performance.now() - began) / 1000);
    client.close();
    await server.stop();
  }
  const seconds = median(times);
  return {
    name: 'IMAP: 100,000 messages, opened',
    unit: 'times a second',
    ours: 1 / seconds,
    goal: 1,
    note: `${seconds.toFixed(2)} s`,
  };
}

export const bench: Bench = {
  name: 'mail',
  async run() {
    execFileSync('which', ['smtp-source', 'postfix', 'dovecot'], { stdio: 'ignore' });
    const folder = mkdtempSync(join(tmpdir(), 'bench-mail-'));
    try {
      return [...(await intake(folder)), ...(await imap(folder)), await large(folder)];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
