/** A campus behind one access link, with and without a proxy: times, load, faults, and one seed. */
import { describe, expect, test } from 'vitest';
import { HttpCache } from '../cache/index.ts';
import { HttpClient, serveHttp } from '../http/index.ts';
import { below, type Host, sleep } from '../net/index.ts';
import { World } from '../net/sim/index.ts';
import { serveProxy } from './server.ts';

const OBJECT = 12_500;

interface Outcome {
  readonly hash: string;
  readonly meanMs: number;
  readonly asked: number;
  readonly statistics: ReturnType<HttpCache['statistics']> | undefined;
  readonly wrong: readonly string[];
}

interface Plan {
  readonly seed: string;
  readonly proxied: boolean;
  /** Different objects that are asked for. */
  readonly objects: number;
  readonly capacity?: number;
  readonly faults?: boolean;
}

/** Eight students ask for 30 objects each; the origin's page changes every 20 s and may be kept for 10. */
async function campus({
  seed,
  proxied,
  objects,
  capacity,
  faults = false,
}: Plan): Promise<Outcome> {
  const world = new World({ seed, strict: true, hash: true });
  const origin = world.host('origin', { up: 100_000_000, down: 100_000_000, latency: 100 });
  const proxy = world.host('proxy', { down: 15_000_000, up: 15_000_000 });
  let asked = 0;
  const text = (path: string): string =>
    `${path} ${Math.floor(world.now / 20_000)} `.padEnd(OBJECT, 'x');
  const server = await world.run(
    serveHttp(origin, {
      handler({ path, headers }) {
        asked++;
        const body = text(path);
        const tag = `"${body.slice(0, 40).trimEnd()}"`;
        const fields = { 'Cache-Control': 'max-age=10', ETag: tag };
        return headers.get('If-None-Match') === tag
          ? { status: 304, headers: fields }
          : { status: 200, headers: fields, body };
      },
    }),
  );
  const cache = proxied
    ? new HttpCache(proxy, { ...(capacity !== undefined && { capacity }), targets: [] })
    : undefined;
  if (cache)
    await world.run(
      serveProxy(proxy, {
        port: 8080,
        cache,
        lookup: async () => [origin.address],
        name: 'campus',
      }),
    );
  const students = Array.from({ length: 8 }, (_, i) => world.host(`student ${i}`, { latency: 1 }));
  const wrong: string[] = [];
  const times: number[] = [];
  const study = async (host: Host): Promise<void> => {
    const client = new HttpClient(
      host,
      proxied
        ? { proxy: { hostname: proxy.address, port: 8080 } }
        : { connect: { address: origin.address, port: 80 } },
    );
    for (let i = 0; i < 30; i++) {
      await sleep(host.clock, below(host.random, 2000));
      const path = `/${below(host.random, below(host.random, objects) + 1)}`;
      const began = world.now;
      const allowed = [text(path)];
      const answer = await client.get(`http://www.news/${path.slice(1)}`).then(
        async (response) => ({ status: response.status, text: await response.body.text() }),
        () => undefined,
      );
      times.push(world.now - began);
      // 10 s old at most, and what was on its way.
      allowed.push(
        text(path),
        `${path} ${Math.floor((began - 10_400) / 20_000)} `.padEnd(OBJECT, 'x'),
      );
      if (answer?.status === 200 && !allowed.includes(answer.text))
        wrong.push(`${path} at ${began}`);
      if (answer === undefined || answer.status !== 200) {
        if (!faults) wrong.push(`${path} at ${began}: ${answer?.status}`);
      }
    }
    client.close();
  };
  if (faults) {
    for (let at = 5; at < 60; at += 10) {
      origin.clock.setTimer(at * 1000, () => world.partition(proxy, origin));
      origin.clock.setTimer(at * 1000 + 1500, () => world.repair(proxy, origin));
    }
  }
  await world.run(Promise.all(students.map(study)));
  const statistics = cache?.statistics();
  await world.run(server.close({ graceMs: 0 }));
  return {
    hash: world.hash,
    meanMs: times.reduce((a, b) => a + b) / times.length,
    asked,
    statistics,
    wrong,
  };
}

describe('a campus', () => {
  test('is served sooner, and asks less, with a proxy; nobody gets what is too old', async () => {
    const without = await campus({ seed: 'a', proxied: false, objects: 20 });
    const with_ = await campus({ seed: 'a', proxied: true, objects: 20 });
    expect([without.wrong, with_.wrong]).toEqual([[], []]);
    expect(without.asked).toBe(240);
    expect(with_.asked).toBeLessThan(150);
    expect(with_.meanMs).toBeLessThan(without.meanMs * 0.7);
    const { requests, hits, collapsed, validated, misses, hitRatio } = with_.statistics ?? {};
    expect(requests).toBe(240);
    expect((hits ?? 0) + (collapsed ?? 0) + (validated ?? 0) + (misses ?? 0)).toBe(240);
    expect(hitRatio).toBeGreaterThan(0.4);
  });

  test('the same seed gives the same run', async () => {
    const plan = { seed: 'b', proxied: true, objects: 40 } as const;
    expect((await campus(plan)).hash).toBe((await campus(plan)).hash);
    expect((await campus({ ...plan, seed: 'c' })).hash).not.toBe((await campus(plan)).hash);
  });

  test('a store too small for all still gives right answers, within its bound', async () => {
    const { wrong, statistics } = await campus({
      seed: 'd',
      proxied: true,
      objects: 40,
      capacity: 100_000,
    });
    expect(wrong).toEqual([]);
    expect(statistics?.bytesStored).toBeLessThanOrEqual(100_000);
    expect(statistics?.evicted).toBeGreaterThan(5);
  });

  test.each([1, 2, 3])(
    'with partitions, seed %i: no wrong answer, and every request ends',
    async (seed) => {
      const { wrong } = await campus({
        seed: `faults ${seed}`,
        proxied: true,
        objects: 20,
        faults: true,
      });
      expect(wrong.filter((text) => !text.endsWith('undefined'))).toEqual([]);
    },
  );
});
