/** One account under sessions of three protocols and noise at once: at each pause all that counts agrees. */
import { expect, it } from 'vitest';
import { ImapClient, ImapReplyError } from '../../src/imap/index.ts';
import { latin1 } from '../../src/lib/bytes.ts';
import { NetworkError } from '../../src/lib/errors.ts';
import { MailStore, memoryMailTables } from '../../src/mail/index.ts';
import { below, type Random, seededRandom, sleep } from '../../src/net/index.ts';
import { Pop3Client, Pop3ReplyError } from '../../src/pop3/index.ts';
import { memoryQueueTables } from '../../src/relay/index.ts';
import { SmtpReplyError } from '../../src/smtp/index.ts';
import { DOORS, type Door, dial, type Stage, send, stage } from '../mailhost/stage.ts';
import { SEED } from './mutate.ts';

const RUNS: number = Number(process.env['FAULT_RUNS'] ?? 8);
const PAUSES = 6;
const STEPS = 25;
const FOLDERS = ['INBOX', 'Archive', 'Lists', 'Lists/tea', 'Läden'];
const FLAGS = ['\\Seen', '\\Deleted', '\\Flagged', 'work', '$Forwarded'];

class Luck {
  readonly random: Random;

  constructor(seed: number | string) {
    this.random = seededRandom(seed);
  }

  below(n: number): number {
    return below(this.random, n);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }
}

/** A no in the protocol's words is an answer; all else is a fault. */
async function answered(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof SmtpReplyError || error instanceof Pop3ReplyError) return;
    if (error instanceof ImapReplyError && error.status === 'NO') return;
    throw error;
  }
}

function letter(luck: Luck): string {
  const references = luck.below(3) === 0 ? `References: <${luck.below(9)}@x>\r\n` : '';
  const head = `Subject: ${luck.below(100)}\r\nMessage-ID: <${luck.below(9)}@x>\r\n${references}`;
  return `${head}\r\n${'text\r\n'.repeat(luck.below(200))}`;
}

type Act = (client: ImapClient, luck: Luck) => Promise<unknown>;

/** UIDs that may be there. */
function some(luck: Luck): number[] {
  return Array.from({ length: 1 + luck.below(4) }, () => 1 + luck.below(30));
}

const ACTS: readonly Act[] = [
  (client, luck) => client.select(luck.pick(FOLDERS)),
  (client, luck) => client.examine(luck.pick(FOLDERS)),
  (client, luck) =>
    client.append(
      luck.pick(FOLDERS),
      ...Array.from({ length: 1 + luck.below(2) }, () => ({
        octets: latin1(letter(luck)),
        flags: luck.below(2) === 0 ? [luck.pick(FLAGS)] : [],
      })),
    ),
  (client, luck) => client.status(luck.pick(FOLDERS)),
  (client, luck) => client.create(luck.pick(FOLDERS)),
  (client, luck) => client.rename(luck.pick(FOLDERS), luck.pick([...FOLDERS, 'Other'])),
  (client, luck) => (luck.below(3) === 0 ? client.delete(luck.pick(FOLDERS)) : client.noop()),
  (client) => client.list(),
  (client) => client.quota(),
];

const SELECTED: readonly Act[] = [
  (client, luck) =>
    client.store(some(luck), luck.pick(['add', 'remove', 'set']), [luck.pick(FLAGS)]),
  (client, luck) => client.copy(some(luck), luck.pick(FOLDERS)),
  (client, luck) => client.move(some(luck), luck.pick(FOLDERS)),
  (client, luck) => client.search(luck.pick([{ seen: true }, { text: 'text' }, { subject: '7' }])),
  (client) => client.sort(['-ARRIVAL']),
  (client) => client.thread(),
  (client) => client.expunge(),
  (client, luck) => client.expunge(some(luck)),
  async (client) => {
    const numbers: number[] = [];
    for await (const one of client.fetch('1:*', { flags: true, envelope: true, body: true })) {
      if (one.envelope) numbers.push(one.uid ?? 0);
    }
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  },
  (client, luck) => client.unselect({ expunge: luck.below(2) === 0 }),
  (client) => client.noop(),
];

