/** The page of mail in a real browser, over an internet on real sockets. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { readByPop3 } from '../../src/internet/mail-user.ts';
import { describeWith } from '../peer.ts';
import { axeFaults } from './axe.ts';
import { type Stage, setStage, type View } from './stage.ts';

const MAIL = '#/mail';
const TABS = ['Messages', 'Queues', 'Mailboxes', 'Failures on purpose'];

interface Written {
  readonly as?: string;
  readonly to: string;
  readonly subject: string;
}

describeWith(['chromium'], 'the page of mail', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await setStage();
  });
  afterEach(() => {
    for (const name of ['mail.campus', 'mail.college', 'mail.news']) {
      stage.internet.mailHost(name)?.failures.clear();
    }
  });
  afterAll(async () => {
    await stage.close();
    expect(stage.faults).toEqual([]);
  });

  async function open(view: View = {}, hash = MAIL): Promise<Page> {
    const page = await stage.open(view, hash);
    await page.locator('.write').waitFor();
    return page;
  }

  async function write(
    page: Page,
    { as = 'alice@campus.edu', to, subject }: Written,
  ): Promise<void> {
    const form = page.getByRole('form', { name: 'Write' });
    await form.getByRole('combobox', { name: 'As' }).selectOption({ label: as });
    await form.getByRole('textbox', { name: 'To', exact: true }).fill(to);
    await form.getByRole('textbox', { name: 'Subject' }).fill(subject);
    await form.getByRole('textbox', { name: 'Text' }).fill('How about pickles?');
    await form.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('.way-head h3', { hasText: subject }).waitFor();
  }

  const tab = (page: Page, name: string) => page.getByRole('tab', { name });
  const letter = (page: Page, subject: string) =>
    page.locator('.letter', { hasText: subject }).first();
  const steps = (page: Page) => page.locator('.way-step');
  const stations = (page: Page) => page.locator('.way-station b').allTextContents();
  const queue = (page: Page, host: string) =>
    page.getByRole('region', { name: `Queue of ${host}` });
  const wide = (page: Page) =>
    page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

  it('is in the address; a message is written, and its way is seen', async () => {
    const page = await stage.open();
    await page.getByRole('link', { name: /^Mail/ }).click();
    await page.locator('.write').waitFor();
    expect(await page.evaluate('location.hash')).toBe(MAIL);
    await page.getByText('No message was sent yet.').waitFor();
    await page.getByRole('button', { name: 'a good one' }).click();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('.replied code', { hasText: /^250 2\.0\.0 OK: queued as/ }).waitFor();
    await page.locator('.way-step.delivered').waitFor();
    expect(await stations(page)).toEqual(['alice', 'mail.campus', 'mail.college']);
    const told = async () => {
      const texts = await steps(page).locator('b').allTextContents();
      return texts.map((text) => text.replace(/^[\w.]+: /, ''));
    };
    // The next host has it in the mailbox before the host before hears its 250.
    await expect
      .poll(told)
      .toEqual([
        'hands it over to mail.campus',
        'asks dns.campus who takes mail for college.edu',
        'asks dns.campus who takes mail for college.edu',
        'handed on, for bob@college.edu',
        'into the mailbox of bob@college.edu',
      ]);
    await expect
      .poll(() => letter(page, 'Do you like ketchup?').textContent())
      .toContain('delivered');
    expect(await page.evaluate('location.hash')).toMatch(/^#\/mail\?letter=.+%40campus\.edu$/);
  });

  it('goes on to its reader, live', async () => {
    const page = await open();
    await write(page, { to: 'bob@college.edu', subject: 'Read me' });
    await page.locator('.way-step.delivered').waitFor();
    const bob = stage.internet.mailbox('bob');
    if (bob) await readByPop3(stage.internet.user('bob').host, bob);
    await page.locator('.way-step.read', { hasText: 'fetched by POP3' }).waitFor();
    expect(await stations(page)).toEqual(['alice', 'mail.campus', 'mail.college', 'bob']);
    await page.locator('.way-person', { hasText: 'fetched' }).waitFor();
  });

  it('has what was said, and leads to the ladder and back', async () => {
    const page = await open();
    await write(page, { to: 'bob@college.edu', subject: 'Said' });
    const relayed = page.locator('.way-row', { hasText: 'handed on' });
    await relayed.getByRole('button', { name: /what was said/ }).click();
    await relayed.locator('.said li', { hasText: 'RCPT TO:<bob@college.edu>' }).waitFor();
    await relayed.locator('button.way-step').click();
    await page.locator('.map').waitFor();
    const filter = page.getByRole('searchbox', { name: 'Filter' });
    await expect.poll(() => filter.inputValue()).toMatch(/^conv == \d+$/);
    await page.locator('.detail h2').waitFor();
    await expect.poll(() => page.locator('.row').count()).toBeGreaterThan(5);
    await page.goBack();
    await page.locator('.way-head h3', { hasText: 'Said' }).waitFor();
    await page.getByRole('button', { name: 'Table' }).click();
    const row = page.locator('.way-table tr', { hasText: 'handed on' });
    await expect
      .poll(() => row.locator('td').nth(1).textContent())
      .toBe('mail.campus → mail.college');
    await page.getByRole('button', { name: 'Drawing' }).click();
  });

  it('shows what was refused, what failed, and the notice that came back', async () => {
    const page = await open();
    const to = 'nobody@college.edu, sam@shop.com, letters@news.org';
    await write(page, { to, subject: 'To three' });
    await page.locator('.replied .trouble', { hasText: 'sam@shop.com: 556' }).waitFor();
    await page.locator('.way-step.refused', { hasText: 'shop.com takes no mail' }).waitFor();
    await page.locator('.way-step.failed', { hasText: '550 5.1.1' }).waitFor();
    await page.locator('.way-step.notified', { hasText: 'writes a notice' }).waitFor();
    const notice = page.locator('.way-step.notice', { hasText: 'into the mailbox of alice' });
    await notice.waitFor();
    await expect.poll(() => letter(page, 'To three').textContent()).toContain('failed');
    await expect
      .poll(() => page.locator('.way-person', { hasText: 'nobody@' }).textContent())
      .toContain('failed');
  });

  it('says it at once when nobody at all can get it', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'to a domain without mail' }).click();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('.replied', { hasText: /shop\.com takes no mail/ }).waitFor();
  });

  it('waits for a host that is off, and goes on at a click', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'to a host that is off: it waits' }).click();
    await page.getByRole('button', { name: 'Stop mail.college' }).click();
    await page.getByText('mail.college is switched off: what is for it waits.').waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('.way-wait.going', { hasText: /next try/ }).waitFor();
    await page.locator('.way-station', { hasText: 'switched off' }).waitFor();
    await tab(page, 'Queues').click();
    const waiting = queue(page, 'mail.campus').locator('tbody tr');
    await waiting.getByText(/^451 .*mail\.college/).waitFor();
    await expect.poll(() => waiting.locator('.left').textContent()).toMatch(/^(in \d+ s|now)$/);
    await waiting.getByRole('button', { name: 'Hold the message to bob@college.edu' }).click();
    await waiting.getByText('held', { exact: true }).waitFor();
    await queue(page, 'mail.college').getByRole('button', { name: 'Start mail.college' }).click();
    await queue(page, 'mail.college').getByText('running').waitFor();
    await waiting.getByRole('button', { name: /^Release/ }).click();
    const retry = queue(page, 'mail.campus').getByRole('button', { name: /^Retry the/ });
    await retry.click({ timeout: 1_000 }).catch(() => undefined);
    await queue(page, 'mail.campus').getByText('Nothing waits.').waitFor();
    await tab(page, 'Messages').click();
    await page.locator('.way-step.delivered').waitFor();
    await page.locator('.way-wait', { hasText: 'waits in the queue for' }).first().waitFor();
  });

  it('takes a message out of the queue, and tells its sender', async () => {
    const page = await open();
    stage.internet.mailHost('mail.college')?.failures.add({ stage: 'RCPT', code: 450 });
    await write(page, { as: 'carol@campus.edu', to: 'bob@college.edu', subject: 'Back to me' });
    await page.locator('.way-step.deferred').waitFor();
    await tab(page, 'Queues').click();
    await queue(page, 'mail.campus')
      .getByRole('button', { name: /^Bounce/ })
      .click();
    await queue(page, 'mail.campus').getByText('Nothing waits.').waitFor();
    await tab(page, 'Messages').click();
    await page.locator('.way-step.removed').waitFor();
    await page.locator('.way-step.notified', { hasText: 'carol@campus.edu' }).waitFor();
    await page.locator('.way-person', { hasText: 'failed' }).waitFor();
  });

  it('shows mailboxes, folders, and messages as they are', async () => {
    const page = await open();
    await write(page, { to: 'principal@college.edu', subject: 'As it is' });
    await page.locator('.way-step.delivered').waitFor();
    await tab(page, 'Mailboxes').click();
    const folder = page.getByRole('button', { name: /^INBOX 1.* of principal$/ });
    await folder.click();
    await page.locator('.box-messages').getByRole('button', { name: 'As it is' }).click();
    await page.locator('.source pre', { hasText: 'Return-Path: <alice@campus.edu>' }).waitFor();
    await page.getByRole('meter', { name: 'What bob has used' }).waitFor();
    await page.locator('.source').getByRole('button', { name: 'Its way' }).click();
    await page.locator('.way-head h3', { hasText: 'As it is' }).waitFor();
  });

  it('lets SMTP fail on purpose, until the rule is removed', async () => {
    const page = await open({}, `${MAIL}?tab=failures`);
    await page.getByRole('combobox', { name: 'Host' }).selectOption('mail.college');
    await page.getByRole('combobox', { name: 'What happens' }).selectOption('greylist');
    await page.getByRole('textbox', { name: 'Only for addresses with' }).fill('bob');
    await page.getByRole('textbox', { name: 'Code or seconds' }).fill('1');
    await page.getByRole('button', { name: 'Add the rule' }).click();
    const rule = page.getByRole('row', { name: /at RCPT TO for addresses with “bob”: greylist/ });
    await rule.getByText('0 times').waitFor();
    await write(page, { to: 'bob@college.edu', subject: 'Greylisted' });
    await page.locator('.way-step.deferred', { hasText: '451 4.7.1 Greylisted' }).waitFor();
    await tab(page, 'Failures').click();
    await rule.getByText('once').waitFor();
    await rule.getByRole('button', { name: /^Remove the rule/ }).click();
    await page.getByText('No rules: SMTP does what it can.').waitFor();
    await tab(page, 'Queues').click();
    await page.getByRole('button', { name: 'Retry all' }).click();
    await queue(page, 'mail.campus').getByText('Nothing waits.').waitFor();
  });

  it('a refused rule says why', async () => {
    const page = await open({}, `${MAIL}?tab=failures`);
    await page.getByRole('textbox', { name: 'Code or seconds' }).fill('250');
    await page.getByRole('button', { name: 'Add the rule' }).click();
    await page
      .getByRole('alert')
      .getByText(/expected a code from 400 to 599/)
      .waitFor();
  });

  it('leads to its hosts from the map, and from letter to letter by keys', async () => {
    const page = await stage.open({}, '#m=1');
    await page.getByRole('button', { name: /^mail\.college,/ }).click();
    await page.getByRole('link', { name: 'Its mail…' }).click();
    await page.getByRole('tabpanel', { name: 'Mailboxes' }).waitFor();
    await tab(page, 'Mailboxes').focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.locator('.letter').nth(1).waitFor();
    const chosen = () => page.locator('.letter[aria-current]').textContent();
    const second = await page.locator('.letter').nth(1).textContent();
    await page.locator('.letter').first().click();
    await page.keyboard.press('j');
    expect(await chosen()).toBe(second);
    await page.keyboard.press('k');
    expect(await chosen()).not.toBe(second);
  });

  it.each(['light', 'dark'] as const)('axe finds nothing, %s', async (colours) => {
    stage.internet.mailHost('mail.college')?.failures.add({ stage: 'RCPT', code: 450, times: 1 });
    const page = await open({ colours });
    await write(page, { to: 'bob@college.edu, nobody@campus.edu', subject: `Axe, ${colours}` });
    await page.locator('.way-step.deferred').waitFor();
    await page.locator('.way-more').nth(1).click();
    for (const name of TABS) {
      await tab(page, name).click();
      await page.getByRole('tabpanel', { name }).waitFor();
      if (name === 'Mailboxes') {
        await page.locator('.folder').first().click();
        await page.locator('.box-messages button').first().click();
        await page.locator('.source pre', { hasText: 'Subject:' }).waitFor();
      }
      expect(await axeFaults(page), name).toEqual([]);
    }
    await tab(page, 'Messages').click();
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
    for (const name of TABS) {
      await tab(page, name).click();
      await page.getByRole('tabpanel', { name }).waitFor();
      expect(await wide(page), name).toBe(0);
    }
    await tab(page, 'Messages').click();
    await letter(page, 'To three').click();
    await page.locator('.way-step.notified').waitFor();
    expect(await wide(page)).toBe(0);
    if (width < 600) expect(await axeFaults(page)).toEqual([]);
  });

  it('asks nothing while it is paused', async () => {
    const page = await open();
    await page.locator('.letter').first().waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.clock.install();
    await page.clock.runFor(20_000);
    expect(asked).toEqual([]);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.clock.runFor(10_000);
    expect(asked.filter((url) => url.endsWith('/api/mail')).length).toBeGreaterThan(1);
    await page.clock.resume();
  });
});
