/** Under wrk: every answer right, no connection lost, at a server and at a cache before it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HttpCache } from '../../src/cache/index.ts';
import { serveHttp, staticFiles } from '../../src/http/index.ts';
import { type RealHost, realHost } from '../../src/net/real/index.ts';
import { serveProxy } from '../../src/proxy/index.ts';
import { describeWith } from '../peer.ts';

const run = promisify(execFile);

describeWith(['wrk'], 'wrk', () => {
  let host: RealHost;
  const ports: Record<string, number> = {};
  let cache: HttpCache;

  beforeAll(async () => {
    host = realHost();
    await host.files.write('/1k.txt', new Uint8Array(1024).fill(120));
    const handler = staticFiles({ cacheControl: 'max-age=3600' });
    const origin = await serveHttp(host, { port: 0, handler });
    cache = new HttpCache(host);
    const reverse = `http://127.0.0.1:${origin.local.port}`;
    const proxy = await serveProxy(host, { port: 0, reverse, cache });
    ports['the server'] = origin.local.port;
    ports['the cache'] = proxy.local.port;
  });

  afterAll(() => host.close());

  test.each([
    ['the server', []],
    ['the server', ['-H', 'Connection: close']],
    ['the cache', []],
    ['the cache', ['-H', 'Connection: close']],
  ])('%s, %j', async (which, more) => {
    const url = `http://127.0.0.1:${ports[which]}/1k.txt`;
    const { stdout } = await run('wrk', ['-t1', '-c16', '-d1s', ...more, url]);
    expect(Number(/(\d+) requests in/.exec(stdout)?.[1])).toBeGreaterThan(100);
    expect(stdout).not.toMatch(/Non-2xx|Socket errors/);
  });

  test('the cache asked its origin once', () => {
    const { requests, hits } = cache.statistics();
    expect(requests - hits).toBeLessThanOrEqual(16);
    expect(hits).toBeGreaterThan(200);
  });
});
