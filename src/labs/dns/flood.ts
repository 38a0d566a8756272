/**
 * A flood of junk on the root, or on a top-level domain: how many names still resolve, with and without
 * the resolver's cache, with one server and several, with and without response rate limiting.
 */
import {
  authoritative,
  Cache,
  chain,
  type Handler,
  type Link,
  MemoryZone,
  MemoryZones,
  parseZoneFile,
  queryDns,
  question,
  Resolver,
  rateLimit,
  recursive,
  serveDns,
  stubLookup,
} from '../../dns/index.ts';
import { below, fraction, type Host, sleep } from '../../net/index.ts';
import { type SimHost, World } from '../../net/sim/index.ts';
import { barChart } from '../plot.ts';

export interface FloodOptions {
  readonly seed: string;
  /** Junk questions a second, spread over the servers of the target; one can answer CAPACITY. */
  readonly junk: number;
  /** How long the clients ask, in seconds of virtual time. */
  readonly seconds: number;
}

type Target = 'nobody' | 'the root' | 'edu';

export interface FloodCase {
  readonly target: Target;
  readonly cache: boolean;
  /** Servers of the root and of edu. */
  readonly servers: number;
  readonly rateLimited: boolean;
}

export interface FloodRow extends FloodCase {
  readonly lookups: number;
  /** Share of the lookups that were answered, and their mean time. */
  readonly answered: number;
  readonly meanMs: number;
}

/** Answers a second that one server can send, and how many may wait. */
const CAPACITY = 100;
const QUEUE = 50;

const DOMAINS = 60;
/** Lookups a second by all clients, each of a domain at random, the first ones more often. */
const RATE = 10;
const TTL = 20;
const JUNK_HOSTS = 4;

/** Equal answers a second to one network: a little more than the resolver needs, and none truncated instead. */
const LIMITS = { perSecond: 12, slip: 0 };

const CASES: readonly FloodCase[] = [
  { target: 'nobody', cache: false, servers: 1, rateLimited: false },
  { target: 'the root', cache: false, servers: 1, rateLimited: false },
  { target: 'the root', cache: true, servers: 1, rateLimited: false },
  { target: 'the root', cache: false, servers: 4, rateLimited: false },
  { target: 'the root', cache: false, servers: 1, rateLimited: true },
  { target: 'edu', cache: false, servers: 1, rateLimited: false },
  { target: 'edu', cache: true, servers: 1, rateLimited: false },
  { target: 'edu', cache: false, servers: 1, rateLimited: true },
];

export async function compareFloods(options: FloodOptions): Promise<FloodRow[]> {
  const rows: FloodRow[] = [];
  for (const one of CASES) rows.push(await run(options, one));
  return rows;
}

/** Sends at most CAPACITY answers a second; what would wait behind more than QUEUE is dropped. */
function uplink(host: Host): Link {
  let free = 0;
  return (next) => async (request) => {
    const reply = await next(request);
    const now = host.clock.now();
    if (!reply || free - now > (1000 * QUEUE) / CAPACITY) return undefined;
    free = Math.max(now, free) + 1000 / CAPACITY;
    await sleep(host.clock, free - now);
    return reply;
  };
}

interface Stage {
  readonly world: World;
  readonly roots: readonly SimHost[];
  readonly tops: readonly SimHost[];
  readonly leaf: SimHost;
  readonly resolver: SimHost;
  readonly client: SimHost;
}

function build(seed: string, servers: number): Stage {
  const world = new World({ seed });
  const several = (name: string) =>
    Array.from({ length: servers }, (_, i) => world.host(`${name}${i}`, { latency: 20 }));
  return {
    world,
    roots: several('root'),
    tops: several('edu'),
    leaf: world.host('leaf', { latency: 20 }),
    resolver: world.host('resolver', { latency: 1 }),
    client: world.host('client', { latency: 1 }),
  };
}

function zone(origin: string, lines: readonly string[]): MemoryZones {
  const text = ['$TTL 86400', '@ SOA ns0 host 1 2 3 4 5', ...lines].join('\n');
  return new MemoryZones([new MemoryZone(origin, parseZoneFile(text, { origin }))]);
}

async function serve({ roots, tops, leaf }: Stage, rateLimited: boolean): Promise<void> {
  const servers = (hosts: readonly SimHost[], owner: string, below = '') =>
    hosts.flatMap(({ address }, i) => [
      `${owner} NS ns${i}${below}`,
      `ns${i}${below} A ${address}`,
    ]);
  const root = zone('.', [...servers(roots, '@'), ...servers(tops, 'edu', '.edu')]);
  const delegations = Array.from(
    { length: DOMAINS },
    (_, i) => `d${i} NS ns.d${i}\nns.d${i} A ${leaf.address}`,
  );
  const top = zone('edu.', [...servers(tops, '@'), ...delegations]);
  const handler = (host: Host, zones: MemoryZones): Handler =>
    chain(
      uplink(host),
      ...(rateLimited ? [rateLimit(host.clock, LIMITS)] : []),
      authoritative(zones),
    );
  for (const host of roots) await serveDns(host, { handler: handler(host, root) });
  for (const host of tops) await serveDns(host, { handler: handler(host, top) });
  const leaves = new MemoryZones(
    Array.from({ length: DOMAINS }, (_, i) => {
      const origin = `d${i}.edu.`;
      const text = `@ 60 SOA ns host 1 2 3 4 5\n@ 86400 NS ns\nns 86400 A ${leaf.address}\nwww ${TTL} A 10.9.9.9\n`;
      return new MemoryZone(origin, parseZoneFile(text, { origin }));
    }),
  );
  await serveDns(leaf, { handler: chain(authoritative(leaves)) });
}

