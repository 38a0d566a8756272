/** Names are registered, changed and given up on the dashboard's page of names, over real sockets. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../peer.ts';
import { axeFaults } from './axe.ts';
import { type Stage, setStage, type View } from './stage.ts';

const [HERE, THERE] = ['www.registrar.com', 'www.names.net'];

describeWith(['chromium'], 'the registrar on the page of names', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(async () => {
    await stage.close();
    expect(stage.faults).toEqual([]);
  });

  const command = (page: Page, site: string, sent: object) =>
    page.request.post(`${stage.url}api/registrars/${site}`, {
      data: { host: 'alice', command: sent },
    });

  /** Each test finds books.com free. */
  afterEach(async () => {
    const page = await stage.open();
    for (const site of [HERE, THERE]) await command(page, site, { command: 'delete', name: BOOKS });
  });

  async function open(view: View = {}): Promise<Page> {
    const page = await stage.open(view, '#/names');
    await page.getByRole('tab', { name: 'Register a name' }).click();
    return page;
  }

  const BOOKS = 'books.com';
  const verdict = (page: Page, text: string | RegExp) =>
    page.locator('.verdict').getByText(text).waitFor();
  const box = (page: Page, name: string) => page.getByRole('textbox', { name });
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const facts = (page: Page) => page.locator('.facts').textContent();
  const zone = (page: Page, origin: string) => page.locator(`.zone[data-zone="${origin}"]`);

  async function find(page: Page, name: string): Promise<void> {
    await box(page, 'Name to register').fill(name);
    await button(page, 'Look it up').click();
  }

  async function registered(page: Page, name = BOOKS): Promise<void> {
    await find(page, name);
    await box(page, 'Owner').fill('Ann Author');
    await button(page, 'Register').click();
    await verdict(page, `${name} is registered, and resolves from everywhere by now.`);
  }

  it('says what can be done, and how by a terminal', async () => {
    const page = await open();
    await page.getByText('Whose name is it?').waitFor();
    await page.getByText('ends in .edu, .com, .org, .net').waitFor();
    await page.getByText('The same by a terminal').click();
    await expect
      .poll(() => page.locator('.commands code').allTextContents())
      .toContainEqual(expect.stringMatching(/^toplayer dns register books\.com .*--address 127\./));
  });

  it('registers a free name: tree and walk follow at once', async () => {
    const page = await open();
    await find(page, 'Books.COM ');
    await verdict(page, 'books.com is free.');
    await box(page, 'Owner').fill('Ann Author');
    await box(page, 'Email').fill('ann books');
    await button(page, 'Register').click();
    await verdict(page, /^"email": expected a mailbox .* \(RFC 5730 §3\)\.$/);
    await expect.poll(() => box(page, 'Owner').inputValue()).toBe('Ann Author');
    await box(page, 'Email').fill('ann@books.com');
    const { address } = stage.internet.host('www.shop').plan;
    await page.getByRole('combobox', { name: 'Address' }).fill(address);
    await page.getByRole('spinbutton', { name: 'Years' }).fill('2');
    await button(page, 'Register').click();
    await verdict(page, 'books.com is registered, and resolves from everywhere by now.');
    await expect.poll(() => zone(page, 'books.com.').count()).toBe(1);
    expect(await facts(page)).toMatch(/Ann Author, ann@books\.com.*ns\.registrar\.com/);
    await button(page, 'Resolve www.books.com').click();
    await page.locator('.outcome').getByText(`www.books.com is ${address}`).waitFor();
    await expect.poll(() => zone(page, 'books.com.').locator('.step-number').count()).toBe(2);
    await page.getByRole('tab', { name: 'Register a name' }).click();
    await button(page, 'Zone file').click();
    await box(page, 'Zone file of books.com.').waitFor();
  });

  it('shows on the ladder what customer, registrar and registry said', async () => {
    stage.internet.recorder.clear();
    const page = await open();
    await find(page, BOOKS);
    await verdict(page, 'books.com is free.');
    await button(page, 'See its messages').click();
    await page.locator('.row[aria-selected="true"]').waitFor();
    const rows = page.locator('.row', { hasText: 'POST' });
    await expect
      .poll(() => rows.allTextContents())
      .toEqual([
        expect.stringContaining('POST /api'),
        expect.stringContaining('POST /provisioning'),
      ]);
  });

  it('changes owner and name servers', async () => {
    const page = await open();
    await registered(page);
    await box(page, 'Owner').fill('Ben Binder');
    await page.getByRole('radio', { name: 'name servers of your own' }).check();
    await box(page, 'Name servers').fill('ns.books.com');
    await button(page, 'Save').click();
    await verdict(page, /ns\.books\.com.*\(RFC 1034 §4\.2\.1\)\.$/);
    await box(page, 'Name servers').fill('ns.books.com 127.20.9.10');
    await button(page, 'Save').click();
    await verdict(page, 'books.com is changed.');
    expect(await facts(page)).toMatch(/Ben Binder.*ns\.books\.com 127\.20\.9\.10/);
    await expect.poll(() => zone(page, 'books.com.').count()).toBe(0);
  });

  it('renews, and gives up what somebody is sure about', async () => {
    const page = await open();
    await registered(page);
    const year = new Date().getUTCFullYear();
    await page.getByRole('spinbutton', { name: 'Years' }).fill('3');
    await button(page, 'Renew').click();
    await verdict(page, new RegExp(`^books\\.com is registered until ${year + 4}-`));
    await page.getByRole('spinbutton', { name: 'Years' }).fill('9');
    await button(page, 'Renew').click();
    await verdict(page, /10 years/);
    await button(page, 'Delete').click();
    await expect.poll(() => zone(page, 'books.com.').count()).toBe(1);
    await page.getByRole('checkbox', { name: 'I am sure' }).check();
    await button(page, 'Delete').click();
    await verdict(page, 'books.com is free again.');
    await expect.poll(() => zone(page, 'books.com.').count()).toBe(0);
    await button(page, 'Register').waitFor();
  });

  it('takes a name from one registrar to another by its code', async () => {
    const page = await open();
    await registered(page);
    const code = (await page.locator('.facts code').textContent()) ?? '';
    await page.getByRole('combobox', { name: 'Registrar' }).selectOption(THERE);
    await page.getByText('Whose name is it?').waitFor();
    await find(page, BOOKS);
    await verdict(page, 'books.com is not free: registered.');
    expect(await facts(page)).not.toContain(code);
    await box(page, 'Code').fill('guessed');
    await button(page, 'Transfer').click();
    await verdict(page, /code/);
    await box(page, 'Code').fill(code);
    await button(page, 'Transfer').click();
    await verdict(page, 'books.com is with this registrar now');
    await expect.poll(() => page.locator('.facts code').textContent()).not.toBe(code);
    await button(page, 'All its names').click();
    await verdict(page, '1 name');
    await button(page, BOOKS).click();
    await verdict(page, 'books.com is registered here.');
  });

  it('says so when a registrar, or a registry, is off', async () => {
    const page = await open();
    await stage.internet.stopHost('a.com');
    await find(page, BOOKS);
    await verdict(page, /^The registry of com can't be reached/);
    await stage.internet.startHost('a.com');
    await find(page, BOOKS);
    await verdict(page, 'books.com is free.');
    await find(page, 'books.test');
    await verdict(page, /names are registered here below edu, com, org, net/);
  });

  it('can be used by keys alone', async () => {
    const page = await open();
    const key = (name: string) => page.keyboard.press(name);
    await box(page, 'Name to register').focus();
    await page.keyboard.type(BOOKS);
    await key('Enter');
    await verdict(page, 'books.com is free.');
    await button(page, 'See its messages').waitFor();
    await key('Tab');
    await key('Tab');
    await key('Tab');
    await key('Tab');
    await page.keyboard.type('Ann');
    await key('Enter');
    await verdict(page, /is registered/);
    await expect
      .poll(() => page.evaluate('document.activeElement.getAttribute("aria-label")'))
      .toBe('What the registrar says');
    await expect.poll(() => button(page, 'Resolve www.books.com').count()).toBe(1);
    await key('Tab');
    await key('Enter');
    await page.getByRole('tabpanel', { name: 'Walk' }).waitFor();
  });

  it.each(['light', 'dark'] as const)('axe finds nothing, %s', async (colours) => {
    const page = await open({ colours });
    const states: [string, () => Promise<void>][] = [
      ['free', () => find(page, BOOKS).then(() => verdict(page, 'books.com is free.'))],
      ['own', () => registered(page)],
      ['taken', () => find(page, 'shop.com').then(() => verdict(page, /is not free/))],
      ['refused', () => find(page, 'books.test').then(() => verdict(page, /names are registered/))],
      [
        'list',
        () =>
          button(page, 'All its names')
            .click()
            .then(() => verdict(page, '1 name')),
      ],
    ];
    for (const [name, reach] of states) {
      await reach();
      expect(await axeFaults(page), name).toEqual([]);
    }
  });

  it.each([
    [390, 844],
    [640, 400],
    [1280, 800],
  ])('nothing overflows sideways at %d by %d', async (width, height) => {
    const page = await open({ size: { width, height } });
    const wide = () =>
      page.evaluate(
        '[document.documentElement, document.querySelector(".panel")].map((one) => one.scrollWidth - one.clientWidth)',
      );
    await registered(page);
    expect(await wide()).toEqual([0, 0]);
    await find(page, 'shop.com');
    await verdict(page, /is not free/);
    expect(await wide()).toEqual([0, 0]);
    await button(page, 'All its names').click();
    await verdict(page, '1 name');
    expect(await wide()).toEqual([0, 0]);
  });
});
