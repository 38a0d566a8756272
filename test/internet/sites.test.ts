/** The demonstration sites in the default internet: the same on both networks, and after a power cut. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bringUp } from '../../src/cli/bring-up.ts';
import { readScenario } from '../../src/cli/scenario-file.ts';
import { type Internet, load, SimulatedInternet } from '../../src/internet/index.ts';
import { fromUtf8 } from '../../src/lib/bytes.ts';
import { sleep } from '../../src/net/index.ts';
import { sqliteStores } from '../../src/storage/index.ts';

const DAY = 86_400_000;
const ADS = 'http://www.ads.com/profile';

async function text(internet: Internet, user: string, url: string): Promise<string> {
  const response = await internet.user(user).client.get(url);
  return response.body.text();
}

/** Alice reads the news, looks at a kettle, and asks the advertiser what it knows. */
async function afternoon(internet: Internet): Promise<string[]> {
  const alice = internet.user('alice');
  const urls = ['http://www.news.org/cable-ship.html', 'http://www.shop.com/goods/kettle'];
  for (const url of urls) expect((await load(alice, url)).ok).toBe(true);
  const profile = await text(internet, 'alice', ADS);
  const cells = [...profile.matchAll(/<td>([^<]+)<\/td>/g)].map(([, cell]) => cell ?? '');
  const cookies = alice.jar.all().map(({ name, domain }) => `${name} of ${domain}`);
  return [...cells, ...cookies.sort()];
}

const EXPECTED = [
  ...['www.shop.com', '/goods/kettle', 'www.news.org', '/cable-ship.html'],
  ...['id of www.shop.com', 'visitor of www.ads.com'],
];

it('an afternoon is the same on both networks', async () => {
  const file = await readScenario('default');
  const simulated = new SimulatedInternet(file, 'one');
  expect(await simulated.play(afternoon)).toEqual(EXPECTED);
  const real = await bringUp(file, { seed: 'one' });
  try {
    expect(await afternoon(real)).toEqual(EXPECTED);
  } finally {
    await real.close();
  }
});

it('a week later, after power cuts on both sides, she is known: by her file and their database', async () => {
  const simulated = new SimulatedInternet(await readScenario('default'), '1');
  await simulated.play(async (internet) => {
    await afternoon(internet);
    const { host } = internet.user('alice');
    const kept = fromUtf8(await host.files.read('/cookies.txt'));
    expect(kept).toMatch(/^www\.shop\.com\tFALSE\t\/|^#HttpOnly_www\.shop\.com\tFALSE\t\//m);
    const { clock } = internet.user('bob').host;
    for (const name of ['alice', 'www.shop', 'www.ads']) await internet.stopHost(name);
    await sleep(clock, 7 * DAY);
    for (const name of ['alice', 'www.shop', 'www.ads']) await internet.startHost(name);
    expect(await text(internet, 'alice', 'http://www.shop.com/')).toMatch(
      /Welcome back! You were here 7 days ago\.[\s\S]*goods\/kettle/,
    );
    expect(await text(internet, 'alice', ADS)).toContain('/cable-ship.html');
    expect(await text(internet, 'bob', ADS)).toContain('know nothing about you');
  });
});

it('what a site keeps is there again after `up --data` was ended', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'toplayer-sites-'));
  const file = await readScenario('default');
  let jar = '';
  for (const round of [1, 2]) {
    const internet = await bringUp(file, { stores: sqliteStores(folder) });
    try {
      const alice = internet.user('alice');
      alice.jar.load(jar);
      await load(alice, 'http://www.shop.com/goods/lamp');
      const page = await text(internet, 'alice', 'http://www.shop.com/about-you');
      if (round === 2) expect(page).toContain('[&quot;lamp&quot;,&quot;book&quot;]');
      await load(alice, 'http://www.shop.com/goods/book');
      jar = alice.jar.save();
    } finally {
      await internet.close();
    }
  }
  rmSync(folder, { recursive: true });
});

const OLD = { id: '2025', secret: 'a secret of the last year' };
const NEW = { id: '2026', secret: 'a secret of this year' };

/** The default internet, with the shop's cookies sealed. */
async function sealed(cookies: 'signed' | 'encrypted', keys: readonly (typeof OLD)[]) {
  const { scenario, content } = await readScenario('default');
  const shop = scenario.hosts['www.shop'];
  const services = { http: { sites: { 'www.shop.com': { app: 'shop' as const, cookies, keys } } } };
  const hosts = { ...scenario.hosts, ...(shop && { 'www.shop': { ...shop, services } }) };
  return { scenario: { ...scenario, hosts }, content };
}

it.each(['signed', 'encrypted'] as const)(
  'cookies %s: a changed one is refused and told, keys are exchanged without losing anybody',
  async (mode) => {
    const folder = mkdtempSync(join(tmpdir(), 'toplayer-sealed-'));
    const about = 'http://www.shop.com/about-you';
    let jar = '';
    for (const [round, keys] of [[OLD], [NEW, OLD], [NEW]].entries()) {
      const file = await sealed(mode, keys);
      const internet = await bringUp(file, { stores: sqliteStores(folder) });
      try {
        const alice = internet.user('alice');
        alice.jar.load(jar);
        if (round === 0) await load(alice, 'http://www.shop.com/goods/lamp');
        const page = await text(internet, 'alice', about);
        // The cookie of the last year opens while its key is kept.
        expect(page.includes('lamp'), `round ${round}`).toBe(round < 2);
        if (round > 0) continue;
        expect(page).toContain(`The number in it is ${mode}`);
        jar = alice.jar.save();
        const changed = `id=${alice.jar.all()[0]?.value.slice(0, -3)}AAA`;
        const response = await alice.client.request({ url: about, headers: { Cookie: changed } });
        expect(await response.body.text()).not.toContain('lamp');
        const notes = internet.recorder.messages().flatMap((message) => message.notes);
        const told = notes.map((note) => note.text);
        expect(told).toContain('the cookie id is not believed: changed');
      } finally {
        await internet.close();
      }
    }
    rmSync(folder, { recursive: true });
  },
);
