/** Many short runs with random faults: an answer is right, or it is a failure in good time. */
import { expect, test } from 'vitest';
import { below, type Host, seededRandom } from '../net/index.ts';
import { World } from '../net/sim/index.ts';
import { queryDns } from './client.ts';
import { authoritative } from './handlers/authoritative.ts';
import { chain } from './handlers/chain.ts';
import { cookies } from './handlers/cookies.ts';
import { recursive } from './handlers/recursive.ts';
import { question } from './message.ts';
import { Resolver } from './resolver.ts';
import type { ResolverOptions } from './resolver-options.ts';
import { HARDENED } from './searcher.ts';
import { serveDns } from './server.ts';
import { MemoryZone, MemoryZones } from './store/memory-zone.ts';
import { parseZoneFile } from './store/zone-file.ts';

const RUNS = 150;
const QUESTIONS = 12;
const TTL = 5;
const ON_THE_WAY_MS = 50;

const SOA = `$TTL ${TTL}\n@ SOA ns admin 1 2 3 4 ${TTL}\n`;
const ROOT = `${SOA}@ NS a.root.\n@ NS b.root.\na.root. A 10.0.0.1\nb.root. A 10.0.0.2
edu. NS a.edu.\nedu. NS b.edu.\na.edu. A 10.0.0.3\nb.edu. A 10.0.0.4\n`;
const EDU = `${SOA}@ NS a\n@ NS b\na A 10.0.0.3\nb A 10.0.0.4\nalias CNAME www\n`;

/** The zone in its nth version: the address tells which. */
function edu(version: number): MemoryZone {
  const text = `${EDU}www A 10.9.0.${version}\n`;
  return new MemoryZone('edu.', parseZoneFile(text, { origin: 'edu.' }));
}

async function start(
  world: World,
  options: Partial<ResolverOptions>,
): Promise<{ client: Host; zones: MemoryZones }> {
  const root = new MemoryZones([new MemoryZone('.', parseZoneFile(ROOT, { origin: '.' }))]);
  const zones = new MemoryZones([edu(0)]);
  for (const [name, address, served] of [
    ['root-a', '10.0.0.1', root],
    ['root-b', '10.0.0.2', root],
    ['edu-a', '10.0.0.3', zones],
    ['edu-b', '10.0.0.4', zones],
  ] as const) {
    const host = world.host(name, { address, latency: 5 });
    host.onBoot(async (boot) => {
      await serveDns(boot, { handler: chain(cookies(boot), authoritative(served)) });
    });
  }
  const local = world.host('resolver', { address: '10.0.0.53', latency: 1 });
  const resolver = new Resolver(local, {
    hints: [
      { name: 'a.root.', address: '10.0.0.1' },
      { name: 'b.root.', address: '10.0.0.2' },
    ],
    ...options,
  });
  await serveDns(local, { handler: chain(recursive(resolver)) });
  return { client: world.host('client', { address: '10.0.0.100' }), zones };
}

async function run(
  seed: number,
  options: Partial<ResolverOptions>,
): Promise<{ right: number; failed: number }> {
  const world = new World({ seed, strict: true });
  const luck = seededRandom(`faults ${seed}`);
  const { client, zones } = await world.run(start(world, options));
  const servers = ['root-a', 'root-b', 'edu-a', 'edu-b'];
  const down = new Set<string>();
  const count = { right: 0, failed: 0 };
  /** When each version of the zone was replaced by the next. */
  const replaced: number[] = [];
  for (const server of servers) {
    const loss = below(luck, 3) * 0.1;
    world.link('resolver', server, { loss, duplicate: 0.05, reorder: 0.05 });
  }
  for (let i = 0; i < QUESTIONS; i++) {
    const server = servers[below(luck, servers.length)] as string;
    if (down.delete(server)) world.restart(server);
    else if (below(luck, 2) === 0) {
      world.crash(server);
      down.add(server);
    }
    await world.runUntil(world.now + below(luck, 4_000));
    const asked = world.now;
    replaced.push(asked);
    zones.set(edu(replaced.length));
    const name = below(luck, 2) === 0 ? 'www.edu.' : 'alias.edu.';
    const query = queryDns(client, { address: '10.0.0.53', port: 53 }, question(name, 'A'), {
      timeoutMs: 20_000,
      retries: 0,
    });
    const { message } = await world.run(query);
    expect(world.now - asked).toBeLessThan(10_000);
    if (message.rcode !== 'NOERROR') {
      expect(message.rcode).toBe('SERVFAIL');
      count.failed++;
      continue;
    }
    const last = message.answers.at(-1);
    if (last?.type !== 'A') throw new Error(`no address in the answer: ${JSON.stringify(message)}`);
    expect(last.ttl).toBeLessThanOrEqual(TTL);
    // It was the truth at some moment since the TTL before the question, less the way to the server.
    const version = Number(last.address.split('.')[3]);
    const until = replaced[version] ?? world.now;
    expect(until).toBeGreaterThan(asked - TTL * 1000 - ON_THE_WAY_MS);
    count.right++;
  }
  return count;
}

/** Stale data would break the rule on purpose. */
const hardened = { ...HARDENED, serveStale: false };

test.each([
  ['the plain walk', {}],
  ['the hardened resolver', hardened],
])(`%s: ${RUNS} runs with loss, crashes and restarts`, async (_, options) => {
  let right = 0;
  let failed = 0;
  for (let seed = 1; seed <= RUNS; seed++) {
    try {
      const count = await run(seed, options);
      right += count.right;
      failed += count.failed;
    } catch (error) {
      throw new Error(`with seed ${seed}`, { cause: error });
    }
  }
  expect(right + failed).toBe(RUNS * QUESTIONS);
  expect(right).toBeGreaterThan(failed);
});
