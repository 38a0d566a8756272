/** The DNS as a relay asks it, from real zones. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  authoritative,
  chain,
  MemoryZone,
  MemoryZones,
  parseZoneFile,
  Resolver,
  serveDns,
} from '../dns/index.ts';
import { type SimHost, World } from '../net/sim/index.ts';
import { resolverRelayLookup, stubRelayLookup } from './lookup.ts';
import type { RelayLookup } from './types.ts';

const ZONE = `$TTL 300
@ SOA ns admin 1 3600 900 604800 60
@ NS ns
ns A 10.0.0.1
two MX 20 b
two MX 10 a
a A 10.0.0.7
a A 10.0.0.8
plain A 10.0.0.9
alias CNAME two
silent MX 0 .
`;

let world: World;
let client: SimHost;
let server: SimHost;

beforeAll(async () => {
  world = new World({ seed: 'lookup' });
  server = world.host('ns');
  client = world.host('client');
  const zone = new MemoryZone('edu.', parseZoneFile(ZONE, { origin: 'edu.' }));
  await world.run(serveDns(server, { handler: chain(authoritative(new MemoryZones([zone]))) }));
});

const LOOKUPS: Readonly<Record<string, () => RelayLookup>> = {
  stub: () => stubRelayLookup(client, { address: server.address, port: 53 }),
  resolver: () =>
    resolverRelayLookup(
      new Resolver(client, { hints: [], forward: [{ address: server.address, port: 53 }] }),
    ),
};

describe.each(Object.keys(LOOKUPS))('by a %s', (name) => {
  const ask = <T>(question: (lookup: RelayLookup) => Promise<T>): Promise<T> =>
    world.run(question((LOOKUPS[name] as () => RelayLookup)()));

  it.each([
    ['two.edu', ['10 a.edu', '20 b.edu']],
    ['alias.edu', ['10 a.edu', '20 b.edu']],
    ['plain.edu', []],
    ['silent.edu', ['0 .']],
  ])('MX of %s', async (domain, expected) => {
    const records = await ask((lookup) => lookup.mx(domain));
    expect(records.map((one) => `${one.preference} ${one.exchange}`).sort()).toEqual(expected);
  });

  it('what there is not', async () => {
    const none = expect.objectContaining({ code: 'DNS_NXDOMAIN' });
    await expect(ask((lookup) => lookup.mx('gone.edu'))).rejects.toEqual(none);
    await expect(ask((lookup) => lookup.addresses('gone.edu'))).rejects.toEqual(none);
    const empty = expect.objectContaining({ code: 'DNS_NODATA' });
    await expect(ask((lookup) => lookup.addresses('two.edu'))).rejects.toEqual(empty);
  });

  it('addresses', async () => {
    expect((await ask((lookup) => lookup.addresses('a.edu'))).toSorted()).toEqual([
      '10.0.0.7',
      '10.0.0.8',
    ]);
  });

  it('nobody who answers', async () => {
    world.partition(client, server);
    const error = await ask((lookup) => lookup.mx('other.edu')).catch((one: unknown) => one);
    world.repair(client, server);
    expect(error).toMatchObject({ code: expect.stringMatching(/^DNS_(?!NX|NODATA)/) });
  });
});
