/** `toplayer mail`: a server of one's own, and everything that is asked of it from the command line. */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MessageView } from '../../src/mailhost/index.ts';
import { describeWith } from '../peer.ts';
import { type Outcome, run, start, toplayer } from '../run.ts';

const TIME = 60_000;
const FREE = ['smtp', 'submission', 'pop3', 'imap', 'http'].flatMap((door) => [
  `--${door}-port`,
  '0',
]);

let folder: string;
let data: string;
let server: { child: ChildProcess; line: string; ended: Promise<Outcome> };
let api: string[];
let url: string;
let smtp: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'toplayer-cli-mail-'));
  data = join(folder, 'data');
  server = await start(
    ...['mail', 'serve', data, '--domain', 'shop.com', '--hostname', 'mail.shop.com'],
    ...['--account', 'alice@shop.com:tea', ...FREE, '--json'],
  );
  const ready = JSON.parse(server.line);
  expect(Object.keys(ready)).toEqual(['smtp', 'submission', 'pop3', 'imap', 'http']);
  api = ['--api', ready.http];
  url = `${ready.http}api`;
  smtp = `127.0.0.1:${ready.smtp.port}`;
}, TIME);

afterAll(async () => {
  server.child.kill('SIGINT');
  const { status, err } = await server.ended;
  rmSync(folder, { recursive: true });
  expect([status, err]).toEqual([0, '']);
}, TIME);

const mail = (...words: string[]): Promise<Outcome> => toplayer('mail', ...words);
const asked = (...words: string[]): Promise<Outcome> => mail(...words, ...api);

async function good(outcome: Promise<Outcome>): Promise<string> {
  const { status, out, err } = await outcome;
  expect(status, err + out).toBe(0);
  return out;
}

test('what is sent is waited for, listed, shown and given as it came', {
  timeout: TIME,
}, async () => {
  const waiting = asked('read', '--to', 'alice', '--subject', 'tea', '--wait', '30s', '--json');
  const ends = ['--server', smtp, '--from', 'Bob <bob@b.org>', '--to', 'alice@shop.com'];
  const sent = await good(mail('send', ...ends, '--subject', 'Tea', '--text', 'At five?'));
  expect(sent).toMatch(/^250 2\.0\.0 OK: queued as \w{10}\n$/);
  const found = JSON.parse(await good(waiting));
  expect(found).toMatchObject({ account: 'alice@shop.com', folder: 'INBOX', subject: 'Tea' });
  const [list, shown, raw, nobody, none] = await Promise.all([
    good(asked('read')),
    good(asked('read', String(found.id))),
    good(asked('read', '--account', 'alice@shop.com', '--raw', String(found.id))),
    asked('read', '--to', 'nobody', '--wait', '1s'),
    asked('read', '../failures'),
  ]);
  expect(list).toMatch(/^ +\d+ {2}N .* alice@shop\.com\/INBOX +Bob .* Tea\n$/);
  expect(shown).toMatch(/^Date: .*\nFrom: Bob <bob@b\.org>\nTo: .*\nSubject: Tea\n\nAt five\?\n$/);
  expect(raw).toMatch(/^Return-Path: <bob@b\.org>\r\n/);
  expect(nobody).toEqual({
    status: 1,
    out: '',
    err: 'toplayer: no message with to nobody came in 1 s\n',
  });
  expect(none).toMatchObject({ status: 1, err: 'toplayer: nobody has no message ../failures\n' });
});

test('the queue: seen, held, released, tried, deleted', { timeout: TIME }, async () => {
  const port = JSON.parse(server.line).submission.port;
  const submit = (from: string): Promise<Outcome> =>
    mail(
      ...['send', '--server', `127.0.0.1:${port}`, '--auth', 'alice@shop.com:tea', '--json'],
      ...['--from', from, '--to', 'x@far.test', '--subject', 'Far'],
    );
  const [refused, sent] = await Promise.all([submit('eve@b.c'), good(submit('alice@shop.com'))]);
  expect(refused.err).toMatch(/^toplayer: MAIL FROM:.*553 5\.7\.1 eve@b\.c is not an address of/);
  const id = JSON.parse(sent).reply.split(' ').at(-1);
  const queue = async (): Promise<{ id: string; recipients: { state: string }[] }[]> =>
    JSON.parse(await good(asked('queue', '--json')));
  expect((await queue()).map((one) => one.id)).toEqual([id]);
  expect(await good(asked('queue', 'hold', id))).toBe(`${id} is held\n`);
  expect(await good(asked('queue'))).toMatch(/ {4}to <x@far\.test> {2}held/);
  expect(await good(asked('queue', 'release', 'all'))).toBe(`${id} is released\n`);
  expect(await good(asked('queue', 'retry', id))).toBe(`${id} is tried\n`);
  const odd = await asked('queue', 'hold', 'NONE');
  expect(odd).toMatchObject({ status: 1, err: 'toplayer: the queue has no message NONE\n' });
  expect(await good(asked('queue', 'delete', id, '--bounce'))).toBe(`${id} is deleted\n`);
  const notice = asked('read', '--from', 'mailer-daemon', '--wait', '30s');
  expect(await good(notice)).toContain('x@far.test');
  expect(await queue()).toEqual([]);
});

