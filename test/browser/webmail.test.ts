/** The webmail in a real browser, over a mail host on real sockets. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../peer.ts';
import { axeFaults } from './axe.ts';
import { type MailStage, setMailStage } from './mail-stage.ts';

const EVIL = `<img src=x onerror="alert('xss')"><script>alert('xss')</script>`;

function letter(subject: string, body = 'Hello Alice\n', more = ''): string {
  return `From: Carol Carter <carol@news.org>\nTo: Alice Adams <alice@campus.edu>\nSubject: ${subject}\nMessage-ID: <${encodeURIComponent(subject)}@news.org>\n${more}\n${body}`;
}

function row(page: Page, text: string) {
  return page.locator('.row', { hasText: text });
}

describeWith(['chromium'], 'the webmail', () => {
  let stage: MailStage;

  beforeAll(async () => {
    stage = await setMailStage();
    for (let i = 0; i < 300; i++) {
      const received = Date.UTC(2026, 0, 1) + i * 3_600_000;
      await stage.deliver('alice', letter(`Old ${i}`), { received, flags: ['\\Seen'] });
    }
  }, 60_000);
  afterAll(async () => {
    await stage.close();
    expect(stage.faults).toEqual([]);
  });

  afterEach(() => stage.tidy());

  it('asks who one is, says when that is wrong, and stays signed in', async () => {
    const page = await stage.visit();
    await page.getByLabel('Name or address').fill('alice');
    await page.getByLabel('Password').fill('hatter');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Name and password do not fit.').waitFor();
    await page.getByLabel('Password').fill('wonderland');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await row(page, 'Old 299').waitFor();
    await page.reload();
    await row(page, 'Old 299').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to your mail' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in to your mail' }).waitFor();
  });

  it('draws only what is in sight of a long list', async () => {
    const page = await stage.open('alice');
    await row(page, 'Old 299').waitFor();
    await expect.poll(() => page.locator('.row').count()).toBeLessThan(40);
    await page.locator('.rows').evaluate((box) => box.scrollTo(0, box.scrollHeight));
    await page.getByText('Old 0', { exact: true }).waitFor();
    await expect.poll(() => page.locator('.row').count()).toBeLessThan(40);
  });

  it('reads a conversation: quotes folded, links, and it counts as read', async () => {
    await stage.deliver('alice', letter('Plan', 'See http://www.campus.edu/plan.\n'));
    const reply = 'In-Reply-To: <Plan@news.org>\n';
    await stage.deliver(
      'alice',
      letter('Re: Plan', 'I mean this:\n\n> See http://www.campus.edu/plan.\n', reply),
    );
    const page = await stage.open('alice');
    const inbox = page.getByRole('link', { name: /^Inbox/ });
    await expect.poll(() => inbox.textContent()).toContain('1 unread');
    await row(page, 'Plan').click();
    const messages = page.getByRole('article');
    await expect.poll(() => messages.count()).toBe(2);
    const link = messages.first().getByRole('link');
    await expect.poll(() => link.getAttribute('href')).toBe('http://www.campus.edu/plan');
    await expect.poll(() => link.getAttribute('rel')).toContain('noopener');
    await expect.poll(() => page.getByText('1 quoted line').isVisible()).toBe(true);
    await expect.poll(() => inbox.textContent()).toBe('Inbox');
  });

  it('finds by operators, and marks what was found', async () => {
    await stage.deliver('alice', letter('Animals', 'A zebra stands\n'));
    const page = await stage.open('alice');
    await page.keyboard.press('/');
    await page.keyboard.type('from:carol zebra is:unread');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('mark').allTextContents()).toEqual(['zebra']);
    await expect.poll(() => page.locator('.row').count()).toBe(1);
    await page.getByRole('searchbox').fill('nothing-like-it');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing was found.').waitFor();
  });

  it('writes with an attachment, and the other one gets it at once', async () => {
    const bob = await stage.open('bob');
    await bob.getByText('Nothing new.').waitFor();
    const page = await stage.open('alice');
    await page.keyboard.press('c');
    const box = page.getByRole('region', { name: 'New message' });
    await box.getByRole('combobox', { name: 'To' }).fill('bob@campus.edu, eve@campus.edu');
    await box.getByLabel('Subject').fill('Figures');
    await box.getByRole('textbox', { name: 'Text' }).fill('Here they are.\n');
    await box
      .locator('input[type=file]')
      .setInputFiles({ name: 'ä.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n') });
    await box.getByText('Draft kept').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('alert').filter({ hasText: 'eve@campus.edu: 550 5.1.1' }).waitFor();
    await expect.poll(() => box.count()).toBe(0);
    await row(bob, 'Figures').waitFor();
    await row(bob, 'Figures').click();
    await bob.getByRole('article').getByText('Here they are.').waitFor();
    const [download] = await Promise.all([
      bob.waitForEvent('download'),
      bob.getByRole('link', { name: 'ä.csv' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('ä.csv');
    await page.getByRole('link', { name: /^Sent/ }).click();
    await row(page, 'Figures').waitFor();
    await page.getByRole('link', { name: /^Drafts/ }).click();
    await page.getByText('No drafts.').waitFor();
  });

  it('answers, and says what is in the way of sending', async () => {
    await stage.deliver('bob', letter('Question', 'Why?\n', 'Reply-To: alice@campus.edu\n'));
    const page = await stage.open('bob');
    await row(page, 'Question').click();
    await page.getByText('Why?').last().waitFor();
    await page.keyboard.press('r');
    const box = page.getByRole('region', { name: 'New message' });
    await box.waitFor();
    await expect
      .poll(() => box.getByRole('textbox', { name: 'Text' }).inputValue())
      .toContain('Carol Carter wrote:\n> Why?');
    await box.getByRole('button', { name: 'Remove alice@campus.edu' }).click();
    await box.getByRole('button', { name: 'Send' }).click();
    await box.getByText('Say whom it is for').waitFor();
    await box.getByRole('combobox', { name: 'To' }).fill('ali');
    await box.getByRole('option', { name: /alice@campus.edu/ }).waitFor();
    await page.keyboard.press('Enter');
    await box.getByRole('button', { name: 'Send' }).click();
    await expect.poll(() => box.count()).toBe(0);
    expect(stage.sent.at(-1)?.text).toContain('In-Reply-To: <Question@news.org>');
  });

  it('keeps a draft that is closed, and goes on with it', async () => {
    const page = await stage.open('bob');
    await page.keyboard.press('c');
    const box = page.getByRole('region', { name: 'New message' });
    await box.getByLabel('Subject').fill('Half a thought');
    await box.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('link', { name: /^Drafts/ }).click();
    await row(page, 'Half a thought').click();
    await page.getByRole('button', { name: 'Go on writing' }).click();
    await expect.poll(() => box.getByLabel('Subject').inputValue()).toBe('Half a thought');
    await box.getByRole('button', { name: 'Discard the draft' }).click();
    await page.getByText('No drafts.').waitFor();
  });

  it('archives by key and takes it back, moves, stars, chooses many', async () => {
    await stage.deliver('bob', letter('Keep me'));
    await stage.deliver('bob', letter('Me too'));
    const page = await stage.open('bob');
    await row(page, 'Me too').waitFor();
    await page.keyboard.press('e');
    await expect.poll(() => row(page, 'Me too').count()).toBe(0);
    await page.keyboard.press('z');
    await row(page, 'Me too').waitFor();
    await page.keyboard.press('s');
    await row(page, 'Me too').getByRole('button', { name: 'Remove the star' }).waitFor();
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText('2 chosen').waitFor();
    await page.keyboard.press('#');
    await expect.poll(() => row(page, 'Keep me').count()).toBe(0);
    await page.getByRole('link', { name: /^Trash/ }).click();
    await row(page, 'Keep me').waitFor();
    await expect.poll(() => row(page, 'Me too').count()).toBe(1);
  });

  it('does with all that are chosen what is to be done, those too that nobody has seen', async () => {
    const page = await stage.open('alice');
    await page.getByRole('searchbox').fill('subject:old');
    await page.keyboard.press('Enter');
    await page.getByText('300 results').waitFor();
    await page.getByRole('checkbox', { name: 'Choose all' }).check();
    await page.getByText('300 chosen').waitFor();
    await page.keyboard.press('e');
    await page.getByText('300 conversations moved to Archive').waitFor();
    await page.getByRole('link', { name: /^Archive/ }).click();
    await page.getByText('300 conversations', { exact: true }).waitFor();
    await page.keyboard.press('z');
    await page.getByText('Nothing archived yet').waitFor();
  });

  it('makes folders, renames and deletes them', async () => {
    const page = await stage.open('bob');
    await page.getByRole('button', { name: 'New folder' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Pets');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Pets' }).waitFor();
    await page.getByRole('button', { name: 'More for Pets' }).click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Sent');
    await page.keyboard.press('Enter');
    await page.getByText('There is a mailbox Sent already').waitFor();
    await page.getByRole('dialog').getByLabel('Name').fill('Animals');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'More for Animals' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect.poll(() => page.getByRole('link', { name: 'Animals' }).count()).toBe(0);
  });

  it('runs nothing of what a message says, wherever it says it', async () => {
    const name = encodeURIComponent(EVIL);
    const html = `${EVIL}<p style="background:url(http://evil.test/a)">Hi</p><a href="javascript:alert('xss')">click</a><iframe src="http://evil.test/"></iframe><img src="http://evil.test/b.png"><svg onload="alert('xss')"></svg><form action="http://evil.test/"><button>go</button></form>`;
    await stage.deliver(
      'alice',
      `From: "${EVIL.replaceAll('"', '\\"')}" <eve@evil.test>\nTo: ${'alice@campus.edu'}\nSubject: ${EVIL}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html\n\n${html}\n--x\nContent-Type: text/html\nContent-Disposition: attachment; filename*=utf-8''${name}\n\n${EVIL}\n--x\nContent-Type: image/svg+xml\nContent-Disposition: attachment; filename="a.svg"\n\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert('xss')</script></svg>\n--x--\n`,
    );
    const page = await stage.open('alice');
    await row(page, 'onerror').first().click();
    const frame = page.frameLocator('iframe');
    await frame.getByText('Hi').waitFor();
    await page.getByText('Pictures from elsewhere are not shown').waitFor();
    await expect
      .poll(() => frame.locator('script, iframe, form, [onerror], [onload]').count())
      .toBe(0);
    await expect.poll(() => frame.getByText('click').getAttribute('href')).toBeNull();
    await page.getByRole('article').getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Structure' }).click();
    await page.getByRole('dialog').getByText('a.svg').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('r');
    const box = page.getByRole('region', { name: 'New message' });
    await box.waitFor();
    await expect
      .poll(() => box.getByRole('textbox', { name: 'Text' }).inputValue())
      .toContain('> ');
    await box.getByRole('button', { name: 'Discard the draft' }).click();
    await page.goto(`${stage.url}#/search?q=${name}`);
    await page.getByText(/result/).waitFor();
  });

  it('shows pictures from elsewhere to who asks for them, and nothing else', async () => {
    const asked: IncomingMessage[] = [];
    const elsewhere = createServer((request, response) => {
      asked.push(request);
      response.setHeader('Set-Cookie', 'seen=yes');
      response.setHeader('Content-Type', 'image/svg+xml');
      response.end('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"/>');
    }).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const { port } = elsewhere.address() as AddressInfo;
    const at = `http://127.0.0.1:${port}`;
    const html = `<style>@font-face{font-family:f;src:url(${at}/font)}p{font-family:f}@import "${at}/sheet.css";</style><p style="background:url(${at}/background.svg)">Look<img src="${at}/picture.svg"><video src="${at}/video"></video><script src="${at}/script"></script>`;
    await stage.deliver('alice', letter('Offer', html, 'Content-Type: text/html\n'));
    const page = await stage.open('alice');
    await row(page, 'Offer').click();
    await page.frameLocator('iframe').getByText('Look').waitFor();
    expect([asked, stage.faults]).toEqual([[], []]);
    await page.getByRole('button', { name: 'Show them' }).click();
    const picture = page.frameLocator('iframe').locator('img');
    await expect.poll(() => picture.evaluate((img) => Reflect.get(img, 'naturalWidth'))).toBe(90);
    expect(stage.faults.splice(0)).toEqual([`asked for ${at}/picture.svg`]);
    expect(asked.map(({ url, headers }) => [url, headers.referer])).toEqual([
      ['/picture.svg', undefined],
    ]);
    await expect.poll(() => page.getByRole('button', { name: 'Show them' }).count()).toBe(0);
    elsewhere.close();
  });

  it('joins the lines of a paragraph that the sender has broken', async () => {
    const text = 'This is one \nparagraph.\n\n> And this \n> a quote.\n';
    const type = 'Content-Type: text/plain; charset=utf-8; format=flowed\n';
    await stage.deliver('alice', letter('Flowed', text, type));
    const page = await stage.open('alice');
    await row(page, 'Flowed').click();
    const message = page.getByRole('article');
    await message.getByText('This is one paragraph.', { exact: true }).waitFor();
    await message.getByText('1 quoted line').click();
    await message.getByText('And this a quote.', { exact: true }).waitFor();
  });

  it('shows the source of a message as it came', async () => {
    const page = await stage.open('alice');
    await row(page, 'Plan').click();
    await page.getByRole('article').last().getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Show source' }).click();
    await expect
      .poll(() => page.locator('pre.source').textContent())
      .toContain('Message-ID: <Re%3A%20Plan@news.org>');
  });

  it.each(['light', 'dark'] as const)('is for all, in %s colours', async (colours) => {
    await stage.deliver(
      'alice',
      letter('Table', '<table><tr><td>1</table>', 'Content-Type: text/html\n'),
    );
    const signIn = await stage.visit({ colours });
    expect(await axeFaults(signIn)).toEqual([]);
    const page = await stage.open('alice', { colours });
    await row(page, 'Table').first().click();
    await page.frameLocator('iframe').getByText('1').waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await page.keyboard.press('c');
    await page.getByRole('region', { name: 'New message' }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Discard the draft' }).click();
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect(await axeFaults(page)).toEqual([]);
  });

  it('fits on a small screen', async () => {
    const page = await stage.open('alice', { size: { width: 375, height: 740 } });
    await row(page, 'Plan').waitFor();
    const overflow = () => page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(await overflow()).toBe(0);
    await row(page, 'Plan').click();
    await page.getByText('I mean this:').last().waitFor();
    expect(await overflow()).toBe(0);
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Show the folders' }).click();
    await page.getByRole('link', { name: /^Archive/ }).click();
    await page.getByText('Nothing archived yet').waitFor();
    expect(await axeFaults(page)).toEqual([]);
  });
});
