import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromLatin1, latin1, utf8 } from '../lib/bytes.ts';
import { ProtocolError } from '../lib/errors.ts';
import { ByteReader, type Host } from '../net/index.ts';
import { realHost } from '../net/real/index.ts';
import { World } from '../net/sim/index.ts';
import {
  answerLines,
  encodeQuery,
  QueryReader,
  queryWhois,
  referralOf,
  serveWhois,
  whois,
  whoisDissector,
} from './index.ts';

describe('queries', () => {
  it.each([
    ['books.com\r\n', 'books.com'],
    ['books.com\n', 'books.com'],
    [' domain books.com \r\nmore', 'domain books.com'],
    ['\r\n', ''],
    ['bücher.com\r\n', 'bücher.com'],
    [`${'a'.repeat(512)}\r\n`, 'a'.repeat(512)],
  ])('%j', (text, query) => {
    expect(new QueryReader().push(utf8(text))).toBe(query);
  });

  it.each([
    ['a\0b\r\n', 'WHOIS_BAD_QUERY'],
    ['a\rb\r\n', 'WHOIS_BAD_QUERY'],
    [`${'a'.repeat(513)}\r\n`, 'WHOIS_QUERY_TOO_LONG'],
    ['a'.repeat(514), 'WHOIS_QUERY_TOO_LONG'],
  ])('%j is refused', (text, code) => {
    expect(() => new QueryReader().push(latin1(text))).toThrow(expect.objectContaining({ code }));
  });

  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]{1,80}$/), (query) => {
        expect(new QueryReader().push(encodeQuery(query))).toBe(query);
      }),
      { seed: 1 },
    );
    expect(() => encodeQuery('a\r\nb')).toThrow(ProtocolError);
  });
});

describe('answers', () => {
  it('are lines of key and value', () => {
    const text = '% about: this\r\n  Domain Name: BOOKS.COM\r\nEmpty:\r\n>>> Last: x <<<\r\n';
    expect(answerLines(text)).toEqual([{ key: 'Domain Name', value: 'BOOKS.COM' }]);
  });

  it.each([
    ['whois: whois.nic.com', 'whois.nic.com'],
    ['domain: COM\nrefer:   WHOIS.nic.com', 'whois.nic.com'],
    ['Registrar WHOIS Server: whois.registrar.com:4343', 'whois.registrar.com:4343'],
    ['ReferralServer: rwhois://a.net:4321/', 'a.net:4321'],
    ['Registrar: A', undefined],
    ['whois: not a host', undefined],
  ])('%j refers to %s', (text, server) => {
    expect(referralOf(text)).toBe(server);
  });
});

/** A root that refers to a registry; the client walks. */
async function walk(client: Host, root: Host, registry: Host): Promise<void> {
  const at = await serveWhois(registry, { port: 0, answer: (query) => `Domain: ${query}\n` });
  const top = await serveWhois(root, {
    port: 0,
    answer: async (query) => {
      if (query === 'broken') throw new Error('broken');
      return `whois: whois.nic.com:${at.local.port}\n`;
    },
  });
  const lookup = async (name: string) => [
    name === 'whois.nic.com' ? at.local.address : top.local.address,
  ];
  const steps = await whois(client, lookup, 'books.com', `root:${top.local.port}`);
  expect(steps.map(({ text }) => text)).toEqual([
    `whois: whois.nic.com:${at.local.port}\n`,
    'Domain: books.com\n',
  ]);
  expect(await queryWhois(client, top.local, 'broken')).toContain('could not answer');
  const byHand = new ByteReader(await client.network.connect(at.local));
  await byHand.write(latin1('boo'));
  await byHand.write(latin1('ks.com\r'));
  await byHand.write(latin1('\n'));
  expect(fromLatin1(await byHand.readAll())).toBe('Domain: books.com\r\n');
  byHand.end();
  const wrong = new ByteReader(await client.network.connect(at.local));
  await wrong.write(latin1('a\0\n'));
  expect(fromLatin1(await wrong.readAll())).toMatch(/^% a control character.*RFC 3912/);
  wrong.end();
  const unfinished = new ByteReader(await client.network.connect(at.local));
  await unfinished.write(latin1('maps.com'));
  unfinished.end();
  expect(fromLatin1(await unfinished.readAll())).toBe('Domain: maps.com\r\n');
  await Promise.all([at.close(), top.close()]);
}

it('walks on the simulated network', async () => {
  const world = new World({ seed: 1 });
  const [client, root, registry] = ['client', 'root', 'registry'].map((name) => world.host(name));
  await world.run(walk(client as Host, root as Host, registry as Host));
});

it('and on real sockets', async () => {
  const host = realHost();
  await walk(host, host, host);
  await host.close();
});

it('a server that says nothing is given up; a circle of referrals is left', async () => {
  const world = new World({ seed: 1 });
  const [client, server] = [world.host('client'), world.host('server')];
  const play = async () => {
    const silent = await server.network.listen({ port: 43 }, (connection) =>
      connection.attach({ onData() {}, onClose() {} }),
    );
    await expect(queryWhois(client, silent.local, 'a', { timeoutMs: 500 })).rejects.toMatchObject({
      code: 'NET_TIMEOUT',
    });
    const circle = await serveWhois(server, { port: 4343, answer: () => 'whois: a:4343\n' });
    const lookup = async () => [circle.local.address];
    expect(await whois(client, lookup, 'x', 'a:4343')).toHaveLength(1);
    const chain = await serveWhois(server, {
      port: 4344,
      answer: () => `whois: h${client.random.uint32()}:4344\n`,
    });
    await expect(
      whois(client, async () => [chain.local.address], 'x', 'a:4344'),
    ).rejects.toMatchObject({
      code: 'WHOIS_REFERRALS',
    });
  };
  await world.run(play());
});

it('is dissected: the query, and the answer when it is over', () => {
  const reader = whoisDissector.stream?.();
  expect(reader?.push('client', latin1('books'))).toEqual([]);
  const [query] = reader?.push('client', latin1('.com\r\n')) ?? [];
  expect(query).toMatchObject({ length: 11, summary: 'books.com', role: 'request' });
  expect(query?.fields()[0]).toMatchObject({ name: 'Query', start: 0, end: 9 });
  expect(reader?.push('server', latin1('Domain Name: BOOKS.COM\r\nRegistrar: A\r\n'))).toEqual([]);
  const [answer] = reader?.end('server') ?? [];
  expect(answer).toMatchObject({
    length: 38,
    summary: 'Domain Name: BOOKS.COM, 2 lines',
    role: 'reply',
  });
  expect(answer?.fields()[1]).toMatchObject({ name: 'Registrar', value: 'A', start: 24, end: 38 });
});
