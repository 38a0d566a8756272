/** Many short runs with random faults: whatever happens, a stream never lies. */
import { expect, test } from 'vitest';
import { deferred } from '../../lib/deferred.ts';
import { below, fraction, seededRandom } from '../random.ts';
import type { Connection, Random } from '../types.ts';
import { type SimHost, World } from './index.ts';

const RUNS = 250;

/** Byte number `at` of what the side says. */
const byteAt = (side: number, at: number) => (at * 31 + side * 7 + (at >> 8)) & 255;

/** One end that speaks as it may, and checks all it hears. */
class Speaker {
  readonly calls: string[] = [];
  private heard = 0;
  private said = 0;
  private readonly total: number;
  private readonly connection: Connection;
  private readonly side: number;
  peer: Speaker | undefined;

  constructor(host: SimHost, connection: Connection, side: number, random: Random) {
    this.connection = connection;
    this.side = side;
    this.total = below(random, 300_000);
    connection.attach({
      onData: (bytes) => {
        this.call('data');
        for (const byte of bytes)
          if (byte !== byteAt(1 - side, this.heard++)) throw new Error('wrong byte');
        if (below(random, 5) === 0) {
          connection.pause();
          host.clock.setTimer(below(random, 300), () => connection.resume());
        }
      },
      onDrain: () => {
        this.call('drain');
        this.speak(random);
      },
      onEnd: () => {
        this.call('end');
        if (this.peer && this.heard !== this.peer.total) throw new Error('an end before the end');
      },
      onClose: (why) => this.call(`close ${why.kind}`),
    });
    this.speak(random);
    if (below(random, 10) === 0)
      host.clock.setTimer(below(random, 2000), () => connection.destroy());
  }

  private call(name: string): void {
    if (this.calls.at(-1)?.startsWith('close')) throw new Error(`${name} after close`);
    if (name === 'data' && this.calls.includes('end')) throw new Error('data after the end');
    this.calls.push(name);
  }

  private speak(random: Random): void {
    while (this.said < this.total) {
      const length = Math.min(1 + below(random, 90_000), this.total - this.said);
      const bytes = new Uint8Array(length).map((_, i) => byteAt(this.side, this.said + i));
      this.said += length;
      if (!this.connection.write(bytes)) return;
    }
    this.connection.end();
  }

  get text(): string {
    return `${this.said}/${this.total} said, ${this.heard} heard, ${this.calls.at(-1)}`;
  }
}

function randomFault(world: World, random: Random, [a, b]: readonly [SimHost, SimHost]): void {
  const oneWay = below(random, 2) === 0;
  const faults = [
    () => world.partition(a, b, { oneWay }),
    () => world.repair(a, b),
    () => world.repair(a, b),
    () => world.hold(a, b, { oneWay }),
    () => world.release(a, b),
    () => world.release(a, b),
    () => world.slow(a, { up: 1e5 + 1e8 * fraction(random) }),
    () => world.slow(b, { down: 1e5 + 1e8 * fraction(random), latency: below(random, 100) }),
    () => world.link(a, b, { loss: 0.1 * fraction(random), jitter: below(random, 30) }),
    () => (below(random, 8) === 0 ? world.reset(a, b) : undefined),
    () => (below(random, 8) === 0 ? world.crash(b) : undefined),
    () => world.restart(b),
  ];
  const rare = faults.length - (below(random, 6) === 0 ? 0 : 1);
  faults[below(random, rare)]?.();
}

async function run(seed: number): Promise<string[]> {
  const world = new World({ seed, strict: true });
  const random = seededRandom(seed);
  const access = () => (below(random, 2) === 0 ? {} : { up: 1e7, down: 3e7, slowStart: true });
  const [a, b] = [world.host('a', { latency: 5, ...access() }), world.host('b', access())];
  const accepted = deferred<Connection>();
  await b.network.listen({ port: 7 }, accepted.resolve);
  const connection = await world.run(a.network.connect({ address: b.address, port: 7 }));
  const near = new Speaker(a, connection, 0, random.fork('near'));
  const far = new Speaker(b, await accepted.promise, 1, random.fork('far'));
  [near.peer, far.peer] = [far, near];
  for (let i = below(random, 12); i > 0; i--) {
    await world.runUntil(world.now + below(random, 400));
    randomFault(world, random, [a, b]);
  }
  world.repair(a, b);
  world.release(a, b);
  world.link(a, b, { loss: 0 });
  world.slow(a, { up: 1e8 });
  world.slow(b, { down: 1e8 });
  await world.run();
  expect(near.calls.at(-1), `seed ${seed}: ${near.text}\n${world.netstat()}`).toMatch(/^close/);
  return [near.calls.at(-1) ?? '', far.calls.at(-1) ?? ''];
}

test(`${RUNS} runs with random faults: never a wrong byte, a false end, or a word after the close`, async () => {
  const ends = new Map<string, number>();
  for (let seed = 1; seed <= RUNS; seed++) {
    const outcome = (await run(seed)).join(', ');
    ends.set(outcome, (ends.get(outcome) ?? 0) + 1);
  }
  expect(ends.get('close end, close end')).toBeGreaterThan(RUNS / 2);
  expect([...ends.keys()].some((outcome) => outcome.includes('close reset'))).toBe(true);
});
