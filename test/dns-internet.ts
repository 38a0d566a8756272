/** A small internet for the tests of the resolver: a root, edu, net, and what is below them. */

import { authoritative } from '../src/dns/handlers/authoritative.ts';
import { chain } from '../src/dns/handlers/chain.ts';
import { recursive } from '../src/dns/handlers/recursive.ts';
import type { Link } from '../src/dns/handlers/types.ts';
import { question } from '../src/dns/message.ts';
import { Resolver } from '../src/dns/resolver.ts';
import type { ResolverOptions } from '../src/dns/resolver-options.ts';
import { serveDns } from '../src/dns/server.ts';
import { MemoryZone, MemoryZones } from '../src/dns/store/memory-zone.ts';
import { parseZoneFile } from '../src/dns/store/zone-file.ts';
import type { QueryType } from '../src/dns/types.ts';
import { formatRdata } from '../src/dns/wire/index.ts';
import type { Host } from '../src/net/index.ts';
import { type SimHost, World } from '../src/net/sim/index.ts';
import type { TraceEvent } from '../src/trace/index.ts';

export const SOA: string = '$TTL 300\n@ SOA ns admin 1 3600 900 604800 60\n';
const ROOT = `${SOA}@ NS a.root.
a.root. A 10.0.0.1
edu. NS a.edu.
a.edu. A 10.0.0.2
net. NS a.net.
a.net. A 10.0.0.3
`;
const EDU = `${SOA}@ NS a
a A 10.0.0.2
campus NS ns1.campus
campus NS ns2.campus
ns1.campus A 10.0.0.4
ns2.campus A 10.0.0.5
far NS ns.host.net.
lame NS ns.lame
ns.lame A 10.0.0.3
dead NS ns.dead
ns.dead A 10.9.9.9
maze NS ns.maze.net.
`;
const NET = `${SOA}@ NS a
a A 10.0.0.3
host NS ns.host
ns.host A 10.0.0.6
maze NS ns.maze.edu.
`;
const CAMPUS = `${SOA}@ NS ns1
@ NS ns2
ns1 A 10.0.0.4
ns2 A 10.0.0.5
www A 10.0.0.80
alias CNAME www
away CNAME www.far.edu.
nowhere CNAME nothing
ring CNAME ring2
ring2 CNAME ring
mail MX 10 www
zero 0 A 10.0.0.99
$GENERATE 1-60 many A 10.1.0.$
`;
const FAR = `${SOA}@ NS ns.host.net.
www A 10.0.0.81
`;
const HOST = `${SOA}@ NS ns\nns A 10.0.0.6\n`;

export async function serve(
  host: Host,
  zones: Record<string, string>,
  ...first: Link[]
): Promise<void> {
  const loaded = Object.entries(zones).map(
    ([origin, text]) => new MemoryZone(origin, parseZoneFile(text, { origin })),
  );
  await serveDns(host, { handler: chain(...first, authoritative(new MemoryZones(loaded))) });
}

export class Internet {
  readonly events: TraceEvent[] = [];
  readonly world: World = new World({
    seed: 1034,
    strict: true,
    trace: { on: true, emit: (event) => void this.events.push(event) },
  });
  readonly hosts: Record<string, SimHost> = {};
  resolver!: Resolver;

  static async start(
    options: Partial<ResolverOptions> = {},
    first: Link[] = [],
  ): Promise<Internet> {
    const internet = new Internet();
    await internet.world.run(internet.build(options, first));
    return internet;
  }

  private async build(options: Partial<ResolverOptions>, first: Link[]): Promise<void> {
    const plan: [string, string, Record<string, string>, Link[]][] = [
      ['root', '10.0.0.1', { '.': ROOT }, []],
      ['edu', '10.0.0.2', { 'edu.': EDU }, []],
      ['net', '10.0.0.3', { 'net.': NET }, []],
      ['ns1', '10.0.0.4', { 'campus.edu.': CAMPUS }, first],
      ['ns2', '10.0.0.5', { 'campus.edu.': CAMPUS }, []],
      ['far', '10.0.0.6', { 'far.edu.': FAR, 'host.net.': HOST }, []],
    ];
    for (const [name, address, zones, links] of plan) {
      const host = this.world.host(name, { address, latency: 10 });
      this.hosts[name] = host;
      await serve(host, zones, ...links);
    }
    const local = this.world.host('resolver', { address: '10.0.0.53', latency: 1 });
    this.resolver = new Resolver(local, {
      hints: [{ name: 'a.root.', address: '10.0.0.1' }],
      ...options,
    });
    await serveDns(local, { handler: chain(recursive(this.resolver)) });
    this.hosts['client'] = this.world.host('client', { address: '10.0.0.100' });
  }

  async ask(name: string, type: QueryType = 'A'): Promise<string> {
    const { rcode, answers, failure } = await this.world.run(
      this.resolver.query(question(name, type)),
    );
    if (failure) return `${rcode}: ${failure}`;
    const data = answers.map((record) => `${record.type} ${formatRdata(record)} ${record.ttl}`);
    return [rcode, ...data].join(', ');
  }

  /** The servers asked since the last call, in order. */
  asked(): string[] {
    const asked = this.events.filter(
      ({ kind, host, to }) => kind === 'send' && host === 'resolver' && to.port === 53,
    );
    this.events.length = 0;
    return asked.map((event) => event.to.address.replace('10.0.0.', ''));
  }

  notes(): string[] {
    return this.events.flatMap(({ kind, text }) => (kind === 'note' && text ? [text] : []));
  }

  async later(ms: number): Promise<void> {
    await this.world.runUntil(this.world.now + ms);
  }
}
