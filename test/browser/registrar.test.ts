/** The registrar's pages in a browser: a name is registered, changed and deleted; axe-core judges each page. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bringUp } from '../../src/cli/bring-up.ts';
import { readScenario } from '../../src/cli/scenario-file.ts';
import { type Internet, internetView } from '../../src/internet/index.ts';
import { describeWith } from '../peer.ts';
import { axeFaults } from './axe.ts';
import { launchChromium } from './chromium.ts';

describeWith(['chromium'], 'the registrar in a browser', () => {
  let internet: Internet;
  let browser: Browser;
  let page: Page;
  let site: string;

  beforeAll(async () => {
    internet = await bringUp(await readScenario('default'));
    const host = internetView(internet).hosts.find(({ name }) => name === 'www.registrar');
    const place = host?.services.find(({ name }) => name === 'registrar');
    site = `http://${place?.realAddress}:${place?.realPort}`;
    browser = await launchChromium();
    // The site allows no scripts at all: the judge needs one.
    page = await (await browser.newContext({ bypassCSP: true })).newPage();
  });
  afterAll(async () => {
    await browser.close();
    await internet.close();
  });

  const faults = async () => expect(await axeFaults(page)).toEqual([]);

  it('a name is searched, registered, changed and deleted', async () => {
    await page.goto(site);
    await faults();
    await page.getByLabel('Find a name').fill('books.com');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'books.com is free' }).waitFor();
    await faults();
    await page.getByLabel('Owner').fill('Ann <Author>');
    await page.getByLabel('Address of your server').fill('127.20.3.80.1');
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByText('"127.20.3.80.1" is not an IP address').waitFor();
    await faults();
    await expect.poll(() => page.getByLabel('Owner').inputValue()).toBe('Ann <Author>');
    await page.getByLabel('Address of your server').fill('127.20.3.80');
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByText('It is yours').waitFor();
    await faults();
    expect(await internet.user('bob').lookup('www.books.com')).toEqual(['127.20.3.80']);
    await page.getByLabel('Organisation').fill('The Books');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('It is changed').waitFor();
    await page.getByRole('cell', { name: 'Ann <Author>, The Books' }).waitFor();
    await page.getByRole('button', { name: 'Renew' }).click();
    await page.getByText('It is renewed').waitFor();
    await page.getByLabel('I am sure').check();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('It is deleted').waitFor();
    await page.getByText('No names yet').waitFor();
  });

  it('a taken name offers its transfer, and refuses a wrong code', async () => {
    await page.goto(`${site}/search?name=shop.com`);
    await page.getByRole('heading', { name: 'shop.com is taken' }).waitFor();
    await faults();
    await page.getByLabel('Code').fill('guess');
    await page.getByRole('button', { name: 'Transfer here' }).click();
    await page.getByText('this is not the code of shop.com').waitFor();
    await faults();
  });
});
