/** Tunnels, other protocols, and a proxy with a cache, in a simulated world. */
import { beforeEach, describe, expect, test } from 'vitest';
import { mirror, ProxyStage } from '../../test/proxy/stage.ts';
import { HttpCache } from '../cache/index.ts';
import type { Handler } from '../http/index.ts';
import { fromUtf8, utf8 } from '../lib/bytes.ts';
import { ByteReader, type Host } from '../net/index.ts';
import { serveProxy } from './server.ts';

let stage: ProxyStage;
beforeEach(() => {
  stage = new ProxyStage();
});

const CLOSE = 'Connection: close\r\n';

describe('tunnels', () => {
  const echo = (): Promise<unknown> =>
    stage.origin.network.listen({ port: 7 }, (connection) => {
      connection.attach({
        onData: (bytes) => connection.write(bytes),
        onEnd: () => connection.end(),
        onClose() {},
      });
    });

  test('CONNECT to any name and port, bytes both ways, half-closes too', async () => {
    await stage.world.run(echo());
    await stage.proxy();
    const said = async (): Promise<string> => {
      const connection = await stage.alice.network.connect({
        address: stage.edge.address,
        port: 8080,
      });
      const reader = new ByteReader(connection);
      connection.write(utf8('CONNECT www.a:7 HTTP/1.1\r\nHost: www.a:7\r\n\r\nearly '));
      expect(await reader.readLine()).toBe('HTTP/1.1 200 Connection Established');
      while ((await reader.readLine()) !== '') {}
      connection.write(utf8('bird'));
      connection.end();
      return fromUtf8(await reader.readAll());
    };
    expect(await stage.world.run(said())).toBe('early bird');
    await stage.world.run();
    expect(stage.world.netstat()).not.toContain('ESTABLISHED');
  });

  test('is always answered', async () => {
    await stage.proxy();
    const connect = (to: string): Promise<string> =>
      stage.asks(`CONNECT ${to} HTTP/1.1\r\nHost: x\r\n${CLOSE}\r\n`);
    expect(await connect('www.a:9')).toMatch(/^HTTP\/1.1 502 [\s\S]*www.a:9 could not be reached/);
    expect(await connect('nobody:80')).toMatch(/^HTTP\/1.1 502 [\s\S]*there is no nobody/);
    stage.world.partition('edge', 'origin');
    const began = stage.world.now;
    expect(await connect('www.a:7')).toMatch(/^HTTP\/1.1 504 /);
    expect(stage.world.now - began).toBeLessThan(16_000);
  });

  test('a quiet one ends', async () => {
    await stage.world.run(echo());
    await stage.proxy();
    const began = stage.world.now;
    await stage.world.run(
      stage.talk('CONNECT www.a:7 HTTP/1.1\r\nHost: www.a:7\r\n\r\n').catch(() => ''),
    );
    expect(stage.world.now - began).toBeGreaterThan(14 * 60_000);
    expect(stage.world.now - began).toBeLessThan(16 * 60_000);
  });

  test('another protocol, where the origin agrees (RFC 9110 §7.8)', async () => {
    await stage.serve(({ headers }) => {
      if (headers.get('Upgrade') !== 'echo') return { status: 200, body: 'plain' };
      return {
        status: 101,
        headers: [['Upgrade', 'echo']],
        takeover({ connection, early }) {
          connection.attach({
            onData: (bytes) => connection.write(bytes),
            onEnd: () => connection.end(),
            onClose() {},
          });
          connection.write(early);
          connection.resume();
        },
      };
    });
    await stage.proxy({ cache: new HttpCache(stage.edge) });
    const said = async (): Promise<string> => {
      const connection = await stage.alice.network.connect({
        address: stage.edge.address,
        port: 8080,
      });
      const reader = new ByteReader(connection);
      connection.write(
        utf8(
          'GET http://www.a/ HTTP/1.1\r\nHost: www.a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n',
        ),
      );
      expect(await reader.readLine()).toBe('HTTP/1.1 101 Switching Protocols');
      const fields: (string | null)[] = [];
      for (let line = await reader.readLine(); line !== ''; line = await reader.readLine())
        fields.push(line);
      expect(fields).toEqual(
        expect.arrayContaining(['Upgrade: echo', 'Connection: upgrade', 'Via: 1.1 edge']),
      );
      connection.write(utf8('hello'));
      connection.end();
      return fromUtf8(await reader.readAll());
    };
    expect(await stage.world.run(said())).toBe('hello');
    const refused = await stage.asks(
      `GET http://www.a/ HTTP/1.1\r\nHost: www.a\r\nConnection: Upgrade, close\r\nUpgrade: other\r\n\r\n`,
    );
    expect(refused).toMatch(/^HTTP\/1.1 200 OK[\s\S]*plain$/);
  });
});

