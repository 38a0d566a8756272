/** What people who mean harm send to a resolver, and that it does none. */
import { describe, expect, test } from 'vitest';
import { type SimHost, World } from '../net/sim/index.ts';
import { WORK_LIMIT } from './defaults.ts';
import { authoritative } from './handlers/authoritative.ts';
import { chain } from './handlers/chain.ts';
import { recursive } from './handlers/recursive.ts';
import { question, reply } from './message.ts';
import { labelsOf } from './name.ts';
import { Resolver } from './resolver.ts';
import type { ResolverOptions } from './resolver-options.ts';
import { responder } from './responder.ts';
import { HARDENED } from './searcher.ts';
import { serveDns } from './server.ts';
import { MemoryZone, MemoryZones } from './store/memory-zone.ts';
import { parseZoneFile } from './store/zone-file.ts';
import type { Message, Name, ResourceRecord } from './types.ts';
import { decodeMessage, encodeMessage, formatRdata } from './wire/index.ts';

const SOA = '$TTL 300\n@ SOA ns admin 1 3600 900 604800 60\n';
const ROOT = `${SOA}@ NS a.root.
a.root. A 10.0.0.1
edu. NS ns.edu.
ns.edu. A 10.0.0.2
evil. NS ns.evil.
ns.evil. A 10.0.0.66
`;
const EDU = `${SOA}@ NS ns\nns A 10.0.0.2\nwww A 10.0.0.80\nbank A 10.0.0.81\n`;
const EVIL = '6.6.6.6';

const zones = (origin: string, text: string): MemoryZones =>
  new MemoryZones([new MemoryZone(origin, parseZoneFile(text, { origin }))]);

const a = (name: Name, address = EVIL): ResourceRecord => {
  return { name, type: 'A', class: 'IN', ttl: 9999, address };
};
const ns = (name: Name, target: Name): ResourceRecord => {
  return { name, type: 'NS', class: 'IN', ttl: 9999, target };
};

class Victim {
  readonly world: World = new World({ seed: 5452, strict: true });
  readonly edu: SimHost = this.world.host('edu', { address: '10.0.0.2', latency: 10 });
  readonly evil: SimHost = this.world.host('evil', { address: '10.0.0.66', latency: 1 });
  readonly local: SimHost = this.world.host('resolver', { address: '10.0.0.53', latency: 1 });
  resolver!: Resolver;
  asked = 0;

  async start(options: Partial<ResolverOptions> = {}): Promise<this> {
    const root = this.world.host('root', { address: '10.0.0.1', latency: 10 });
    await this.world.run(serveDns(root, { handler: chain(authoritative(zones('.', ROOT))) }));
    const hints = [{ name: 'a.root.', address: '10.0.0.1' }];
    this.resolver = new Resolver(this.local, { hints, ...options });
    await this.world.run(serveDns(this.local, { handler: chain(recursive(this.resolver)) }));
    return this;
  }

  async serveEdu(): Promise<void> {
    const handler = chain(authoritative(zones('edu.', EDU)));
    await this.world.run(serveDns(this.edu, { handler }));
  }

  /** The server of the zone evil, which says what it likes. */
  async serveEvil(say: (query: Message) => Partial<Message>): Promise<void> {
    const handler = chain(() => ({ query }) => {
      this.asked++;
      return reply(query, { authoritative: true, ...say(query) });
    });
    await this.world.run(serveDns(this.evil, { handler }));
  }

  async ask(name: Name): Promise<string[]> {
    const found = await this.world.run(this.resolver.query(question(name, 'A')));
    return [found.rcode, ...found.answers.map(formatRdata)];
  }

  /** Nothing of the attacker's stands in the cache about the names of others. */
  poisoned(): string[] {
    return [...this.resolver.cache.list(this.world.now)]
      .filter(({ records }) => records.some((one) => 'address' in one && one.address === EVIL))
      .map(({ name }) => name)
      .filter((name) => !name.endsWith('evil.'));
  }
}

const truth = responder(chain(authoritative(zones('edu.', EDU))));

/** The forger's reply to a query, which comes before the true one. */
type Forgery = (query: Message) => Message;
const lie: Forgery = (query) => reply(query, { authoritative: true, answers: [a('www.edu.')] });

