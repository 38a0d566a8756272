/** What an internet stands on: the machine's sockets, or a simulated world. */
import type { Address, Endpoint } from '../lib/endpoint.ts';
import type { Certificate, Clock, Host } from '../net/index.ts';
import type { TraceBus, Transport } from '../trace/index.ts';
import type { HostPlan, Scenario } from './scenario/types.ts';

/** Who signs certificates for the names of an internet. */
export interface Vouching {
  /** What clients trust, in the network's own form. */
  readonly certificate: string;
  issue(names: readonly string[]): Certificate | Promise<Certificate>;
}

export interface Ground {
  readonly kind: 'real' | 'simulated';
  readonly bus: TraceBus;
  /** The time of the run; each host has timers of its own. */
  readonly clock: Pick<Clock, 'now' | 'epoch'>;
  /** The first two parts of its addresses: `127.20`. */
  readonly prefix: string;
  /** A sentence on where the ports are, for people. */
  readonly portsNote: string;
  /** The authority of this internet; undefined where no TLS is spoken. */
  authority(): Promise<Vouching | undefined>;
  /** Switches a machine on, for the first time or again. Nothing runs on it yet. */
  raise(name: string, plan: HostPlan): Host;
  /** Switches a machine off at once; what it had under way is lost. */
  fell(name: string): Promise<void>;
  /** The endpoint of the system that carries this one of the internet. */
  carrier(at: Endpoint, transport: Transport): Endpoint;
  close(): Promise<void>;
}

/** The first two parts of the addresses that a scenario is written in. */
export function prefixOf(scenario: Scenario): string {
  return scenario.network.split('.').slice(0, 2).join('.');
}

/** The same internet in another /16: addresses of hosts and in zones are moved there, reverse names too. */
export function rebase(scenario: Scenario, prefix: string): Scenario {
  const own = prefixOf(scenario);
  if (own === prefix) return scenario;
  const pattern = new RegExp(
    `(?<![\\d.])${own.replace('.', '\\.')}(\\.\\d+\\.\\d+)(?![\\d.]*\\d)`,
    'g',
  );
  const reverse = (network: string) => `${network.split('.').toReversed().join('.')}.in-addr.arpa`;
  const move = (text: string) =>
    text.replace(pattern, `${prefix}$1`).replaceAll(reverse(own), reverse(prefix));
  const entries = <T>(record: Readonly<Record<string, T>>, change: (value: T) => T) =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
  return {
    ...scenario,
    network: `${prefix}.0.0/16`,
    hosts: entries(scenario.hosts, (host) => moveHost(host, move)),
    ...(scenario.zones && {
      zones: Object.fromEntries(
        Object.entries(scenario.zones).map(([name, text]) => [move(name), move(text)]),
      ),
    }),
  };
}

function moveHost(host: HostPlan, move: (text: string) => string): HostPlan {
  const { dns } = host.services ?? {};
  return {
    ...host,
    address: move(host.address) as Address,
    ...(dns && { services: { ...host.services, dns: { ...dns, zones: dns.zones.map(move) } } }),
  };
}
