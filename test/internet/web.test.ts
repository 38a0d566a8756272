/** The Web of the default internet, the same on both networks: TLS, and the campus's proxy. */
import { expect, it } from 'vitest';
import { bringUp } from '../../src/cli/bring-up.ts';
import { readScenario } from '../../src/cli/scenario-file.ts';
import { type Internet, load, parseScenario, SimulatedInternet } from '../../src/internet/index.ts';

async function onBoth(story: (internet: Internet) => Promise<void>): Promise<void> {
  const file = await readScenario('default');
  await new SimulatedInternet(file, 'one').play(story);
  const real = await bringUp(file, { seed: 'one' });
  try {
    await story(real);
  } finally {
    await real.close();
  }
}

it('every site speaks TLS with a certificate for its name, and one speaks nothing else', () =>
  onBoth(async (internet) => {
    const { client } = internet.user('alice');
    for (const site of ['www.campus.edu', 'www.shop.com', 'www.news.org', 'www.ads.com']) {
      const response = await client.get(`https://${site}/`);
      await response.body.bytes();
      expect([site, response.status, response.remote.port]).toEqual([site, 200, 443]);
    }
    const plain = await client.request(
      { url: 'http://portal.campus.edu/a?b' },
      { redirect: 'manual' },
    );
    expect(plain.status).toBe(308);
    expect(plain.headers.get('Location')).toBe('https://portal.campus.edu/a?b');
    const page = await load(internet.user('alice'), 'http://portal.campus.edu/');
    expect([page.url, page.title, page.ok]).toEqual([
      'https://portal.campus.edu/',
      'The campus portal',
      true,
    ]);
    const notes = internet.recorder.messages().flatMap((message) => message.notes);
    expect(notes.map(({ text }) => text).join('\n')).toMatch(/TLS.* for portal\.campus\.edu/);
  }));

it('the page of a secure site is seen in clear, field by field', async () => {
  const simulated = new SimulatedInternet(await readScenario('default'), 'two');
  await simulated.play(async (internet) => {
    await load(internet.user('bob'), 'https://www.shop.com/');
    const said = internet.recorder.messages().filter(({ to }) => to.port === 443);
    expect(said[0]?.protocol).toBe('http');
    expect(said[0]?.summary).toContain('GET / www.shop.com');
  });
});

it('Carol asks the proxy: once the origin, then the cache, and a tunnel for TLS', () =>
  onBoth(async (internet) => {
    const { client } = internet.user('carol');
    const cache = internet.proxyCache('proxy.campus');
    for (const expected of [/fwd=uri-miss/, /hit/]) {
      const response = await client.get('http://www.news.org/globe.svg');
      await response.body.bytes();
      expect(response.headers.get('Cache-Status')).toMatch(expected);
    }
    expect(cache?.statistics()).toMatchObject({ requests: 2, hits: 1 });
    expect(cache?.view().map(({ url }) => url)).toEqual(['http://www.news.org/globe.svg']);
    const secure = await client.get('https://www.news.org/globe.svg');
    await secure.body.bytes();
    expect(secure.status).toBe(200);
    expect(secure.headers.has('Via')).toBe(false);
    expect(cache?.statistics().requests).toBe(2);
  }));

it.each([
  ['proxy: nobody', 'there is no host nobody with a proxy'],
  ['services: { https: {} }', 'this host has no http service whose sites it could serve'],
  [
    'services: { http: { sites: {} }, https: { only: [a.test] } }',
    'the http service of this host has no site a.test',
  ],
  ['services: { proxy: { maxSize: much } }', 'expected a size such as "64 MB" or "1 GiB"'],
])('a scenario with %s is refused', (line, complaint) => {
  const text = `title: t\nnetwork: 127.9.0.0/16\nplaces: { p: { title: p, at: [0, 0] } }\nhosts:\n  a:\n    place: p\n    address: 127.9.0.1\n    ${line}\n`;
  expect(() => parseScenario(text, 'f.yaml')).toThrow(complaint);
});
