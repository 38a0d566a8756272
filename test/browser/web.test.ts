/** The page of the Web in a real browser, over an internet on real sockets. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../peer.ts';
import { axeFaults } from './axe.ts';
import { type Stage, setStage, type View } from './stage.ts';

const TABS = ['Ladder', 'Formulas', 'Proxy', 'Cookies', 'By hand'] as const;

describeWith(['chromium'], 'the page of the Web', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(async () => {
    await stage.close();
    expect(stage.faults).toEqual([]);
  });

  /** Nobody remembers anybody, and nothing is kept. */
  async function forget(page: Page): Promise<void> {
    for (const path of [
      'cookies/alice/forget',
      'cookies/carol/forget',
      'proxies/proxy.campus/purge',
    ]) {
      const response = await page.request.post(`${stage.url}api/${path}`, { data: { all: true } });
      expect(response.ok()).toBe(true);
    }
  }

  async function open(view: View = {}, hash = '#/web'): Promise<Page> {
    stage.internet.recorder.clear();
    const page = await stage.open(view, hash);
    await forget(page);
    return page;
  }

  const main = (page: Page) => page.locator('.loading');

  const loaded = (page: Page) => main(page).locator('.loaded:not(.busy) .sum b');

  async function load(page: Page, url: string, { host = 'alice', mode = 'browser' } = {}) {
    await main(page).getByLabel('From').selectOption(host);
    await main(page).getByLabel('Its objects').selectOption(mode);
    await main(page).getByLabel('Address of the page').fill(url);
    await main(page).getByRole('button', { name: 'Load', exact: true }).click();
    await loaded(page).waitFor();
  }

  const tab = (page: Page, name: string) => page.getByRole('tab', { name });
  const lines = (page: Page) => page.locator('.fall-line');
  const marked = (page: Page) => page.locator('.row.marked, .row[aria-selected="true"]');
  const text = (page: Page) => page.getByLabel('The request, as it is sent');

  async function send(page: Page): Promise<void> {
    const before = await page.locator('.answered .sum b').count();
    await page.getByRole('button', { name: 'Send' }).click();
    if (before === 0) await page.locator('.answered .sum b').waitFor();
    else await expect.poll(() => page.locator('.typing .main').textContent()).toBe('Send');
  }

  it('is in the address, with its panel', async () => {
    const page = await open({}, '');
    await page.getByRole('link', { name: /^Web/ }).click();
    await main(page).waitFor();
    expect(await page.evaluate('location.hash')).toBe('#/web');
    await tab(page, 'Cookies').click();
    expect(await page.evaluate('location.hash')).toBe('#/web?tab=cookies');
    const again = await open({}, '#/web?tab=times');
    await expect.poll(() => tab(again, 'Formulas').getAttribute('aria-selected')).toBe('true');
  });

  it('draws a page load on one axis, and ties each object to its messages', async () => {
    const page = await open();
    await load(page, 'http://www.news.org/');
    await expect.poll(() => lines(page).count()).toBe(7);
    await expect.poll(() => main(page).locator('.sum b').textContent()).toBe('The news');
    await expect.poll(() => lines(page).first().locator('.name').count()).toBe(1);
    await lines(page).nth(1).click();
    await page.locator('.detail h2', { hasText: 'GET /style.css www.news.org' }).waitFor();
    await expect.poll(() => lines(page).nth(1).getAttribute('aria-pressed')).toBe('true');
    await expect.poll(() => marked(page).count()).toBe(2);
    await page.locator('body').press('j');
    await expect.poll(() => page.locator('.detail h2').textContent()).not.toContain('style.css');
    await page.getByRole('link', { name: 'On the map' }).click();
    await page.locator('.map').waitFor();
    await page.locator('.row[aria-selected="true"]').waitFor();
  });

  it('limits the ladder to the page that was loaded', async () => {
    const page = await open();
    await load(page, 'http://www.shop.com/', { host: 'bob' });
    await load(page, 'http://www.campus.edu/', { mode: 'persistent' });
    const heads = page.locator('.ladder .heads span');
    await expect.poll(() => heads.allTextContents()).toContain('www.campus');
    await expect.poll(() => heads.allTextContents()).not.toContain('www.shop');
    await page.getByRole('link', { name: /^Internet/ }).click();
    await expect.poll(() => heads.allTextContents()).toContain('www.shop');
  });

  it('has the waterfall as a table, and as a HAR file', async () => {
    const page = await open();
    await load(page, 'http://www.campus.edu/');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'HAR' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('www.campus.edu.har');
    const har = JSON.parse(await readFile(await download.path(), 'utf8'));
    expect(har.log.entries).toHaveLength(await lines(page).count());
    await main(page).getByRole('button', { name: 'Table' }).click();
    await expect
      .poll(() => main(page).locator('.waterfall tbody tr').count())
      .toBe(har.log.entries.length);
    await main(page).getByRole('button', { name: 'Drawing' }).click();
  });

  it('says what went wrong with a page that does not come', async () => {
    const page = await open();
    await main(page).getByLabel('Address of the page').fill('www.nowhere.edu');
    await main(page).getByRole('button', { name: 'Load', exact: true }).click();
    await main(page).getByRole('alert').waitFor();
    await expect.poll(() => main(page).getByRole('alert').textContent()).toMatch(/no such name/i);
  });

  it('sets the formulas beside the measurements', async () => {
    const page = await open({}, '#/web?tab=times');
    const rows = page.locator('.times tbody tr');
    await rows.first().waitFor();
    await expect
      .poll(() => rows.first().locator('td').allTextContents())
      .toEqual(['2.2880 s', '2.2892 s', '2.2892 s', '']);
    await expect
      .poll(() => rows.nth(1).locator('.formula').textContent())
      .toBe('2R + O/C + ceil(N/k) 2R + N O/C');
    await page.getByLabel('R, the round trip').fill('20');
    await page.getByLabel('slow start').check();
    await page.getByRole('button', { name: 'Measure' }).click();
    await expect.poll(() => rows.nth(3).textContent()).toContain('no closed form');
    await expect.poll(() => rows.first().locator('td').first().textContent()).toBe('0.5280 s');
  });

  it('shows what a proxy keeps, counting down, and lets go of it', async () => {
    const page = await open({}, '#/web?tab=proxy');
    await page.getByText('proxy.campus keeps nothing yet.').waitFor();
    await load(page, 'http://www.news.org/', { host: 'carol' });
    const entry = page.locator('.kept tbody tr', {
      has: page.getByRole('rowheader', { name: /^http:\/\/www\.news\.org\/ text/ }),
    });
    await entry.waitFor();
    const hits = () => entry.locator('td').nth(4).textContent();
    const left = async () =>
      Number.parseInt((await entry.locator('.left').textContent()) ?? '', 10);
    expect(await hits()).toBe('0');
    const first = await left();
    await expect.poll(left, { timeout: 5_000 }).toBeLessThan(first);
    await load(page, 'http://www.news.org/', { host: 'carol' });
    await expect.poll(hits).toBe('1');
    await expect.poll(() => page.locator('.statistics .ratio').textContent()).toMatch(/[1-9]\d* %/);
    await page.getByLabel('softly').check();
    await entry.getByRole('button', { name: 'Purge http://www.news.org/' }).click();
    await entry.getByText('to be validated').waitFor();
    await page.getByLabel('softly').uncheck();
    await page.getByLabel('Purge by').selectOption('beginning');
    await page.getByLabel('What to purge').fill('http://www.news.org/');
    await page.locator('.purge').getByRole('button', { name: 'Purge' }).click();
    await page.getByText('proxy.campus keeps nothing yet.').waitFor();
  });

  it('joins cookies with the entries of sites; blocks third parties; says why', async () => {
    const page = await open({}, '#/web?tab=cookies');
    await load(page, 'http://www.shop.com/');
    const jar = page.getByRole('article', { name: 'Cookies of alice' });
    await jar.getByText('set by www.ads.com, on a page of www.shop.com').waitFor();
    const tag = jar.locator('.cookie', { hasText: 'id=' }).locator('.entry-tag');
    const id = await tag.textContent();
    await expect.poll(() => page.locator('.joins path').count()).toBeGreaterThanOrEqual(2);
    await tag.focus();
    await expect.poll(() => page.locator('.joins .on').count()).toBe(1);
    await tag.press('Enter');
    const shop = page.getByRole('article', { name: 'Database of www.shop.com' });
    await expect.poll(() => shop.locator('.entry.on .entry-tag').textContent()).toBe(id);
    await jar.getByRole('button', { name: 'Forget visitor' }).click();
    await expect.poll(() => jar.locator('.cookie').count()).toBe(1);
    await jar.getByRole('button', { name: 'block' }).click();
    await load(page, 'http://www.news.org/');
    const refused = page.locator('.heard-table tbody tr', { hasText: 'refused' });
    await refused.first().waitFor();
    await expect
      .poll(() => refused.first().textContent())
      .toMatch(/blocked here RFC 6265bis §7\.1/);
    await expect.poll(() => jar.locator('.cookie').count()).toBe(1);
    await jar.getByRole('button', { name: 'allow' }).click();
    await page.locator('.panel-bar').getByRole('button', { name: 'Table' }).click();
    const row = page.locator('.grid tbody tr', {
      has: page.getByRole('rowheader', { name: 'id' }),
    });
    await expect.poll(() => row.first().textContent()).toContain('www.shop.com');
    await page.locator('.panel-bar').getByRole('button', { name: 'Drawing' }).click();
  });

  it('sends what is typed, and asks what can be read from the answer', async () => {
    const page = await open({}, '#/web?tab=hand');
    await expect
      .poll(() => text(page).inputValue())
      .toBe('GET / HTTP/1.1\nHost: www.campus.edu\n\n');
    const conditional = page.getByRole('button', { name: 'if changed' });
    await expect.poll(() => conditional.getAttribute('aria-disabled')).toBe('true');
    await send(page);
    const head = page.getByRole('listbox', { name: 'Head of the answer' });
    const line = head.getByRole('option', { name: /^Content-Length/ });
    await line.hover();
    await expect
      .poll(() => page.locator('.meaning').textContent())
      .toMatch(/^Content-Length How many bytes .* RFC 9110 §8\.6$/);
    const length = (await line.textContent())?.split(': ')[1] ?? '';
    const asked = page.locator('.questions details', { hasText: 'How many bytes' });
    await expect.poll(() => asked.locator('p').isVisible()).toBe(false);
    await asked.locator('summary').click();
    await expect
      .poll(() => asked.locator('p').textContent())
      .toContain(`${Number(length).toLocaleString('en-US')}, as Content-Length says.`);
    await conditional.click();
    await expect.poll(() => text(page).inputValue()).toMatch(/^If-None-Match: ".+"$/m);
    await send(page);
    await head.getByRole('option', { name: 'HTTP/1.1 304 Not Modified' }).waitFor();
    await page.getByRole('button', { name: 'See its messages' }).click();
    await page.locator('.map').waitFor();
    await page.locator('.detail h2', { hasText: 'GET / www.campus.edu' }).waitFor();
  });

  it('sends faults, and requests through the proxy', async () => {
    const page = await open({}, '#/web?tab=hand');
    await page.getByRole('button', { name: 'no Host' }).click();
    await send(page);
    await page.getByRole('option', { name: 'HTTP/1.1 400 Bad Request' }).waitFor();
    await page.getByText('The server closed the connection.').waitFor();
    await page.getByLabel('Through').selectOption('proxy.campus');
    await page.getByRole('button', { name: 'GET', exact: true }).click();
    await expect
      .poll(() => text(page).inputValue())
      .toContain('GET http://www.campus.edu/ HTTP/1.1');
    await text(page).press('Control+Enter');
    await page.getByRole('option', { name: /^Cache-Status: / }).waitFor();
  });

  it('works by key alone', async () => {
    const page = await open();
    await main(page).getByLabel('From').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await loaded(page).waitFor();
    await lines(page).nth(1).focus();
    await page.keyboard.press('Enter');
    await page.locator('.detail h2', { hasText: 'GET /style.css' }).waitFor();
    await tab(page, 'Ladder').focus();
    for (const name of TABS.slice(1)) {
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => tab(page, name).getAttribute('aria-selected')).toBe('true');
    }
    await send(page);
    await page.locator('.raw-line').first().focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => page.locator('.meaning b').textContent()).toBe('Date');
  });

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const)(
    'has no fault in %s colours, %d wide, and nothing runs off sideways',
    async (colours, width) => {
      const page = await open({ colours, size: { width, height: 800 } });
      await load(page, 'http://www.shop.com/', { host: 'carol' });
      await load(page, 'http://www.news.org/', { host: 'alice' });
      for (const name of TABS) {
        await tab(page, name).click();
        if (name === 'Formulas') await page.locator('.times').waitFor();
        if (name === 'Proxy') await page.locator('.kept').waitFor();
        if (name === 'Cookies') await page.locator('.heard-table').waitFor();
        if (name === 'By hand') await send(page);
        expect(await axeFaults(page), name).toEqual([]);
        const across = await page.evaluate('document.documentElement.scrollWidth');
        expect(across, name).toBe(width);
      }
    },
  );
});