/** A session, begun anew when it has ended: its mailbox may be deleted under it. */
class Reader {
  client: ImapClient | undefined;
  private readonly s: Stage;
  private readonly extension: string | undefined;

  constructor(s: Stage, extension?: string) {
    this.s = s;
    this.extension = extension;
  }

  async act(luck: Luck): Promise<void> {
    for (let step = 0; step < STEPS; step++) {
      const client = await this.signedIn();
      const acts = client.mailbox && luck.below(4) > 0 ? SELECTED : ACTS;
      await this.unlessOver(() => answered(() => luck.pick(acts)(client, luck)));
    }
  }

  /** It has heard of everything: it knows as many messages as there are. */
  async inStep(store: MailStore): Promise<void> {
    const client = await this.signedIn();
    await this.unlessOver(() => client.noop());
    const { mailbox } = client;
    if (!this.client || !mailbox) return;
    const alice = store.open('alice');
    const folder = alice.folders().find((one) => one.uidValidity === mailbox.uidValidity);
    if (folder) expect(mailbox.exists).toBe(alice.entries(folder).length);
  }

  private async signedIn(): Promise<ImapClient> {
    if (this.client) return this.client;
    const at = { address: this.s.server.address, port: DOORS.imap };
    const client = await ImapClient.connect(this.s.client, at);
    await client.authenticate({ user: 'alice', password: 'tea' });
    if (this.extension === 'COMPRESS') await client.compress();
    else if (this.extension) await client.enable(this.extension);
    this.client = client;
    return client;
  }

  private async unlessOver(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof NetworkError && error.kind === 'closed')) throw error;
      this.client = undefined;
    }
  }
}

async function pop3Actor(s: Stage, luck: Luck): Promise<void> {
  const client = await Pop3Client.connect(s.client, {
    address: s.server.address,
    port: DOORS.pop3,
  });
  await answered(async () => {
    await client.login({ user: 'alice', password: 'tea' });
    const { count, size } = await client.stat();
    const listed = await client.list();
    expect([listed.length, listed.reduce((sum, one) => sum + one.size, 0)]).toEqual([count, size]);
    expect((await client.uidl()).length).toBe(count);
    for (let step = 0; step < 5; step++) {
      const number = 1 + luck.below(count + 1);
      await answered(() => (luck.below(2) === 0 ? client.dele(number) : client.retr(number)));
    }
  });
  if (luck.below(3) === 0) client.close();
  else await answered(() => client.quit());
}

async function smtpActor(s: Stage, luck: Luck): Promise<void> {
  for (let step = 0; step < 4; step++) {
    await answered(() => send(s, luck.pick(['alice@shop.com', 'alice+x@shop.com']), letter(luck)));
  }
}

const WORDS: Readonly<Record<Door, readonly string[]>> = {
  smtp: [
    'EHLO x',
    'MAIL FROM:<>',
    'RCPT TO:<alice@shop.com>',
    'DATA',
    '.',
    'BDAT 5',
    'RSET',
    'x: y',
    '',
  ],
  submission: [
    'EHLO x',
    'AUTH PLAIN AGFsaWNlAHRlYQ==',
    'AUTH CRAM-MD5',
    'MAIL FROM:<alice@shop.com>',
    'DATA',
    '.',
  ],
  pop3: ['USER alice', 'PASS tea', 'DELE 1', 'TOP 1 9', 'RETR 1', 'AUTH PLAIN', 'CAPA', 'QUIT'],
  imap: [
    'a LOGIN alice tea',
    'b SELECT INBOX',
    'c FETCH 1:* (BODYSTRUCTURE BODY[1.2]<0.5>)',
    'd STORE 1:* FLAGS (\\Deleted)',
    'e APPEND INBOX {4+}',
    'f IDLE',
    'DONE',
    'g UID MOVE * Archive',
    'h EXPUNGE',
    'i LIST "" * RETURN (STATUS (MESSAGES))',
    'j COMPRESS DEFLATE',
    'k AUTHENTICATE SCRAM-SHA-256',
    'l UID SEARCH RETURN (SAVE) OR TEXT x NOT 1:3',
    'm RENAME INBOX Old',
    'n DELETE Old',
  ],
};

