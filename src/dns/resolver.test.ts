import { describe, expect, test } from 'vitest';
import type { Host } from '../net/index.ts';
import { type SimHost, World } from '../net/sim/index.ts';
import type { TraceEvent } from '../trace/index.ts';
import { queryDns, stubLookup } from './client.ts';
import { authoritative } from './handlers/authoritative.ts';
import { chain } from './handlers/chain.ts';
import { recursive } from './handlers/recursive.ts';
import { afterwards } from './handlers/reply.ts';
import type { Link } from './handlers/types.ts';
import { labelsToAdd } from './machine/minimise.ts';
import { question, reply } from './message.ts';
import { Resolver } from './resolver.ts';
import type { ResolverOptions } from './resolver-options.ts';
import { serveDns } from './server.ts';
import { MemoryZone, MemoryZones } from './store/memory-zone.ts';
import { parseZoneFile } from './store/zone-file.ts';
import type { QueryType, ResourceRecord } from './types.ts';
import { decodeMessage, formatRdata } from './wire/index.ts';

const SOA = '$TTL 300\n@ SOA ns admin 1 3600 900 604800 60\n';
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

async function serve(host: Host, zones: Record<string, string>, ...first: Link[]): Promise<void> {
  const loaded = Object.entries(zones).map(
    ([origin, text]) => new MemoryZone(origin, parseZoneFile(text, { origin })),
  );
  await serveDns(host, { handler: chain(...first, authoritative(new MemoryZones(loaded))) });
}