async function run({ seed, junk, seconds }: FloodOptions, one: FloodCase): Promise<FloodRow> {
  const stage = build(`${seed} ${JSON.stringify(one)}`, one.servers);
  const { world, roots, tops, resolver, client } = stage;
  const engine = new Resolver(resolver, {
    hints: roots.map(({ address }, i) => ({ name: `ns${i}.`, address })),
    ...(!one.cache && { cache: new Cache({ entries: 0 }) }),
  });
  const asked = { lookups: 0, answered: 0, ms: 0 };
  const play = async () => {
    await serve(stage, one.rateLimited);
    await serveDns(resolver, { handler: chain(recursive(engine)) });
    if (one.cache) await warm(stage);
    if (one.target === 'the root') flood(stage, roots, junk, seconds);
    if (one.target === 'edu') flood(stage, tops, junk, seconds);
    const lookup = stubLookup(
      client,
      { address: resolver.address, port: 53 },
      { timeoutMs: 3_000, retries: 0 },
    );
    const all: Promise<void>[] = [];
    for (let i = 0; i < RATE * seconds; i++) {
      const began = world.now;
      asked.lookups++;
      all.push(
        lookup(`www.d${popular(client)}.edu`).then(
          () => {
            asked.answered++;
            asked.ms += world.now - began;
          },
          () => undefined,
        ),
      );
      // At random moments: a steady beat would fall in step with that of the server's answers.
      await sleep(client.clock, (-1000 * Math.log(1 - fraction(client.random))) / RATE);
    }
    await Promise.all(all);
  };
  await world.run(play());
  const { lookups, answered, ms } = asked;
  return {
    ...one,
    lookups,
    answered: answered / lookups,
    meanMs: answered === 0 ? 0 : ms / answered,
  };
}

/** A resolver that has been at work before the flood: it knows the servers of edu and of half the domains. */
async function warm({ client, resolver }: Stage): Promise<void> {
  const server = { address: resolver.address, port: 53 };
  for (let i = 0; i < DOMAINS / 2; i++)
    await queryDns(client, server, question(`www.d${i}.edu.`, 'A'));
}

/** Domains by popularity: half of the lookups are for a tenth of them. */
function popular({ random }: Host): number {
  return Math.floor(DOMAINS * fraction(random) ** 3.3);
}

/** Questions for names that are not there, from many hosts, at random moments. */
function flood({ world }: Stage, targets: readonly SimHost[], junk: number, seconds: number): void {
  const hosts = Array.from({ length: JUNK_HOSTS }, (_, i) =>
    world.host(`junk${i}`, { address: `10.7.${i}.1`, latency: 10 }),
  );
  for (const target of targets) {
    for (const host of hosts)
      pester(
        host,
        { address: target.address, port: 53 },
        junk / JUNK_HOSTS / targets.length,
        seconds,
      );
  }
}

function pester(
  host: SimHost,
  to: { address: string; port: number },
  rate: number,
  seconds: number,
): void {
  const end = host.clock.now() + 1000 * seconds;
  const ask = () => {
    if (host.clock.now() >= end) return;
    const name = `junk${below(host.random, 1_000_000)}.`;
    const options = { timeoutMs: 100, retries: 0, edns: false } as const;
    queryDns(host, to, question(name, 'A'), options).catch(() => undefined);
    host.clock.setTimer((-1000 * Math.log(1 - fraction(host.random))) / rate, ask);
  };
  ask();
}

export function floodTable(rows: readonly FloodRow[]): string {
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i < 1 ? cell.padEnd(12) : cell.padStart(14)))
      .join('')
      .trimEnd();
  return [
    line(['flood on', 'cache', 'servers', 'rate limit', 'answered', 'mean ms']),
    ...rows.map(({ target, cache, servers, rateLimited, answered, meanMs }) =>
      line([
        target,
        cache ? 'warm' : 'none',
        String(servers),
        rateLimited ? 'on' : 'off',
        `${(100 * answered).toFixed(1)} %`,
        meanMs.toFixed(1),
      ]),
    ),
    '',
    barChart(
      rows.map((row) => ({
        label: `${row.target}, ${row.cache ? 'warm' : 'no'} cache, ${row.servers} server${row.servers > 1 ? 's' : ''}${row.rateLimited ? ', limited' : ''}`,
        value: row.answered,
        text: `${(100 * row.answered).toFixed(0)} %`,
      })),
    ),
    '',
  ].join('\n');
}
