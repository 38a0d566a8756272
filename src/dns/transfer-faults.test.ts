/** Secondaries under random faults: what they give is a whole version, never too old, and in the end the last. */
import { expect, test } from 'vitest';
import { below, seededRandom } from '../net/index.ts';
import { World } from '../net/sim/index.ts';
import { queryDns } from './client.ts';
import { authoritative } from './handlers/authoritative.ts';
import { chain } from './handlers/chain.ts';
import { notified } from './handlers/notified.ts';
import { transfers } from './handlers/transfers.ts';
import { question } from './message.ts';
import { notifySecondaries } from './notifier.ts';
import { Secondary } from './secondary.ts';
import { serveDns } from './server.ts';
import { MemoryZone, MemoryZones } from './store/memory-zone.ts';
import { parseZoneFile } from './store/zone-file.ts';

const RUNS = 60;
const STEPS = 12;
const [REFRESH, RETRY, EXPIRE] = [20, 5, 90];
const origin = 'edu.';

/** A version whose names all tell which it is. */
function zone(serial: number): MemoryZone {
  const text = `$TTL 60
@ SOA ns1 admin ${serial} ${REFRESH} ${RETRY} ${EXPIRE} 60
@ NS ns1
@ NS ns2
ns1 A 10.0.0.1
ns2 A 10.0.0.2
$GENERATE 1-300 n$ A 10.9.${serial >> 8}.${serial & 255}
`;
  return new MemoryZone(origin, parseZoneFile(text, { origin }));
}

async function run(seed: number): Promise<{ given: number; silent: number }> {
  const world = new World({ seed, strict: true });
  const luck = seededRandom(`transfers ${seed}`);
  const primary = world.host('ns1', { address: '10.0.0.1', latency: 5, up: 2_000_000 });
  const copy = world.host('ns2', { address: '10.0.0.2', latency: 5 });
  const client = world.host('client', { address: '10.0.0.100' });
  let zones = new MemoryZones([zone(1)]);
  let serial = 1;
  primary.onBoot(async (boot) => {
    zones = new MemoryZones([zone(serial)]);
    notifySecondaries(boot, zones);
    const links = [transfers(zones, { allow: () => true }), authoritative(zones)];
    await serveDns(boot, { handler: chain(...links) });
  });
  const copies = new MemoryZones();
  const primaries = [{ address: '10.0.0.1', port: 53 }];
  const secondary = new Secondary(copy, copies, { origin, primaries });
  const handler = chain(notified([secondary]), authoritative(copies));
  await world.run(serveDns(copy, { handler }));
  await world.run(secondary.refresh());
  world.link('ns1', 'ns2', { loss: below(luck, 3) * 0.15, reorder: 0.05, duplicate: 0.05 });
  /** When each version was replaced by the next; and since when the primary is down. */
  const replaced = new Map<number, number>();
  let down = false;
  const count = { given: 0, silent: 0 };
  const change = () => {
    replaced.set(serial, world.now);
    serial += 1 + below(luck, 3);
    if (!down) zones.set(zone(serial));
  };
  for (let step = 0; step < STEPS; step++) {
    if (below(luck, 3) === 0) {
      if (down) world.restart('ns1');
      else world.crash('ns1');
      down = !down;
    }
    if (below(luck, 2) === 0) change();
    await world.runUntil(world.now + below(luck, 60_000));
    const asked = question(`n${1 + below(luck, 300)}.edu.`, 'A');
    const { message } = await world.run(queryDns(client, { address: '10.0.0.2', port: 53 }, asked));
    if (message.rcode === 'SERVFAIL') {
      count.silent++;
      continue;
    }
    const [answer] = message.answers;
    if (answer?.type !== 'A') throw new Error(`no address: ${message.rcode}`);
    const [, , high, low] = answer.address.split('.').map(Number);
    const version = ((high ?? 0) << 8) | (low ?? 0);
    expect(version).toBe(secondary.serial);
    // A copy that nobody confirmed is given up after EXPIRE.
    const until = [...replaced].find(([old]) => old >= version)?.[1] ?? world.now;
    expect(world.now - until).toBeLessThanOrEqual(EXPIRE * 1000 + 100);
    count.given++;
  }
  world.link('ns1', 'ns2', { loss: 0, reorder: 0, duplicate: 0 });
  if (down) world.restart('ns1');
  await world.runUntil(world.now + (REFRESH + 60) * 1000);
  expect(secondary.serial).toBe(serial);
  return count;
}

test(`${RUNS} runs with loss, crashes and changes`, async () => {
  let given = 0;
  let silent = 0;
  for (let seed = 1; seed <= RUNS; seed++) {
    try {
      const count = await run(seed);
      given += count.given;
      silent += count.silent;
    } catch (error) {
      throw new Error(`with seed ${seed}`, { cause: error });
    }
  }
  expect(given + silent).toBe(RUNS * STEPS);
  expect(given).toBeGreaterThan(silent);
  expect(silent).toBeGreaterThan(0);
});
