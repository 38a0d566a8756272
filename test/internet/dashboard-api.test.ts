/** The interface of the dashboard's server, as its pages and the command line use it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bringUp } from '../../src/cli/bring-up.ts';
import { readScenario } from '../../src/cli/scenario-file.ts';
import { type ClientRequest, type ClientResponse, HttpClient } from '../../src/http/index.ts';
import {
  type CacheView,
  type HostView,
  type Internet,
  type InternetView,
  type LiveEvent,
  type LoadView,
  type LookupView,
  type MessagesView,
  type MessageView,
  type NamesView,
  type RegistrationView,
  serveDashboard,
} from '../../src/internet/index.ts';
import { fromBase64 } from '../../src/lib/base64.ts';
import { fromUtf8, utf8 } from '../../src/lib/bytes.ts';
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
  await host.files.write('/index.html', utf8('<title>the pages</title>'));
  server = await serveDashboard(host, internet, 0);
  client = new HttpClient(host, { lookup: async (name) => [name] });
  base = `http://127.0.0.1:${server.local.port}`;
});

afterAll(async () => {
  client.close();
  await server.close({ graceMs: 0 });
  await internet.close();
  await host.close();
});

const call = (path: string, more: Partial<ClientRequest> = {}) =>
  client.request({ url: `${base}/api/${path}`, ...more });

async function json<T>(response: Promise<ClientResponse>): Promise<T> {
  return JSON.parse(await (await response).body.text()) as T;
}

function post(path: string, body: unknown, type = 'application/json'): Promise<ClientResponse> {
  return call(path, {
    method: 'POST',
    headers: { 'Content-Type': type },
    body: JSON.stringify(body),
  });
}

const load = () =>
  json<LoadView>(
    post('load', { host: 'alice', url: 'http://www.campus.edu/', mode: 'persistent' }),
  );

describe('what there is', () => {
  it('the internet: places, hosts with their real ports, pages, commands', async () => {
    const view = await json<InternetView>(call('internet'));
    expect(view).toMatchObject({ title: 'The default internet', kind: 'real' });
    expect(view.hosts.map(({ role }) => role)).toContain('resolver');
    expect(view.pages).toContain('http://www.campus.edu/');
    expect(view.commands).toHaveLength(8);
    expect(new Set(view.hosts.map(({ place }) => place))).toEqual(
      new Set(view.places.map(({ id }) => id)),
    );
  });

  it('the pages themselves', async () => {
    expect(await (await client.get(`${base}/`)).body.text()).toContain('the pages');
  });
});

describe('what is said', () => {
  it('a page load gives its messages, and each its fields and bytes', async () => {
    const { page, after } = await load();
    expect(page).toMatchObject({ ok: true, title: 'The campus' });
    const { messages } = await json<MessagesView>(call(`messages?after=${after}`));
    const question = messages.find(({ protocol }) => protocol === 'dns');
    const view = await json<MessageView>(call(`messages/${question?.id}`));
    expect(view.line).toEqual(question);
    expect(fromBase64(view.bytes)).toHaveLength(question?.length ?? 0);
    expect(view.fields[0]).toMatchObject({ name: 'Header', start: 0, end: 12 });
  });

  it('as text, and as files', async () => {
    await load();
    expect(await (await call('ladder?width=200&fields')).body.text()).toContain('Why: ');
    const sizes = await Promise.all(
      ['pcapng', 'ndjson', 'mermaid', 'txt'].map(async (name) => {
        const response = await call(`export/${name}`);
        expect(response.headers.get('Content-Disposition')).toMatch(/^attachment/);
        return (await response.body.bytes()).length;
      }),
    );
    expect(Math.min(...sizes)).toBeGreaterThan(500);
  });

  it('live, and on from where a reader was cut off', async () => {
    const newest = internet.recorder.newest;
    const response = await call('events', { headers: { 'Last-Event-ID': String(newest) } });
    const told: LiveEvent[] = [];
    const reading = (async () => {
      let text = '';
      for await (const bytes of response.body) {
        text += fromUtf8(bytes);
        const events = text.split('\n\n');
        text = events.pop() ?? '';
        told.push(
          ...events
            .flatMap((event) => /^data: (.*)$/m.exec(event)?.[1] ?? [])
            .map((data) => JSON.parse(data)),
        );
        if (JSON.stringify(told).includes('library.svg')) return;
      }
    })();
    await load();
    await reading;
    const ids = told.flatMap((event) =>
      event.type === 'messages' ? event.messages.map(({ id }) => id) : [],
    );
    expect(ids[0]).toBe(newest + 1);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  });

  it('until it is cleared; numbers go on', async () => {
    await load();
    const { newest } = internet.recorder;
    await post('clear', {});
    expect((await json<MessagesView>(call('messages'))).messages).toEqual([]);
    expect((await call(`messages/${newest}`)).status).toBe(404);
    const { after } = await load();
    expect(after).toBe(newest);
  });
});

describe('names', () => {
  it('the tree of zones, and each as a zone file', async () => {
    const { zones, resolvers } = await json<NamesView>(call('names'));
    expect(zones[0]).toMatchObject({
      origin: '.',
      servers: [{ host: 'a.root' }, { host: 'b.root' }],
    });
    expect(zones.find(({ origin }) => origin === 'campus.edu.')).toMatchObject({
      parent: 'edu.',
      servers: [{ host: 'ns.campus' }],
    });
    expect(zones.find(({ origin }) => origin === 'edu.')?.delegations).toBeGreaterThan(1);
    expect(resolvers).toEqual(['dns.campus']);
    expect(await (await call('zones/campus.edu.')).body.text()).toMatch(
      /www\s+300\s+IN\s+A\s+127\./,
    );
    expect(await (await call('zones/')).body.text()).toMatch(/^\$ORIGIN \.\n/);
    expect((await call('zones/nowhere.')).status).toBe(404);
  });

  it('a zone whose only server is off, as it was, below its parent', async () => {
    await post('hosts/ns.news/stop', {});
    const { zones } = await json<NamesView>(call('names'));
    expect(zones.find(({ origin }) => origin === 'news.org.')).toMatchObject({
      parent: 'org.',
      servers: [{ host: 'ns.news', running: false, serial: 1 }],
    });
    expect(await (await call('zones/news.org.')).body.text()).toContain('www');
    await post('hosts/ns.news/start', {});
    const again = await json<NamesView>(call('names'));
    expect(again.zones.find(({ origin }) => origin === 'news.org.')?.servers).toMatchObject([
      { running: true },
    ]);
  });

  it('what a resolver remembers, and forgets when it is told to', async () => {
    await load();
    const cache = await json<CacheView>(call('caches/dns.campus'));
    const entry = cache.entries.find(
      ({ name, type }) => name === 'www.campus.edu.' && type === 'A',
    );
    expect(entry).toMatchObject({ ttl: 300, source: 'ns.campus', stale: false });
    expect(entry?.left).toBeGreaterThan(200);
    const one = await json<CacheView>(post('caches/dns.campus/flush', { name: 'www.campus.edu' }));
    expect(one.entries.some(({ name }) => name === 'www.campus.edu.')).toBe(false);
    expect(one.entries.length).toBeGreaterThan(0);
    expect(await json<CacheView>(post('caches/dns.campus/flush', {}))).toMatchObject({
      entries: [],
    });
    expect((await call('caches/alice')).status).toBe(400);
    expect((await call('caches/%zz')).status).toBe(400);
    expect((await call('cookies?a=%zz')).status).toBeLessThan(500);
  });
});

describe('registration', () => {
  const to = (command: object, site = 'www.registrar.com') =>
    post(`registrars/${site}`, { host: 'alice', command });
  const told = async (command: object) => (await json<RegistrationView>(to(command))).answer;
  const origins = async () =>
    (await json<NamesView>(call('names'))).zones.map(({ origin }) => origin);
  const registrant = { name: 'Ann' };

  it('the registrars, with what they register and serve', async () => {
    const { registrars } = await json<NamesView>(call('names'));
    expect(registrars.map(({ site }) => site)).toEqual(['www.registrar.com', 'www.names.net']);
    expect(registrars[0]).toEqual({
      site: 'www.registrar.com',
      name: 'The Registrar',
      host: 'www.registrar',
      nameServer: 'ns.registrar.com',
      zones: ['edu', 'com', 'org', 'net'],
    });
  });

  it('a name is registered, is in the tree at once, and given up; each word is on the ladder', async () => {
    expect(await told({ command: 'check', name: 'books.com' })).toMatchObject({ available: true });
    const { answer, after } = await json<RegistrationView>(
      to({ command: 'create', name: 'books.com', registrant, addresses: ['127.20.3.80'] }),
    );
    expect(answer.domain).toMatchObject({ status: ['ok'], code: expect.any(String) });
    expect(await origins()).toContain('books.com.');
    const { messages } = await json<MessagesView>(call(`messages?after=${after}`));
    const posts = messages.filter(({ summary }) => summary.startsWith('POST '));
    expect(posts.map(({ from, to: at }) => [from, at])).toEqual([
      ['alice', 'www.registrar'],
      ['www.registrar', 'a.com'],
      ['www.registrar', 'a.com'],
    ]);
    await told({ command: 'delete', name: 'books.com' });
    expect(await origins()).not.toContain('books.com.');
  });

  it.each([
    [{ command: 'create', name: 'shop.com', registrant }, 409, 'REG_EXISTS'],
    [{ command: 'delete', name: 'shop.com' }, 403, 'REG_NOT_AUTHORISED'],
    [{ command: 'check', name: 'books.test' }, 404, 'REG_NO_REGISTRY'],
    [{ command: 'create', name: 'books.com' }, 400, 'REG_PARAMETER_MISSING'],
    [{ command: 'buy', name: 'books.com' }, 400, 'REG_UNKNOWN_COMMAND'],
  ])('%j is refused: %d, %s', async (command, status, code) => {
    const response = await to(command);
    expect(response.status).toBe(status);
    expect(JSON.parse(await response.body.text())).toMatchObject({ error: { code } });
  });

  it('what is no registrar, and no command', async () => {
    expect((await to({ command: 'list' }, 'no%20name')).status).toBe(400);
    expect((await post('registrars/www.registrar.com', { host: 'alice' })).status).toBe(400);
  });
});

describe('the list of names of a host', () => {
  const ask = async () =>
    (await json<LookupView>(post('lookup', { host: 'alice', name: 'www.campus.edu' }))).addresses;

  it('comes before DNS until it is emptied again, also for pages', async () => {
    const shop = internet.scenario.hosts['www.shop']?.address;
    const campus = internet.scenario.hosts['www.campus']?.address;
    expect(await json(call('hosts/alice/hosts-file'))).toEqual({ text: '' });
    await post('hosts/alice/hosts-file', { text: `${shop} www.campus.edu\n` });
    expect(await ask()).toEqual([shop]);
    await post('hosts/alice/stop', {});
    await post('hosts/alice/start', {});
    expect(await ask()).toEqual([shop]);
    await post('hosts/alice/hosts-file', { text: '' });
    expect(await ask()).toEqual([campus]);
  });

  it('is a text', async () => {
    expect((await post('hosts/alice/hosts-file', {})).status).toBe(400);
    expect((await call('hosts/zoe/hosts-file')).status).toBe(400);
  });
});

describe('what can be done', () => {
  it('a host is stopped and started, and is heard of', async () => {
    expect(await json<HostView>(post('hosts/www.news/stop', {}))).toMatchObject({ running: false });
    const failed = await post('load', { host: 'bob', url: 'http://www.news.org/' });
    expect(failed.status).toBe(502);
    expect(JSON.parse(await failed.body.text())).toMatchObject({ error: { code: 'NET_REFUSED' } });
    expect(await json<HostView>(post('hosts/www.news/start', {}))).toMatchObject({ running: true });
    const again = await json<LoadView>(post('load', { host: 'bob', url: 'http://www.news.org/' }));
    expect(again.page.ok).toBe(true);
  });

  it('a name is looked up, a host is pinged', async () => {
    const found = await json<{ addresses: string[] }>(
      post('lookup', { host: 'bob', name: 'www.college.edu' }),
    );
    expect(found.addresses).toEqual([internet.scenario.hosts['www.college']?.address]);
    const { summary } = await json<{ summary: { sent: number } }>(
      post('ping', { host: 'bob', to: 'ping.campus', count: 1 }),
    );
    expect(summary.sent).toBe(1);
  });
});

describe('what is refused', () => {
  it.each([
    ['a form of another site', () => post('clear', {}, 'text/plain'), 400, 'Content-Type'],
    ['no object', () => post('load', [1]), 400, 'expected a JSON object'],
    ['a field that is missing', () => post('load', { host: 'alice' }), 400, 'expected "url"'],
    [
      'a host that is not there',
      () => post('load', { host: 'zoe', url: 'http://a/' }),
      400,
      'there is no host zoe; there are alice',
    ],
    ['a URL that is none', () => post('load', { host: 'alice', url: 'campus' }), 400, 'campus'],
    [
      'a name that is not there',
      () => post('lookup', { host: 'alice', name: 'no.campus.edu' }),
      502,
      'no.campus.edu',
    ],
    ['a path that is not there', () => call('nothing'), 404, 'nothing'],
    ['a format that is not there', () => call('export/doc'), 404, 'export'],
    ['another method', () => call('internet', { method: 'DELETE' }), 405, 'DELETE'],
  ])('%s', async (_, ask, status, message) => {
    const response = await ask();
    expect(response.status).toBe(status);
    expect(await response.body.text()).toContain(message.replaceAll('"', '\\"'));
  });

  it('a name that was made to point here', async () => {
    const response = await call('internet', { headers: { Host: 'evil.example' } });
    expect(response.status).toBe(421);
  });
});
