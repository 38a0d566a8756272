import { expect, test } from 'vitest';
import { HttpClient } from '../http/index.ts';
import { utf8 } from '../lib/bytes.ts';
import { memoryMailTables } from '../mail/index.ts';
import { World } from '../net/sim/index.ts';
import { memoryQueueTables } from '../relay/index.ts';
import { MailHost } from './mail-host.ts';
import type { MailHostOptions } from './types.ts';

const nowhere = async (): Promise<never> => {
  throw new Error('nobody knows the way');
};

/** A mail host with its webmail, and a person before a browser. */
async function play(options: Partial<MailHostOptions>, path: string): Promise<unknown> {
  const world = new World({ seed: 'site' });
  const [server, person] = [world.host('mail'), world.host('person')];
  const run = async (): Promise<unknown> => {
    const tables = memoryQueueTables(memoryMailTables());
    const lookup = { mx: nowhere, addresses: nowhere };
    const mail = await MailHost.open(server, {
      ...tables,
      domains: ['a.test'],
      lookup,
      ...options,
    });
    await mail.serve('webmail');
    const mailbox = { local: 'bob', domain: 'a.test' };
    const envelope = { from: null, to: [{ path: mailbox }] };
    await mail.submit(envelope, utf8('Subject: Hi\r\n\r\nHi\r\n')).catch(() => {});
    const client = new HttpClient(person);
    const answer = await client.request({ url: `http://${server.address}${path}` });
    return JSON.parse(await answer.body.text());
  };
  return world.run(run());
}

test('mailboxes that are made by themselves are made for what a program sends, and offered', async () => {
  expect(await play({ catchAll: 'domains' }, '/mail/offer')).toEqual({
    accounts: ['bob@a.test'],
    password: 'test',
  });
});

test('a host with accounts of its own offers none', async () => {
  const accounts = [
    { name: 'bob', addresses: ['bob@a.test'], password: 'test', keepPassword: true },
  ];
  expect(await play({ accounts }, '/mail/offer')).toEqual({ accounts: [], password: '' });
});