test('accounts come and go; what cannot be is told in a line', { timeout: TIME }, async () => {
  const added = await good(
    asked(
      'accounts',
      'add',
      'dora',
      '--address',
      'dora@shop.com',
      '--password',
      'x',
      '--quota',
      '1K',
    ),
  );
  expect(added).toBe('dora has mail at dora@shop.com\n');
  const rows: readonly (readonly [Promise<Outcome>, number, RegExp])[] = [
    [
      asked('accounts', 'add', 'dora', '--address', 'd@shop.com'),
      1,
      /^toplayer: dora is dora's already\n$/,
    ],
    [asked('accounts', 'add', 'eve'), 2, /^toplayer: an account needs an --address\n$/],
    [asked('accounts', 'remove', 'nobody'), 1, /^toplayer: There is no account nobody\n$/],
    [mail('accounts', '--data', data), 2, /another process has it open\n$/],
    [mail('accounts', '--data', folder), 2, /is no folder of a mail server/],
    [mail('accounts', '--api', 'http://127.0.0.1:1'), 2, /^toplayer: no mail server answers at /],
    [
      asked('import', '--account', 'dora', join(folder, 'none')),
      1,
      /none: no such file or directory\n$/,
    ],
    [asked('export', '--account', 'nobody', folder), 2, /^toplayer: there is no account nobody\n$/],
    [asked('export', '--account', 'dora', '--format', 'mbox', folder), 2, /takes one folder/],
  ];
  for (const [outcome, status, told] of rows) {
    const { status: got, out, err } = await outcome;
    expect([got, out], err).toEqual([status, '']);
    expect(err).toMatch(told);
    expect(err.split('\n')).toHaveLength(2);
  }
  const big = join(folder, 'big.eml');
  writeFileSync(big, `Subject: big\n\n${'x'.repeat(2_000)}\n`);
  expect((await asked('import', '--account', 'dora', big)).err).toMatch(/no room/);
  expect(await good(asked('accounts'))).toMatch(/^dora {2}dora@shop\.com {2}0 messages, 0 B of /m);
  expect(await good(asked('accounts', 'remove', 'dora'))).toBe('dora is removed\n');
});

test('a name that was made to point here has no part in the API', async () => {
  const { out } = await run('curl', ['-sS', '-H', 'Host: evil.example', `${url}/messages`]);
  expect(out).toContain('This server is not evil.example.');
});

async function messages(account: string): Promise<MessageView[]> {
  const answer = await fetch(`${url}/messages?all=true&account=${account}`);
  return ((await answer.json()) as { messages: MessageView[] }).messages;
}

/** What a round trip must keep. */
async function kept(account: string, withFolders = true): Promise<string[]> {
  const all = await messages(account);
  return all
    .map(({ folder: path, flags, received, size, messageId, subject }) =>
      JSON.stringify([
        ...(withFolders ? [path, flags, Math.floor(received / 1000)] : []),
        size,
        messageId,
        subject,
      ]),
    )
    .sort();
}

const PYTHON_WRITES = `
import mailbox, sys
box = mailbox.mbox(sys.argv[1])
one = mailbox.mboxMessage(); one['Subject'] = 'one'; one['Message-ID'] = '<1@x>'
one.set_payload('Hi\\n\\nFrom the start\\n'); one.set_flags('RO'); one.set_from('x@y.z Thu Nov 26 08:05:39 2026'); box.add(one)
two = mailbox.mboxMessage(); two['Subject'] = 'two'; two.set_payload('x\\n\\n\\n'); two.set_flags('OFA'); box.add(two)
box.flush()
dir = mailbox.Maildir(sys.argv[2])
three = mailbox.MaildirMessage(); three['Subject'] = 'three'; three.set_subdir('cur'); three.set_flags('FS'); three.set_payload('.\\n'); dir.add(three)
dir.add_folder('Lists.tea').add('Subject: four\\n\\nGr\\u00fc\\u00dfe\\n'.encode())
`;

