import { expect, test } from 'vitest';
import { announceSettled, deferred } from '../../lib/deferred.ts';
import { TraceBus, type TraceEvent } from '../../trace/index.ts';
import { ByteReader } from '../byte-reader.ts';
import { below } from '../random.ts';
import { sleep } from '../time.ts';
import type { Host } from '../types.ts';
import { World } from './index.ts';

function memoryTrace(): { trace: TraceBus; events: TraceEvent[] } {
  const trace = new TraceBus();
  const events: TraceEvent[] = [];
  trace.subscribe((event) => void events.push(event));
  return { trace, events };
}

test('gives addresses, keeps those that were chosen, and refuses to give one twice', () => {
  const world = new World({ seed: 1 });
  expect(world.host('a').address).toBe('10.0.0.1');
  expect(world.host('b', { address: '10.0.0.2' }).address).toBe('10.0.0.2');
  expect(world.host('c').address).toBe('10.0.0.3');
  const d = world.host('d', { address: ['192.0.2.1', '192.0.2.2'] });
  expect([d.address, ...d.addresses]).toEqual(['192.0.2.1', '192.0.2.1', '192.0.2.2']);
  expect(() => world.host('a')).toThrow('there is a host a already');
  expect(() => world.host('e', { address: '192.0.2.2' })).toThrow('belongs to host d');
  expect(() => world.crash('nobody')).toThrow('there is no host nobody');
});

test('a host listens at each of its addresses, or at all', async () => {
  const world = new World({ seed: 1 });
  const client = world.host('client');
  const server = world.host('server', { address: ['192.0.2.1', '192.0.2.2'] });
  const spoken: string[] = [];
  const accept = (at: string) => () => void spoken.push(at);
  await server.network.listen({ port: 80, address: '192.0.2.2' }, accept('second'));
  await server.network.listen({ port: 80 }, accept('first'));
  await server.network.listen({ port: 81, address: '0.0.0.0' }, accept('any'));
  for (const [address, port] of [
    ['192.0.2.1', 80],
    ['192.0.2.2', 80],
    ['192.0.2.2', 81],
  ] as const) {
    const connection = await world.run(client.network.connect({ address, port }));
    expect(connection.remote).toEqual({ address, port });
  }
  expect(spoken).toEqual(['first', 'second', 'any']);
  const everywhere = server.network.listen({ port: 80, address: '0.0.0.0' }, accept('all'));
  await expect(everywhere).rejects.toMatchObject({ code: 'NET_IN_USE' });
});

test('says that it hangs, with the seed and every socket', async () => {
  const world = new World({ seed: 'forty-two' });
  const [a, b] = [world.host('client'), world.host('server')];
  await b.network.listen({ port: 80 }, () => {});
  await b.network.bind({ port: 53 });
  const talk = async () => {
    const reader = new ByteReader(await a.network.connect({ address: b.address, port: 80 }));
    await reader.write(new Uint8Array(300));
    await reader.readLine();
  };
  const run = world.run(talk());
  await expect(run).rejects.toMatchObject({ code: 'SIM_HANG' });
  const { message } = (await run.catch((error: unknown) => error)) as Error;
  expect(message).toContain('seed forty-two');
  expect(message).toMatch(/client +tcp +10\.0\.0\.1:49152 +10\.0\.0\.2:80 +ESTABLISHED +0 +0/);
  expect(message).toMatch(/server +tcp +10\.0\.0\.2:80 +10\.0\.0\.1:49152 +ESTABLISHED +0 +300/);
  expect(message).toMatch(/server +tcp +10\.0\.0\.2:80 +LISTEN/);
  expect(message).toMatch(/server +udp +10\.0\.0\.2:53/);
});

