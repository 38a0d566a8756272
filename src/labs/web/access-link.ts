/**
 * Why a campus has a cache: response times and the load of its access link, with the real proxy and
 * cache, beside the formula. Requests come at random moments; the link shares its rate fairly.
 */
import { HttpClient, serveHttp } from '../../http/index.ts';
import { fraction, type Host } from '../../net/index.ts';
import { World } from '../../net/sim/index.ts';
import { proxyCache, serveProxy } from '../../proxy/index.ts';
import { barChart } from '../plot.ts';

export interface AccessLinkOptions {
  readonly seed: string;
  /** Requests a second of the whole campus. */
  readonly perSecond?: number;
  /** Bits of each object. */
  readonly objectBits?: number;
  /** Bits a second of the access link. */
  readonly rate?: number;
  /** The round trip within the campus, and from its link to the servers, in ms. */
  readonly campusMs?: number;
  readonly internetMs?: number;
  readonly hitRatios?: readonly number[];
  /** How many requests are measured for each ratio. */
  readonly requests?: number;
}

export const ACCESS_LINK_DEFAULTS: Required<Omit<AccessLinkOptions, 'seed'>> = {
  perSecond: 12,
  objectBits: 1e6,
  rate: 15e6,
  campusMs: 2,
  internetMs: 200,
  hitRatios: [0, 0.4, 0.8],
  requests: 6_000,
};

export interface AccessLinkRow {
  readonly hitRatio: number;
  /** What the cache itself counted. */
  readonly measuredHitRatio: number;
  readonly load: number;
  readonly measuredLoad: number;
  readonly meanMs: number;
  readonly measuredMs: number;
}

type Options = Required<AccessLinkOptions>;

/** Objects that the cache holds from the start. */
const POPULAR = 20;

/** The first requests open connections; they are not measured. */
const WARM_UP = 200;

/** A world for each hit ratio. */
export async function compareHitRatios(options: AccessLinkOptions): Promise<AccessLinkRow[]> {
  const all = { ...ACCESS_LINK_DEFAULTS, ...options };
  const rows: AccessLinkRow[] = [];
  for (const hitRatio of all.hitRatios) rows.push(await measure(all, hitRatio));
  return rows;
}

/**
 * Of the link: r(1-h)L/R. Of a request: the campus's round trip, and for misses the internet's and
 * the transmission L/R, slowed down by the others on the link: by 1 / (1 - load) where all share it
 * fairly, however the sizes are spread.
 */
export function accessLinkFormula(
  { perSecond, objectBits, rate, campusMs, internetMs }: Omit<Options, 'seed'>,
  hitRatio: number,
): { readonly load: number; readonly meanMs: number } {
  const misses = 1 - hitRatio;
  const load = (perSecond * misses * objectBits) / rate;
  const transmissionMs = (objectBits / rate) * 1000;
  const link = load < 1 ? transmissionMs / (1 - load) : Number.POSITIVE_INFINITY;
  const missMs = misses === 0 ? 0 : misses * (internetMs + link);
  return { load, meanMs: campusMs + missMs };
}

async function measure(options: Options, hitRatio: number): Promise<AccessLinkRow> {
  const world = new World({ seed: `${options.seed} ${hitRatio}`, strict: true });
  const { campusMs, internetMs, rate } = options;
  const browsers = world.host('browsers', { latency: campusMs / 2 });
  const proxy = world.host('proxy', { down: rate });
  const web = world.host('web', { latency: internetMs / 2 });
  const times: number[] = [];
  const run = async () => {
    await serveHttp(web, { handler: siteOf(options) });
    const cache = proxyCache(proxy);
    const lookup = async () => [web.address];
    const { local } = await serveProxy(proxy, { lookup, cache });
    const client = new HttpClient(browsers, {
      proxy: { hostname: proxy.address, port: local.port },
      connectionsPerOrigin: 1_000,
      idleMs: 60_000,
    });
    const ask = async (path: string) =>
      (await client.get(`http://www.test${path}`)).body.bytes({ limit: options.objectBits });
    for (let i = 0; i < POPULAR; i++) await ask(`/popular/${i}`);
    await arrivals(browsers, options, WARM_UP, () => ask(pathOf(browsers.random, hitRatio)));
    const [before, from] = [cache.statistics(), world.now];
    await arrivals(browsers, options, options.requests, async () => {
      const began = world.now;
      await ask(pathOf(browsers.random, hitRatio));
      times.push(world.now - began);
    });
    const lasted = world.now - from;
    client.close();
    return { before, after: cache.statistics(), lasted };
  };
  const { before, after, lasted } = await world.run(run());
  const hits = after.hits - before.hits;
  const asked = after.requests - before.requests;
  const carried = (asked - hits) * options.objectBits;
  return {
    hitRatio,
    measuredHitRatio: hits / asked,
    ...accessLinkFormula(options, hitRatio),
    measuredLoad: carried / ((rate * lasted) / 1000),
    measuredMs: times.reduce((sum, ms) => sum + ms, 0) / times.length,
  };
}

type Random = Parameters<typeof fraction>[0];

function pathOf(random: Random, hitRatio: number): string {
  if (fraction(random) >= hitRatio) return `/new/${random.uint32()}`;
  return `/popular/${random.uint32() % POPULAR}`;
}

function siteOf({ objectBits }: Options): Parameters<typeof serveHttp>[1]['handler'] {
  const body = new Uint8Array(objectBits / 8);
  const kept = { status: 200, headers: { 'Cache-Control': 'max-age=86400' }, body };
  const fresh = { status: 200, headers: { 'Cache-Control': 'no-store' }, body };
  return ({ path }) => (path.startsWith('/popular/') ? kept : fresh);
}

/** Calls at the moments of a Poisson process, and waits for all. */
async function arrivals(
  { clock, random }: Host,
  { perSecond }: Options,
  count: number,
  call: () => Promise<unknown>,
): Promise<void> {
  const all: Promise<unknown>[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    at += (-1000 * Math.log(1 - fraction(random))) / perSecond;
    all.push(
      new Promise((resolve, reject) => {
        clock.setTimer(at, () => {
          call().then(resolve, reject);
        });
      }),
    );
  }
  await Promise.all(all);
}

/** A row for each ratio, and the response times as bars. */
export function accessLinkTable(rows: readonly AccessLinkRow[]): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`.padStart(12);
  const ms = (time: number): string => `${time.toFixed(1)} ms`.padStart(12);
  const head = ['hit ratio', 'measured', 'load', 'measured', 'response', 'measured'];
  const lines = rows.map(
    (row) =>
      percent(row.hitRatio) +
      percent(row.measuredHitRatio) +
      percent(row.load) +
      percent(row.measuredLoad) +
      ms(row.meanMs) +
      ms(row.measuredMs),
  );
  const chart = barChart(
    rows.map(({ hitRatio, measuredMs }) => ({
      label: `h = ${hitRatio}`,
      value: measuredMs,
      text: `${measuredMs.toFixed(0)} ms`,
    })),
  );
  return [head.map((name) => name.padStart(12)).join(''), ...lines, '', chart, ''].join('\n');
}
