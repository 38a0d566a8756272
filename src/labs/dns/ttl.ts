/** What a longer lifetime is worth: the share of lookups that the cache answers, and their time. */
import { chain, Resolver, recursive, serveDns, stubLookup } from '../../dns/index.ts';
import { fraction } from '../../net/index.ts';
import { World } from '../../net/sim/index.ts';
import { TraceBus } from '../../trace/index.ts';
import { barChart } from '../plot.ts';
import { buildHierarchy, serveHierarchy } from './hierarchy.ts';

export interface TtlOptions {
  readonly seed: string;
  /** Lifetimes to compare, in seconds. */
  readonly ttls: readonly number[];
  /** Lookups a second, at random moments (a Poisson process). */
  readonly rate: number;
  readonly lookups: number;
}

export interface TtlRow {
  readonly ttl: number;
  /** Share of lookups answered from the cache: measured, and by the formula rT / (1 + rT). */
  readonly hitRatio: number;
  readonly predicted: number;
  readonly meanMs: number;
}

/** The resolver is this far from its clients and from the servers, one way in ms. */
const NEAR = 1;
const FAR = 40;

/** One popular name, asked for again and again, for each lifetime. */
export async function compareTtls(options: TtlOptions): Promise<TtlRow[]> {
  const rows: TtlRow[] = [];
  for (const ttl of options.ttls) rows.push(await run(options, ttl));
  return rows;
}

async function run({ seed, rate, lookups }: TtlOptions, ttl: number): Promise<TtlRow> {
  const bus = new TraceBus();
  let misses = 0;
  bus.subscribe((event) => {
    if (event.kind === 'receive' && event.host === 'campus.edu') misses++;
  });
  const world = new World({ seed: `${seed} ${ttl}`, trace: bus });
  const client = world.host('client', { latency: NEAR });
  const resolver = world.host('resolver');
  const hierarchy = buildHierarchy(world, { ttl, latency: FAR });
  const times: number[] = [];
  const run = async () => {
    await serveHierarchy(hierarchy);
    const engine = new Resolver(resolver, { hints: hierarchy.hints });
    await serveDns(resolver, { handler: chain(recursive(engine)) });
    const lookup = stubLookup(client, { address: resolver.address, port: 53 });
    await lookup('w2.campus.edu');
    misses = 0;
    const random = client.random.fork('arrivals');
    let at = world.now;
    const all: Promise<void>[] = [];
    for (let i = 0; i < lookups; i++) {
      at += (-1000 * Math.log(1 - fraction(random))) / rate;
      const began = at;
      all.push(
        new Promise((resolve, reject) => {
          client.clock.setTimer(began - world.now, () => {
            lookup('w1.campus.edu')
              .then(() => void times.push(world.now - began))
              .then(resolve, reject);
          });
        }),
      );
    }
    await Promise.all(all);
  };
  await world.run(run());
  return {
    ttl,
    hitRatio: 1 - misses / lookups,
    predicted: (rate * ttl) / (1 + rate * ttl),
    meanMs: times.reduce((sum, ms) => sum + ms, 0) / times.length,
  };
}

/** A row for each lifetime, and the ratios as a chart. */
export function ttlTable(rows: readonly TtlRow[]): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const lines = rows.map(
    ({ ttl, hitRatio, predicted, meanMs }) =>
      `${`${ttl} s`.padStart(8)} ${percent(hitRatio).padStart(12)} ${percent(predicted).padStart(12)} ${meanMs.toFixed(1).padStart(12)}`,
  );
  const chart = barChart(
    rows.map(({ ttl, hitRatio }) => ({
      label: `${ttl} s`,
      value: hitRatio,
      text: percent(hitRatio),
    })),
  );
  return ['lifetime    from cache   by formula      mean ms', ...lines, '', chart, ''].join('\n');
}
