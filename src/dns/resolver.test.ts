import { describe, expect, test } from 'vitest';
import { Internet, SOA, serve } from '../../test/dns-internet.ts';
import type { SimHost } from '../net/sim/index.ts';
import { afterwards } from './handlers/reply.ts';
import type { Link } from './handlers/types.ts';
import { labelsToAdd } from './machine/minimise.ts';
import { question, reply } from './message.ts';
import { Resolver } from './resolver.ts';
import type { ResourceRecord } from './types.ts';
import { decodeMessage } from './wire/index.ts';

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
