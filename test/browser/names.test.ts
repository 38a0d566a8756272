/** The page of names in a real browser, over an internet on real sockets. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RegistrationClient } from '../../src/registration/index.ts';
import { describeWith } from '../peer.ts';
import { axeFaults } from './axe.ts';
import { type Stage, setStage, type View } from './stage.ts';

const NAMES = '#/names';
const TABS = ['Walk', 'Zone file', 'Cache', 'Register a name'];

describeWith(['chromium'], 'the page of names', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(async () => {
    await stage.close();
    expect(stage.faults).toEqual([]);
  });

  async function open(view: View = {}, hash = NAMES): Promise<Page> {
    const page = await stage.open(view, hash);
    await page.locator('.zone').first().waitFor();
    return page;
  }

  /** The resolver knows nothing. */
  async function forget(page: Page): Promise<void> {
    const url = `${stage.url}api/caches/dns.campus/flush`;
    expect((await page.request.post(url, { data: {} })).ok()).toBe(true);
  }

  async function resolve(page: Page, name: string): Promise<void> {
    await nameBox(page).fill(name);
    await page.getByRole('button', { name: 'Resolve' }).click();
    await page.locator('.outcome b', { hasText: name }).waitFor();
  }

  const nameBox = (page: Page) => page.getByRole('combobox', { name: 'Name', exact: true });
  const tab = (page: Page, name: string) => page.getByRole('tab', { name });
  const zone = (page: Page, origin: string) => page.locator(`.zone[data-zone="${origin}"]`);
  const opener = (page: Page, origin: string) => zone(page, origin).locator('.zone-name');
  const entry = (page: Page, name: string) =>
    page.locator('.cache tbody tr', { has: page.getByRole('rowheader', { name, exact: true }) });
  const numbers = (of: Locator) => of.locator('.step-number').allTextContents();

  it('is in the address, and the way back leads back', async () => {
    const page = await stage.open();
    const link = page.getByRole('link', { name: /^Names/ });
    await expect.poll(() => link.textContent()).toMatch(/^Names\d+$/);
    await link.click();
    await zone(page, 'campus.edu.').waitFor();
    expect(await page.evaluate('location.hash')).toBe(NAMES);
    await expect.poll(() => link.getAttribute('aria-current')).toBe('page');
    await expect.poll(() => page.locator('.map').count()).toBe(0);
    await page.goBack();
    await page.locator('.map').waitFor();
    await expect.poll(() => page.locator('.zone').count()).toBe(0);
    await page.goForward();
    await zone(page, 'campus.edu.').waitFor();
  });

  it('has every zone below its parent, with its servers, in a drawing and in a table', async () => {
    const page = await open();
    const { length } = await page.locator('.zone').all();
    const chain = zone(page, 'campus.edu.').locator('xpath=ancestor::li/div').locator('.zone-name');
    await expect
      .poll(() => chain.allTextContents())
      .toEqual(['. (the root)', 'edu.', 'campus.edu.']);
    await expect
      .poll(() => zone(page, '.').locator('.host').allTextContents())
      .toEqual(['a.root', 'b.root']);
    await expect
      .poll(() => zone(page, 'edu.').textContent())
      .toMatch(/serial \d+ · \d+ records · 2 delegated/);
    await page.getByRole('button', { name: 'Table' }).click();
    await expect.poll(() => page.locator('.zone-table tbody tr').count()).toBe(length);
    const cells = page.locator('.zone-table tr[data-zone="campus.edu."]').locator('th, td');
    await expect
      .poll(() => cells.allTextContents())
      .toEqual(['campus.edu.', 'edu.', 'ns.campus', '1', '13', '0']);
    await page.getByRole('button', { name: 'Drawing' }).click();
  });

  it('keeps a zone whose server is switched off, and says that nobody answers', async () => {
    const page = await open();
    await opener(page, 'news.org.').click();
    await zone(page, 'news.org.').getByRole('button', { name: 'ns.news' }).click();
    const card = page.getByRole('dialog', { name: 'ns.news' });
    await card.getByRole('button', { name: 'Stop' }).click();
    await zone(page, 'news.org.').getByText('nobody answers').waitFor();
    await page.getByText('Its servers are switched off; this is what they had.').waitFor();
    expect(
      await zone(page, 'news.org.').getByRole('button', { name: 'ns.news, switched off' }).count(),
    ).toBe(1);
    const later = await open();
    await zone(later, 'news.org.').getByText('nobody answers').waitFor();
    await zone(later, 'news.org.').getByRole('button', { name: 'ns.news, switched off' }).click();
    await card.getByRole('button', { name: 'Start' }).click();
    await expect.poll(() => page.getByText('nobody answers').count()).toBe(0);
  });

  it('opens a zone file, which a link names, and which is copied whole', async () => {
    const page = await open();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await opener(page, 'campus.edu.').click();
    const file = page.getByRole('textbox', { name: 'Zone file of campus.edu.' });
    const text = await file.inputValue();
    expect(text).toMatch(/^\$ORIGIN campus\.edu\.\n[\s\S]*\nwww\s+300\s+IN\s+A\s+127\./);
    await page.getByRole('button', { name: 'Copy the zone file' }).click();
    await page.getByText('Copied').first().waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(text);
    const hash = String(await page.evaluate('location.hash'));
    expect(hash).toBe('#/names?zone=campus.edu.');
    const again = await open({}, hash);
    await expect.poll(() => file.inputValue()).toBe(text);
    await opener(again, '.').click();
    const root = again.getByRole('textbox', { name: 'Zone file of .', exact: true });
    await expect.poll(() => root.inputValue()).toMatch(/a\.root-servers\.net/);
  });

  it('has a new zone within seconds of its registration elsewhere', async () => {
    const page = await open();
    await opener(page, 'com.').click();
    const { client } = stage.internet.user('alice');
    const door = new RegistrationClient(client, { url: 'http://www.registrar.com/api' });
    const { address } = stage.internet.host('www.shop').plan;
    const registrant = { name: 'Ann', email: 'ann@books.com' };
    await door.send({ command: 'create', name: 'books.com', registrant, addresses: [address] });
    await zone(page, 'books.com.').waitFor();
    const file = page.getByRole('textbox', { name: 'Zone file of com.' });
    await expect.poll(() => file.inputValue()).toContain('books');
    await door.send({ command: 'delete', name: 'books.com' });
  });

  it('walks from the root, step by step, by button and by key', async () => {
    const page = await open();
    await forget(page);
    await resolve(page, 'www.college.edu');
    await page.getByText(/^www\.college\.edu is 127\.\d+\.2\.80$/).waitFor();
    const steps = page.locator('.steps li');
    await expect.poll(() => steps.count()).toBe(8);
    expect(await numbers(zone(page, '.'))).toEqual(['2', '3']);
    expect(await numbers(zone(page, 'edu.'))).toEqual(['4', '5']);
    expect(await numbers(zone(page, 'college.edu.'))).toEqual(['6', '7']);
    await expect
      .poll(() => page.locator('.asker').allTextContents())
      .toEqual([expect.stringMatching(/^alice/), expect.stringMatching(/^dns\.campus/)]);
    const lit = () => page.locator('.zone.hot .zone-name').allTextContents();
    expect(await lit()).toEqual([]);
    await page.getByRole('button', { name: 'Next step (j)' }).click();
    expect(await lit()).toEqual(['. (the root)']);
    const current = page.locator('.steps li[aria-current="step"]');
    await expect
      .poll(() => current.textContent())
      .toMatch(/dns\.campus asks [ab]\.root: A\? www\.college\.edu/);
    await expect.poll(() => current.getByRole('link').textContent()).toBe('RFC 1034 §5.3.3');
    await page.locator('body').press('j');
    await page.locator('body').press('j');
    expect(await lit()).toEqual(['edu.']);
    await page.locator('body').press('k');
    expect(await lit()).toEqual(['. (the root)']);
    await steps.nth(6).getByRole('button').first().click();
    expect(await lit()).toEqual(['college.edu.']);
  });

  it('ties each step to its message, which stays open on the other page', async () => {
    const page = await open();
    await forget(page);
    await resolve(page, 'www.college.edu');
    await page
      .locator('.steps li')
      .nth(2)
      .getByRole('button', { name: /^Message/ })
      .click();
    await page.locator('.detail h2', { hasText: 'edu: ask a.edu-servers.net' }).waitFor();
    await page.locator('.steps li').nth(3).getByRole('button').first().click();
    await page.locator('.detail h2', { hasText: 'A? www.college.edu' }).waitFor();
    expect(await page.evaluate('location.hash')).toMatch(/^#\/names\?m=\d+$/);
    await page.getByRole('link', { name: /^Internet/ }).click();
    await page.locator('.row[aria-selected="true"]').waitFor();
    expect(await page.evaluate('location.hash')).toMatch(/^#m=\d+$/);
  });

  it('says when the cache answered, and when there is no such name', async () => {
    const page = await open();
    await resolve(page, 'www.college.edu');
    await resolve(page, 'www.college.edu');
    await page.getByText('From the cache: dns.campus remembered it').waitFor();
    await expect.poll(() => page.locator('.steps li').count()).toBe(2);
    await expect
      .poll(() => page.locator('.because').textContent())
      .toContain('answered from the cache');
    await resolve(page, 'nothing.campus.edu');
    await expect
      .poll(() => page.locator('.outcome .trouble').textContent())
      .toMatch(/no such name \(NXDOMAIN\)/);
    await expect.poll(() => page.locator('.steps li').last().textContent()).toContain('NXDOMAIN');
  });

  it('has no walk any more when all messages are forgotten', async () => {
    const page = await open();
    await resolve(page, 'www.college.edu');
    await page.locator('.steps li').nth(1).waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('No walk yet.').waitFor();
    await expect.poll(() => page.locator('.step-number').count()).toBe(0);
  });

  it('sorts, filters and forgets entries, and marks what was denied', async () => {
    const page = await open();
    await forget(page);
    await resolve(page, 'www.college.edu');
    await resolve(page, 'nothing.campus.edu');
    await tab(page, 'Cache').click();
    const denied = entry(page, 'nothing.campus.edu.');
    await denied.getByText('no such name').waitFor();
    const first = page.locator('.cache tbody tr').first().locator('th');
    await expect.poll(() => first.textContent()).toBe('edu.');
    await page.getByRole('button', { name: 'Time left' }).click();
    await expect.poll(() => first.textContent()).toBe('nothing.campus.edu.');
    const box = page.getByRole('searchbox', { name: 'Filter the cache' });
    await box.fill('cname');
    await expect.poll(() => page.locator('.cache tbody tr').count()).toBe(1);
    await box.fill('nothing like it');
    await page.getByText('No entry fits.').waitFor();
    await box.fill('');
    await page.getByRole('button', { name: 'Forget nothing.campus.edu.' }).click();
    await expect.poll(() => denied.count()).toBe(0);
    await expect.poll(() => page.locator('.cache tbody tr').count()).toBeGreaterThan(3);
    await page.getByRole('button', { name: 'Forget all' }).click();
    await page.getByText('dns.campus remembers nothing.').waitFor();
  });

  it('can be used by keys alone', async () => {
    const page = await open();
    await forget(page);
    await nameBox(page).focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('www.shop.com');
    await page.keyboard.press('Enter');
    await page.locator('.outcome b', { hasText: 'www.shop.com' }).waitFor();
    for (let left = 60; left > 0; left--) {
      await page.keyboard.press('Tab');
      if (
        await opener(page, 'shop.com.').evaluate(
          'document.activeElement.textContent === "shop.com."',
        )
      )
        break;
    }
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Zone file of shop.com.' }).waitFor();
    await tab(page, 'Zone file').focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tabpanel', { name: 'Cache' }).waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('tabpanel', { name: 'Walk' }).waitFor();
    await page.keyboard.press('j');
    await expect.poll(() => page.locator('.zone.hot').count()).toBe(1);
  });

  it.each(['light', 'dark'] as const)('axe finds nothing, %s', async (colours) => {
    const page = await open({ colours });
    await resolve(page, 'nothing.campus.edu');
    await opener(page, 'campus.edu.').click();
    await page.getByRole('textbox', { name: 'Zone file of campus.edu.' }).waitFor();
    for (const name of TABS) {
      await tab(page, name).click();
      await page.getByRole('tabpanel', { name }).waitFor();
      expect(await axeFaults(page), name).toEqual([]);
    }
    if (colours === 'dark') return;
    await page.getByRole('button', { name: 'Table' }).click();
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Drawing' }).click();
  });

  it.each([
    [390, 844],
    [640, 400],
    [1280, 800],
  ])('nothing overflows sideways at %d by %d', async (width, height) => {
    const page = await open({ size: { width, height } });
    const wide = () =>
      page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    await resolve(page, 'nothing.campus.edu');
    await opener(page, 'campus.edu.').click();
    await page.getByRole('textbox', { name: 'Zone file of campus.edu.' }).waitFor();
    for (const name of TABS) {
      await tab(page, name).click();
      await page.getByRole('tabpanel', { name }).waitFor();
      expect(await wide(), name).toBe(0);
    }
    expect(
      await page.evaluate(
        'document.querySelector(".zones-view").scrollWidth - document.querySelector(".zones-view").clientWidth',
      ),
    ).toBe(0);
    if (width < 600) expect(await axeFaults(page)).toEqual([]);
  });

  // From here on the page's clock is wound by hand.
  it('plays the walk, a step every two seconds, until its end', async () => {
    const page = await open();
    await resolve(page, 'www.college.edu');
    await page.locator('.steps li').nth(1).waitFor();
    await page.clock.install();
    await page.getByRole('button', { name: 'Play' }).click();
    const current = page.locator('.steps li[aria-current="step"] .step-number');
    await expect.poll(() => current.textContent()).toBe('1');
    await page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
    await page.clock.runFor(20_000);
    await expect
      .poll(() => current.textContent())
      .toBe(String(await page.locator('.steps li').count()));
    await page.getByRole('button', { name: 'Play' }).waitFor();
    await page.clock.resume();
  });

  it('shows what the resolver remembers, counting down between two looks', async () => {
    const page = await open();
    await forget(page);
    await tab(page, 'Cache').click();
    await page.getByText('dns.campus remembers nothing.').waitFor();
    const data = { host: 'bob', name: 'www.college.edu' };
    await page.request.post(`${stage.url}api/lookup`, { data });
    const shown = entry(page, 'www.college.edu.').locator('.left');
    await shown.getByText(/^(4 min 5\d|5 min 00) s$/).waitFor();
    await page.route('**/api/caches/**', () => undefined);
    await page.clock.fastForward(150_000);
    await shown.getByText(/^2 min [23]\d s$/).waitFor();
    const bar = await shown.locator('.lifetime i').getAttribute('style');
    expect(Number(/width: ([\d.]+)%/.exec(bar ?? '')?.[1])).toBeCloseTo(50, -1);
    await page.clock.fastForward(200_000);
    await shown.getByText('over', { exact: true }).waitFor();
    await page.unroute('**/api/caches/**');
    await page.clock.resume();
  });

  it('asks nothing and counts nothing while it is paused', async () => {
    const page = await open();
    await resolve(page, 'www.college.edu');
    await tab(page, 'Cache').click();
    const left = entry(page, 'www.college.edu.').locator('.left span');
    await left.waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    const before = await left.textContent();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.clock.runFor(20_000);
    expect(asked).toEqual([]);
    await expect.poll(() => left.textContent()).toBe(before);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.clock.runFor(20_000);
    expect(asked.length).toBeGreaterThan(8);
    await page.clock.resume();
  });
});
