import { expect, test } from 'vitest';
import { utf8 } from '../../lib/bytes.ts';
import { deferred } from '../../lib/deferred.ts';
import { TraceBus, type TraceEvent } from '../../trace/index.ts';
import { ByteReader } from '../byte-reader.ts';
import { sleep } from '../time.ts';
import type { CloseReason, Connection } from '../types.ts';
import { type SimHost, World, type WorldOptions } from './index.ts';

function memoryTrace(): { trace: TraceBus; events: TraceEvent[] } {
  const trace = new TraceBus();
  const events: TraceEvent[] = [];
  trace.subscribe((event) => void events.push(event));
  return { trace, events };
}

function twoHosts(options: Partial<WorldOptions> = {}): {
  world: World;
  alice: SimHost;
  bob: SimHost;
} {
  const world = new World({ seed: 1, strict: true, ...options });
  return {
    world,
    alice: world.host('alice', { latency: 10 }),
    bob: world.host('bob', { latency: 10 }),
  };
}

/** Echoes, and notes why each connection ended. */
async function echo(host: SimHost): Promise<CloseReason[]> {
  const ends: CloseReason[] = [];
  await host.network.listen({ port: 7, service: 'echo' }, (connection) => {
    connection.attach({
      onData: (bytes) => void connection.write(bytes),
      onEnd: () => connection.end(),
      onClose: (why) => void ends.push(why),
    });
  });
  return ends;
}

async function open(from: SimHost, to: SimHost): Promise<ByteReader> {
  return new ByteReader(await from.network.connect({ address: to.address, port: 7 }));
}

test('a partition delays a stream until the repair, with nothing lost', async () => {
  const { trace, events } = memoryTrace();
  const { world, alice, bob } = twoHosts({ trace });
  await echo(bob);
  const work = async () => {
    const reader = await open(alice, bob);
    world.partition(alice, bob);
    alice.clock.setTimer(1000, () => world.repair(alice, bob));
    await reader.write(utf8('still there?\n'));
    expect(await reader.readLine()).toBe('still there?');
    return world.now;
  };
  // Sent at 40, again at 240, 640 and 1440 (RFC 6298: 200 ms, doubled); repaired at 1040.
  expect(await world.run(work())).toBe(1480);
  const drops = events.filter((event) => event.kind === 'drop');
  expect(drops.map((event) => [event.at, event.text])).toEqual([
    [40, 'partition'],
    [240, 'partition'],
    [640, 'partition'],
  ]);
});

test('what is under way when the partition comes is lost, too', async () => {
  const { world, alice, bob } = twoHosts();
  await echo(bob);
  const work = async () => {
    const reader = await open(alice, bob);
    await reader.write(utf8('x'));
    await sleep(alice.clock, 5);
    world.partition(alice, bob, { oneWay: true });
    world.repair(alice, bob, { oneWay: true });
    await reader.readExactly(1);
    return world.now;
  };
  expect(await world.run(work())).toBe(40 + 200 + 40);
});

test('a sender gives up on a partition that stays; connecting times out', async () => {
  const { world, alice, bob } = twoHosts();
  const ends = await echo(bob);
  const work = async () => {
    const reader = await open(alice, bob);
    world.partition('alice', 'bob');
    await reader.write(utf8('hello?'));
    await expect(reader.read()).rejects.toMatchObject({ code: 'NET_TIMEOUT' });
    expect(world.now).toBe(40 + 100_000);
    await expect(open(alice, bob)).rejects.toMatchObject({ code: 'NET_TIMEOUT' });
    expect(world.now).toBe(40 + 130_000);
  };
  await world.run(work());
  expect(ends).toEqual([]);
});

test('a connection that begins in a partition is made after the repair', async () => {
  const { world, alice, bob } = twoHosts();
  await echo(bob);
  world.partition(alice, bob);
  alice.clock.setTimer(1500, () => world.repair(alice, bob));
  await world.run(open(alice, bob));
  // SYN at 0, 1000 and 3000.
  expect(world.now).toBe(3040);
});

