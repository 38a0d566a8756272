/** Ways of messages in the default internet, simulated: what is known of each hop, and of what went wrong. */
import { expect, it } from 'vitest';
import { readScenario } from '../../src/cli/scenario-file.ts';
import type { WayStepView } from '../../src/internet/dashboard/api-mail.ts';
import { wayOf } from '../../src/internet/dashboard/letters/way.ts';
import { mailView, writeLetter } from '../../src/internet/dashboard/mail.ts';
import { type Internet, SimulatedInternet } from '../../src/internet/index.ts';
import { readByImap, readByPop3 } from '../../src/internet/mail-user.ts';
import { utf8 } from '../../src/lib/bytes.ts';
import { sleep } from '../../src/net/index.ts';
import { SmtpClient } from '../../src/smtp/index.ts';

const JMAP_CAPABILITIES = ['core', 'mail', 'submission'].map(
  (name) => `urn:ietf:params:jmap:${name}`,
);

interface Scene {
  readonly internet: Internet;
  readonly wait: (ms: number) => Promise<void>;
  /** Writes, and waits a little. */
  readonly send: (host: string, to: string, waitMs?: number) => Promise<string>;
}

async function play(story: (scene: Scene) => Promise<void>): Promise<void> {
  const simulated = new SimulatedInternet(await readScenario('default'), '11');
  await simulated.play(async (internet) => {
    const { clock } = internet.user('alice').host;
    const wait = (ms: number) => sleep(clock, ms);
    const send = async (host: string, to: string, waitMs = 5_000) => {
      const letter = { to, subject: 'Grüße', text: 'How are you?' };
      const { messageId } = await writeLetter(internet, host, letter);
      await wait(waitMs);
      return messageId;
    };
    await story({ internet, wait, send });
  });
}

function stepsOf(internet: Internet, id: string): readonly WayStepView[] {
  return wayOf(internet, id)?.steps ?? [];
}

function told(steps: readonly WayStepView[]): string[] {
  return steps.map(({ kind, from, to, recipients, notice }) => {
    const who = recipients.map((one) => one.split('@')[0]).join('+');
    return `${notice === undefined ? '' : 'notice '}${kind} ${from} ${to ?? '-'} ${who}`;
  });
}

const find = (steps: readonly WayStepView[], kind: WayStepView['kind']) =>
  steps.find((step) => step.kind === kind);

function mailbox(internet: Internet, host: string) {
  const found = internet.mailbox(host);
  if (!found) throw new Error(`${host} has no mailbox`);
  return found;
}

it('has what was said at each hop, and where the ladder has it', () =>
  play(async ({ internet, send }) => {
    const steps = stepsOf(internet, await send('alice', 'bob@college.edu'));
    const submitted = find(steps, 'submitted');
    expect(submitted?.reply).toMatch(/^250 2\.0\.0 OK: queued as/);
    const said = submitted?.said.map(({ from, text }) => `${from}: ${text}`);
    expect(said).toContain('alice: RCPT TO:<bob@college.edu>');
    expect(said).toContain('mail.campus: 250 2.1.5 OK');
    const lookup = find(steps, 'looked up');
    expect(lookup?.reply).toBe('MX 10 mail.college.edu');
    const asked = lookup?.said.map(({ from, text }) => `${from}: ${text}`);
    expect(asked).toContain('a.edu: college.edu: ask ns.college.edu');
    const relayed = find(steps, 'relayed');
    expect(relayed?.conversations).toHaveLength(1);
    const message = internet.recorder.message(relayed?.message ?? 0);
    expect([message?.fromHost, message?.toHost]).toEqual(['mail.college', 'mail.campus']);
    expect(relayed?.at).toBeGreaterThanOrEqual(submitted?.until ?? 0);
  }));

it('ends with who fetched it, by which protocol', () =>
  play(async ({ internet, send }) => {
    const id = await send('alice', 'bob@college.edu');
    expect(mailView(internet).letters[0]?.state).toBe('delivered');
    const { host } = internet.user('bob');
    await readByPop3(host, mailbox(internet, 'bob'));
    await readByImap(host, mailbox(internet, 'bob'));
    const reads = stepsOf(internet, id).filter(({ kind }) => kind === 'read');
    expect(reads.map(({ protocol, to }) => [protocol, to])).toEqual([
      ['pop3', 'bob'],
      ['imap', 'bob'],
    ]);
    expect(reads[0]?.reply).toMatch(/^RETR \d+$/);
    expect(mailView(internet).letters[0]).toMatchObject({
      subject: 'Grüße',
      state: 'read',
      to: [{ address: 'bob@college.edu', state: 'read' }],
    });
  }));

