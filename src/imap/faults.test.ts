/** Connections that break anywhere: what was said to be appended is there, whole and once for each time; nothing that broke off is. */
import { expect, test } from 'vitest';
import { connect, letter, stage } from '../../test/imap/stage.ts';
import { fromLatin1 } from '../lib/bytes.ts';
import { AppError } from '../lib/errors.ts';
import type { Folder } from '../mail/index.ts';
import { below, seededRandom, sleep } from '../net/index.ts';

const RUNS: number = Number(process.env['FAULT_RUNS'] ?? 40);
const MESSAGES = 5;

test(`${RUNS} runs`, { timeout: 120_000 }, async () => {
  let broken = 0;
  for (let seed = 1; seed <= RUNS; seed++) {
    const s = await stage();
    const random = seededRandom(seed);
    const confirmed: number[] = [];
    let attempts = 0;
    const put = async (id: number): Promise<void> => {
      const client = await connect(s);
      const octets = letter({
        subject: `n${id}`,
        text: `${'line\r\n'.repeat(below(random, 60_000))}end ${id}`,
      });
      await client.append('INBOX', { octets });
      confirmed.push(id);
      if (below(random, 2) === 0) await client.logout();
      else client.abandon();
    };
    const all = async (): Promise<void> => {
      for (let id = 0; id < MESSAGES; id++) {
        for (let again = 0; again < 30 && !confirmed.includes(id); again++) {
          attempts++;
          await put(id).catch((error: unknown) => {
            if (!(error instanceof AppError)) throw error;
          });
        }
      }
    };
    const disturb = async (): Promise<void> => {
      for (let i = 0; i < 8; i++) {
        await sleep(s.client.clock, below(random, 300));
        s.world.reset(s.server.name, s.client.name);
      }
    };
    await s.world.run(Promise.all([all(), disturb()]));
    expect(confirmed, `seed ${seed}`).toEqual([0, 1, 2, 3, 4]);
    const found = s.account
      .entries(s.account.folder('INBOX') as Folder)
      .map(({ content }) => fromLatin1(s.account.bytes(content)));
    for (const text of found)
      expect(text, `seed ${seed}`).toMatch(/Subject: n(\d)\r\n[\s\S]*end \1\r\n$/);
    for (const id of confirmed)
      expect(found.some((text) => text.includes(`Subject: n${id}\r\n`))).toBe(true);
    expect(found.length).toBeLessThanOrEqual(attempts);
    expect(s.errors).toEqual([]);
    broken += attempts - MESSAGES;
  }
  expect(broken).toBeGreaterThan(RUNS / 4);
});
