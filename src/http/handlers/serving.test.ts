/** What `http serve` adds to files: codings, other origins, an application's fallback, faults. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { utf8 } from '../../lib/bytes.ts';
import { seededRandom } from '../../net/index.ts';
import { type RealHost, realCodings, realHost } from '../../net/real/index.ts';
import { World } from '../../net/sim/index.ts';
import { HttpClient } from '../client.ts';
import { serveHttp } from '../server.ts';
import type { Handler } from '../types.ts';
import { chain } from './chain.ts';
import { cors } from './cors.ts';
import { delayed, failing } from './faults.ts';
import { staticFiles } from './static-files.ts';

const TEXT = 'a line that repeats itself\n'.repeat(2_000);
let host: RealHost;
let base: string;

beforeAll(async () => {
  host = realHost();
  await host.files.write('/a.txt', utf8(TEXT));
  await host.files.write('/big.js', utf8(TEXT.repeat(20)));
  await host.files.write('/noise.txt', seededRandom('noise').bytes(20_000));
  await host.files.write('/picture.png', utf8(TEXT));
  await host.files.write('/index.html', utf8('<h1>the application</h1>'));
  base = await serve(
    staticFiles({ codings: realCodings, fallback: 'index.html', cacheControl: 'no-cache' }),
  );
});

afterAll(() => host.close());

async function serve(handler: Handler): Promise<string> {
  const server = await serveHttp(host, { port: 0, handler });
  return `http://127.0.0.1:${server.local.port}`;
}

/** Asks without undoing codings. */
function ask(url: string, headers: Record<string, string> = {}, method = 'GET') {
  return new HttpClient(host).request({ url, method, headers });
}

describe('content codings', () => {
  test.each(['br', 'gzip'])('%s is sent to who asks, and undone by the client', async (coding) => {
    const raw = await ask(`${base}/a.txt`, { 'Accept-Encoding': coding });
    expect(raw.headers.get('Content-Encoding')).toBe(coding);
    expect(raw.headers.get('Vary')).toBe('Accept-Encoding');
    expect((await raw.body.bytes()).length).toBeLessThan(1000);
    const client = new HttpClient(host, { codings: { ...realCodings, names: [coding] } });
    const read = await client.get(`${base}/a.txt`);
    expect(await read.body.text()).toBe(TEXT);
    client.close();
  });

  test('each form has a tag of its own, and is revalidated by it (RFC 9110 §8.8.3.3)', async () => {
    const tags = new Set<string>();
    for (const coding of ['identity', 'br', 'gzip']) {
      const first = await ask(`${base}/a.txt`, { 'Accept-Encoding': coding });
      await first.body.bytes();
      const tag = first.headers.get('ETag') as string;
      tags.add(tag);
      const fields = { 'Accept-Encoding': coding, 'If-None-Match': tag };
      const again = await ask(`${base}/a.txt`, fields);
      expect(again.status).toBe(304);
      expect(again.headers.get('Vary')).toBe('Accept-Encoding');
    }
    expect(tags.size).toBe(3);
  });

  test('a range is of the form that is sent', async () => {
    const coded = await ask(`${base}/a.txt`, { 'Accept-Encoding': 'gzip' });
    const whole = await coded.body.bytes();
    const fields = { 'Accept-Encoding': 'gzip', Range: 'bytes=10-19' };
    const part = await ask(`${base}/a.txt`, fields);
    expect(part.status).toBe(206);
    expect(await part.body.bytes()).toEqual(whole.slice(10, 20));
  });

  test('what does not shrink, what is squeezed already, and what is not asked for', async () => {
    const shown = async (path: string, coding?: string) => {
      const response = await ask(base + path, coding ? { 'Accept-Encoding': coding } : {});
      await response.body.bytes();
      return response.headers.get('Content-Encoding');
    };
    expect(await shown('/noise.txt', 'gzip')).toBeUndefined();
    expect(await shown('/picture.png', 'gzip')).toBeUndefined();
    expect(await shown('/a.txt')).toBeUndefined();
    expect(await shown('/big.js', 'br')).toBe('br');
  });

  test('a changed file is squeezed anew', async () => {
    await host.files.write('/changing.txt', utf8(TEXT));
    const url = await serve(staticFiles({ codings: realCodings, recheckMs: 0 }));
    const client = new HttpClient(host, { codings: realCodings });
    expect(await (await client.get(`${url}/changing.txt`)).body.text()).toBe(TEXT);
    await host.files.write('/changing.txt', utf8(`${TEXT}!`));
    expect(await (await client.get(`${url}/changing.txt`)).body.text()).toBe(`${TEXT}!`);
    client.close();
  });

  test('bytes that are not of the coding are an error, not a text', async () => {
    const url = await serve(() => ({
      status: 200,
      headers: { 'Content-Encoding': 'gzip' },
      body: 'this is not gzip',
    }));
    const client = new HttpClient(host, { codings: realCodings });
    const response = await client.get(`${url}/`);
    await expect(response.body.text()).rejects.toMatchObject({ code: 'HTTP_BAD_CODING' });
    client.close();
  });
});