test('hold keeps everything and release delivers it in order', async () => {
  const { trace, events } = memoryTrace();
  const { world, alice, bob } = twoHosts({ trace });
  await echo(bob);
  const work = async () => {
    const reader = await open(alice, bob);
    world.hold(alice, bob);
    for (const word of ['one ', 'two ', 'three\n']) {
      await reader.write(utf8(word));
      await sleep(alice.clock, 10);
    }
    await sleep(alice.clock, 470);
    expect(world.netstat()).toContain('alice -> bob: held (3 under way)');
    world.release(alice, bob);
    expect(await reader.readLine()).toBe('one two three');
    return world.now;
  };
  expect(await world.run(work())).toBe(40 + 500 + 20);
  expect(events.filter((event) => event.kind === 'drop')).toEqual([]);
});

test('reset ends all connections between two hosts, and no others', async () => {
  const { world, alice, bob } = twoHosts();
  const carol = world.host('carol');
  const ends = await echo(bob);
  const work = async () => {
    const [first, second] = [await open(alice, bob), await open(carol, bob)];
    world.reset(alice, bob);
    await expect(first.read()).rejects.toMatchObject({ code: 'NET_RESET' });
    await second.write(utf8('fine\n'));
    expect(await second.readLine()).toBe('fine');
  };
  await world.run(work());
  expect(ends.map((why) => why.kind)).toEqual(['reset']);
});

test('a crash is silent: the peer learns of it when the host is back', async () => {
  const { world, alice, bob } = twoHosts();
  let boots = 0;
  const oldWorld: string[] = [];
  bob.onBoot(async (host) => {
    const boot = ++boots;
    host.clock.setTimer(300, () => oldWorld.push(`timer of boot ${boot}`));
    await host.network.listen({ port: 7 }, (connection) => {
      connection.attach({
        onData: (bytes) => void connection.write(bytes),
        onClose: () => oldWorld.push(`close in boot ${boot}`),
      });
    });
    await sleep(host.clock, 290);
    oldWorld.push(`awake in boot ${boot}`);
  });
  const work = async () => {
    const reader = await open(alice, bob);
    world.crash(bob);
    expect(world.netstat()).toContain('DOWN');
    await reader.write(utf8('hello?'));
    await sleep(alice.clock, 1000);
    world.restart(bob);
    await expect(reader.read()).rejects.toMatchObject({ code: 'NET_RESET' });
    const again = await open(alice, bob);
    await again.write(utf8('hello\n'));
    expect(await again.readLine()).toBe('hello');
  };
  await world.run(work());
  await world.run();
  expect(oldWorld).toEqual(['awake in boot 2', 'timer of boot 2']);
});

test('connecting to a host that is down times out; to one that is back it works', async () => {
  const { world, alice, bob } = twoHosts();
  bob.onBoot(async (host) => void (await host.network.listen({ port: 7 }, () => {})));
  world.crash(bob);
  await expect(world.run(open(alice, bob))).rejects.toMatchObject({ code: 'NET_TIMEOUT' });
  world.restart('bob');
  await world.run(open(alice, bob));
});

test('a crash loses what was not synced, unless it is kept', async () => {
  for (const keepUnsynced of [false, true]) {
    const { world, bob } = twoHosts();
    const write = async () => {
      await bob.files.write('/synced', utf8('old'));
      const file = await bob.files.open('/synced', 'write');
      await file.sync();
      await bob.files.sync('/');
      await file.write(0, utf8('new and longer'));
      await bob.files.write('/unsynced', utf8('x'));
    };
    await world.run(write());
    world.crash(bob, { keepUnsynced });
    world.restart(bob);
    const files = await world.run(bob.files.list('/'));
    const text = await world.run(bob.files.read('/synced'));
    expect(files).toEqual(keepUnsynced ? ['synced', 'unsynced'] : ['synced']);
    expect(text).toEqual(utf8(keepUnsynced ? 'new and longer' : 'old'));
  }
});

test('an attempt that was given up leaves the server with a reset', async () => {
  const { world, alice, bob } = twoHosts();
  const ends = await echo(bob);
  const attempt = alice.network.connect({ address: bob.address, port: 7 }, { timeoutMs: 30 });
  await expect(world.run(attempt)).rejects.toMatchObject({ code: 'NET_TIMEOUT' });
  await world.run();
  expect(ends.map((why) => why.kind)).toEqual(['reset']);
  expect(world.netstat()).not.toContain('ESTABLISHED');
});