class Internet {
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

describe('iteration', () => {
  test('goes down from the root by referrals, and says why', async () => {
    const internet = await Internet.start();
    expect(await internet.ask('www.campus.edu.')).toBe('NOERROR, A 10.0.0.80 300');
    expect(internet.notes()).toEqual([
      'www.campus.edu A is not in the cache, so the resolver starts at the root. The resolver asks a.root iteratively: RD is 0',
      'a.root answered with a referral to the servers of edu. The resolver asks a.edu iteratively: RD is 0',
      'a.edu answered with a referral to the servers of campus.edu. The resolver asks ns1.campus.edu iteratively: RD is 0',
    ]);
    const because = internet.events.filter((event) => event.kind === 'note');
    expect(because.map((event) => event.because?.address)).toEqual([
      undefined,
      '10.0.0.1',
      '10.0.0.2',
    ]);
    expect(internet.asked()).toEqual(['1', '2', '4']);
  });

  test('starts as near as the cache allows', async () => {
    const internet = await Internet.start();
    await internet.ask('www.campus.edu.');
    internet.asked();
    expect(await internet.ask('mail.campus.edu.', 'MX')).toBe('NOERROR, MX 10 www.campus.edu. 300');
    expect(internet.notes()[0]).toContain('the name servers of campus.edu are');
    const asked = internet.asked();
    expect(asked).toHaveLength(1);
    expect(['4', '5']).toContain(asked[0]);
  });

  test('follows aliases within a zone, across zones, and to nowhere', async () => {
    const internet = await Internet.start();
    expect(await internet.ask('alias.campus.edu.')).toBe(
      'NOERROR, CNAME www.campus.edu. 300, A 10.0.0.80 300',
    );
    expect(await internet.ask('away.campus.edu.')).toBe(
      'NOERROR, CNAME www.far.edu. 300, A 10.0.0.81 300',
    );
    expect(await internet.ask('nowhere.campus.edu.')).toBe(
      'NXDOMAIN, CNAME nothing.campus.edu. 300',
    );
    expect(await internet.ask('ring.campus.edu.')).toMatch(/^SERVFAIL: more than 8 aliases/);
  });

  test('looks up the address of a server that came without glue', async () => {
    const internet = await Internet.start();
    expect(await internet.ask('www.far.edu.')).toBe('NOERROR, A 10.0.0.81 300');
    expect(internet.asked()).toEqual(['1', '2', '1', '3', '6', '6']);
  });

  test('a maze of servers without glue comes to an end', async () => {
    const internet = await Internet.start();
    expect(await internet.ask('www.maze.edu.')).toMatch(/^SERVFAIL: /);
    expect(internet.asked().length).toBeLessThan(20);
  });

  test('takes the next server when one is dead, and remembers it', async () => {
    const internet = await Internet.start();
    internet.world.crash('ns1');
    expect(await internet.ask('www.campus.edu.')).toBe('NOERROR, A 10.0.0.80 300');
    expect(internet.asked()).toEqual(['1', '2', '4', '5']);
    expect(await internet.ask('alias.campus.edu.', 'CNAME')).toContain('NOERROR');
    expect(internet.asked()).toEqual(['5']);
  });

  test('fails with the reason when all servers are dead or lame', async () => {
    const internet = await Internet.start();
    expect(await internet.ask('www.dead.edu.')).toBe(
      'SERVFAIL: ns.dead.edu (10.9.9.9) did not answer in time',
    );
    expect(await internet.ask('www.lame.edu.')).toBe(
      'SERVFAIL: ns.lame.edu (10.0.0.3) answered REFUSED',
    );
  });

  test('asks again on TCP when the reply was truncated', async () => {
    const internet = await Internet.start({ udpSize: 0 });
    const many = `${SOA}@ NS ns\nns A 10.0.0.6\n$GENERATE 1-60 @ A 10.1.0.$`;
    const big = internet.world.host('big', { address: '10.0.0.7' });
    await internet.world.run(serve(big, { '.': many }));
    const resolver = new Resolver(internet.hosts['client'] as SimHost, {
      hints: [{ name: 'ns.', address: '10.0.0.7' }],
      udpSize: 0,
    });
    const { answers } = await internet.world.run(resolver.query(question('.', 'A')));
    expect(answers).toHaveLength(60);
    expect(internet.notes().at(-1)).toContain('truncated');
  });
});

describe('the cache', () => {
  test('counts TTLs down and forgets', async () => {
    const internet = await Internet.start();
    await internet.ask('www.campus.edu.');
    internet.asked();
    await internet.later(3_500);
    expect(await internet.ask('WWW.campus.edu.')).toBe('NOERROR, A 10.0.0.80 296');
    expect(internet.asked()).toEqual([]);
    await internet.later(297_000);
    expect(await internet.ask('www.campus.edu.')).toBe('NOERROR, A 10.0.0.80 300');
    expect(internet.asked()).toEqual(['1', '2', expect.any(String)]);
  });

  test('keeps denials for the MINIMUM of the SOA', async () => {
    const internet = await Internet.start();
    expect(await internet.ask('no.campus.edu.')).toBe('NXDOMAIN');
    expect(await internet.ask('www.campus.edu.', 'TXT')).toBe('NOERROR');
    internet.asked();
    await internet.later(58_000);
    const result = await internet.world.run(
      internet.resolver.query(question('no.campus.edu.', 'MX')),
    );
    expect(result.rcode).toBe('NXDOMAIN');
    expect(result.authorities[0]).toMatchObject({ type: 'SOA', ttl: 1 });
    expect(await internet.ask('www.campus.edu.', 'TXT')).toBe('NOERROR');
    expect(internet.asked()).toEqual([]);
    await internet.later(3_000);
    expect(await internet.ask('no.campus.edu.')).toBe('NXDOMAIN');
    expect(internet.asked()).toHaveLength(1);
  });

  test('does not keep what has TTL 0', async () => {
    const internet = await Internet.start();
    await internet.ask('zero.campus.edu.');
    internet.asked();
    await internet.ask('zero.campus.edu.');
    expect(internet.asked()).toHaveLength(1);
  });
});

describe('what is not believed', () => {
  const evil: ResourceRecord = {
    name: 'www.bank.net.',
    type: 'A',
    class: 'IN',
    ttl: 9999,
    address: '6.6.6.6',
  };
  const poison = afterwards((honest) => {
    return { ...honest, answers: [...honest.answers, evil], additionals: [evil] };
  });

  test('records out of the bailiwick of the server', async () => {
    const internet = await Internet.start({}, [poison]);
    internet.world.crash('ns2');
    expect(await internet.ask('www.campus.edu.')).toBe('NOERROR, A 10.0.0.80 300');
    const names = [...internet.resolver.cache.list(internet.world.now)].map(({ name }) => name);
    expect(names).not.toContain('www.bank.net.');
    expect(await internet.ask('www.bank.net.')).toBe('NXDOMAIN');
  });

  test('referrals upwards', async () => {
    const upward: Link = () => (request) =>
      reply(request.query, {
        authorities: [{ name: '.', type: 'NS', class: 'IN', ttl: 60, target: 'a.root.' }],
      });
    const internet = await Internet.start({}, [upward]);
    internet.world.crash('ns2');
    expect(await internet.ask('www.campus.edu.')).toContain('SERVFAIL');
    expect(internet.asked().length).toBeLessThan(8);
  });
});

describe('QNAME minimisation', () => {
  const shown = (internet: Internet) =>
    internet.events.flatMap(({ kind, host, to, bytes }) => {
      if (kind !== 'send' || host !== 'resolver' || to.port !== 53 || !bytes) return [];
      const [asked] = decodeMessage(bytes).questions;
      return [`${to.address.replace('10.0.0.', '')} ${asked?.name} ${asked?.type}`];
    });

  test('shows each server only what it needs', async () => {
    const internet = await Internet.start({ minimise: true });
    expect(await internet.ask('mail.campus.edu.', 'MX')).toBe('NOERROR, MX 10 www.campus.edu. 300');
    expect(shown(internet)).toEqual(['1 edu. A', '2 campus.edu. A', '4 mail.campus.edu. MX']);
  });

  test('goes on below names that are no zones, and to denials', async () => {
    const internet = await Internet.start({ minimise: true });
    expect(await internet.ask('a.b.c.campus.edu.')).toBe('NXDOMAIN');
    const names = shown(internet).map((one) => one.slice(2));
    expect(names.slice(2)).toEqual(['c.campus.edu. A', 'b.c.campus.edu. A', 'a.b.c.campus.edu. A']);
  });

  test('shows the whole name to servers that fail on parts of it', async () => {
    const strange: Link = (next) => (request) =>
      request.question?.name === 'c.campus.edu.'
        ? reply(request.query, { rcode: 'SERVFAIL' })
        : next(request);
    const internet = await Internet.start({ minimise: true }, [strange]);
    internet.world.crash('ns2');
    expect(await internet.ask('a.c.campus.edu.')).toBe('NXDOMAIN');
  });

  test('adds labels as RFC 9156 §2.3 does', () => {
    expect(labelsToAdd(18)).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3]);
    expect(labelsToAdd(3)).toEqual([1, 1, 1]);
    expect(labelsToAdd(0)).toEqual([]);
    expect(labelsToAdd(127).reduce((sum, count) => sum + count)).toBe(127);
  });
});

