/** Jars exchanged with curl: what it saved we send, what we saved it sends; and it takes what we take. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CookieJar } from '../../src/cookies/index.ts';
import { type Handler, HttpClient, serveHttp } from '../../src/http/index.ts';
import type { Server } from '../../src/net/index.ts';
import { type RealHost, realHost } from '../../src/net/real/index.ts';
import { describeWith } from '../peer.ts';
import { run } from '../run.ts';

const COOKIES = [
  'id=1678; Max-Age=604800',
  'session=2; Path=/',
  'everywhere=3; Domain=shop.test; Path=/; Max-Age=60',
  'hidden=4; HttpOnly; Path=/; Max-Age=60',
  'deep=5; Path=/a/b',
  'quoted="6"; Path=/; Expires=Thu, 01 Jan 2099 00:00:00 GMT',
  'gone=7; Max-Age=0',
  'other=8; Domain=other.test',
  'above=9; Domain=test',
];

describeWith(['curl'], 'a jar', () => {
  const folder = mkdtempSync(join(tmpdir(), 'toplayer-jar-'));
  const file = join(folder, 'cookies.txt');
  let host: RealHost;
  let server: Server;
  let jar: CookieJar;

  const handler: Handler = ({ path, headers }) => ({
    status: 200,
    headers: path === '/set' ? COOKIES.map((text) => ['Set-Cookie', text] as const) : [],
    body: headers.get('Cookie') ?? '',
  });
  beforeAll(async () => {
    host = realHost();
    server = await serveHttp(host, { port: 0, handler });
  });
  afterAll(async () => {
    await server.close({ graceMs: 0 });
    await host.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    jar = new CookieJar({ now: Date.now });
  });

  const url = (path: string, name = 'www.shop.test') =>
    `http://${name}:${server.local.port}${path}`;
  const curl = async (address: string, ...words: string[]) => {
    const { hostname, port } = new URL(address);
    const to = ['--noproxy', '*', '--connect-to', `${hostname}:${port}:127.0.0.1:${port}`];
    const { out, err } = await run('curl', ['-sS', '--max-time', '10', ...to, ...words, address]);
    expect(err).toBe('');
    return out;
  };

  /** Our client with the jar. */
  async function visit(address: string): Promise<string> {
    const client = new HttpClient(host, { connect: server.local });
    const cookie = jar.cookieHeader(address);
    const response = await client.request({
      url: address,
      ...(cookie !== undefined && { headers: { Cookie: cookie } }),
    });
    jar.setCookies(address, response.headers.all('Set-Cookie'));
    const text = await response.body.text();
    client.close();
    return text;
  }

  const PLACES = [
    ['/', 'www.shop.test'],
    ['/a/b/c', 'www.shop.test'],
    ['/', 'shop.test'],
    ['/', 'img.shop.test'],
    ['/', 'other.test'],
  ] as const;
  const sorted = (field: string) => field.split('; ').sort();

  test("curl's own is read, and sends what curl sends", async () => {
    await curl(url('/set'), '-c', file);
    expect(jar.load(readFileSync(file, 'utf8'))).toEqual([]);
    for (const [path, name] of PLACES) {
      const sent = await curl(url(path, name), '-b', file);
      expect(sorted(await visit(url(path, name))), name + path).toEqual(sorted(sent));
    }
    expect(jar.all()).toHaveLength(6);
  });

  test('of ours is read by curl, and sends what ours sends', async () => {
    await visit(url('/set'));
    writeFileSync(file, jar.save());
    for (const [path, name] of PLACES) {
      const sent = await curl(url(path, name), '-b', file);
      expect(sorted(sent), name + path).toEqual(sorted(await visit(url(path, name))));
    }
    expect(jar.all().map(({ name }) => name)).toEqual([
      'id',
      'session',
      'hidden',
      'deep',
      'quoted',
      'everywhere',
    ]);
  });

  test('goes back and forth without a loss', async () => {
    await visit(url('/set'));
    writeFileSync(file, jar.save());
    await curl(url('/'), '-b', file, '-c', file);
    const again = new CookieJar({ now: Date.now });
    again.load(readFileSync(file, 'utf8'));
    const facts = (from: CookieJar) =>
      from
        .all()
        .map(({ name, value, domain, hostOnly, path, expires, secure, httpOnly }) => ({
          ...{ name, value, domain, hostOnly, path, secure, httpOnly },
          until: expires === undefined ? 'the session' : Math.floor(expires / 1000),
        }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(facts(again)).toEqual(facts(jar));
  });
});
