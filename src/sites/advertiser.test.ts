/** The advertiser on two sites, seen by clients with jars in virtual time. */
import { beforeEach, describe, expect, test } from 'vitest';
import { SitesStage, type Visitor } from '../../test/sites/stage.ts';
import { World } from '../net/sim/index.ts';
import { adsSite } from './index.ts';
import { html, Markup } from './markup.ts';

const SHOP = 'http://www.shop.com';
const ADS = 'http://www.ads.com';

let stage: SitesStage;
const play: SitesStage['play'] = (talk, options) => stage.play(talk, options);
beforeEach(() => {
  stage = new SitesStage();
});

describe('the advertiser', () => {
  const OLD = { legacySameSite: true } as const;
  const banner = (page: string) => `${ADS}/banner.svg?page=${encodeURIComponent(page)}`;
  const NEWS = 'http://www.news.org/cable-ship.html';

  async function surf(alice: Visitor): Promise<void> {
    await alice.get(banner(NEWS), NEWS);
    await alice.get(banner(`${SHOP}/goods/kettle`), `${SHOP}/goods/kettle`);
  }

  test('knows readers of the news and visitors of the shop as one', async () => {
    await play(async (alice) => {
      await surf(alice);
      const profile = await alice.get(`${ADS}/profile`);
      expect(profile).toContain('<strong>www.shop.com and www.news.org</strong>');
      expect(profile).toContain('<td>/goods/kettle</td>');
      expect(profile).toMatch(/seem to want: <strong>kettle, cable ship/);
      expect(await alice.get(banner(`${SHOP}/`), SHOP)).toContain(
        'We saw you on 3 pages of 2 sites',
      );
    }, OLD);
  });

  test.each([
    ['a client that blocks third parties', { ...OLD, thirdParty: 'block' }],
    ['a client of today, on plain HTTP', {}],
  ] as const)('knows nothing about %s', async (_, options) => {
    await play(async (alice) => {
      await surf(alice);
      expect(alice.jar.all()).toEqual([]);
      expect(await alice.get(`${ADS}/profile`)).toContain('We know nothing about you');
      await surf(alice);
      expect(await alice.get(`${ADS}/profile`)).toContain('We know nothing about you');
    }, options);
  });

  test('forgets who asks, and leaves alone who opts out', async () => {
    await play(async (alice) => {
      await surf(alice);
      expect(await alice.post(`${ADS}/profile`, `${ADS}/forget`)).toContain('know nothing');
      await surf(alice);
      const rows = async () => (await stage.adsStore.sessions.entries(99)).length;
      const before = await rows();
      expect(await alice.post(`${ADS}/profile`, `${ADS}/opt-out`)).toContain('You have opted out');
      expect(await rows()).toBe(before - 1);
      await surf(alice);
      expect([await rows(), alice.jar.all().map(({ name, value }) => `${name}=${value}`)]).toEqual([
        before - 1,
        ['optout=yes'],
      ]);
      expect(await alice.post(`${ADS}/profile`, `${ADS}/opt-in`)).toContain('know nothing');
      expect(await alice.send(`${ADS}/forget`, {})).toMatch(/^403/);
      expect(await alice.send(`${ADS}/x`, {})).toMatch(/^404/);
    }, OLD);
  });

  test('takes any text for a page, and keeps a hundred', async () => {
    await play(async (alice) => {
      for (const page of [
        '',
        'x',
        'javascript:alert(1)',
        '<script>',
        'http://a.com/<b>&"',
        `http://a.com/${'x'.repeat(999)}`,
      ]) {
        expect(await alice.get(banner(page), NEWS)).toMatch(/^200 <svg/);
      }
      expect(await alice.get(`${ADS}/profile`)).not.toContain('<b>');
      for (let i = 0; i < 120; i++) await alice.get(banner(`http://a.com/${i}`), NEWS);
      const [entry] = await stage.adsStore.sessions.entries(1);
      expect(entry?.data['visits']).toHaveLength(100);
    }, OLD);
  });

  test('over TLS its cookie says that it is for other sites too', async () => {
    const site = adsSite(stage.adsStore);
    const request = {
      method: 'GET',
      path: '/banner.svg',
      query: '',
      url: `https://www.ads.com/banner.svg`,
    };
    const world = new World({ seed: 1 });
    const headers = { get: () => undefined };
    const context = { host: world.host('ads'), note() {} };
    const response = await site({ ...request, headers } as never, context as never);
    const cookies = [...(response.headers as Iterable<[string, string]>)].filter(
      ([name]) => name === 'Set-Cookie',
    );
    expect(cookies[0]?.[1]).toMatch(/; Path=\/; Secure; HttpOnly; SameSite=None$/);
  });
});

test('templates escape what is put in, but for markup', () => {
  const evil = '<script>"&\'';
  expect(html`<p title="${evil}">${[evil, html`<b>${1}</b>`]}${false}${undefined}</p>`).toEqual(
    new Markup(
      '<p title="&lt;script&gt;&quot;&amp;&#39;">&lt;script&gt;&quot;&amp;&#39;<b>1</b></p>',
    ),
  );
});
