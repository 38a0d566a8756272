/** A small hierarchy of name servers in a simulated world, for experiments. */
import {
  authoritative,
  chain,
  type Handler,
  MemoryZone,
  MemoryZones,
  parseZoneFile,
  type RootHint,
  serveDns,
} from '../../dns/index.ts';
import type { Host } from '../../net/index.ts';
import type { SimHost, World } from '../../net/sim/index.ts';

export interface Hierarchy {
  readonly root: SimHost;
  readonly top: SimHost;
  readonly leaf: SimHost;
  readonly hints: readonly RootHint[];
  readonly zones: Readonly<Record<'root' | 'top' | 'leaf', MemoryZones>>;
}

export interface HierarchyOptions {
  /** Seconds that the leaf's addresses live. */
  readonly ttl: number;
  /** One way to each server, in ms. */
  readonly latency: number;
}

/** The root, edu and campus.edu, where every name `wN` has an address. */
export function buildHierarchy(world: World, { ttl, latency }: HierarchyOptions): Hierarchy {
  const [root, top, leaf] = ['root', 'edu', 'campus.edu'].map((name) =>
    world.host(name, { latency }),
  ) as [SimHost, SimHost, SimHost];
  const soa = '@ 86400 SOA ns host 1 1800 900 604800 60\n@ 86400 NS ns\n';
  const zone = (origin: string, text: string) =>
    new MemoryZones([new MemoryZone(origin, parseZoneFile(soa + text, { origin }))]);
  return {
    root,
    top,
    leaf,
    hints: [{ name: 'ns.', address: root.address }],
    zones: {
      root: zone(
        '.',
        `ns 86400 A ${root.address}\nedu 86400 NS ns.edu\nns.edu 86400 A ${top.address}\n`,
      ),
      top: zone(
        'edu.',
        `ns 86400 A ${top.address}\ncampus 86400 NS ns.campus\nns.campus 86400 A ${leaf.address}\n`,
      ),
      leaf: zone(
        'campus.edu.',
        `ns 86400 A ${leaf.address}\n$GENERATE 1-200 w$ ${ttl} A 10.9.9.$\n`,
      ),
    },
  };
}

/** Serves each zone on its host, by a handler of the experiment where one is given. */
export async function serveHierarchy(
  hierarchy: Hierarchy,
  handlerOf: (host: Host, zones: MemoryZones) => Handler = (_, zones) =>
    chain(authoritative(zones)),
): Promise<void> {
  const { zones } = hierarchy;
  for (const level of ['root', 'top', 'leaf'] as const) {
    const host = hierarchy[level];
    await serveDns(host, { handler: handlerOf(host, zones[level]) });
  }
}
