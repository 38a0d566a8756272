/**
 * Hosts that crash and start again, networks that break, at any time: whatever was said to be taken arrives, or comes
 * back to its author. A letter arrives twice only where nobody could know whether it had been taken.
 */
import { expect, test } from 'vitest';
import { Stage } from '../../test/relay/stage.ts';
import { AppError } from '../lib/errors.ts';
import { below, fraction, type Random, seededRandom, sleep } from '../net/index.ts';
import { parseMailbox, SmtpClient } from '../smtp/index.ts';
import type { RelayEvent } from './index.ts';

const RUNS: number = Number(process.env['FAULT_RUNS'] ?? 1_000);
const DOMAINS = ['a.edu', 'b.edu', 'c.edu'];
const SECOND = 1_000;
const TROUBLE = 60 * SECOND;
/** Long, so that much is under way at any time. */
const LATENCY = 300;

/** Each letter's recipients, and where its copies end. */
const LETTERS: readonly (readonly [to: readonly string[], ends: readonly string[]])[] = [
  [['bob@b.edu'], ['bob@b.edu']],
  [
    ['bob@a.edu', 'bob@b.edu'],
    ['bob@a.edu', 'bob@b.edu'],
  ],
  [
    ['bob@b.edu', 'alice@b.edu', 'bob@c.edu'],
    ['bob@b.edu', 'alice@b.edu', 'bob@c.edu'],
  ],
  [['nobody@c.edu'], []],
  [['team@b.edu'], ['alice@b.edu', 'bob@c.edu']],
  [['bob@c.edu', 'gone@b.edu'], ['bob@c.edu']],
];

/** How often each letter may have been taken without anybody to say so. */
class Doubts {
  readonly count = new Map<string, number>();
  private readonly open = new Map<string, string>();

  note({
    kind,
    host,
    id,
    messageId = '',
    remote = '',
    recipient = '',
    reply = '',
  }: RelayEvent): void {
    const key = (to: string): string => `${host} ${id} ${to}`;
    if (kind === 'sending') this.open.set(key(remote), messageId);
    if (kind === 'sent' || kind === 'failed' || kind === 'deferred') {
      this.open.delete(key(`mx.${recipient.split('@')[1]}`));
      if (reply.includes('may have been taken')) this.add(messageId);
    }
  }

  crashed(host: string): void {
    for (const [key, messageId] of this.open) {
      if (!key.startsWith(`${host} `)) continue;
      this.open.delete(key);
      this.add(messageId);
    }
  }

  add(messageId: string): void {
    this.count.set(messageId, (this.count.get(messageId) ?? 0) + 1);
  }
}

interface Run {
  readonly on: Stage;
  readonly doubts: Doubts;
  readonly confirmed: ReadonlySet<number>;
  readonly crashes: number;
}

async function run(seed: number): Promise<Run> {
  const random = seededRandom(seed).fork('trouble');
  const on = new Stage(seed, LATENCY);
  const author = on.author('a.edu');
  const doubts = new Doubts();
  let trouble: Trouble | undefined;
  const onEvent = (event: RelayEvent): void => {
    on.events.push(event);
    doubts.note(event);
    trouble?.tempt();
  };
  const schedule = { firstMs: 2 * SECOND, mostMs: 20 * SECOND, expiryMs: 30 * 60 * SECOND };
  for (const domain of DOMAINS) {
    on.site(domain, {
      users: ['alice', 'bob'],
      submission: false,
      relayFrom: [author.address],
      aliases: domain === 'b.edu' ? { team: ['alice', 'bob@c.edu'] } : {},
      schedule,
      // As long as a way: crashes come between what is done and what is said.
      commitMs: LATENCY,
      onEvent,
    });
  }
  await on.world.run(on.ready());
  trouble = disturb(on, doubts, random);
  const confirmed = new Set<number>();
  const write = async (letter: number): Promise<void> => {
    await sleep(author.clock, below(random, TROUBLE));
    while (!confirmed.has(letter)) {
      if (await handIn(on, letter, random)) confirmed.add(letter);
      else {
        doubts.add(`${letter}@author`);
        await sleep(author.clock, below(random, 5 * SECOND));
      }
    }
  };
  await on.world.run(Promise.all(LETTERS.map((_, letter) => write(letter))));
  await on.world.run();
  return { on, doubts, confirmed, crashes: trouble.crashes };
}