const PYTHON_READS = `
import json, mailbox, sys
box = [[m['Subject'], m.get_flags(), m.get_payload()] for m in mailbox.mbox(sys.argv[1])]
dir = mailbox.Maildir(sys.argv[2], create=False)
all = [[m['Subject'], m.get_flags()] for m in dir] + [[m['Subject'], m.get_flags()] for m in dir.get_folder('Lists.tea')]
print(json.dumps([box, sorted(all), sorted(dir.list_folders())]))
`;

describeWith(['python3'], 'import and export', () => {
  test('mbox, Maildir and eml, there and back, and as Python has them', {
    timeout: 2 * TIME,
  }, async () => {
    const at = (name: string): string => join(folder, name);
    const python = (code: string, ...names: string[]): Promise<string> =>
      good(run('python3', ['-c', code, ...names.map(at)]));
    await python(PYTHON_WRITES, 'in.mbox', 'in');
    mkdirSync(at('letters/more'), { recursive: true });
    writeFileSync(at('letters/a.eml'), 'Subject: five\r\n\r\nno end');
    writeFileSync(at('letters/more/b.eml'), Buffer.from('Subject: six\n\n\xe4\n', 'latin1'));
    const names = ['carl', 'back', 'boxed', 'lettered'].map((name) => `${name}@shop.com`);
    for (const name of names) {
      await fetch(`${url}/accounts`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ name, addresses: [name] }),
      });
    }
    const files = ['in.mbox', 'in', 'letters'].map(at);
    const taken = await good(asked('import', '--account', 'carl@shop.com', ...files));
    expect(taken).toMatch(/^6 messages, \d+ B imported\n$/);
    const again = asked('import', '--account', 'carl@shop.com', '--new-only', ...files);
    expect(await good(again)).toBe('0 messages, 0 B, 6 there already imported\n');
    expect(
      (await messages('carl@shop.com'))
        .map(({ subject, flags }) => [subject, ...flags].join(' '))
        .sort(),
    ).toEqual([
      'five',
      'four',
      'one \\Seen',
      'six',
      'three \\Flagged \\Seen',
      'two \\Answered \\Flagged',
    ]);
    const out = (...words: string[]): Promise<string> =>
      good(asked('export', '--account', 'carl@shop.com', ...words));
    await Promise.all([
      out(at('out')),
      out('--format', 'eml', at('emls')),
      out('--format', 'mbox', '--folder', 'INBOX', at('out.mbox')),
    ]);
    const twice = asked('export', '--account', 'carl@shop.com', '--format', 'eml', at('emls'));
    expect((await twice).err).toMatch(/^toplayer: .*000001\.eml: file already exists\n$/);
    const [box, all, folders] = JSON.parse(await python(PYTHON_READS, 'out.mbox', 'out'));
    expect(box.slice(0, 2)).toEqual([
      ['one', 'RO', 'Hi\n\n>From the start\n'],
      ['two', 'OAF', 'x\n\n\n'],
    ]);
    expect(all).toEqual([
      ['five', ''],
      ['four', ''],
      ['one', 'S'],
      ['six', ''],
      ['three', 'FS'],
      ['two', 'FR'],
    ]);
    expect(folders).toEqual(expect.arrayContaining(['Lists.tea', 'Sent']));
    expect(readdirSync(at('emls/INBOX'))).toHaveLength(5);
    await Promise.all([
      good(asked('import', '--account', 'back@shop.com', at('out'))),
      good(asked('import', '--account', 'lettered@shop.com', at('emls'))),
      good(asked('import', '--account', 'boxed@shop.com', at('out.mbox'))),
    ]);
    expect(await kept('back@shop.com')).toEqual(await kept('carl@shop.com'));
    expect(await kept('lettered@shop.com', false)).toEqual(await kept('carl@shop.com', false));
    const inBox = (await kept('carl@shop.com')).filter((one) => one.includes('"INBOX"'));
    expect(await kept('boxed@shop.com')).toEqual(inBox);
    expect(readFileSync(at('emls/INBOX/000004.eml'), 'utf8')).toMatch(/^Subject: (five|six)\r\n/);
  });
});
