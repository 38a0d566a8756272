/** Mail between our relay and Postfix, both ways; our notices read by Python. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { DnsError } from '../../src/dns/index.ts';
import { fromLatin1, latin1 } from '../../src/lib/bytes.ts';
import { type Folder, MailStore, memoryMailTables } from '../../src/mail/index.ts';
import { type RealHost, realHost } from '../../src/net/real/index.ts';
import {
  greylist,
  memoryQueueTables,
  Relay,
  type RelayEvent,
  type RelayLookup,
  type SubmittedEnvelope,
} from '../../src/relay/index.ts';
import { parseMailbox, SmtpClient, serveSmtp } from '../../src/smtp/index.ts';
import { describeWith } from '../peer.ts';
import { freePort } from '../port.ts';
import { run } from '../run.ts';
import { Postfix } from './postfix.ts';

const ALICE = 'alice@ours.test';
const BOB = 'bob@theirs.test';

let host: RealHost;
let store: MailStore;
let relay: Relay;
let postfix: Postfix | undefined;
const events: RelayEvent[] = [];

const lookup: RelayLookup = {
  mx: async (domain) => {
    if (domain === 'theirs.test') return [{ preference: 10, exchange: 'mx.theirs.test' }];
    throw new DnsError('DNS_NXDOMAIN', 'no such domain');
  },
  addresses: async () => ['127.0.0.1'],
};

function theirs(): readonly string[] {
  return postfix?.letters() ?? [];
}

function inbox(): string[] {
  const account = store.open('alice');
  const entries = account.entries(account.folder('INBOX') as Folder);
  return entries.map(({ content }) => fromLatin1(account.bytes(content)));
}

/** The letter that has this in it; it comes when it comes. */
async function letter(box: () => readonly string[], what: RegExp): Promise<string> {
  const find = (): string | undefined => box().find((one) => what.test(one));
  await expect.poll(find, eventually).toBeDefined();
  return find() ?? '';
}

function envelope(to: string, notify?: 'SUCCESS'): SubmittedEnvelope {
  const options = notify ? { notify: [notify, 'FAILURE'] as const } : {};
  const recipient = { path: parseMailbox(to, 'recipient', false), options };
  return { from: parseMailbox(ALICE, 'sender', false), to: [recipient] };
}

const eventually = { timeout: 20_000, interval: 100 };

describeWith(['postfix', 'root'], 'Postfix', () => {
  beforeAll(async () => {
    host = realHost();
    const { mail, queue } = memoryQueueTables(memoryMailTables());
    store = MailStore.open(host, mail);
    await store.addAccount({ name: 'alice', addresses: [ALICE] });
    const port = await freePort();
    relay = Relay.open(host, {
      store,
      queue,
      lookup,
      port,
      domains: ['ours.test'],
      hostname: 'mx.ours.test',
      security: 'none',
      onEvent: (event) => void events.push(event),
    });
    const backend = greylist(host, { delayMs: 500 }, relay.backend('relay'));
    const server = await serveSmtp(host, { port: 0, hostname: 'mx.ours.test', backend });
    const routes = { 'ours.test': server.local.port };
    postfix = await Postfix.start(port, { user: 'bob', domain: 'theirs.test', routes });
    await vi.waitFor(() => expect(postfix?.log()).toContain('daemon started'), eventually);
  }, 60_000);

  afterAll(async () => {
    await relay?.close();
    await postfix?.stop();
    await host?.close();
  }, 30_000);

  test('takes our letters, and tells of their delivery', async () => {
    await relay.submit(envelope(BOB, 'SUCCESS'), latin1('Subject: one\r\n\r\n.dots\r\n..\r\n'));
    const there = await letter(theirs, /\nSubject: one/);
    expect(there).toMatch(/\nReceived: by mx\.ours\.test id /);
    expect(there).toMatch(/\nSubject: one\r?\n(?:From: .*\n)?\r?\n\.dots\r?\n\.\.\r?\n/);
    // Greylisted at first: Postfix comes again.
    const notice = await letter(inbox, /Action: delivered/);
    expect(notice).toMatch(/Reporting-MTA: dns; mx\.theirs\.test/);
    expect(notice).toMatch(/^Return-Path: <>\r\n/);
  }, 30_000);

  test('takes many in few connections', async () => {
    const before = events.filter(({ kind }) => kind === 'connecting').length;
    const letters = Array.from({ length: 60 }, (_, i) => latin1(`Subject: many ${i}\r\n\r\nx\r\n`));
    await Promise.all(letters.map((letter) => relay.submit(envelope(BOB), letter)));
    const count = () => theirs().filter((one) => one.includes('\nSubject: many')).length;
    await expect.poll(count, eventually).toBe(60);
    await expect.poll(() => relay.list(), eventually).toEqual([]);
    const connections = events.filter(({ kind }) => kind === 'connecting').length - before;
    expect(connections).toBeLessThanOrEqual(20);
  }, 40_000);

  test('refuses whom it does not know: the notice is ours', async () => {
    await relay.submit(envelope('nobody@theirs.test'), latin1('Subject: two\r\n\r\nx\r\n'));
    const notice = await letter(inbox, /nobody@theirs\.test/);
    expect(notice).toMatch(
      /Remote-MTA: dns; mx\.theirs\.test\r\nDiagnostic-Code: smtp; 550 5\.1\.1/,
    );
    const read = await run('python3', ['-c', READ_NOTICE], notice);
    expect(read.err).toBe('');
    expect(JSON.parse(read.out)).toEqual({
      type: 'multipart/report',
      report: 'delivery-status',
      defects: [],
      parts: ['text/plain', 'message/delivery-status', 'message/rfc822'],
      status: [
        { 'Reporting-MTA': 'dns; mx.ours.test' },
        {
          'Final-Recipient': 'rfc822; nobody@theirs.test',
          Action: 'failed',
          Status: '5.1.1',
          'Remote-MTA': 'dns; mx.theirs.test',
        },
      ],
      subject: 'two',
    });
  }, 30_000);

  test('relays to us, and hears whom we do not know', async () => {
    const client = await SmtpClient.connect(host, {
      address: '127.0.0.1',
      port: postfix?.port ?? 0,
    });
    const from = parseMailbox(BOB, 'sender', false);
    const to = [ALICE, 'alcie@ours.test'].map((one) => ({
      path: parseMailbox(one, 'recipient', false),
    }));
    await client.send({ from, to }, 'Subject: three\r\n\r\nMärz\r\n');
    await client.quit();
    expect(await letter(inbox, /Subject: three/)).toMatch(
      /^Return-Path: <bob@theirs\.test>\r\nDelivered-To: alice@ours\.test\r\nReceived: from mx\.theirs\.test /,
    );
    const notice = await letter(theirs, /alcie@ours\.test/);
    const said = '550 5.1.1 There is no alcie@ours.test here; did you mean alice?';
    expect(notice.replace(/\s+/g, ' ')).toContain(said);
  }, 40_000);
});

const READ_NOTICE = `
import email, email.policy, json, sys
message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
parts = list(message.iter_parts())
keep = ['Reporting-MTA', 'Final-Recipient', 'Action', 'Status', 'Remote-MTA']
status = [{name: str(group[name]) for name in keep if name in group} for group in parts[1].get_payload()]
defects = [str(d) for part in message.walk() for d in part.defects]
print(json.dumps({
    'type': message.get_content_type(),
    'report': message['Content-Type'].params['report-type'],
    'defects': defects,
    'parts': [part.get_content_type() for part in parts],
    'status': status,
    'subject': parts[2].get_payload()[0]['Subject'],
}))
`;