test('with loss, a stream is late but whole, and datagrams are in time but not all there', async () => {
  const { trace, events } = memoryTrace();
  const { world, alice, bob } = twoHosts({ trace });
  world.link(alice, bob, { loss: 0.2 });
  const socket = await bob.network.bind({ port: 5 });
  const heard: number[] = [];
  socket.onDatagram(({ bytes }) => void heard.push(bytes[0] ?? 0));
  const accepted = deferred<Connection>();
  await bob.network.listen({ port: 7 }, accepted.resolve);
  const speak = async () => {
    const sender = await alice.network.bind({ port: 0 });
    const stream = await open(alice, bob);
    for (let i = 0; i < 100; i++) {
      sender.send(new Uint8Array([i]), socket.local);
      await stream.write(new Uint8Array([i]));
      await sleep(alice.clock, 1);
    }
    stream.end();
  };
  const start = accepted.promise.then(() => world.now);
  await Promise.all([world.run(speak()), start]);
  const whole = await world.run(new ByteReader(await accepted.promise).readAll());
  expect([...whole]).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(world.now - (await start)).toBeGreaterThan(320);
  expect(heard.length).toBeGreaterThan(65);
  expect(heard.length).toBeLessThan(95);
  const drops = events.filter((event) => event.kind === 'drop');
  expect(drops.every((event) => event.text === 'lost on the link')).toBe(true);
  expect(drops.filter((event) => event.transport === 'udp').length).toBe(100 - heard.length);
  expect(drops.filter((event) => event.transport === 'tcp').length).toBeGreaterThan(5);
});

test('datagrams are late, out of order and doubled as the link says', async () => {
  const { world, alice, bob } = twoHosts();
  world.links({ latency: 5, jitter: 2, reorder: 0.2, duplicate: 0.1 });
  const socket = await bob.network.bind({ port: 5 });
  const heard: { number: number; took: number }[] = [];
  socket.onDatagram(({ bytes }) => {
    const number = bytes[0] ?? 0;
    heard.push({ number, took: world.now - number });
  });
  const speak = async () => {
    const sender = await alice.network.bind({ port: 0 });
    for (let i = 0; i < 200; i++) {
      sender.send(new Uint8Array([i]), socket.local);
      await sleep(alice.clock, 1);
    }
  };
  await world.run(speak());
  await world.run();
  const numbers = heard.map((one) => one.number);
  expect(new Set(numbers).size).toBe(200);
  expect(numbers.length).toBeGreaterThan(205);
  expect(numbers).not.toEqual(numbers.toSorted((a, b) => a - b));
  const took = heard.map((one) => one.took);
  expect(Math.min(...took)).toBeGreaterThanOrEqual(25);
  const late = took.filter((ms) => ms > 27);
  expect(late.length / took.length).toBeGreaterThan(0.1);
  expect(late.length / took.length).toBeLessThan(0.3);
});

test('a datagram that goes nowhere is recorded with the reason', async () => {
  const { trace, events } = memoryTrace();
  const { world, alice, bob } = twoHosts({ trace });
  const sender = await alice.network.bind({ port: 5 });
  const send = (address: string) => sender.send(utf8('x'), { address, port: 9 });
  send(bob.address);
  send('10.9.9.9');
  await world.run();
  world.partition(alice, bob);
  send(bob.address);
  await world.run();
  world.repair(alice, bob);
  world.crash(bob);
  send(bob.address);
  await world.run();
  const drops = events.filter((event) => event.kind === 'drop');
  expect(drops.map((event) => [event.host, event.text])).toEqual([
    ['alice', 'there is no host 10.9.9.9'],
    ['bob', 'no one listens on port 9'],
    ['alice', 'partition'],
    ['alice', 'host down'],
  ]);
});

test('a large datagram takes the time of its bytes', async () => {
  const world = new World({ seed: 1 });
  const alice = world.host('alice', { up: 8e6, latency: 1 });
  const bob = world.host('bob', { down: 4e6, latency: 1 });
  const socket = await bob.network.bind({ port: 5 });
  const arrived = deferred<number>();
  socket.onDatagram(() => arrived.resolve(world.now));
  (await alice.network.bind({ port: 0 })).send(new Uint8Array(5000), socket.local);
  expect(await world.run(arrived.promise)).toBeCloseTo(12, 9);
});
