/** The demonstration sites in headless Chromium: by their names, on plain HTTP and over TLS; axe-core judges each page. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Authority, newAuthority } from '../../src/ca/index.ts';
import { bringUp } from '../../src/cli/bring-up.ts';
import { readScenario } from '../../src/cli/scenario-file.ts';
import { type Handler, serveHttp, staticFiles, virtualHosts } from '../../src/http/index.ts';
import { type Internet, internetView } from '../../src/internet/index.ts';
import type { Server } from '../../src/net/index.ts';
import { type RealHost, realFiles, realHost } from '../../src/net/real/index.ts';
import { adsSite, memorySiteStore, shopSite } from '../../src/sites/index.ts';
import { describeWith } from '../peer.ts';
import { axeFaults } from './axe.ts';
import { launchChromium, launchProfile } from './chromium.ts';

const SHOP = 'http://www.shop.com';
const PATIENCE_MS = 8_000;

describeWith(['chromium'], 'the sites in a browser', () => {
  let internet: Internet;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    internet = await bringUp(await readScenario('default'));
    const rules = ['shop', 'news', 'ads'].map((site) => {
      const host = internetView(internet).hosts.find(({ name }) => name === `www.${site}`);
      const place = host?.services.find(({ name }) => name === 'http');
      const name = site === 'news' ? 'www.news.org' : `www.${site}.com`;
      return `MAP ${name} ${place?.realAddress}:${place?.realPort}`;
    });
    browser = await launchChromium([`--host-resolver-rules=${rules.join(', ')}`]);
  });
  afterAll(async () => {
    await browser.close();
    await internet.close();
  });
  beforeEach(async () => {
    // The pages allow no scripts but their own: the judge needs one.
    page = await (await browser.newContext({ bypassCSP: true })).newPage();
    page.setDefaultTimeout(PATIENCE_MS);
  });

  /** On light and on dark ground. */
  const faults = async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await axeFaults(page), `${page.url()} ${colorScheme}`).toEqual([]);
    }
  };

  it('a visitor is greeted, fills a basket, and sees what the shop knows', async () => {
    await page.goto(SHOP);
    await page.getByText('given you a number').waitFor();
    await faults();
    await page.getByRole('link', { name: 'Kettle' }).first().click();
    await page.getByRole('heading', { name: 'Kettle' }).waitFor();
    await faults();
    await page.getByRole('button', { name: 'Put into the basket' }).click();
    await page.getByLabel('How many of Kettle').fill('3');
    await page.getByRole('button', { name: 'Change' }).click();
    await page.getByRole('cell', { name: '87' }).first().waitFor();
    expect(page.url()).toBe(`${SHOP}/basket`);
    await faults();
    await page.reload();
    await page.getByRole('link', { name: 'Basket (3)' }).waitFor();
    await page.getByRole('link', { name: 'What we know about you' }).click();
    const [cookie] = await page.context().cookies(SHOP);
    await page.getByText(`Cookie: id=${cookie?.value}`).waitFor();
    await page.getByRole('cell', { name: '{"kettle":3}' }).waitFor();
    await faults();
    await page.getByRole('button', { name: 'Forget me' }).click();
    await page.getByRole('heading', { name: 'Forgotten' }).waitFor();
    await faults();
    expect(await page.context().cookies(SHOP)).toEqual([]);
  });

  it('the password does not leave the page, and the code comes after it', async () => {
    const bodies: string[] = [];
    page.on('request', (request) => bodies.push(`${request.url()} ${request.postData() ?? ''}`));
    await page.goto(`${SHOP}/account`);
    await faults();
    await page.getByLabel('User', { exact: true }).fill('alice');
    await page.getByLabel('Password').fill('correct horsf');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('User and password do not fit').waitFor();
    await faults();
    await page.getByLabel('User', { exact: true }).fill('alice');
    await page.getByLabel('Password').fill('correct horse');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'One more step' }).waitFor();
    await faults();
    await page.getByRole('link', { name: 'See the code of now' }).click();
    const code = await page.locator('main strong code').textContent();
    await faults();
    await page.getByRole('link', { name: 'Type it' }).click();
    await page.getByLabel('Code').fill(code ?? '');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('heading', { name: 'Hello, alice' }).waitFor();
    await faults();
    expect(bodies.some((body) => body.includes('proof='))).toBe(true);
    expect(bodies.filter((body) => /correct|horse/.test(body))).toEqual([]);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('Digest is answered by the browser itself', async () => {
    const httpCredentials = { username: 'alice', password: 'correct horse' };
    const context = await browser.newContext({ httpCredentials });
    const own = await context.newPage();
    await own.goto(`${SHOP}/account/digest`);
    await own.getByRole('heading', { name: 'One more step' }).waitFor({ timeout: PATIENCE_MS });
    await context.close();
  });

  it('on plain HTTP the advertiser shows its picture, and its cookie is not taken', async () => {
    await page.goto('http://www.news.org/');
    await page.getByRole('link', { name: 'Cable ship' }).click();
    await page.getByRole('img', { name: 'Advertisement of ads.com' }).waitFor();
    await page.waitForFunction("document.querySelector('.ad img').naturalWidth === 468");
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await axeFaults(page)).toEqual([]);
    await page.goto('http://www.ads.com/profile');
    await page.getByText('We know nothing about you').waitFor();
    await faults();
    await page.goto('http://www.ads.com/');
    await faults();
  });
});

describeWith(['chromium'], 'the sites over TLS', () => {
  let host: RealHost;
  let server: Server;
  const open: { readonly context: BrowserContext; readonly folder: string }[] = [];

  beforeAll(async () => {
    const authority = await Authority.open(await newAuthority('test', Date.now()), Date.now);
    const folder = join(import.meta.dirname, '..', '..', 'scenarios', 'default', 'sites');
    host = realHost({ files: realFiles(folder) });
    const sites: Record<string, Handler> = {
      'www.news.org': staticFiles({ root: '/news' }),
      'www.shop.com': shopSite(memorySiteStore()),
      'www.ads.com': adsSite(memorySiteStore()),
    };
    const certificate = await authority.issue(Object.keys(sites));
    const secure = { certificateFor: () => certificate };
    server = await serveHttp(host, { handler: virtualHosts(sites), secure, port: 0 });
  });
  afterAll(async () => {
    for (const { context, folder } of open) {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    }
    await server.close({ graceMs: 0 });
    await host.close();
  });

  /** Reads the news, looks at a kettle; gives what the advertiser then shows of it. The setting is the browser's own. */
  async function surf(thirdPartyCookies: 'allow' | 'block'): Promise<string> {
    const rules = `--host-resolver-rules=MAP * 127.0.0.1:${server.local.port}`;
    const folder = mkdtempSync(join(tmpdir(), 'toplayer-profile-'));
    const context = await launchProfile(folder, thirdPartyCookies, [rules]);
    open.push({ context, folder });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    for (const url of [
      'https://www.news.org/cable-ship.html',
      'https://www.shop.com/goods/kettle',
    ]) {
      await page.goto(url, { waitUntil: 'load' });
    }
    await page.goto('https://www.ads.com/profile');
    return (await page.locator('main').textContent()) ?? '';
  }

  it('the advertiser follows its reader from site to site', async () => {
    const profile = await surf('allow');
    expect(profile).toContain('www.shop.com and www.news.org');
    expect(profile).toContain('/goods/kettle');
  });

  it('a browser that blocks third-party cookies is not followed', async () => {
    expect(await surf('block')).toContain('We know nothing about you');
  });
});
