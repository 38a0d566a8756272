/** The dashboard in a real browser, over an internet on real sockets. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { utf8 } from '../../src/lib/bytes.ts';
import { describeWith } from '../peer.ts';
import { axeFaults } from './axe.ts';
import { SCROLL_THROUGH } from './scrolling.ts';
import { type Stage, setStage } from './stage.ts';

const SITE = 'http://www.campus.edu/';

describeWith(['chromium'], 'the dashboard', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(async () => {
    await stage.close();
    expect(stage.faults).toEqual([]);
  });

  /** Looks up a name and loads its page from outside of the dashboard, and waits until all is shown. */
  async function loadOutside(page: Page, host = 'alice'): Promise<void> {
    const { recorder } = stage.internet;
    const before = recorder.newest;
    await ask(page, 'lookup', { host, name: 'www.campus.edu' });
    await ask(page, 'load', { host, url: SITE });
    expect(recorder.newest).toBeGreaterThan(before);
    await page.locator(`#message-${recorder.newest}`).waitFor();
  }

  async function ask(page: Page, what: string, data: object): Promise<void> {
    const answer = await page.request.post(`${stage.url}api/${what}`, { data });
    expect(answer.ok(), await answer.text()).toBe(true);
  }

  /** How many rows the ladder has, drawn or not. */
  async function count(page: Page): Promise<number> {
    return Number(await page.locator('.row').first().getAttribute('aria-setsize'));
  }

  it('shows a map with all hosts, and says what fills the empty ladder', async () => {
    const page = await stage.open();
    await expect.poll(() => page.locator('.card').count()).toBe(stage.internet.hosts().length);
    await expect.poll(() => page.getByText('Nothing has been said yet.').isVisible()).toBe(true);
    await expect.poll(() => page.locator('.commands code').count()).toBeGreaterThan(3);
    await page.getByRole('button', { name: 'Table' }).first().click();
    await expect
      .poll(() => page.locator('.map-table tbody tr').count())
      .toBe(stage.internet.hosts().length);
  });

  it('loads a page by its button, and the ladder fills', async () => {
    const page = await stage.open();
    await page.getByRole('navigation').getByRole('button', { name: 'Load a page…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Load a page' });
    await dialog.getByRole('button', { name: 'Load', exact: true }).click();
    await dialog.getByText(/^The campus: 5 objects/).waitFor();
    await expect.poll(() => dialog.locator('.waterfall tbody tr').count()).toBe(5);
    await dialog.getByRole('button', { name: 'Show its messages' }).click();
    await expect.poll(() => page.locator('.row').count()).toBeGreaterThan(12);
    const heads = await page.locator('.heads span').allTextContents();
    expect(heads.slice(1, 3)).toEqual(['alice', 'dns.campus']);
    expect(heads).toContain('www.campus');
    await expect
      .poll(() => page.locator('.detail h2').textContent())
      .toContain('A? www.campus.edu');
  });

  it('ties fields to bytes, both ways, and names the section of the standard', async () => {
    const page = await stage.open();
    await loadOutside(page);
    await page.locator('.row').first().click();
    await page.locator('.field', { hasText: /^ID/ }).click();
    await expect.poll(() => page.locator('.numbers .on').count()).toBe(2);
    await expect
      .poll(() => page.locator('.field[aria-selected="true"]').textContent())
      .toMatch(/^ID/);
    await expect.poll(() => page.locator('.field .spec').textContent()).toBe('RFC 1035 §4.1.1');
    // Byte 13 is the first letter of the question's first label.
    await page.locator('.numbers [data-at="13"]').click();
    const chosen = page.locator('.field[aria-selected="true"]');
    await expect.poll(() => chosen.textContent()).toContain('Label');
    await expect.poll(() => chosen.textContent()).toContain('www');
    await expect.poll(() => page.locator('.numbers .on').count()).toBe(4);
    await expect
      .poll(() => page.locator('.letters .on').allTextContents())
      .toEqual(['·', 'w', 'w', 'w']);
  });

  it('says why, and what led to what', async () => {
    const page = await stage.open();
    await loadOutside(page);
    await page.locator('.row', { hasText: 'GET / www.campus.edu' }).click();
    const why = page.locator('.why');
    await why.waitFor();
    await expect.poll(() => why.getByRole('link').textContent()).toMatch(/^RFC 9112/);
    await page.locator('.relations').getByRole('button', { name: '200 OK' }).click();
    await expect.poll(() => page.locator('.detail h2').textContent()).toContain('200 OK');
    await expect
      .poll(() => page.locator('.relations').textContent())
      .toContain('GET / www.campus.edu');
  });

  it('filters by word, protocol and host, and says what it does not understand', async () => {
    const page = await stage.open();
    await loadOutside(page);
    const all = await count(page);
    const box = page.getByRole('searchbox', { name: 'Filter' });
    await box.fill('http && host == www.campus');
    await expect.poll(() => page.locator('.row.p-dns').count()).toBe(0);
    expect(await count(page)).toBeLessThan(all);
    await box.fill('http &&');
    await page.getByText('something is missing at the end').waitFor();
    await box.fill('nothing like it');
    await page.getByRole('button', { name: 'Show all messages' }).click();
    expect(await count(page)).toBe(all);
    const dns = page.locator('.pick', { hasText: 'DNS' });
    await dns.click();
    await expect.poll(() => page.locator('.row.p-http').count()).toBe(0);
    await expect.poll(() => box.inputValue()).toBe('dns');
    await dns.click();
    expect(await count(page)).toBe(all);
    await page
      .getByRole('combobox', { name: 'Only messages of a host' })
      .selectOption('www.campus');
    await expect.poll(() => page.locator('.row.p-dns').count()).toBe(0);
  });

  it('pauses, counts what waits, and steps', async () => {
    const page = await stage.open();
    await loadOutside(page);
    const before = await count(page);
    await page.keyboard.press('Space');
    await ask(page, 'load', { host: 'alice', url: SITE });
    const waiting = page.getByText(/^\d+ waiting$/);
    await waiting.waitFor();
    expect(await count(page)).toBe(before);
    await page.keyboard.press('.');
    await expect.poll(() => count(page)).toBe(before + 1);
    await page.getByRole('button', { name: 'Step' }).click();
    await expect.poll(() => count(page)).toBe(before + 2);
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect.poll(() => count(page)).toBeGreaterThan(before + 8);
    await expect.poll(() => waiting.count()).toBe(0);
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('Nothing has been said yet.').waitFor();
  });

  it('opens a message by its link', async () => {
    const page = await stage.open();
    await loadOutside(page);
    await page.locator('.row', { hasText: '200 OK, 1,221 B' }).click();
    const hash = (await page.evaluate('location.hash')) as string;
    expect(hash).toMatch(/^#m=\d+$/);
    const again = await stage.open({}, hash);
    await again.locator('.detail h2', { hasText: '200 OK, 1,221 B' }).waitFor();
    await again.locator('.row[aria-selected="true"]').waitFor();
    const gone = await stage.open({}, '#m=999999');
    await gone.getByText('This message is not kept any more.').waitFor();
  });

  it('stops a host and starts it again', async () => {
    const page = await stage.open();
    await page.getByRole('button', { name: /^www\.campus,/ }).click();
    const card = page.getByRole('dialog', { name: 'www.campus' });
    await expect
      .poll(() => card.textContent())
      .toMatch(/http, port 80\s*here at 127\.\d+\.1\.80:\d+/);
    await card.getByRole('button', { name: 'Stop' }).click();
    await card.getByText('switched off').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.card.off').textContent()).toBe('www');
    await page.keyboard.press('l');
    const dialog = page.getByRole('dialog', { name: 'Load a page' });
    await dialog.getByRole('button', { name: 'Load', exact: true }).click();
    await expect
      .poll(() => dialog.getByRole('alert').textContent())
      .toMatch(/^Connect to .* nobody listens there\.$/);
    await page.keyboard.press('Escape');
    await page
      .getByRole('navigation')
      .getByRole('button', { name: 'Stop or start a host…' })
      .click();
    await page.getByRole('button', { name: 'Start www.campus' }).click();
    await page.getByRole('button', { name: 'Stop www.campus' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.card.off').count()).toBe(0);
  });

  it('looks up a name, and pings', async () => {
    const page = await stage.open();
    const nav = page.getByRole('navigation');
    await nav.getByRole('button', { name: 'Look up a name…' }).click();
    const lookup = page.getByRole('dialog', { name: 'Look up a name' });
    await lookup.getByRole('button', { name: 'Look up', exact: true }).click();
    await lookup.getByText(/^www\.campus\.edu is 127\.\d+\.1\.80$/).waitFor();
    await lookup.getByRole('combobox', { name: 'Name', exact: true }).fill('nothing.campus.edu');
    await lookup.getByRole('button', { name: 'Do it again' }).click();
    await expect
      .poll(() => lookup.getByRole('alert').textContent())
      .toMatch(/^nothing\.campus\.edu: /);
    await page.keyboard.press('Escape');
    await nav.getByRole('button', { name: 'Ping…' }).click();
    const ping = page.getByRole('dialog', { name: 'Ping' });
    await ping.getByRole('spinbutton').fill('3');
    await ping.getByRole('button', { name: 'Ping', exact: true }).click();
    await ping.getByText(/of 3 answered/).waitFor();
    await expect.poll(() => ping.locator('.chart li').count()).toBe(3);
  });

  it('gives what was said as files', async () => {
    const page = await stage.open();
    await loadOutside(page);
    for (const [name, file] of [
      ['pcapng', 'toplayer.pcapng'],
      ['Text', 'toplayer.txt'],
    ] as const) {
      await page.getByRole('button', { name: 'Export' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(file);
      await page.keyboard.press('Escape');
    }
  });

  it('can be used by keys alone', async () => {
    const page = await stage.open();
    const focused = () => page.evaluate('document.activeElement.textContent');
    const tabTo = async (text: string) => {
      for (let left = 40; left > 0; left--) {
        await page.keyboard.press('Tab');
        if (String(await focused()).startsWith(text)) return;
      }
      throw new Error(`no Tab leads to ${text}`);
    };
    await tabTo('Load a page');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Load a page' }).waitFor();
    await page.keyboard.press('Tab');
    await tabTo('Load');
    await page.keyboard.press('Enter');
    await page.getByText(/^The campus: 5 objects/).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(focused).toBe('Load a page…');
    await page.locator('.row').first().waitFor();
    await page.keyboard.press('Home');
    await page.locator('.tree').waitFor();
    const chosen = page.locator('.row[aria-selected="true"]');
    await expect.poll(() => chosen.getAttribute('aria-posinset')).toBe('1');
    await page.keyboard.press('j');
    await expect.poll(() => chosen.getAttribute('aria-posinset')).toBe('2');
    await page.keyboard.press('End');
    await page.keyboard.press('[');
    await page.locator('.detail h2', { hasText: 'GET /' }).waitFor();
    await page.locator('.tree').waitFor();
    for (let left = 60; left > 0 && !(await page.locator('.field:focus').count()); left--)
      await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.locator('.field[aria-selected="true"]').count()).toBe(1);
    await expect.poll(() => page.locator('.numbers .on').count()).toBeGreaterThan(0);
    await page.keyboard.press('/');
    await page.keyboard.type('dns');
    await expect.poll(() => page.locator('.row.p-http').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate('location.hash')).toBe('');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys and signs' }).waitFor();
  });

  it('stays smooth with 20,000 messages', async () => {
    const page = await stage.open();
    await loadOutside(page);
    const { bus, clock } = stage.internet.ground;
    const [from, to] = ['alice', 'ping.campus'].map((name) => ({
      address: stage.internet.host(name).plan.address,
      port: 12_000,
    }));
    const began = clock.now();
    for (let number = 1; number <= 20_000; number++) {
      bus.emit({
        kind: 'send',
        at: began + number / 10,
        host: 'alice',
        transport: 'udp',
        from: from!,
        to: to!,
        bytes: utf8(`Ping ${number} 0.5`),
      });
    }
    await page.locator(`#message-${stage.internet.recorder.newest}`).waitFor();
    expect(await count(page)).toBeGreaterThan(20_000);
    const frames = (await page.evaluate(SCROLL_THROUGH)) as {
      median: number;
      rows: number;
      empty: number;
    };
    expect(frames.rows).toBeLessThan(80);
    expect(frames.empty).toBe(0);
    expect(frames.median).toBeLessThan(50);
    const shown = await page.locator('.row .said').first().textContent();
    expect(shown).toMatch(/Ping \d+/);
    await page.getByRole('button', { name: 'To the newest' }).click();
    await page.locator(`#message-${stage.internet.recorder.newest}`).waitFor();
  });

  it.each(['light', 'dark'] as const)('axe finds nothing, %s', async (colours) => {
    const page = await stage.open({ colours });
    expect(await axeFaults(page)).toEqual([]);
    await loadOutside(page);
    expect(await axeFaults(page)).toEqual([]);
    await page.locator('.row', { hasText: 'GET / www.campus.edu' }).click();
    await page.locator('.field').nth(1).click();
    expect(await axeFaults(page)).toEqual([]);
    for (const table of await page.getByRole('button', { name: 'Table' }).all())
      await table.click();
    expect(await axeFaults(page)).toEqual([]);
    for (const name of [
      'Load a page…',
      'Look up a name…',
      'Ping…',
      'Stop or start a host…',
      'Keys',
    ]) {
      await page.getByRole('navigation').getByRole('button', { name }).click();
      if (name.startsWith('Load')) {
        await page.getByRole('dialog').getByRole('button', { name: 'Load', exact: true }).click();
        await page.locator('.waterfall').waitFor();
      }
      expect(await axeFaults(page), name).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
  });

  it.each([
    [390, 844],
    [640, 400],
  ])('nothing overflows sideways at %d by %d', async (width, height) => {
    const page = await stage.open({ size: { width, height } });
    await loadOutside(page);
    const wide = () =>
      page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(await wide()).toBe(0);
    await page.locator('.row').first().click();
    await page.locator('.tree').waitFor();
    expect(await wide()).toBe(0);
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Close the message' }).click();
    await page.keyboard.press('l');
    await page.getByRole('dialog', { name: 'Load a page' }).waitFor();
    expect(await wide()).toBe(0);
  });

  it('moves nothing for who asks for calm, and lights the links instead', async () => {
    const page = await stage.open({ motion: 'reduce' });
    await loadOutside(page);
    await expect.poll(() => page.locator('.dot').count()).toBe(0);
    const still = await stage.open({ motion: 'no-preference' });
    await loadOutside(still);
    await still.locator('.dot').first().waitFor({ state: 'attached' });
  });

  it('keeps the colours that a person chose', async () => {
    const page = await stage.open({ colours: 'light' });
    const paper = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await paper();
    await page.getByRole('button', { name: 'Dark colours' }).click();
    const dark = await paper();
    expect(dark).not.toBe(light);
    expect(await (await stage.open({ colours: 'light' })).evaluate('document.title')).toContain(
      'toplayer',
    );
    expect(await paper()).toBe(dark);
    await page.getByRole('button', { name: 'Light colours' }).click();
    expect(await paper()).toBe(light);
    await page.evaluate('localStorage.clear()');
  });

  it('says when the internet is away', async () => {
    const page = await stage.open();
    await page.context().setOffline(true);
    await page.keyboard.press('l');
    await page.getByRole('dialog').getByRole('button', { name: 'Load', exact: true }).click();
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('does not answer');
    await page.context().setOffline(false);
  });
});