describe('as a service', () => {
  test('answers a client, from the cache the second time, and says so', async () => {
    const internet = await Internet.start();
    const lookup = stubLookup(internet.hosts['client'] as SimHost, {
      address: '10.0.0.53',
      port: 53,
    });
    expect(await internet.world.run(lookup('www.campus.edu'))).toEqual(['10.0.0.80']);
    await internet.later(2_900);
    internet.events.length = 0;
    expect(await internet.world.run(lookup('www.campus.edu'))).toEqual(['10.0.0.80']);
    expect(internet.notes()).toEqual([
      expect.stringMatching(
        /^answered from the cache: 297 s are left of 300 s; 10.0.0.4 had said so/,
      ),
    ]);
    const note = internet.events.find(({ kind }) => kind === 'note');
    expect(note).toMatchObject({ from: { address: '10.0.0.53', port: 53 } });
    await expect(internet.world.run(lookup('no.campus.edu'))).rejects.toMatchObject({
      code: 'DNS_NXDOMAIN',
    });
    await expect(internet.world.run(lookup('campus.edu'))).rejects.toMatchObject({
      code: 'DNS_NODATA',
    });
  });

  test('shows its cache to those who do not ask for recursion', async () => {
    const internet = await Internet.start();
    const client = internet.hosts['client'] as SimHost;
    const resolver = { address: '10.0.0.53', port: 53 };
    const peek = async (name: string) => {
      const asked = queryDns(client, resolver, question(name, 'A'), { rd: false });
      const { message } = await internet.world.run(asked);
      const found = [...message.answers, ...message.authorities].map(({ type }) => type);
      return [message.rcode, ...found].join(' ');
    };
    expect(await peek('www.campus.edu.')).toBe('REFUSED');
    await internet.ask('alias.campus.edu.');
    internet.asked();
    expect(await peek('alias.campus.edu.')).toBe('NOERROR CNAME A');
    expect(await peek('mail.campus.edu.')).toBe('NOERROR NS NS');
    expect(await peek('mail.far.edu.')).toBe('NOERROR NS');
    expect(internet.asked()).toEqual([]);
  });

  test('identical questions at a time are one (RFC 5452 §5)', async () => {
    const internet = await Internet.start();
    const asked = Array.from({ length: 5 }, () =>
      internet.resolver.query(question('www.campus.edu.', 'A')),
    );
    await internet.world.run(Promise.all(asked));
    expect(internet.asked()).toHaveLength(3);
  });

  test('uses a fresh random port and id for each query (RFC 5452 §9.2)', async () => {
    const internet = await Internet.start();
    await internet.ask('www.campus.edu.');
    const sent = internet.events.filter(({ kind, host }) => kind === 'send' && host === 'resolver');
    expect(new Set(sent.map(({ from }) => from.port)).size).toBe(3);
    expect(new Set(sent.map(({ bytes }) => bytes?.slice(0, 2).join())).size).toBe(3);
  });

  test('refuses other classes and transfers', async () => {
    const internet = await Internet.start();
    const client = internet.hosts['client'] as SimHost;
    const resolver = { address: '10.0.0.53', port: 53 };
    for (const asked of [question('www.campus.edu.', 'A', 'CH'), question('campus.edu.', 'AXFR')]) {
      const { message } = await internet.world.run(queryDns(client, resolver, asked));
      expect(message.rcode).toBe('REFUSED');
    }
    expect(internet.asked()).toEqual([]);
  });

  test('the hosts file comes first', async () => {
    const internet = await Internet.start({ hostsFile: '10.0.0.9 www.campus.edu local # mine' });
    expect(await internet.ask('www.campus.edu.')).toBe('NOERROR, A 10.0.0.9 0');
    expect(await internet.world.run(internet.resolver.lookup('local'))).toEqual(['10.0.0.9']);
    expect(await internet.ask('9.0.0.10.in-addr.arpa.', 'PTR')).toBe(
      'NOERROR, PTR www.campus.edu. 0',
    );
    expect(internet.asked()).toEqual([]);
  });

  test('a look-up can be given up', async () => {
    const internet = await Internet.start();
    const stop = new AbortController();
    const found = internet.resolver.lookup('www.dead.edu', { signal: stop.signal });
    internet.hosts['client']?.clock.setTimer(50, () => stop.abort());
    await expect(internet.world.run(found)).rejects.toMatchObject({ code: 'DNS_ABORTED' });
    const failed = internet.world.run(internet.resolver.lookup('www.dead.edu'));
    await expect(failed).rejects.toMatchObject({ code: 'DNS_SERVFAIL' });
  });

  test('runs the same from the same seed', async () => {
    const run = async () => {
      const internet = await Internet.start();
      internet.world.crash('ns2');
      await internet.ask('away.campus.edu.');
      await internet.ask('www.dead.edu.');
      return internet.world.hash;
    };
    expect(await run()).toBe(await run());
  });
});
