import { describe, expect, test } from 'vitest';
import { type SimHost, World } from '../net/sim/index.ts';
import type { TraceEvent } from '../trace/index.ts';
import { queryDns } from './client.ts';
import { authoritative } from './handlers/authoritative.ts';
import { chain } from './handlers/chain.ts';
import { cookies } from './handlers/cookies.ts';
import { recursive } from './handlers/recursive.ts';
import { afterwards } from './handlers/reply.ts';
import type { Link } from './handlers/types.ts';
import { question } from './message.ts';
import { extendedErrors, OPTION, optionOf } from './options.ts';
import { Resolver } from './resolver.ts';
import type { ResolverOptions } from './resolver-options.ts';
import { HARDENED } from './searcher.ts';
import { serveDns } from './server.ts';
import { MemoryZone, MemoryZones } from './store/memory-zone.ts';
import { parseZoneFile } from './store/zone-file.ts';
import type { Message, QueryType } from './types.ts';
import { decodeMessage, formatRdata } from './wire/index.ts';

const SOA = '$TTL 300\n@ SOA ns admin 1 3600 900 604800 60\n';
const ROOT = `${SOA}@ NS a.root.\na.root. A 10.0.0.1\nedu. NS ns.edu.\nns.edu. A 10.0.0.2\n`;
const EDU = `${SOA}@ NS ns
ns A 10.0.0.2
www 100 A 10.0.0.80
alias CNAME www
brief 5 A 10.0.0.81
a.b.c.deep A 10.0.0.82
$GENERATE 1-60 many A 10.1.0.$
`;

class Small {
  readonly events: TraceEvent[] = [];
  readonly world: World = new World({
    seed: 20,
    strict: true,
    trace: { on: true, emit: (event) => void this.events.push(event) },
  });
  readonly client: SimHost = this.world.host('client', { address: '10.0.0.100' });
  readonly edu: SimHost = this.world.host('edu', { address: '10.0.0.2', latency: 10 });
  readonly local: SimHost = this.world.host('resolver', { address: '10.0.0.53', latency: 1 });
  readonly zones: MemoryZones = new MemoryZones([this.zone('edu.', EDU)]);
  resolver!: Resolver;

  zone(origin: string, text: string): MemoryZone {
    return new MemoryZone(origin, parseZoneFile(text, { origin }));
  }

  async start(options: Partial<ResolverOptions>, ...links: Link[]): Promise<this> {
    const root = this.world.host('root', { address: '10.0.0.1', latency: 10 });
    const top = chain(authoritative(new MemoryZones([this.zone('.', ROOT)])));
    await this.world.run(serveDns(root, { handler: top }));
    await this.serveEdu(...links);
    const hints = [{ name: 'a.root.', address: '10.0.0.1' }];
    this.resolver = new Resolver(this.local, { hints, ...options });
    await this.world.run(serveDns(this.local, { handler: chain(recursive(this.resolver)) }));
    return this;
  }

  async serveEdu(...links: Link[]): Promise<void> {
    const handler = chain(...links, authoritative(this.zones));
    await this.world.run(serveDns(this.edu, { handler }));
  }

  async ask(name: string, type: QueryType = 'A'): Promise<Message> {
    const at = { address: '10.0.0.53', port: 53 };
    const options = { timeoutMs: 20_000 };
    const asked = queryDns(this.client, at, question(name, type), options);
    return (await this.world.run(asked)).message;
  }

  async told(name: string, type: QueryType = 'A'): Promise<string[]> {
    const { rcode, answers, edns } = await this.ask(name, type);
    const errors = extendedErrors(edns).map(({ code }) => `EDE ${code}`);
    return [rcode, ...answers.map((one) => `${formatRdata(one)} ${one.ttl}`), ...errors];
  }

  /** The queries of the resolver since the last call. */
  queries(): Message[] {
    const sent = this.events.filter(
      ({ kind, host, to, transport }) =>
        kind === 'send' && host === 'resolver' && to.port === 53 && transport === 'udp',
    );
    return sent.map(({ bytes }) => decodeMessage(bytes as Uint8Array));
  }

  forgetEvents(): void {
    this.events.length = 0;
  }

  notes(): string[] {
    return this.events.flatMap(({ kind, text }) => (kind === 'note' && text ? [text] : []));
  }

  async pass(ms: number): Promise<void> {
    await this.world.runUntil(this.world.now + ms);
  }
}

