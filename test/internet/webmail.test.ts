/** Mail over HTTP across the default internet: Alice writes by JMAP at her host, Bob reads by JMAP at his. */
import { expect, it } from 'vitest';
import { readScenario } from '../../src/cli/scenario-file.ts';
import { HttpClient } from '../../src/http/index.ts';
import { type Internet, SimulatedInternet } from '../../src/internet/index.ts';
import type { Json, JsonObject } from '../../src/jmap/index.ts';
import { base64 } from '../../src/lib/base64.ts';
import { utf8 } from '../../src/lib/bytes.ts';
import { sleep } from '../../src/net/index.ts';
import { CORE, dig, MAIL, SUBMISSION, text } from '../jmap/stage.ts';

type Call = readonly [string, JsonObject, string];

/** A program of somebody's, at his own machine. */
async function ask(
  internet: Internet,
  user: 'alice' | 'bob',
  password: string,
  calls: readonly Call[],
): Promise<readonly Json[]> {
  const server = user === 'alice' ? 'mail.campus' : 'mail.college';
  const base = `http://${internet.scenario.hosts[server]?.address}`;
  const headers = {
    Authorization: `Basic ${base64(utf8(`${user}:${password}`))}`,
    'Content-Type': 'application/json',
  };
  const client = new HttpClient(internet.user(user).host);
  const session = await client.request({ url: `${base}/.well-known/jmap`, headers });
  const { primaryAccounts } = JSON.parse(await session.body.text()) as JsonObject;
  const accountId = dig(primaryAccounts, MAIL) ?? '';
  const methodCalls = calls.map(([name, args, id]) => [name, { accountId, ...args }, id]);
  const body = JSON.stringify({ using: [CORE, MAIL, SUBMISSION], methodCalls });
  const url = `${base}/jmap/api`;
  const answer = await client.request({ url, method: 'POST', headers, body });
  const { methodResponses } = JSON.parse(await answer.body.text()) as JsonObject;
  return methodResponses as readonly Json[];
}

const REFERENCE = { resultOf: 'q', name: 'Email/query' };

async function write(internet: Internet): Promise<JsonObject> {
  const [boxes] = await ask(internet, 'alice', 'wonderland', [
    ['Mailbox/query', { filter: { role: 'drafts' } }, 'd'],
  ]);
  const email = {
    mailboxIds: { [text(boxes, 1, 'ids', 0)]: true },
    from: [{ name: 'Alice Adams', email: 'alice@campus.edu' }],
    to: [{ email: 'bob@college.edu' }],
    subject: 'Across the internet',
    textBody: [{ partId: 't' }],
    bodyValues: { t: { value: 'By JMAP, SMTP and JMAP.' } },
  };
  const [, sent] = await ask(internet, 'alice', 'wonderland', [
    ['Email/set', { create: { k: email } }, 'e'],
    ['EmailSubmission/set', { create: { s: { identityId: 'I0', emailId: '#k' } } }, 's'],
  ]);
  return dig(sent, 1, 'created', 's') as JsonObject;
}

it('goes from the one to the other, through both relays', async () => {
  const simulated = new SimulatedInternet(await readScenario('default'), 'webmail');
  await simulated.play(async (internet) => {
    const submission = await write(internet);
    expect(submission['deliveryStatus']).toMatchObject({
      'bob@college.edu': { delivered: 'queued' },
    });
    await sleep(internet.user('bob').host.clock, 30_000);
    const filter = { subject: 'across the internet' };
    const [, got] = await ask(internet, 'bob', 'builder', [
      ['Email/query', { filter }, 'q'],
      ['Email/get', { '#ids': { ...REFERENCE, path: '/ids' }, fetchTextBodyValues: true }, 'g'],
    ]);
    const [email] = dig(got, 1, 'list') as readonly Json[];
    expect(email).toMatchObject({
      from: [{ name: 'Alice Adams', email: 'alice@campus.edu' }],
      bodyValues: { '1': { value: expect.stringContaining('By JMAP, SMTP and JMAP.') } },
    });
  });
  const said = simulated.internet.recorder.messages().map(({ protocol }) => protocol);
  expect(new Set(said)).toEqual(new Set(['dns', 'http', 'smtp']));
});