it('goes apart for several, is refused, fails, and comes back', () =>
  play(async ({ internet, send }) => {
    const to = 'bob@college.edu, nobody@college.edu, letters@news.org, sam@shop.com';
    const id = await send('alice', to);
    expect(told(stepsOf(internet, id)).sort()).toEqual([
      'delivered mail.college - bob',
      'delivered mail.news - letters',
      'failed mail.campus mail.college nobody',
      'looked up mail.campus dns.campus bob',
      'looked up mail.campus dns.campus bob+nobody+letters+sam',
      'looked up mail.campus dns.campus letters',
      'notice delivered mail.campus - alice',
      'notified mail.campus - alice',
      'refused alice mail.campus sam',
      'relayed mail.campus mail.college bob',
      'relayed mail.campus mail.news letters',
      'submitted alice mail.campus bob+nobody+letters',
    ]);
    const { letters } = mailView(internet);
    expect(letters).toHaveLength(1);
    expect(letters[0]?.state).toBe('failed');
    expect(letters[0]?.to.map(({ state }) => state)).toEqual(['delivered', 'failed', 'delivered']);
  }));

it('follows a notice through the internet, back to its author', () =>
  play(async ({ internet, send }) => {
    const { failures } = internet.mailHost('mail.college') ?? {};
    failures?.add({ stage: 'RCPT', address: 'bob', code: 550, times: 1 });
    const steps = told(stepsOf(internet, await send('bob', 'students@campus.edu', 10_000)));
    expect(steps.filter((step) => !step.includes('looked up'))).toEqual([
      'submitted bob mail.college students',
      'relayed mail.college mail.campus students',
      'delivered mail.campus - alice',
      'failed mail.campus mail.college bob',
      'notified mail.campus - bob',
      'notice relayed mail.campus mail.college bob',
      'notice delivered mail.college - bob',
    ]);
    expect(mailView(internet).letters).toHaveLength(1);
  }));

it('says why it waits and when it is tried again, and is known after its host fell', () =>
  play(async ({ internet, wait, send }) => {
    await internet.stopHost('mail.college');
    const id = await send('alice', 'bob@college.edu', 60_000);
    const before = stepsOf(internet, id);
    const tries = before.filter(({ kind }) => kind === 'deferred');
    expect(tries.length).toBeGreaterThan(1);
    expect(tries.map(({ to }) => to)).toEqual(tries.map(() => 'mail.college'));
    expect(tries[0]?.reply).toMatch(/^451 4\.4\.1 .*no answer/);
    expect(tries[0]?.next).toBeUndefined();
    const [queued] = mailView(internet).hosts.flatMap(({ queue }) => queue);
    expect(queued).toMatchObject({ subject: 'Grüße', messageId: id, state: 'waiting' });
    expect(tries.at(-1)?.next).toBe(queued?.next);
    expect(mailView(internet).letters[0]?.state).toBe('waiting');
    await internet.mailHost('mail.campus')?.relay.hold(queued?.id ?? '');
    expect(mailView(internet).letters[0]?.state).toBe('held');
    await internet.stopHost('mail.campus');
    await internet.startHost('mail.college');
    await internet.startHost('mail.campus');
    await internet.mailHost('mail.campus')?.relay.release(queued?.id ?? '');
    await wait(60_000);
    const kinds = stepsOf(internet, id).map(({ kind }) => kind);
    expect(kinds[0]).toBe('submitted');
    expect(kinds.slice(-2)).toEqual(['relayed', 'delivered']);
  }));

it('tells of a failure on purpose, and what the next try said', () =>
  play(async ({ internet, wait, send }) => {
    internet.mailHost('mail.college')?.failures.add({ stage: 'RCPT', greylistMs: 8_000 });
    const id = await send('alice', 'bob@college.edu', 100);
    await wait(40_000);
    const steps = stepsOf(internet, id);
    const deferred = find(steps, 'deferred');
    expect(deferred?.reply).toMatch(/^451 4\.7\.1 Greylisted/);
    expect(deferred?.said.map(({ text }) => text)).toContain('RCPT TO:<bob@college.edu>');
    expect(find(steps, 'delivered')).toBeDefined();
  }));

