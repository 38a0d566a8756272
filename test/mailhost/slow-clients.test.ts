/** Clients that say a byte a second, and clients that never read: each is ended in time, and others are served meanwhile. */
import { expect, test } from 'vitest';
import { fromLatin1, latin1 } from '../../src/lib/bytes.ts';
import { type Folder, MailStore, memoryMailTables } from '../../src/mail/index.ts';
import { PARTING_MS } from '../../src/net/defaults.ts';
import { type ByteReader, sleep } from '../../src/net/index.ts';
import { World } from '../../src/net/sim/index.ts';
import { ask, DOORS, type Door, dial, type Stage, send, stage } from './stage.ts';

const MINUTE = 60_000;
const HELLO: Readonly<Record<Door, readonly string[]>> = {
  smtp: ['EHLO laptop'],
  submission: ['EHLO laptop', 'AUTH PLAIN AGFsaWNlAHRlYQ=='],
  pop3: ['USER alice', 'PASS tea'],
  imap: ['a LOGIN alice tea'],
};

/** Says lines and waits for the answer to each. */
async function begin(s: Stage, door: Door, lines: readonly string[]): Promise<ByteReader> {
  const reader = await dial(s, door);
  await reader.readLine();
  for (const line of lines) {
    await reader.write(latin1(`${line}\r\n`));
    const isOver = door === 'pop3' ? /^[+-]/ : door === 'imap' ? /^(a|\+) / : /^\d{3} /;
    for (let said: string | undefined = ''; said !== undefined && !isOver.test(said); ) {
      said = (await reader.readLine()) ?? undefined;
    }
  }
  return reader;
}

/** A byte a second, until the server has enough: how many minutes that took, and its last word. */
async function drip(s: Stage, reader: ByteReader, text: string): Promise<string> {
  const before = s.client.clock.now();
  let isOver = false;
  const last = reader.readLine().then(
    (line) => line ?? 'silence',
    () => 'silence',
  );
  last.then(() => {
    isOver = true;
  });
  for (let at = 0; !isOver; at++) {
    if (s.client.clock.now() - before > 100 * MINUTE) return 'never';
    await reader.write(latin1(text.charAt(at % text.length))).catch(() => {});
    await sleep(s.client.clock, 1_000);
  }
  const minutes = Math.round((s.client.clock.now() - before) / MINUTE);
  return `${minutes} min: ${await last}`;
}

const ROWS: readonly (readonly [string, Door, readonly string[], string, string])[] = [
  ['a command', 'smtp', [], 'x', '5 min: 421 4.4.2 '],
  ['a command', 'submission', HELLO.submission, 'x', '5 min: 421 4.4.2 '],
  [
    'the data',
    'smtp',
    [...HELLO.smtp, 'MAIL FROM:<bob@b.org>', 'RCPT TO:<alice@shop.com>', 'DATA'],
    'Subject: slow\r\n',
    '60 min: 421 4.4.2 ',
  ],
  [
    'a chunk',
    'smtp',
    [...HELLO.smtp, 'MAIL FROM:<bob@b.org>', 'RCPT TO:<alice@shop.com>'],
    'BDAT 1000000\r\n',
    '60 min: 421 4.4.2 ',
  ],
  ['a command', 'pop3', HELLO.pop3, 'x', '10 min: silence'],
  ['a name', 'pop3', [], 'x', '10 min: silence'],
  ['a command before LOGIN', 'imap', [], 'x', '3 min: * BYE '],
  ['a command', 'imap', HELLO.imap, 'x', '60 min: * BYE '],
  ['a name of a mailbox', 'imap', [...HELLO.imap, 'a CREATE {9}'], 'x', '60 min: * BYE '],
  ['a message', 'imap', [...HELLO.imap, 'a APPEND INBOX {50000000}'], 'x', '60 min: * BYE '],
];

