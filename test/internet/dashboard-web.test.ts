/** The part of the dashboard's interface that the page of the Web asks. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bringUp } from '../../src/cli/bring-up.ts';
import { readScenario } from '../../src/cli/scenario-file.ts';
import { HttpClient } from '../../src/http/index.ts';
import {
  type ByHandRequest,
  type ByHandView,
  type CookiesView,
  type Internet,
  type LoadView,
  type PageTimesView,
  type ProxyView,
  serveDashboard,
} from '../../src/internet/index.ts';
import { comparePageModes } from '../../src/labs/index.ts';
import { fromBase64 } from '../../src/lib/base64.ts';
import { fromUtf8 } from '../../src/lib/bytes.ts';
import type { Server } from '../../src/net/index.ts';
import { type RealHost, realHost } from '../../src/net/real/index.ts';

let internet: Internet;
let host: RealHost;
let server: Server;
let client: HttpClient;
let base: string;

beforeAll(async () => {
  internet = await bringUp(await readScenario('default'));
  host = realHost({ name: 'dashboard' });
  server = await serveDashboard(host, internet, 0, {
    version: '1.2.3',
    experiments: { comparePages: (request) => comparePageModes({ ...request, seed: '1' }) },
  });
  client = new HttpClient(host, { lookup: async (name) => [name] });
  base = `http://127.0.0.1:${server.local.port}/api/`;
});

afterAll(async () => {
  client.close();
  await server.close({ graceMs: 0 });
  await internet.close();
  await host.close();
});

async function get<T>(path: string): Promise<T> {
  return JSON.parse(await (await client.get(base + path)).body.text()) as T;
}

async function ask(path: string, body: object) {
  const headers = { 'Content-Type': 'application/json' };
  const text = JSON.stringify(body);
  const response = await client.request({ url: base + path, method: 'POST', headers, body: text });
  const answer = await response.body.text();
  const { error } = JSON.parse(answer) as { error?: { message: string } };
  return { status: response.status, text: error?.message ?? answer };
}

async function post<T>(path: string, body: object): Promise<T> {
  const { status, text } = await ask(path, body);
  expect(status, text).toBe(200);
  return JSON.parse(text) as T;
}

const load = (user: string, url: string) =>
  post<LoadView>('load', { host: user, url, mode: 'browser', har: true });

describe('a page load', () => {
  it('says when it began, and is a HAR file too', async () => {
    const before = internet.ground.clock.now();
    const { page, startedAt, har } = await load('bob', 'http://www.college.edu/');
    expect(startedAt).toBeGreaterThanOrEqual(before);
    expect(page.page.exchange).toMatchObject({ local: { port: expect.any(Number) } });
    expect(har).toMatchObject({
      log: { creator: { version: '1.2.3' }, entries: expect.any(Array) },
    });
    const [first] = (har as { log: { pages: { startedDateTime: string }[] } }).log.pages;
    const began = Date.parse(first?.startedDateTime ?? '');
    expect(Math.abs(began - internet.ground.clock.epoch - startedAt)).toBeLessThan(2);
  });

  it('comes without the file where nobody asks for it', async () => {
    const view = await post<LoadView>('load', { host: 'bob', url: 'http://www.college.edu/' });
    expect(view.har).toBeUndefined();
  });
});

describe('the ways of loading a page', () => {
  const path = { rttMs: 100, rate: 10e6, objects: 10, size: 10_000, connections: 6 };

  it('computed, and measured', async () => {
    const { rows } = await post<PageTimesView>('page-times', { ...path, slowStart: false });
    const computed = rows.map(({ mode, formula }) => [mode, formula?.ms]);
    expect(computed).toEqual([
      ['serial', 2288],
      ['parallel', 688],
      ['persistent', 1288],
      ['pipelined', 388],
    ]);
    for (const { measuredMs, withHeadsMs } of rows)
      expect(measuredMs).toBeCloseTo(withHeadsMs ?? 0);
    expect(Object.keys(rows[0] ?? {})).not.toContain('page');
  });

  it('with slow start only new connections have a formula', async () => {
    const { rows } = await post<PageTimesView>('page-times', { ...path, slowStart: true });
    expect(rows.map(({ formula }) => formula !== undefined)).toEqual([true, false, false, false]);
  });

  it.each([
    [{ ...path, objects: 1_000 }, 'expected "objects", a number from 0 to 100'],
    [{ ...path, rate: 'fast' }, 'expected "rate"'],
    [{ ...path, rttMs: -1 }, 'expected "rttMs"'],
  ])('%j is refused', async (body, message) => {
    const { status, text } = await ask('page-times', body);
    expect([status, text]).toEqual([400, expect.stringContaining(message)]);
  });
});

describe('a request typed by hand', () => {
  const send = (text: string, more: Partial<ByHandRequest> = {}) =>
    post<ByHandView>('by-hand', { host: 'alice', to: 'www.campus.edu', port: 80, text, ...more });
  const GET = 'GET / HTTP/1.1\r\nHost: www.campus.edu\r\n';
  const answer = ({ bytes }: ByHandView) => fromUtf8(fromBase64(bytes) ?? new Uint8Array());
  const etag = (view: ByHandView) => /^ETag: (.*)\r$/m.exec(answer(view))?.[1] ?? '';

  it('is sent as it is; its answer has fields and times, and the connection is left open', async () => {
    const view = await send(`${GET}\r\n`);
    expect(answer(view)).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*<\/html>/);
    expect(view).toMatchObject({ end: 'open', replies: [{ start: 0, length: view.length }] });
    expect(view.replies[0]?.fields[0]).toMatchObject({ name: 'Status line' });
    expect(view.lastByteMs).toBeGreaterThanOrEqual(view.firstByteMs ?? Number.NaN);
    const said = internet.recorder.messages().filter(({ id }) => id > view.after);
    expect(said.map(({ summary }) => summary)).toContain('GET / www.campus.edu');
  });

  it('if it has changed: no body', async () => {
    const first = await send(`${GET}\r\n`);
    const second = await send(`${GET}If-None-Match: ${etag(first)}\r\n\r\n`);
    expect(answer(second)).toMatch(/^HTTP\/1\.1 304 Not Modified\r\n[\s\S]*\r\n\r\n$/);
  });

  it.each([
    [
      'five bytes',
      `${GET}Range: bytes=0-4\r\n\r\n`,
      /^HTTP\/1\.1 206 [\s\S]*\r\n\r\n.{5}$/,
      'open',
    ],
    [
      'HEAD',
      `HEAD / HTTP/1.1\r\nHost: www.campus.edu\r\n\r\n`,
      /^HTTP\/1\.1 200 [\s\S]*\r\n\r\n$/,
      'open',
    ],
    ['close', `${GET}Connection: close\r\n\r\n`, /Connection: close/, 'closed'],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400 [\s\S]*Host is missing/, 'closed'],
    [
      'two lengths',
      `${GET}Content-Length: 5\r\nContent-Length: 7\r\n\r\nhello`,
      /^HTTP\/1\.1 400 /,
      'closed',
    ],
    ['LF alone', 'GET / HTTP/1.1\nHost: www.campus.edu\n\n', /^HTTP\/1\.1 200 OK/, 'open'],
  ])('%s', async (_, text, expected, end) => {
    const view = await send(text);
    expect(answer(view)).toMatch(expected);
    expect(view.end).toBe(end);
  });

  it('two at once have two answers', async () => {
    const view = await send(`${GET}\r\n${GET}Connection: close\r\n\r\n`);
    const [first, second] = view.replies;
    expect(view.replies).toHaveLength(2);
    expect(second?.start).toBe(first?.length);
    expect(view.end).toBe('closed');
  });

  it('through the proxy', async () => {
    const text = 'GET http://www.news.org/ HTTP/1.1\r\nHost: www.news.org\r\n\r\n';
    const view = await send(text, { to: 'proxy.campus', port: 8080 });
    expect(answer(view)).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*\r\nCache-Status: /);
  });

  it.each([
    [{ to: 'ping.campus' }, 502, /nobody listens there/],
    [{ to: 'nobody.campus.edu' }, 502, /no such name/],
    [{ port: 0 }, 400, /"port"/],
    [{ host: 'nobody' }, 400, /there is no host nobody/],
    [{ text: '' }, 400, /"text"/],
  ])('%j: %d', async (more, status, message) => {
    const body = { host: 'alice', to: 'www.campus.edu', port: 80, text: GET, ...more };
    const refused = await ask('by-hand', body);
    expect([refused.status, refused.text]).toEqual([status, expect.stringMatching(message)]);
  });
});

describe('a proxy', () => {
  const PAGE = 'http://www.news.org/';
  const proxy = () => get<ProxyView>('proxies/proxy.campus');
  const purge = (body: object) => post<ProxyView>('proxies/proxy.campus/purge', body);
  const urls = ({ entries }: ProxyView) => entries.map(({ url }) => url);

  it('keeps what its users load, counts hits, and lets go of it', async () => {
    await purge({ all: true });
    await load('carol', PAGE);
    const before = await proxy();
    await load('carol', PAGE);
    const after = await proxy();
    expect(before.users).toEqual(['carol']);
    const page = after.entries.find(({ url }) => url === PAGE);
    expect(page).toMatchObject({ status: 200, complete: true, hits: 1, lifetime: 60 });
    expect(page?.freshFor).toBeGreaterThan(50);
    expect(after.statistics.hits).toBeGreaterThan(before.statistics.hits);
    expect(after.statistics.bytesSaved).toBeGreaterThan(before.statistics.bytesSaved);

    const soft = await purge({ url: PAGE, soft: true });
    expect(soft.purged).toBe(1);
    expect(soft.entries.find(({ url }) => url === PAGE)?.invalid).toBe(true);
    const hard = await purge({ url: PAGE });
    expect(urls(hard)).not.toContain(PAGE);
    expect(urls(hard).length).toBeGreaterThan(0);
    expect(urls(await purge({ prefix: 'http://www.news.org/' }))).toEqual([]);
  });

  it.each([
    ['proxies/proxy.campus/purge', {}, /expected "url", "prefix" or "tag"/],
    ['proxies/www.campus/purge', { all: true }, /www\.campus has no proxy that runs/],
  ])('%s %j', async (path, body, message) => {
    const refused = await ask(path, body);
    expect([refused.status, refused.text]).toEqual([400, expect.stringMatching(message)]);
  });
});

describe('cookies', () => {
  const cookies = () => get<CookiesView>('cookies');
  const jar = (view: CookiesView, name: string) => view.users.find((user) => user.host === name);

  it('on both sides, joined; with the site that set each', async () => {
    await load('alice', 'http://www.shop.com/');
    const view = await cookies();
    const held = jar(view, 'alice')?.cookies ?? [];
    const id = held.find(({ name }) => name === 'id');
    expect(id).toMatchObject({ domain: 'www.shop.com', hostOnly: true, httpOnly: true });
    const shop = view.sites.find(({ app }) => app === 'shop');
    expect(shop?.entries.map((entry) => entry.id)).toContain(id?.entry);
    expect(held.find(({ name }) => name === 'visitor')?.setBy).toEqual({
      url: expect.stringContaining('http://www.ads.com/banner.svg'),
      page: 'http://www.shop.com/',
    });
    expect(view.users.map((user) => user.host)).toEqual(['alice', 'carol', 'bob']);
  });

  it('of third parties are refused where the user says so, with the section', async () => {
    await post('cookies/bob/third-party', { thirdParty: 'block' });
    await load('bob', 'http://www.news.org/');
    const bob = jar(await cookies(), 'bob');
    expect(bob?.thirdParty).toBe('block');
    expect(bob?.cookies.filter(({ name }) => name === 'visitor')).toEqual([]);
    expect(bob?.heard[0]).toMatchObject({
      name: 'visitor',
      outcome: 'refused',
      why: expect.stringContaining('blocked'),
      spec: 'RFC 6265bis §7.1',
    });
  });

  it('are forgotten one by one or all together, also by the disk', async () => {
    await load('alice', 'http://www.shop.com/');
    const [first] = jar(await cookies(), 'alice')?.cookies ?? [];
    const { name, domain, path, hostOnly } = first ?? {};
    const one = await post<CookiesView>('cookies/alice/forget', { name, domain, path, hostOnly });
    expect(jar(one, 'alice')?.cookies.map((cookie) => cookie.name)).not.toContain(name);
    const all = await post<CookiesView>('cookies/alice/forget', { all: true });
    expect(jar(all, 'alice')?.cookies).toEqual([]);
    await expect
      .poll(async () => fromUtf8(await internet.user('alice').host.files.read('/cookies.txt')))
      .not.toContain('shop.com');
  });

  it('of who is switched off are not asked for', async () => {
    await internet.stopHost('bob');
    expect(jar(await cookies(), 'bob')).toMatchObject({ running: false, cookies: [] });
    const refused = await ask('cookies/bob/forget', { all: true });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('switched off')]);
    await internet.startHost('bob');
    const wrong = await ask('cookies/bob/third-party', { thirdParty: 'maybe' });
    expect(wrong.status).toBe(400);
  });
});
