/** How many events a simulated world handles: bare, driven by promises, and with all of a network around them. */
import { deferred } from '../src/lib/deferred.ts';
import { ByteReader, sleep } from '../src/net/index.ts';
import { EventHeap } from '../src/net/sim/event-heap.ts';
import { World } from '../src/net/sim/index.ts';
import { type Bench, type Result, rateOf } from './bench.ts';

const EVENTS = 1_000_000;
const PENDING = 1_000;

/** Whole numbers below 1,000, so cheap that they are not what is measured (xorshift). */
function cheapRandom(): () => number {
  let state = 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % 1000;
  };
}

/** The hold model: each event asks for the next one, so that always as many wait. */
function hold(): void {
  const heap = new EventHeap();
  const random = cheapRandom();
  let now = 0;
  const again = () => void heap.push(now + 1 + random(), again);
  for (let i = 0; i < PENDING; i++) again();
  for (let i = 0; i < EVENTS; i++) {
    now = heap.next;
    heap.pop()();
  }
}

/** The same through a world: its clock, its looking for promises before time moves. */
async function timers(): Promise<void> {
  const world = new World({ seed: 1 });
  const { clock } = world.host('alice');
  const random = cheapRandom();
  const again = () => void clock.setTimer(1 + random(), again);
  for (let i = 0; i < PENDING; i++) again();
  await world.runUntil(() => world.events >= EVENTS);
}

/** A thousand programs that await one thing after the other. */
async function sleepers(): Promise<void> {
  const world = new World({ seed: 1 });
  const { clock } = world.host('alice');
  const random = cheapRandom();
  const program = async () => {
    for (let i = 0; i < EVENTS / PENDING / 2; i++) await sleep(clock, 1 + random());
  };
  for (let i = 0; i < PENDING; i++) program().catch(() => {});
  await world.run();
}

const ROUNDS = 100_000;

/** Questions and answers over a stream, on callbacks. */
async function pingPong(): Promise<void> {
  const world = new World({ seed: 1 });
  const [a, b] = [world.host('a', { latency: 1 }), world.host('b', { latency: 1 })];
  await b.network.listen({ port: 7 }, (connection) => {
    connection.attach({ onData: (bytes) => void connection.write(bytes), onClose() {} });
  });
  const done = deferred<void>();
  const ping = async () => {
    const connection = await a.network.connect({ address: b.address, port: 7 });
    let left = ROUNDS;
    const answered = () => (--left === 0 ? done.resolve() : connection.write(new Uint8Array(100)));
    connection.attach({ onData: () => void answered(), onClose() {} });
    connection.write(new Uint8Array(100));
    await done.promise;
  };
  await world.run(ping());
}

/** The same, awaited. */
async function awaitedPingPong(): Promise<void> {
  const world = new World({ seed: 1 });
  const [a, b] = [world.host('a', { latency: 1 }), world.host('b', { latency: 1 })];
  await b.network.listen({ port: 7 }, (connection) => {
    connection.attach({ onData: (bytes) => void connection.write(bytes), onClose() {} });
  });
  const ping = async () => {
    const reader = new ByteReader(await a.network.connect({ address: b.address, port: 7 }));
    for (let i = 0; i < ROUNDS; i++) {
      await reader.write(new Uint8Array(100));
      await reader.readExactly(100);
    }
  };
  await world.run(ping());
}

const bench: Bench = {
  name: 'loop',
  async run(): Promise<readonly Result[]> {
    const million = async (count: number, work: () => void | Promise<void>) =>
      (await rateOf(5, count, work)) / 1e6;
    const unit = 'M events/CPU-s';
    return [
      { name: 'heap, hold model of 1,000', unit, ours: await million(EVENTS, hold), goal: 4 },
      { name: 'world, timers on callbacks', unit, ours: await million(EVENTS, timers) },
      { name: 'world, promises', unit, ours: await million(EVENTS / 2, sleepers), goal: 1 },
      {
        name: 'stream, callbacks',
        unit: 'M round trips/CPU-s',
        ours: await million(ROUNDS, pingPong),
      },
      {
        name: 'stream, awaited',
        unit: 'M round trips/CPU-s',
        ours: await million(ROUNDS, awaitedPingPong),
      },
    ];
  },
};

export { bench };