describe('serve-stale (RFC 8767)', () => {
  test('gives old data with EDE 3 when no server answers, for 30 s', async () => {
    const small = await new Small().start({ serveStale: true });
    expect(await small.told('www.edu.')).toEqual(['NOERROR', '10.0.0.80 100']);
    small.world.crash('edu');
    await small.pass(90_000);
    expect(await small.told('www.edu.')).toEqual(['NOERROR', '10.0.0.80 9']);
    await small.pass(20_000);
    const before = small.world.now;
    expect(await small.told('www.edu.')).toEqual(['NOERROR', '10.0.0.80 30', 'EDE 3']);
    // The client does not wait for the search to end (§5).
    expect(small.world.now - before).toBeLessThan(2_000);
    await small.pass(10_000);
    small.forgetEvents();
    expect(await small.told('www.edu.')).toEqual(['NOERROR', '10.0.0.80 30', 'EDE 3']);
    expect(small.queries()).toEqual([]);
    small.world.restart('edu');
    await small.serveEdu();
    await small.pass(40_000);
    expect(await small.told('www.edu.')).toEqual(['NOERROR', '10.0.0.80 100']);
  });

  test('gives old denials with EDE 19, and nothing after a day', async () => {
    const small = await new Small().start({ serveStale: true });
    expect(await small.told('no.edu.')).toEqual(['NXDOMAIN']);
    await small.told('www.edu.');
    small.world.crash('edu');
    await small.pass(70_000);
    expect(await small.told('no.edu.')).toEqual(['NXDOMAIN', 'EDE 19']);
    await small.pass(87_000_000);
    expect((await small.told('www.edu.'))[0]).toBe('SERVFAIL');
  });

  test('a denial that came later wins over older data', async () => {
    const small = await new Small().start({ serveStale: true });
    await small.told('brief.edu.');
    small.zones.set(small.zone('edu.', EDU.replace('brief 5 A 10.0.0.81\n', '')));
    await small.pass(6_000);
    expect(await small.told('brief.edu.')).toEqual(['NXDOMAIN']);
    small.world.crash('edu');
    await small.pass(70_000);
    expect(await small.told('brief.edu.')).toEqual(['NXDOMAIN', 'EDE 19']);
  });

  test('is off by default', async () => {
    const small = await new Small().start({});
    await small.told('brief.edu.');
    small.world.crash('edu');
    await small.pass(6_000);
    expect(await small.told('brief.edu.')).toEqual(['SERVFAIL', 'EDE 22']);
  });
});

describe('failures (RFC 9520)', () => {
  test('are remembered for a moment, and said to be', async () => {
    const small = await new Small().start({});
    small.world.crash('edu');
    expect(await small.told('www.edu.')).toEqual(['SERVFAIL', 'EDE 22']);
    small.forgetEvents();
    expect(await small.told('www.edu.')).toEqual(['SERVFAIL', 'EDE 13', 'EDE 22']);
    expect(small.queries()).toEqual([]);
    small.world.restart('edu');
    await small.serveEdu();
    await small.pass(2_000);
    expect(await small.told('www.edu.')).toEqual(['NOERROR', '10.0.0.80 100']);
  });
});

describe('prefetch', () => {
  test('fetches anew once, in the last tenth, while the cache answers', async () => {
    const small = await new Small().start({ prefetch: true });
    await small.told('www.edu.');
    await small.pass(80_000);
    small.forgetEvents();
    expect((await small.told('www.edu.'))[1]).toMatch(/ (19|20)$/);
    expect(small.queries()).toEqual([]);
    await small.pass(12_000);
    const at = { address: '10.0.0.53', port: 53 };
    const three = Promise.all(
      [1, 2, 3].map(() => queryDns(small.client, at, question('www.edu.', 'A'))),
    );
    for (const { message } of await small.world.run(three)) {
      expect(message.answers[0]?.ttl).toBeLessThan(10);
    }
    await small.pass(1_000);
    expect(small.queries()).toHaveLength(1);
    expect(await small.told('www.edu.')).toEqual(['NOERROR', '10.0.0.80 99']);
  });
});

describe('mixed case (0x20)', () => {
  const fold = afterwards((made) => ({
    ...made,
    questions: made.questions.map((one) => ({ ...one, name: one.name.toLowerCase() })),
  }));

  test('the letters differ on the wire, and not in the answers and the cache', async () => {
    const small = await new Small().start({ mixCase: true });
    expect((await small.ask('alias.edu.')).answers.map(({ name }) => name)).toEqual([
      'alias.edu.',
      'www.edu.',
    ]);
    const names = small.queries().flatMap(({ questions }) => questions.map(({ name }) => name));
    expect(names.length).toBeGreaterThan(1);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name.toLowerCase()).toBe('alias.edu.');
    for (const { name } of small.resolver.cache.list(small.world.now)) {
      expect(name).toBe(name.toLowerCase());
    }
  });

  test('a server that folds them is asked on TCP once, and then as it wants', async () => {
    const small = await new Small().start({ mixCase: true }, fold);
    expect(await small.told('www.edu.')).toEqual(['NOERROR', '10.0.0.80 100']);
    expect(small.notes().some((text) => text.startsWith('the reply did not repeat'))).toBe(true);
    small.forgetEvents();
    expect((await small.told('brief.edu.'))[0]).toBe('NOERROR');
    const connected = small.events.some(
      ({ transport, kind }) => transport === 'tcp' && kind === 'open',
    );
    expect(connected).toBe(false);
    expect(small.queries()[0]?.questions[0]?.name).toBe('brief.edu.');
  });
});