test('an exception in a callback stops the run and says where and when', async () => {
  const world = new World({ seed: 7 });
  const host = world.host('alice');
  const cause = new Error('off by one');
  host.clock.setTimer(5, () => {
    throw cause;
  });
  host.clock.setTimer(10, () => {});
  await expect(world.run()).rejects.toMatchObject({
    code: 'SIM_THREW',
    message: 'off by one (seed 7, at 5 ms, host alice)',
    cause,
  });
  await world.run();
  expect(world.now).toBe(10);
});

test('so does a boot program that fails later', async () => {
  const world = new World({ seed: 7 });
  world.host('alice').onBoot(async (host) => {
    await sleep(host.clock, 5);
    throw new Error('no zone file');
  });
  await expect(world.run()).rejects.toThrow('no zone file (seed 7, at 5 ms, host alice)');
});

test('strict worlds have no other time and luck, and give them back', async () => {
  const { random } = Math;
  for (const [use, instead] of [
    [() => Math.random(), 'host.random'],
    [() => Date.now(), 'host.clock.now()'],
    [() => setTimeout(() => {}, 1), 'host.clock.setTimer'],
    [() => setInterval(() => {}, 1), 'host.clock.setTimer'],
  ] as const) {
    const world = new World({ seed: 1, strict: true });
    world.host('alice').clock.setTimer(1, use);
    await expect(world.run()).rejects.toThrow(instead);
  }
  expect(Math.random).toBe(random);
});