it('is known without the recorder’s messages, from what relays tell', () =>
  play(async ({ internet, send }) => {
    const id = await send('alice', 'bob@college.edu');
    mailView(internet);
    internet.recorder.clear();
    const steps = stepsOf(internet, id);
    expect(told(steps)).toEqual([
      'submitted alice mail.campus ',
      'relayed mail.campus mail.college bob',
      'delivered mail.college - bob',
    ]);
    expect(steps.map(({ conversations }) => conversations.length)).toEqual([0, 0, 0]);
    expect(mailView(internet).letters[0]?.subject).toBe('Grüße');
    expect(wayOf(internet, 'nothing@like.it')).toBeUndefined();
  }));

it('is known by the name in its queue where nobody has given it another', () =>
  play(async ({ internet, wait }) => {
    const { host } = internet.user('alice');
    const { address } = internet.host('mail.college').plan;
    const client = await SmtpClient.connect(host, { address, port: 25 }, {});
    const [from, to] = [
      { local: 'me', domain: 'campus.edu' },
      { local: 'bob', domain: 'college.edu' },
    ];
    await client.send({ from, to: [{ path: to }] }, utf8('Subject: By hand\r\n\r\nHi\r\n'));
    await client.quit();
    await wait(1_000);
    const [letter] = mailView(internet).letters;
    expect(letter).toMatchObject({ subject: 'By hand', state: 'delivered' });
    expect(letter?.id).toMatch(/^\w+ at mail\.college\.edu$/);
    const steps = stepsOf(internet, letter?.id ?? '');
    expect(told(steps)).toEqual([
      'submitted alice mail.college bob',
      'delivered mail.college - bob',
    ]);
    expect(steps[0]?.conversations).toHaveLength(1);
  }));

it('begins and ends in the webmail, where that was used', () =>
  play(async ({ internet, wait }) => {
    const web = async (host: string, server: string, user: string, calls: readonly unknown[]) => {
      const { client } = internet.user(host);
      const { address } = internet.host(server).plan;
      const body = JSON.stringify({ using: JMAP_CAPABILITIES, methodCalls: calls });
      const headers = {
        Authorization: `Basic ${btoa(user)}`,
        'Content-Type': 'application/json',
      };
      const url = `http://${address}/jmap/api`;
      const response = await client.request({ url, method: 'POST', headers, body });
      return JSON.parse(await response.body.text()) as { methodResponses: unknown };
    };
    const accountId = 'A1';
    const email = {
      mailboxIds: { F2: true },
      from: [{ email: 'alice@campus.edu' }],
      to: [{ email: 'bob@college.edu' }],
      subject: 'Web',
      textBody: [{ partId: 't', type: 'text/plain' }],
      bodyValues: { t: { value: 'Hello' } },
    };
    await web('alice', 'mail.campus', 'alice:wonderland', [
      ['Email/set', { accountId, create: { k: email } }, 'a'],
      [
        'EmailSubmission/set',
        { accountId, create: { s: { identityId: 'I0', emailId: '#k' } } },
        'b',
      ],
    ]);
    await wait(5_000);
    const [letter] = mailView(internet).letters;
    expect(letter).toMatchObject({ subject: 'Web', state: 'delivered' });
    await web('bob', 'mail.college', 'bob:builder', [
      ['Email/query', { accountId }, 'q'],
      [
        'Email/get',
        {
          accountId,
          '#ids': { resultOf: 'q', name: 'Email/query', path: '/ids' },
          properties: ['messageId', 'bodyValues', 'textBody'],
          fetchTextBodyValues: true,
        },
        'g',
      ],
    ]);
    expect(
      told(stepsOf(internet, letter?.id ?? '')).filter((step) => !/looked/.test(step)),
    ).toEqual([
      'submitted alice mail.campus ',
      'relayed mail.campus mail.college bob',
      'delivered mail.college - bob',
      'read mail.college bob bob',
    ]);
    expect(mailView(internet).letters[0]?.state).toBe('read');
  }));