test.each(ROWS)('a byte a second: %s at %s', async (_what, door, lines, text, end) => {
  const s = await stage();
  await s.world.run(
    (async () => {
      const reader = await begin(s, door, lines);
      const dripping = drip(s, reader, text);
      await sleep(s.client.clock, MINUTE);
      await send(s, 'alice@shop.com', 'Subject: meanwhile\r\n\r\n');
      const found = await ask(s, 'GET /wait?account=alice&subject=meanwhile');
      expect(found.status).toBe(200);
      expect((await dripping).slice(0, end.length)).toBe(end);
    })(),
  );
  expect(s.errors).toEqual([]);
  expect(s.mail.store.open('alice').quota().messages).toBe(1);
});

const LARGE = 20_000_000;

test.each([
  ['imap', [...HELLO.imap, 'a SELECT INBOX'], 'b FETCH 1 BODY[]', 5],
  ['pop3', HELLO.pop3, 'RETR 1', 10],
] as const)('who never reads a large message at %s', async (door, lines, line, minutes) => {
  const s = await stage();
  const { store } = s.mail;
  await s.world.run(
    (async () => {
      const alice = store.open('alice');
      const inbox = alice.folder('INBOX') as Folder;
      const staged = store.stageBytes(latin1(`Subject: large\r\n\r\n${'x\r\n'.repeat(LARGE / 3)}`));
      await alice.append(inbox, [{ staged }]);
      const reader = await begin(s, door, lines);
      const before = s.client.clock.now();
      let sent = 0;
      await reader.write(latin1(`${line}\r\n`));
      await sleep(s.client.clock, MINUTE);
      await send(s, 'alice@shop.com', 'Subject: meanwhile\r\n\r\n');
      // Now what was held on the way is read, and then the end.
      await sleep(s.client.clock, (minutes + 1) * MINUTE);
      for (;;) {
        const piece = await reader.read().catch(() => undefined);
        if (!piece) break;
        sent += piece.length;
      }
      expect(sent).toBeLessThan(1_000_000);
      expect(s.client.clock.now() - before).toBeGreaterThan(minutes * MINUTE);
      expect((await ask(s, 'GET /wait?account=alice&subject=meanwhile')).status).toBe(200);
    })(),
  );
});

test.each([
  ['smtp', /^421 4\.\d\.\d /],
  ['pop3', /^-ERR \[/],
  ['imap', /^\* BYE \[UNAVAILABLE\]/],
] as const)('who is turned away at %s and stays all the same', async (door, word) => {
  const s = await stage({ sessionsLimit: 1 });
  const times = await s.world.run(
    (async () => {
      const first = await begin(s, door, []);
      const second = await s.client.network.connect({
        address: s.server.address,
        port: DOORS[door],
      });
      const before = s.client.clock.now();
      let said = '';
      const closed = await new Promise<number>((resolve) =>
        second.attach({
          onData: (bytes) => {
            said += fromLatin1(bytes);
          },
          onClose: () => resolve(s.client.clock.now() - before),
        }),
      );
      expect(said).toMatch(word);
      await first.write(latin1('QUIT\r\n'));
      return closed;
    })(),
  );
  expect(times).toBeGreaterThanOrEqual(PARTING_MS);
  expect(times).toBeLessThan(2 * PARTING_MS);
});

test('who guesses passwords lets others have their turn', async () => {
  const world = new World({ seed: 1 });
  const host = world.host('mail.shop.com');
  const store = MailStore.open(host, memoryMailTables());
  const said: string[] = [];
  const guess = async (name: string): Promise<void> => {
    expect(await store.users.verify?.(name, 'wrong')).toBe(false);
    said.push(name);
  };
  const others = async (): Promise<void> => {
    for (let turn = 0; turn < 3; turn++) {
      await sleep(host.clock, 0);
      said.push('others');
    }
  };
  const run = async (): Promise<void> => {
    await store.addAccount({ name: 'alice', addresses: ['alice@shop.com'], password: 'tea' });
    await Promise.all([guess('alice'), guess('nobody'), guess('alice'), others()]);
  };
  await world.run(run());
  expect(said).toEqual(['others', 'alice', 'others', 'nobody', 'others', 'alice']);
});
