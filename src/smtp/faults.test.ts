/** Connections that break anywhere: what was said to be taken is there, whole; nothing that broke off is. */
import { expect, test } from 'vitest';
import { fromLatin1, latin1 } from '../lib/bytes.ts';
import { AppError } from '../lib/errors.ts';
import { below, fraction, type Host, seededRandom } from '../net/index.ts';
import { type SimHost, World } from '../net/sim/index.ts';
import { collecting, SmtpClient, serveSmtp } from './index.ts';

const RUNS: number = Number(process.env['FAULT_RUNS'] ?? 200);
const MESSAGES = 5;

/** Each text tells whether it is whole. */
function text(id: number, size: number): string {
  return `X-Id: ${id}\r\n\r\n${'.line\r\n'.repeat(size)}end ${id}\r\n`;
}

interface Run {
  readonly confirmed: number[];
  readonly stored: string[];
  readonly attempts: number;
}

async function run(seed: number): Promise<Run> {
  const random = seededRandom(seed);
  const world = new World({ seed, strict: true });
  const [server, client] = [world.host('server'), world.host('client')];
  world.link(server, client, { latency: 5, jitter: 5 });
  const stored: string[] = [];
  const backend = collecting(({ bytes }) => void stored.push(fromLatin1(bytes)));
  await world.run(serveSmtp(server, { port: 25, backend }));
  disturb(world, server, client, random);
  const confirmed: number[] = [];
  let attempts = 0;
  const send = async (id: number): Promise<void> => {
    for (let again = 0; again < 40 && !confirmed.includes(id); again++) {
      attempts++;
      await attempt(server, client, id, below(random, 3000), fraction(random) < 0.5).then(
        () => void confirmed.push(id),
        (error: unknown) => {
          if (!(error instanceof AppError)) throw error;
        },
      );
    }
  };
  const all = async (): Promise<void> => {
    for (let id = 0; id < MESSAGES; id++) await send(id);
  };
  await world.run(all());
  await world.run();
  return { confirmed, stored, attempts };
}

/** Resets at random times of the first seconds, each after a while of silence or none. */
function disturb(
  world: World,
  server: SimHost,
  client: SimHost,
  random: ReturnType<typeof seededRandom>,
): void {
  for (let i = 0; i < 8; i++) {
    client.clock.setTimer(below(random, 800), () => {
      world.reset(server, client);
    });
  }
  const at = below(random, 500);
  client.clock.setTimer(at, () => world.partition(server, client));
  client.clock.setTimer(at + 100, () => world.repair(server, client));
}

async function attempt(
  server: Host,
  client: Host,
  id: number,
  size: number,
  chunks: boolean,
): Promise<void> {
  const to = { address: server.address, port: 25 };
  const session = await SmtpClient.connect(client, to);
  const envelope = { from: null, to: [{ path: { local: 'bob', domain: 'b.org' } }] };
  await session.send(envelope, latin1(text(id, size)), { chunks });
  await session.quit();
}

test(`${RUNS} runs: nothing lost, nothing in pieces`, { timeout: 120_000 }, async () => {
  let broken = 0;
  for (let seed = 1; seed <= RUNS; seed++) {
    const { confirmed, stored, attempts } = await run(seed);
    expect(confirmed, `seed ${seed}`).toEqual([0, 1, 2, 3, 4]);
    const ids = stored.map((one) => Number(/^X-Id: (\d)/.exec(one)?.[1]));
    for (const id of confirmed) expect(ids, `seed ${seed}`).toContain(id);
    for (const [i, one] of stored.entries()) {
      expect(one.endsWith(`end ${ids[i]}\r\n`), `seed ${seed}`).toBe(true);
    }
    // A double comes only of an attempt that broke off (RFC 5321 §4.5.3.2.6).
    expect(stored.length, `seed ${seed}`).toBeLessThanOrEqual(attempts);
    broken += attempts - MESSAGES;
  }
  expect(broken).toBeGreaterThan(RUNS);
});