describe('a blind forger', () => {
  test.each<[string, Forgery, boolean]>([
    ['a wrong id', (query) => ({ ...lie(query), id: query.id ^ 1 }), false],
    ['another port', lie, true],
    [
      'another name',
      (query) => ({ ...lie(query), questions: [question('bank.edu.', 'A')] }),
      false,
    ],
    [
      'another type',
      (query) => ({ ...lie(query), questions: [question('www.edu.', 'MX')] }),
      false,
    ],
    [
      'another class',
      (query) => ({ ...lie(query), questions: [question('www.edu.', 'A', 'CH')] }),
      false,
    ],
    ['no question', (query) => ({ ...lie(query), questions: [] }), false],
    [
      'two questions',
      (query) => ({ ...lie(query), questions: [...query.questions, question('a.', 'A')] }),
      false,
    ],
    ['another case', (query) => ({ ...lie(query), questions: [question('WWW.edu.', 'A')] }), false],
    ['a query', (query) => ({ ...lie(query), response: false }), false],
    ['another opcode', (query) => ({ ...lie(query), opcode: 'NOTIFY' }), false],
  ])('is not believed with %s', async (_, forge, elsewhere) => {
    const victim = await new Victim().start();
    const { world, edu } = victim;
    const socket = await world.run(edu.network.bind({ port: 53 }));
    const other = await world.run(edu.network.bind({ port: 5353 }));
    socket.onDatagram(({ bytes, from }) => {
      const query = decodeMessage(bytes);
      (elsewhere ? other : socket).send(encodeMessage(forge(query)), from);
      edu.clock.setTimer(20, () => {
        const path = { from, local: socket.local, transport: 'udp' } as const;
        socket.send(truth(bytes, path) as Uint8Array, from);
      });
    });
    expect(await victim.ask('www.edu.')).toEqual(['NOERROR', '10.0.0.80']);
    expect(victim.poisoned()).toEqual([]);
  });

  test('who guesses ids drives the question to TCP', async () => {
    const victim = await new Victim().start({ wrongReplies: 5 });
    const { world, edu } = victim;
    const socket = await world.run(edu.network.bind({ port: 53 }));
    socket.onDatagram(({ bytes, from }) => {
      const query = decodeMessage(bytes);
      for (let i = 1; i <= 50; i++) {
        socket.send(encodeMessage({ ...lie(query), id: query.id ^ i }), from);
      }
      // The fifty-first would have been right: by then nobody listens.
      socket.send(encodeMessage(lie(query)), from);
    });
    expect((await victim.ask('www.edu.'))[0]).toBe('SERVFAIL');
    expect(victim.poisoned()).toEqual([]);
  });
});

describe('a server that lies about others', () => {
  test.each<[string, (query: Message) => Partial<Message>]>([
    [
      'beside its answer',
      ({ questions }) => ({ answers: [a(questions[0]?.name ?? '.'), a('www.edu.')] }),
    ],
    [
      'in the additional section',
      () => ({ answers: [a('x.evil.')], additionals: [a('www.edu.')] }),
    ],
    [
      'by an alias with the answer beside',
      () => ({
        answers: [
          { name: 'x.evil.', type: 'CNAME', class: 'IN', ttl: 9999, target: 'www.edu.' },
          a('www.edu.'),
        ],
      }),
    ],
    [
      'by a referral of a zone above',
      () => ({
        authoritative: false,
        authorities: [ns('edu.', 'ns.edu.')],
        additionals: [a('ns.edu.')],
      }),
    ],
    [
      'by glue of a zone that is not its own',
      () => ({
        authoritative: false,
        authorities: [ns('sub.evil.', 'ns.edu.')],
        additionals: [a('ns.edu.')],
      }),
    ],
    [
      'by servers of its own zone with addresses of others',
      () => ({
        answers: [a('x.evil.')],
        authorities: [ns('evil.', 'www.edu.'), ns('edu.', 'ns.evil.'), ns('.', 'ns.evil.')],
        additionals: [a('www.edu.')],
      }),
    ],
    [
      'by a denial of a zone above',
      () => ({
        rcode: 'NXDOMAIN',
        authorities: [
          {
            name: '.',
            type: 'SOA',
            class: 'IN',
            ttl: 9999,
            primary: '.',
            mailbox: '.',
            serial: 1,
            refresh: 1,
            retry: 1,
            expire: 1,
            minimum: 9999,
          },
        ],
      }),
    ],
  ])('%s', async (_, say) => {
    const victim = await new Victim().start();
    await victim.serveEdu();
    await victim.serveEvil(say);
    await victim.ask('x.evil.');
    expect(victim.poisoned()).toEqual([]);
    expect(await victim.ask('www.edu.')).toEqual(['NOERROR', '10.0.0.80']);
    expect(await victim.ask('bank.edu.')).toEqual(['NOERROR', '10.0.0.81']);
  });
});

