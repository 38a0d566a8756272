/** The resolver as others see it: clients, watchers, callers. */
import { describe, expect, test } from 'vitest';
import { Internet } from '../../test/dns-internet.ts';
import type { SimHost } from '../net/sim/index.ts';
import { queryDns, stubLookup } from './client.ts';
import { question } from './message.ts';

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
