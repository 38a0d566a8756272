/** Connections that break anywhere: each message is brought home, and none is deleted that was not. */
import { expect, test } from 'vitest';
import { BOB, connect, stage } from '../../test/pop3/stage.ts';
import { fromLatin1 } from '../lib/bytes.ts';
import { AppError } from '../lib/errors.ts';
import { below, type Random, seededRandom } from '../net/index.ts';

const RUNS: number = Number(process.env['FAULT_RUNS'] ?? 60);
const MESSAGES = 6;

function text(id: number, size: number): string {
  return `X-Id: ${id}\r\n\r\n${'.line\r\n'.repeat(size)}end ${id}\r\n`;
}

/** Downloads and deletes until the maildrop is empty, while the network breaks; gives what came home and what was tried. */
async function run(seed: number): Promise<{ home: string[]; attempts: number }> {
  const random = seededRandom(seed);
  const texts = Array.from({ length: MESSAGES }, (_, id) => text(id, below(random, 4_000)));
  const at = await stage({ idleMs: 600_000 }, texts);
  disturb(at.world, at.server, at.client, random);
  const home: string[] = [];
  let attempts = 0;
  const fetch = async (): Promise<void> => {
    const client = await connect(at, { replyMs: 5_000, blockMs: 5_000, connectMs: 5_000 });
    try {
      await client.login(BOB, { by: 'apop' });
      const ids = new Map((await client.uidl()).map(({ number, uid }) => [number, uid]));
      for await (const { number, bytes } of client.download({ mode: 'delete' })) {
        expect(fromLatin1(bytes)).toMatch(/^X-Id: (\d)\r\n[\s\S]*end \1\r\n$/);
        home.push(fromLatin1(bytes));
        expect(ids.has(number)).toBe(true);
      }
      await client.quit();
    } finally {
      client.close();
    }
  };
  const all = async (): Promise<void> => {
    while (at.bob.messages.length > 0 && attempts < 60) {
      attempts++;
      const before = new Set(home);
      await fetch().catch((error: unknown) => {
        if (!(error instanceof AppError)) throw error;
      });
      // What has left the server has come home: in this session, or in one before.
      const left = new Set(at.bob.messages.map(({ uid }) => texts[uid - 1]));
      for (const one of texts) expect(left.has(one) || home.includes(one)).toBe(true);
      expect(home.length).toBeGreaterThanOrEqual(before.size);
    }
  };
  await at.world.run(all());
  await at.world.run();
  expect(at.bob.locked).toBe(false);
  expect(new Set(home)).toEqual(new Set(texts));
  expect(at.bob.messages).toHaveLength(0);
  return { home, attempts };
}

/** Resets at random times of the first seconds, and a time without a network. */
function disturb(
  world: Awaited<ReturnType<typeof stage>>['world'],
  server: Parameters<typeof world.reset>[0],
  client: Awaited<ReturnType<typeof stage>>['client'],
  random: Random,
): void {
  for (let i = 0; i < 8; i++) {
    client.clock.setTimer(below(random, 1_200), () => world.reset(server, client));
  }
  const from = below(random, 600);
  client.clock.setTimer(from, () => world.partition(server, client));
  client.clock.setTimer(from + 200, () => world.repair(server, client));
}

test(`${RUNS} runs: nothing lost, nothing in pieces`, { timeout: 120_000 }, async () => {
  let broken = 0;
  for (let seed = 1; seed <= RUNS; seed++) {
    const { attempts } = await run(seed);
    broken += attempts - 1;
  }
  expect(broken).toBeGreaterThan(RUNS);
});