describe('with a cache', () => {
  test('the trace tells why', async () => {
    const notes: string[] = [];
    const trace = {
      on: true,
      emit: (event: { kind: string; text?: string; spec?: string }) => {
        if (event.kind === 'note' && event.text) notes.push(`${event.text} (${event.spec})`);
      },
    };
    await stage.serve(page);
    const { edge, lookup } = stage;
    const server = serveProxy(
      {
        ...edge,
        name: 'edge',
        address: stage.edge.address,
        network: stage.edge.network,
        clock: stage.edge.clock,
        random: stage.edge.random,
        files: stage.edge.files,
        trace,
      },
      {
        port: 8080,
        reverse: 'http://www.a',
        lookup,
        cache: new HttpCache({
          ...edge,
          clock: stage.edge.clock,
          random: stage.edge.random,
          trace,
        } as Host),
      },
    );
    await stage.world.run(server);
    await get('/x');
    await get('/x');
    expect(notes.filter((note) => /^the origin|^hit/.test(note))).toEqual([
      'the origin is asked: nothing is stored of this URL (RFC 9111 §4)',
      'hit: a stored response is fresh, 0 s of 60 s (max-age) (RFC 9111 §4.2)',
    ]);
  });

  const page: Handler = ({ path }) => ({
    status: 200,
    headers: [
      ['Cache-Control', 'max-age=60'],
      ['Cache-Tag', 'all'],
    ],
    body: `page ${path}`,
  });
  const get = (path: string, more = '') =>
    stage.asks(`GET ${path} HTTP/1.1\r\nHost: www.a\r\n${CLOSE}${more}\r\n`);

  test('before one origin: the second comes from here', async () => {
    await stage.serve(page);
    await stage.proxy({ reverse: 'http://www.a', cache: new HttpCache(stage.edge) });
    expect(await get('/x')).toMatch(
      /Cache-Status: toplayer; fwd=uri-miss; fwd-status=200; ttl=59; stored\r\n/,
    );
    expect(await get('/x')).toMatch(
      /Age: 0\r\nCache-Status: toplayer; hit; ttl=59\r\n[\s\S]*page \/x$/,
    );
  });

  test('for all: in absolute form', async () => {
    await stage.serve(page);
    await stage.proxy({ cache: new HttpCache(stage.edge, { targets: [] }) });
    await get('http://www.a/x');
    expect(await get('http://WWW.A:80/x')).toContain('toplayer; hit');
  });

  test('Host is kept, or rewritten', async () => {
    await stage.serve(mirror);
    const server = await stage.proxy({ reverse: 'http://www.a' });
    expect(await stage.asks(`GET / HTTP/1.1\r\nHost: shop\r\n${CLOSE}\r\n`)).toContain(
      '\nHost: shop\n',
    );
    await stage.world.run(server.close({ graceMs: 0 }));
    await stage.proxy({ reverse: 'http://www.a', hostField: 'rewrite' });
    expect(await stage.asks(`GET / HTTP/1.1\r\nHost: shop\r\n${CLOSE}\r\n`)).toMatch(
      /\nHost: www.a\n[\s\S]*X-Forwarded-Host: shop/,
    );
  });

  test('PURGE, by URL, prefix and tag, and only from where it may come', async () => {
    await stage.serve(page);
    await stage.proxy({
      reverse: 'http://www.a',
      cache: new HttpCache(stage.edge),
      mayPurge: (address) => address === stage.alice.address,
    });
    const purge = (path: string, more = '') =>
      stage.asks(`PURGE ${path} HTTP/1.1\r\nHost: www.a\r\n${CLOSE}${more}\r\n`);
    for (const path of ['/a/1', '/a/2', '/b']) await get(path);
    expect(await purge('/b')).toContain('{"purged":1,"soft":false}');
    expect(await purge('/a/', 'Purge-Scope: prefix\r\nPurge-Mode: soft\r\n')).toContain(
      '{"purged":2,"soft":true}',
    );
    expect(await get('/a/1')).toContain('fwd=stale');
    expect(await purge('/', 'Cache-Tag: all, none\r\n')).toContain('{"purged":2,"soft":false}');
    expect(await get('/a/1')).toContain('fwd=uri-miss');
  });

  test('PURGE from elsewhere is 403', async () => {
    await stage.proxy({
      reverse: 'http://www.a',
      cache: new HttpCache(stage.edge),
      mayPurge: () => false,
    });
    expect(await stage.asks(`PURGE / HTTP/1.1\r\nHost: www.a\r\n${CLOSE}\r\n`)).toMatch(
      /^HTTP\/1.1 403 /,
    );
  });
});