test('runs until a time, a predicate, a promise, or by single steps', async () => {
  const world = new World({ seed: 1 });
  const { clock } = world.host('alice');
  const rung: number[] = [];
  for (const ms of [10, 20, 30, 40]) clock.setTimer(ms, () => void rung.push(ms));
  await world.runUntil(25);
  expect([world.now, rung]).toEqual([25, [10, 20]]);
  expect(await world.step()).toBe(true);
  expect([world.now, rung]).toEqual([30, [10, 20, 30]]);
  await world.runUntil(() => rung.length === 4);
  expect(await world.step()).toBe(false);
  await expect(world.runUntil(() => rung.length === 5)).rejects.toMatchObject({ code: 'SIM_HANG' });
  expect(await world.run(Promise.resolve('value'))).toBe('value');
  await expect(world.run(Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(world.events).toBe(4);
});

test('cancelled timers do not hold time up', async () => {
  const world = new World({ seed: 1 });
  const { clock } = world.host('alice');
  clock.setTimer(30_000, () => {}).cancel();
  clock.setTimer(5, () => {});
  await world.run();
  expect(world.now).toBe(5);
});

test('refuses to run twice at once', async () => {
  const world = new World({ seed: 1 });
  const first = world.run();
  await expect(world.run()).rejects.toMatchObject({ code: 'USAGE' });
  await first;
});

test('two hosts that answer each other without time passing are found out', async () => {
  const world = new World({ seed: 1 });
  const { clock } = world.host('alice');
  const again = () => void clock.setTimer(0, again);
  again();
  await expect(world.run()).rejects.toThrow('no time passed');
});

/** What waits for promises runs before the next event, however deep the chain is. */
async function order(drain: 'now' | 'turns'): Promise<string[]> {
  const world = new World({ seed: 1, drain });
  const { clock } = world.host('alice');
  const order: string[] = [];
  const deep = async (name: string, depth: number): Promise<void> => {
    await null;
    if (depth > 0) await deep(name, depth - 1);
    else order.push(name);
  };
  const resolved = deferred<void>();
  resolved.promise.then(() => deep('after the first event', 30)).catch(() => {});
  clock.setTimer(1, () => {
    order.push('first event');
    resolved.resolve();
  });
  clock.setTimer(1, () => {
    order.push('second event');
    deep('unannounced', 30).catch(() => {});
  });
  clock.setTimer(1, () => {
    order.push('third event');
    Promise.resolve()
      .then(() => order.push('announced'))
      .catch(() => {});
    announceSettled();
  });
  clock.setTimer(1, () => order.push('fourth event'));
  clock.setTimer(2, () => order.push('later event'));
  await world.run();
  return order;
}

test('promises settled by an event are followed up before the next event, all others before time moves', async () => {
  const now = await order('now');
  expect(now).toEqual([
    'first event',
    'after the first event',
    'second event',
    'third event',
    'announced',
    'unannounced',
    'fourth event',
    'later event',
  ]);
  expect(await order('turns')).toEqual(now);
});

/** A few hosts that talk, wait, fail and are cut off from each other, as the seed decides. */
async function randomRun(
  seed: number,
  drain: 'now' | 'turns',
  extra = false,
): Promise<[string, number]> {
  const world = new World({ seed, hash: true, strict: drain === 'now', drain });
  world.links({ latency: 3, jitter: 5, loss: 0.02, reorder: 0.1, duplicate: 0.1 });
  if (extra) world.host('bystander');
  const hosts = ['a', 'b', 'c', 'd'].map((name) =>
    world.host(name, { up: 1e6, down: 4e6, slowStart: name < 'c' }),
  );
  for (const host of hosts) {
    host.onBoot(async (boot) => {
      await boot.network.listen({ port: 7 }, (connection) => {
        connection.attach({
          onData: (bytes) => void connection.write(bytes),
          onEnd: () => connection.end(),
          onClose() {},
        });
      });
      const socket = await boot.network.bind({ port: 9 });
      socket.onDatagram(({ bytes, from }) => {
        if ((bytes[0] ?? 0) > 0) socket.send(new Uint8Array([(bytes[0] ?? 0) - 1]), from);
      });
      const other = () => hosts[below(boot.random, hosts.length)] as (typeof hosts)[0];
      for (let i = 0; i < 5; i++) {
        await sleep(boot.clock, below(boot.random, 100));
        socket.send(new Uint8Array([10]), { address: other().address, port: 9 });
        await talk(boot, other().address);
        if (below(boot.random, 4) === 0) world.partition(boot.name, other());
        else world.repair(boot.name, other());
        const victim = below(boot.random, 30) === 0 ? other() : undefined;
        if (victim) world.crash(victim);
        if (victim) world.restart(victim);
      }
    });
  }
  await world.runUntil(60_000);
  return [world.hash, world.events];
}

async function talk(host: Host, address: string): Promise<void> {
  try {
    const connection = await host.network.connect({ address, port: 7 }, { timeoutMs: 2000 });
    const reader = new ByteReader(connection);
    const count = below(host.random, 40_000);
    connection.write(new Uint8Array(count));
    connection.end();
    await reader.readAll();
  } catch {
    await sleep(host.clock, 1);
  }
}

test('one seed gives one run: twenty seeds twice, and by turns', { timeout: 60_000 }, async () => {
  const hashes = new Set<string>();
  for (let seed = 1; seed <= 20; seed++) {
    const first = await randomRun(seed, 'now');
    expect(await randomRun(seed, 'now'), `seed ${seed}`).toEqual(first);
    if (seed % 5 === 0) expect(await randomRun(seed, 'turns'), `seed ${seed}`).toEqual(first);
    expect(first[1]).toBeGreaterThan(200);
    hashes.add(first[0]);
  }
  expect(hashes.size).toBe(20);
});

test('a host’s luck depends on the seed and its name alone', () => {
  const draw = (names: string[]) => {
    const world = new World({ seed: 3 });
    const hosts = names.map((name) => world.host(name));
    return hosts.find((host) => host.name === 'b')?.random.uint32();
  };
  expect(draw(['a', 'b'])).toBe(draw(['x', 'y', 'b', 'z']));
});

test('records nothing, and hashes nothing, when nobody asks', async () => {
  const silent = new World({ seed: 1 });
  expect(silent.host('a').trace.on).toBe(false);
  const { trace, events } = memoryTrace();
  const told = new World({ seed: 1, trace });
  await told.host('a').network.bind({ port: 5 });
  expect(events.length).toBe(1);
  expect(told.hash).not.toBe(silent.hash);
});