describe('an application in one page', () => {
  test('a page that is not there is the application, a script that is not there is missing', async () => {
    const page = await ask(`${base}/a/route`, { Accept: 'text/html' });
    expect([page.status, await page.body.text()]).toEqual([200, '<h1>the application</h1>']);
    expect((await ask(`${base}/a/script.js`)).status).toBe(404);
    expect((await ask(`${base}/a/route`, { Accept: 'application/json' })).status).toBe(404);
  });

  test('Cache-Control is said of every file', async () => {
    const response = await ask(`${base}/a.txt`);
    expect(response.headers.get('Cache-Control')).toBe('no-cache');
  });
});

describe('other origins', () => {
  const preflight = { Origin: 'http://b.test', 'Access-Control-Request-Method': 'PUT' };

  test('all may read', async () => {
    const url = await serve(chain(cors(), staticFiles()));
    const read = await ask(`${url}/a.txt`, { Origin: 'http://b.test' });
    expect(read.headers.get('Access-Control-Allow-Origin')).toBe('*');
    const asked = await ask(`${url}/a.txt`, preflight, 'OPTIONS');
    expect(asked.status).toBe(204);
    expect(asked.headers.get('Access-Control-Allow-Methods')).toContain('PUT');
  });

  test('only those that are named', async () => {
    const url = await serve(chain(cors({ origins: ['http://a.test'] }), staticFiles()));
    const own = await ask(`${url}/a.txt`, { Origin: 'http://a.test' });
    expect(own.headers.get('Access-Control-Allow-Origin')).toBe('http://a.test');
    const other = await ask(`${url}/a.txt`, { Origin: 'http://b.test' });
    expect(other.headers.get('Access-Control-Allow-Origin')).toBeUndefined();
    expect(other.headers.get('Vary')).toBe('Origin');
    expect((await ask(`${url}/a.txt`, preflight, 'OPTIONS')).status).toBe(403);
  });
});

describe('faults on purpose', () => {
  test('late answers, and a share of failures by the luck of the seed', async () => {
    const world = new World({ seed: 5 });
    const [alice, bob] = [world.host('alice'), world.host('bob')];
    const say: Handler = () => ({ status: 200 });
    const handler = chain(delayed([100, 300]), failing({ status: 503, share: 0.25 }), say);
    const statuses: number[] = [];
    const waits: number[] = [];
    await world.run(
      (async () => {
        await serveHttp(bob, { handler });
        const client = new HttpClient(alice);
        for (let i = 0; i < 400; i++) {
          const response = await client.get(`http://${bob.address}/`);
          await response.body.bytes();
          statuses.push(response.status);
          waits.push(response.timings.waitMs);
        }
        client.close();
      })(),
    );
    const failed = statuses.filter((status) => status === 503).length;
    // Four deviations of a binomial count around 100.
    expect(Math.abs(failed - 100)).toBeLessThan(4 * Math.sqrt(75));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...waits)).toBeLessThan(301);
  });

  test('a connection that breaks off after the head', async () => {
    const url = await serve(chain(failing({ status: 0, share: 1 }), staticFiles()));
    const read = async () => (await ask(`${url}/a.txt`)).body.bytes();
    await expect(read()).rejects.toMatchObject({
      code: expect.stringMatching(/^(NET_RESET|HTTP_INCOMPLETE)$/),
    });
  });
});