describe('a server that makes work', () => {
  const first = (query: Message): Name => query.questions[0]?.name ?? '.';

  test.each<[string, (query: Message, turn: number) => Partial<Message>]>([
    [
      'referrals without end',
      (query) => {
        // One label deeper with each reply, as long as the name has labels.
        const labels = labelsOf(first(query));
        const zone = `${labels.slice(-1 - (labels.length % 120)).join('.')}.`;
        return {
          authoritative: false,
          authorities: [ns(zone, 'ns.evil.')],
          additionals: [a('ns.evil.', '10.0.0.66')],
        };
      },
    ],
    [
      'a referral to names of servers that lead on (NXNSAttack)',
      (query, turn) => ({
        authoritative: false,
        authorities: Array.from({ length: 100 }, (_, i) =>
          ns(`x${turn}.evil.`, `n${i}.t${turn}.evil.`),
        ).map((record) => ({ ...record, name: first(query) })),
      }),
    ],
    [
      'aliases without end',
      (query, turn) => ({
        answers: [
          { name: first(query), type: 'CNAME', class: 'IN', ttl: 1, target: `c${turn}.evil.` },
        ],
      }),
    ],
    [
      'an alias of itself',
      (query) => ({
        answers: [{ name: first(query), type: 'CNAME', class: 'IN', ttl: 1, target: first(query) }],
      }),
    ],
    [
      'a long chain of aliases in one message',
      (query) => ({
        answers: Array.from(
          { length: 300 },
          (_, i): ResourceRecord => ({
            name: i === 0 ? first(query) : `l${i}.evil.`,
            type: 'CNAME',
            class: 'IN',
            ttl: 1,
            target: `l${i + 1}.evil.`,
          }),
        ),
      }),
    ],
    [
      'glue that points at the resolver itself',
      () => ({
        authoritative: false,
        authorities: [ns('sub.evil.', 'ns.sub.evil.')],
        additionals: [a('ns.sub.evil.', '10.0.0.53')],
      }),
    ],
    [
      'a referral to itself',
      () => ({ authoritative: false, authorities: [ns('evil.', 'ns.evil.')] }),
    ],
    ['a referral upwards', () => ({ authoritative: false, authorities: [ns('.', 'a.root.')] })],
    ['FORMERR for ever', () => ({ rcode: 'FORMERR' })],
    ['truncation for ever', () => ({ truncated: true })],
  ])('%s ends in SERVFAIL, after few messages', async (_, say) => {
    for (const options of [{}, HARDENED]) {
      const victim = await new Victim().start(options);
      let turn = 0;
      await victim.serveEvil((query) => say(query, turn++));
      const name = `${'a.'.repeat(100)}sub.evil.`;
      const before = victim.world.now;
      const [rcode] = await victim.ask(name);
      expect(rcode).toBe('SERVFAIL');
      expect(victim.asked).toBeLessThanOrEqual(2 * WORK_LIMIT + 10);
      expect(victim.world.now - before).toBeLessThan(10_000);
      expect(victim.resolver.cache.size).toBeLessThan(300);
    }
  });

  test('a huge answer is bounded by the cache', async () => {
    const victim = await new Victim().start();
    const text = 'x'.repeat(250);
    await victim.serveEvil((query) => ({
      answers: Array.from({ length: 240 }, (_, i): ResourceRecord => {
        return {
          name: first(query),
          type: 'TXT',
          class: 'IN',
          ttl: 9999,
          strings: [`${i} ${text}`],
        };
      }),
    }));
    for (let i = 0; i < 300; i++) {
      await victim.world.run(victim.resolver.query(question(`${i}.evil.`, 'TXT')));
    }
    expect(victim.resolver.cache.bytes).toBeLessThanOrEqual(16 * 1024 * 1024);
    expect(victim.resolver.cache.size).toBeGreaterThan(50);
  });

  test('a reply that drips over TCP byte by byte is given up in time', async () => {
    const victim = await new Victim().start();
    const { world, evil } = victim;
    const truncated = chain(
      () =>
        ({ query }) =>
          reply(query, { truncated: true }),
    );
    const socket = await world.run(evil.network.bind({ port: 53 }));
    socket.onDatagram(({ bytes, from }) => {
      const path = { from, local: socket.local, transport: 'udp' } as const;
      socket.send(responder(truncated)(bytes, path) as Uint8Array, from);
    });
    let dripping = 0;
    await world.run(
      evil.network.listen({ port: 53 }, (connection) => {
        let open = true;
        dripping++;
        const drip = () => {
          if (!open) return;
          connection.write(Uint8Array.of(0xff));
          evil.clock.setTimer(100, drip);
        };
        connection.attach({
          onData() {},
          onClose() {
            open = false;
            dripping--;
          },
        });
        drip();
      }),
    );
    const before = world.now;
    expect((await victim.ask('x.evil.'))[0]).toBe('SERVFAIL');
    expect(world.now - before).toBeLessThan(10_000);
    await world.runUntil(world.now + 1_000);
    expect(dripping).toBe(0);
  });
});

test('noise in place of replies is passed over', async () => {
  const victim = await new Victim().start();
  const { world, edu } = victim;
  const socket = await world.run(edu.network.bind({ port: 53 }));
  socket.onDatagram(({ bytes, from }) => {
    for (const length of [0, 1, 11, 12, 100]) socket.send(edu.random.bytes(length), from);
    const cut = encodeMessage(lie(decodeMessage(bytes)));
    socket.send(cut.subarray(0, cut.length - 3), from);
    const path = { from, local: socket.local, transport: 'udp' } as const;
    socket.send(truth(bytes, path) as Uint8Array, from);
  });
  expect(await victim.ask('www.edu.')).toEqual(['NOERROR', '10.0.0.80']);
});
