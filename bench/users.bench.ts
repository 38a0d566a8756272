/**
 * The whole: simulated users load pages by name, through resolvers, name servers and web servers of the
 * very code that serves real programs. Twice the users should cost twice the time, and no more.
 */

import type { HostPlan, Scenario } from '../src/internet/index.ts';
import { SimulatedInternet } from '../src/internet/index.ts';
import { latin1 } from '../src/lib/bytes.ts';
import { type Files, memoryFiles } from '../src/net/index.ts';
import { type Bench, cpuSeconds, type Result } from './bench.ts';

const PAGES = 10;
const OBJECTS = 5;
const DOMAINS = ['com', 'edu', 'org', 'net'];
const SITES = 20;
const USERS_OF_A_RESOLVER = 100;

interface Site {
  readonly name: string;
  readonly domain: string;
  readonly web: string;
  readonly server: string;
}

const sites: readonly Site[] = Array.from({ length: SITES }, (_, i) => ({
  name: `site${i}`,
  domain: DOMAINS[i % DOMAINS.length] as string,
  web: `127.20.3.${i + 1}`,
  server: `127.20.2.${i + 1}`,
}));

const soa = '@ SOA ns host 1 2 3 4 60\n';

function zones(): Record<string, string> {
  const top = DOMAINS.map((domain, i) => {
    const own = sites.filter((site) => site.domain === domain);
    const lines = own.map(({ name, server }) => `${name} NS ns.${name}\nns.${name} A ${server}\n`);
    return [`${domain}.`, `$TTL 3600\n${soa} NS ns\nns A 127.20.1.${i + 1}\n${lines.join('')}`];
  });
  const root = DOMAINS.map(
    (domain, i) => `${domain}. NS ns.${domain}.\nns.${domain}. A 127.20.1.${i + 1}\n`,
  );
  const leaves = sites.map(({ name, domain, web, server }) => [
    `${name}.${domain}.`,
    `$TTL 60\n${soa} NS ns\nns A ${server}\nwww A ${web}\n`,
  ]);
  return {
    '.': `$TTL 3600\n@ SOA ns. host. 1 2 3 4 60\n NS ns.\nns. A 127.20.0.1\n${root.join('')}`,
    ...Object.fromEntries(top),
    ...Object.fromEntries(leaves),
  };
}

function servers(): Record<string, HostPlan> {
  const dns = (address: string, zone: string): HostPlan => ({
    place: 'net',
    address,
    services: { dns: { zones: [zone] } },
  });
  return {
    root: dns('127.20.0.1', '.'),
    ...Object.fromEntries(
      DOMAINS.map((domain, i) => [domain, dns(`127.20.1.${i + 1}`, `${domain}.`)]),
    ),
    ...Object.fromEntries(
      sites.map((site) => [`ns.${site.name}`, dns(site.server, `${site.name}.${site.domain}.`)]),
    ),
    ...Object.fromEntries(
      sites.map(({ name, domain, web }) => [
        `www.${name}`,
        {
          place: 'net',
          address: web,
          up: 1e9,
          down: 1e9,
          services: { http: { sites: { [`www.${name}.${domain}`]: 'site' } } },
        },
      ]),
    ),
  };
}

function scenario(users: number): Scenario {
  const resolvers = Math.ceil(users / USERS_OF_A_RESOLVER);
  const hosts: Record<string, HostPlan> = servers();
  for (let i = 0; i < resolvers; i++) {
    hosts[`resolver${i}`] = {
      place: 'net',
      address: `127.20.4.${i + 1}`,
      services: { resolver: {} },
    };
  }
  for (let i = 0; i < users; i++) {
    hosts[`user${i}`] = {
      place: 'home',
      address: `127.20.${10 + Math.floor(i / 250)}.${(i % 250) + 1}`,
      up: 10e6,
      down: 50e6,
      resolver: `resolver${i % resolvers}`,
      script: Array.from({ length: PAGES }, (_, page) => {
        const { name, domain } = sites[(i * 7 + page * 3) % SITES] as Site;
        return { at: page * 5000 + (i % 1000), get: `http://www.${name}.${domain}/` };
      }),
    };
  }
  return {
    title: `${users} users`,
    network: '127.20.0.0/16',
    places: {
      net: { title: 'net', at: [0, 0], latency: 5 },
      home: { title: 'home', at: [1, 0], latency: 10 },
    },
    hosts,
    zones: zones(),
  };
}

async function content(): Promise<Files> {
  const files = memoryFiles({ epoch: 0, now: () => 0 }, { crashable: false });
  await files.makeDirectory('/site');
  const pictures = Array.from({ length: OBJECTS }, (_, i) => `<img src="${i}.png" alt="">`);
  await files.write('/site/index.html', latin1(`<title>A page</title>${pictures.join('')}`));
  for (let i = 0; i < OBJECTS; i++) await files.write(`/site/${i}.png`, new Uint8Array(4_000));
  return files;
}

interface Cost {
  readonly seconds: number;
  readonly megabytes: number;
  readonly events: number;
}

async function cost(users: number): Promise<Cost> {
  const simulated = new SimulatedInternet(
    { scenario: scenario(users), content: await content() },
    '1',
    { record: false },
  );
  let failures = 0;
  const begin = cpuSeconds();
  const { events } = await simulated.run({ onFailure: () => failures++ });
  const seconds = cpuSeconds() - begin;
  if (failures > 0) throw new Error(`${failures} page loads failed`);
  return { seconds, events, megabytes: process.memoryUsage().rss / 1e6 };
}

async function run(): Promise<Result[]> {
  await cost(50);
  const [quarter, half, whole] = [await cost(250), await cost(500), await cost(1000)];
  const text = ({ seconds, megabytes, events }: Cost) =>
    `${seconds.toFixed(2)} CPU-s, ${megabytes.toFixed(0)} MB, ${events} events`;
  return [
    {
      name: `1,000 users, ${PAGES} pages of ${OBJECTS + 1} objects each`,
      unit: 'pages/CPU-s',
      ours: (1000 * PAGES) / whole.seconds,
      goal: (1000 * PAGES) / 30,
      note: text(whole),
    },
    {
      name: 'cost of a page: 250 users to 1,000 users',
      unit: 'ratio',
      ours: (4 * quarter.seconds) / whole.seconds,
      goal: 0.9,
      note: `250: ${text(quarter)}; 500: ${text(half)}`,
    },
  ];
}

export const bench: Bench = { name: 'users', run };