/** Words in any order, some of them broken; whatever is said, it goes on or ends. */
async function noise(s: Stage, door: Door, luck: Luck): Promise<void> {
  const reader = await dial(s, door);
  const heard = (async () => {
    while (await reader.read());
  })().catch(() => {});
  for (let step = 0; step < 20; step++) {
    let line = step === 0 && door === 'imap' ? 'a LOGIN alice tea' : luck.pick(WORDS[door]);
    if (luck.below(4) === 0) {
      const at = luck.below(line.length + 1);
      line = `${line.slice(0, at)}${luck.pick(['\0', '{9}', '"', '\r', ')', '\xff', '*'])}${line.slice(at + luck.below(3))}`;
    }
    await reader.write(latin1(`${line}\r\n`)).catch(() => {});
    if (luck.below(3) === 0) await sleep(s.client.clock, luck.below(100));
  }
  await sleep(s.client.clock, 30_000);
  reader.connection.end();
  await sleep(s.client.clock, 10_000);
  reader.connection.destroy();
  await heard;
}

type Seen = Map<string, number>;

/** All that the store says of the account, checked against itself and against before. */
function agree(store: MailStore, seen: Seen): object {
  const alice = store.open('alice');
  let [bytes, count] = [0, 0];
  const whole = alice.folders().map((folder) => {
    const entries = alice.entries(folder);
    const status = alice.status(folder);
    const uids = entries.map(({ uid }) => uid);
    expect(uids).toEqual([...new Set(uids)].sort((a, b) => a - b));
    expect(status.uidNext).toBeGreaterThan(uids.at(-1) ?? 0);
    expect(status.messages).toBe(entries.length);
    const unseen = entries.filter(({ flags }) => !flags.includes('\\Seen'));
    expect(status.unseen).toBe(unseen.length);
    for (const { uid, content, size, modSeq } of entries) {
      const key = `${folder.id}/${folder.uidValidity}/${uid}`;
      expect(seen.get(key) ?? content).toBe(content);
      seen.set(key, content);
      expect(alice.bytes(content).length).toBe(size);
      expect(modSeq).toBeLessThanOrEqual(status.highestModSeq);
      bytes += size;
    }
    count += entries.length;
    const next = `${folder.id}/${folder.uidValidity}`;
    expect(seen.get(next) ?? 0).toBeLessThanOrEqual(status.uidNext);
    seen.set(next, status.uidNext);
    return { path: folder.path, entries: [...entries] };
  });
  expect(alice.quota()).toMatchObject({ used: bytes, messages: count });
  return whole;
}

it(`all sessions of an account agree, ${RUNS} times`, { timeout: 180_000 }, async () => {
  for (let run = 0; run < RUNS; run++) {
    const seed = SEED + run;
    const tables = memoryQueueTables(memoryMailTables());
    const s = await stage(tables);
    const seen: Seen = new Map();
    const play = async (): Promise<void> => {
      const readers = [new Reader(s), new Reader(s, 'QRESYNC'), new Reader(s, 'COMPRESS')];
      for (let pause = 0; pause < PAUSES; pause++) {
        const luck = (who: string): Luck => new Luck(`${seed} ${pause} ${who}`);
        await Promise.all([
          ...readers.map((reader, n) => reader.act(luck(`imap ${n}`))),
          pop3Actor(s, luck('pop3')),
          pop3Actor(s, luck('pop3 too')),
          smtpActor(s, luck('smtp')),
          ...(Object.keys(DOORS) as Door[]).map((door) => noise(s, door, luck(door))),
        ]);
        agree(s.mail.store, seen);
        for (const reader of readers) await reader.inStep(s.mail.store);
      }
    };
    await s.world.run(play()).catch((cause: unknown) => {
      throw new Error(`seed ${seed}`, { cause });
    });
    expect(s.errors, `seed ${seed}`).toEqual([]);
    const before = agree(s.mail.store, seen);
    await s.world.run(s.mail.close());
    // What was in memory is what is on the disk.
    expect(agree(MailStore.open(s.server, tables.mail), seen)).toEqual(before);
  }
});
