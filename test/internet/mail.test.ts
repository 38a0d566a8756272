/** Mail in the default internet, simulated: by MX from domain to domain, bounced, held up, and seen. */
import { expect, it } from 'vitest';
import { readScenario } from '../../src/cli/scenario-file.ts';
import { wayOf } from '../../src/internet/dashboard/letters/way.ts';
import { mailView, writeLetter } from '../../src/internet/dashboard/mail.ts';
import { type Internet, SimulatedInternet } from '../../src/internet/index.ts';
import { fromLatin1 } from '../../src/lib/bytes.ts';
import { sleep } from '../../src/net/index.ts';

type Story = (internet: Internet, wait: (ms: number) => Promise<void>) => Promise<void>;

async function play(story: Story): Promise<void> {
  const simulated = new SimulatedInternet(await readScenario('default'), '11');
  await simulated.play(async (internet) => {
    const { clock } = internet.user('alice').host;
    await story(internet, (ms) => sleep(clock, ms));
  });
}

function inbox(internet: Internet, host: string, name: string): string[] {
  const account = internet.mailHost(host)?.store.open(name);
  const folder = account?.folder('INBOX');
  const entries = account && folder ? account.entries(folder) : [];
  return entries.map(({ content }) => fromLatin1(account?.bytes(content) ?? new Uint8Array()));
}

const HI = { subject: 'Hi', text: 'How are you?' };

it('goes from the author by MX to the reader, and every step is known', () =>
  play(async (internet, wait) => {
    const sent = await writeLetter(internet, 'alice', { ...HI, to: 'bob@college.edu' });
    expect(sent.reply).toMatch(/^250 2\.0\.0 OK: queued as \w+$/);
    await wait(5_000);
    const last = inbox(internet, 'mail.college', 'bob').at(-1) ?? '';
    expect(last).toMatch(/^Return-Path: <alice@campus\.edu>\r\n/);
    expect(last.match(/^Received: /gm)).toHaveLength(2);
    const [letter] = mailView(internet).letters;
    expect(letter).toMatchObject({
      id: sent.messageId,
      subject: 'Hi',
      from: 'alice@campus.edu',
      to: [{ address: 'bob@college.edu', state: 'delivered' }],
      state: 'delivered',
    });
    const { steps } = wayOf(internet, sent.messageId) ?? { steps: [] };
    expect(steps.map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ['submitted', 'alice', 'mail.campus'],
      ['looked up', 'mail.campus', 'dns.campus'],
      ['looked up', 'mail.campus', 'dns.campus'],
      ['relayed', 'mail.campus', 'mail.college'],
      ['delivered', 'mail.college', undefined],
    ]);
  }));

it('comes back when there is nobody, and is refused at once where no mail is taken', () =>
  play(async (internet, wait) => {
    const to = 'nobody@college.edu, sam@shop.com';
    const { refused } = await writeLetter(internet, 'alice', { ...HI, to });
    expect(refused).toEqual(['sam@shop.com: 556 5.1.10 shop.com takes no mail (null MX)']);
    await wait(5_000);
    const notice = inbox(internet, 'mail.campus', 'alice').at(-1) ?? '';
    expect(notice).toMatch(/^Return-Path: <>\r\n/);
    expect(notice).toContain('Final-Recipient: rfc822; nobody@college.edu\r\n');
    expect(notice).toContain('Status: 5.1.1\r\n');
  }));

it('waits while the reader’s host is off, and is not lost when its own falls', () =>
  play(async (internet, wait) => {
    await internet.stopHost('mail.college');
    await writeLetter(internet, 'alice', { ...HI, to: 'bob@college.edu' });
    await wait(60_000);
    const [waiting] = mailView(internet).hosts.flatMap(({ queue }) => queue);
    expect(waiting).toMatchObject({ to: 'bob@college.edu', state: 'waiting' });
    await internet.stopHost('mail.campus');
    await internet.startHost('mail.college');
    await internet.startHost('mail.campus');
    await wait(120_000);
    expect(inbox(internet, 'mail.college', 'bob').at(-1)).toContain('How are you?');
    expect(mailView(internet).hosts.flatMap(({ queue }) => queue)).toEqual([]);
  }));

it('goes to all who stand behind an alias', () =>
  play(async (internet, wait) => {
    await writeLetter(internet, 'carol', { ...HI, to: 'students@campus.edu' });
    await wait(5_000);
    for (const [host, name] of [
      ['mail.campus', 'alice'],
      ['mail.college', 'bob'],
    ] as const) {
      expect(inbox(internet, host, name).at(-1)).toContain('How are you?');
    }
  }));

it('is taken over TLS where that is offered', () =>
  play(async (internet, wait) => {
    await writeLetter(internet, 'bob', { ...HI, to: 'letters@news.org' });
    await wait(5_000);
    expect(inbox(internet, 'mail.news', 'letters')).toHaveLength(1);
  }));