describe('cookies of a client (RFC 7873)', () => {
  const sent = (query: Message | undefined) => optionOf(query?.edns, OPTION.COOKIE)?.length;

  test('are learned, and sent again', async () => {
    const small = new Small();
    await small.start({ cookies: true }, cookies(small.edu));
    await small.told('www.edu.');
    await small.told('brief.edu.');
    expect(small.queries().map(sent)).toEqual([8, 8, 24]);
  });

  test('go with a server that requires them, and with one that lost its secret', async () => {
    const small = new Small();
    await small.start({ cookies: true }, cookies(small.edu, { required: true }));
    expect(await small.told('www.edu.')).toEqual(['NOERROR', '10.0.0.80 100']);
    small.world.crash('edu');
    small.world.restart('edu');
    await small.serveEdu(cookies(small.edu, { required: true, secret: new Uint8Array(16) }));
    expect((await small.told('brief.edu.'))[0]).toBe('NOERROR');
    small.world.crash('edu');
    small.world.restart('edu');
    await small.serveEdu();
    expect((await small.told('many.edu.'))[0]).toBe('NOERROR');
  });
});

describe('denials', () => {
  test('cover all names below (RFC 8020)', async () => {
    const small = await new Small().start({});
    expect(await small.told('no.edu.')).toEqual(['NXDOMAIN']);
    small.forgetEvents();
    expect(await small.told('a.b.no.edu.')).toEqual(['NXDOMAIN']);
    expect(small.queries()).toEqual([]);
    expect(await small.told('deep.edu.')).toEqual(['NOERROR']);
    expect((await small.told('a.b.c.deep.edu.'))[0]).toBe('NOERROR');
  });
});

describe('forwarding', () => {
  test('leaves the work to others, and keeps what they say', async () => {
    const small = await new Small().start({});
    const host = small.world.host('forwarder', { address: '10.0.0.54' });
    const forward = [
      { address: '10.0.0.99', port: 53 },
      { address: '10.0.0.53', port: 53 },
    ];
    const resolver = new Resolver(host, { hints: [], forward });
    const ask = async (name: string, type: QueryType = 'A') => {
      const { rcode, answers } = await small.world.run(resolver.query(question(name, type)));
      return [rcode, ...answers.map(formatRdata)];
    };
    expect(await ask('alias.edu.')).toEqual(['NOERROR', 'www.edu.', '10.0.0.80']);
    expect(await ask('many.edu.').then(({ length }) => length)).toBe(61);
    expect(await ask('no.edu.')).toEqual(['NXDOMAIN']);
    expect(await ask('www.edu.', 'MX')).toEqual(['NOERROR']);
    small.world.crash('resolver');
    expect(await ask('alias.edu.')).toEqual(['NOERROR', 'www.edu.', '10.0.0.80']);
    expect(await ask('no.edu.')).toEqual(['NXDOMAIN']);
    expect(await ask('new.edu.')).toEqual(['SERVFAIL']);
  });
});

describe('the cache', () => {
  test('prefers what a zone says of its own servers, no longer than its parent allows', async () => {
    const own = EDU.replace('@ NS ns\n', '@ 900 NS ns\n');
    const sayNs = afterwards((made, { question: asked }) =>
      asked?.name === 'www.edu.' || asked?.name === 'brief.edu.'
        ? { ...made, authorities: small.zones.get('edu.')?.rrset('edu.', 'NS')?.records ?? [] }
        : made,
    );
    const small = new Small();
    small.zones.set(small.zone('edu.', own));
    await small.start({}, sayNs);
    await small.told('www.edu.');
    const [ns] = [...small.resolver.cache.about('edu.', small.world.now)];
    expect(ns).toMatchObject({ type: 'NS', rank: 3, ttl: 900, source: { address: '10.0.0.2' } });
    expect(ns?.left).toBeLessThanOrEqual(300);
  });

  test('explains what it has, and forgets a name and those below', async () => {
    const small = await new Small().start({});
    await small.told('www.edu.');
    await small.told('no.edu.');
    const explain = (name: string) => small.resolver.explain(name).map(({ text }) => text);
    expect(explain('www.edu.')).toEqual([
      'www.edu A, 1 record, from an authoritative answer of 10.0.0.2:53: 99 s are left of 100 s; answers questions',
    ]);
    expect(explain('edu.')[0]).toMatch(/^edu NS, 1 record, from a referral of 10\.0\.0\.1:53/);
    expect(explain('x.no.edu.')[0]).toMatch(/so nothing below it exists$/);
    expect(small.resolver.flush('WWW.edu.')).toBe(1);
    expect(explain('www.edu.')).toEqual([]);
    expect(small.resolver.flush('edu.', { below: true })).toBe(3);
    expect(small.resolver.cache.size).toBe(0);
  });
});

test('everything at once answers like the plain walk', async () => {
  const small = new Small();
  await small.start(HARDENED, cookies(small.edu));
  for (const name of ['www', 'alias', 'brief', 'a.b.c.deep', 'many', 'no', 'deep', 'x.y.z']) {
    const other = await new Small().start({});
    const told = (found: Message) => [found.rcode, found.answers.map(formatRdata).toSorted()];
    expect(told(await small.ask(`${name}.edu.`))).toEqual(told(await other.ask(`${name}.edu.`)));
  }
});