async function handIn(on: Stage, letter: number, random: Random): Promise<boolean> {
  const server = { address: on.sites.get('a.edu')?.host.address ?? '', port: 25 };
  const from = { local: 'alice', domain: 'a.edu' };
  const to = (LETTERS[letter]?.[0] ?? []).map((one) => ({
    path: parseMailbox(one, 'recipient', false),
  }));
  const body = 'line\r\n'.repeat(below(random, 400));
  const text = `Message-ID: <${letter}@author>\r\n\r\n${body}end ${letter}\r\n`;
  try {
    const limits = { replyMs: 20 * SECOND, dataEndMs: 20 * SECOND, connectMs: 5 * SECOND };
    const client = await SmtpClient.connect(on.author('a.edu'), server, limits);
    await client.send({ from, to }, text);
    await client.quit();
    return true;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

interface Trouble {
  crashes: number;
  /** A host has done something: it, or another, may crash just then. */
  tempt(): void;
}

/** Crashes, resets and partitions while letters are under way; all is well after that. */
function disturb(on: Stage, doubts: Doubts, random: Random): Trouble {
  const { clock } = on.author('a.edu');
  const pick = (): string => `mx.${DOMAINS[below(random, DOMAINS.length)]}`;
  const trouble: Trouble = {
    crashes: 0,
    tempt() {
      if (on.world.now > TROUBLE || fraction(random) > 0.2) return;
      const host = pick();
      clock.setTimer(below(random, 2 * LATENCY), () => crash(host));
    },
  };
  const crash = (host: string): void => {
    const isDown = ![...on.sites.values()].some(
      (site) => site.host.name === host && site.host.running,
    );
    if (isDown) return;
    trouble.crashes++;
    on.world.crash(host);
    doubts.crashed(host);
    clock.setTimer(below(random, 10 * SECOND), () => on.world.restart(host));
  };
  for (let i = 0; i < 4; i++) {
    const host = pick();
    clock.setTimer(below(random, TROUBLE), () => crash(host));
  }
  for (let i = 0; i < 5; i++) {
    const [one, other] = [pick(), fraction(random) < 0.3 ? 'desk.a.edu' : pick()];
    if (one === other) continue;
    clock.setTimer(below(random, TROUBLE), () => on.world.reset(one, other));
    const at = below(random, TROUBLE);
    clock.setTimer(at, () => on.world.partition(one, other));
    clock.setTimer(at + below(random, 10 * SECOND), () => on.world.repair(one, other));
  }
  return trouble;
}

/** Copies of a letter in an inbox, which are whole. */
function copies(inbox: readonly string[], letter: number): number {
  const all = inbox.filter((text) => text.includes(`\r\nMessage-ID: <${letter}@author>\r\n`));
  const whole = all.filter((text) => text.endsWith(`end ${letter}\r\n`));
  return whole.length;
}

test(`${RUNS} runs: what was taken arrives or comes back`, { timeout: 300_000 }, async () => {
  let [doubled, doubted, crashed] = [0, 0, 0];
  for (let seed = 1; seed <= RUNS; seed++) {
    const { on, doubts, confirmed, crashes } = await run(seed);
    expect(on.errors, `seed ${seed}`).toEqual([]);
    expect(confirmed.size, `seed ${seed}`).toBe(LETTERS.length);
    for (const [letter, [to, ends]] of LETTERS.entries()) {
      const most = 1 + (doubts.count.get(`${letter}@author`) ?? 0);
      for (const end of ends) {
        const count = copies(on.inbox(end), letter);
        expect(count, `seed ${seed}: letter ${letter} to ${end}`).toBeGreaterThanOrEqual(1);
        expect(count, `seed ${seed}: letter ${letter} to ${end}`).toBeLessThanOrEqual(most);
        doubled += count - 1;
      }
      for (const lost of to.filter((one) => /nobody|gone/.test(one))) {
        const notices = on
          .inbox('alice@a.edu')
          .filter((text) => text.includes(`rfc822; ${lost}\r\n`));
        expect(notices.length, `seed ${seed}: ${lost}`).toBeGreaterThanOrEqual(1);
        expect(notices.length, `seed ${seed}: ${lost}`).toBeLessThanOrEqual(
          most + [...doubts.count.values()].reduce((a, b) => a + b, 0),
        );
      }
      doubted += most - 1;
    }
    for (const { disk, relay } of on.sites.values()) {
      expect(disk.queue.load(), `seed ${seed}`).toEqual([]);
      expect(relay.list(), `seed ${seed}`).toEqual([]);
    }
    crashed += crashes;
  }
  console.log(`${RUNS} seeds: ${crashed} crashes, ${doubted} doubts, ${doubled} doubles`);
  expect(doubled).toBeGreaterThan(0);
  expect(doubled).toBeLessThan(doubted);
});

test('one seed, one run', async () => {
  const told = async () => JSON.stringify((await run(7)).on.events);
  expect(await told()).toBe(await told());
});
