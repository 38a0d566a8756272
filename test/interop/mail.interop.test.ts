/** A mail host among real programs: each sends to one mailbox in its way, and each reads there what all have sent. */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Authority, newAuthority } from '../../src/ca/index.ts';
import { type Folder, type MailAccount, memoryMailTables } from '../../src/mail/index.ts';
import { MailHost } from '../../src/mailhost/index.ts';
import { type RealHost, realHost } from '../../src/net/real/index.ts';
import { memoryQueueTables } from '../../src/relay/index.ts';
import { describeWith } from '../peer.ts';
import { type Outcome, run } from '../run.ts';
import { NOWHERE } from '../storage/relay-host.ts';
import { fetchmailrc, mbsyncrc, muttrc, PYTHON_READS, PYTHON_SENDS } from './mail-peers.ts';

const TIME = 60_000;
const DOORS = ['smtp', 'submission', 'submissions', 'pop3', 'pop3s', 'imap', 'imaps'] as const;

let folder: string;
let trusted: string;
let host: RealHost;
let mail: MailHost;
const ports = {} as Record<(typeof DOORS)[number], number>;
const errors: unknown[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'toplayer-mail-'));
  chmodSync(folder, 0o755);
  const authority = await Authority.open(await newAuthority('test', Date.now()), Date.now);
  trusted = join(folder, 'authority.pem');
  writeFileSync(trusted, authority.certificate);
  const certificate = await authority.issue(['mail.test', 'localhost', '127.0.0.1']);
  host = realHost();
  mail = await MailHost.open(host, {
    ...memoryQueueTables(memoryMailTables()),
    domains: ['mail.test', 'hamburger.edu'],
    hostname: 'mail.test',
    lookup: NOWHERE,
    plaintext: true,
    secure: { certificateFor: () => certificate },
    accounts: [
      { name: 'alice', addresses: ['alice@mail.test'], password: 'tea', keepPassword: true },
      {
        name: 'bob',
        addresses: ['bob@mail.test', 'bob@hamburger.edu'],
        password: 'hungry',
        keepPassword: true,
      },
    ],
    onError: (error) => void errors.push(error),
  });
  for (const door of DOORS) ports[door] = (await mail.serve(door, { port: 0 })).local.port;
});

afterAll(async () => {
  await mail.close({ graceMs: 200 });
  await host.close();
  rmSync(folder, { recursive: true, force: true });
  expect(errors).toEqual([]);
});

function subjects(name = 'alice'): string[] {
  const account = mail.store.open(name);
  return inbox(account).map(({ content }) => account.summary(content).facts.subject);
}

function inbox(account: MailAccount): ReturnType<MailAccount['entries']> {
  return account.entries(account.folder('INBOX') as Folder);
}

function good({ status, out, err }: Outcome): string {
  expect(status, err + out).toBe(0);
  return out;
}

/** Says each line when what comes before it was heard; `^` alone is at once. */
async function talk(
  program: string,
  args: readonly string[],
  lines: readonly (readonly [heard: RegExp, line: string])[],
): Promise<string> {
  const child = spawn(program, args);
  let said = '';
  let heard = 0;
  let next = 0;
  child.stdin.on('error', () => {});
  const hear = (text: string): void => {
    said += text;
    for (let turn = lines[next]; turn?.[0].test(said.slice(heard)); turn = lines[next]) {
      heard = said.length;
      next++;
      child.stdin.write(`${turn[1]}\n`);
    }
  };
  hear('');
  child.stdout.setEncoding('utf8').on('data', hear);
  await new Promise((resolve) => child.once('close', resolve));
  expect(next, said).toBe(lines.length);
  return said;
}

describeWith(['telnet', 'script'], 'telnet', () => {
  test("the course's exchange, typed by hand in a terminal", { timeout: TIME }, async () => {
    const said = await talk(
      'script',
      ['-qec', `telnet 127.0.0.1 ${ports.smtp}`, '/dev/null'],
      [
        [/^220 /m, 'HELO crepes.fr'],
        [/^250 /m, 'MAIL FROM: <alice@crepes.fr>'],
        [/^250 /m, 'RCPT TO: <bob@hamburger.edu>'],
        [/^250 /m, 'DATA'],
        [/^354 /m, 'Do you like ketchup?\nHow about pickles?\n.'],
        [/^250 /m, 'QUIT'],
      ],
    );
    expect(said).toMatch(/221 2\.0\.0 .*\r\n/);
    const bob = mail.store.open('bob');
    const text = Buffer.from(bob.bytes(inbox(bob)[0]?.content ?? 0)).toString();
    expect(text).toMatch(/^Return-Path: <alice@crepes\.fr>\r\n/);
    expect(text).toMatch(/\r\n\r\nDo you like ketchup\?\r\nHow about pickles\?\r\n$/);
  });
});

describeWith(['swaks', 'msmtp', 'curl', 'python3'], 'writers', () => {
  test('each signs in in its own way, and its message is there', { timeout: TIME }, async () => {
    const ends = ['--from', 'bob@mail.test', '--to', 'alice@mail.test'];
    const swaks = [
      ...['--server', `127.0.0.1:${ports.submission}`, ...ends, '--header', 'Subject: swaks'],
      ...['--auth', 'CRAM-MD5', '--auth-user', 'bob', '--auth-password', 'hungry'],
    ];
    good(await run('swaks', [...swaks, '--pipeline']));
    const secret = join(folder, 'secret');
    writeFileSync(secret, 'hungry\n', { mode: 0o600 });
    const msmtp = [
      ...['--file=/dev/null', '--host=127.0.0.1', `--port=${ports.submission}`],
      ...['--from=bob@mail.test', '--auth=scram-sha-256', '--user=bob'],
      ...[`--passwordeval=cat ${secret}`, '--tls=on', `--tls-trust-file=${trusted}`],
    ];
    const letter = (by: string): string =>
      `From: bob@mail.test\nTo: alice@mail.test\nSubject: ${by}\n\n.\nGrüße\n`;
    good(await run('msmtp', [...msmtp, 'alice@mail.test'], letter('msmtp')));
    const file = join(folder, 'curl.eml');
    writeFileSync(file, letter('curl').replaceAll('\n', '\r\n'));
    const curl = ['-sS', '--cacert', trusted, '-u', 'bob:hungry', '--mail-from', 'bob@mail.test'];
    const url = `smtps://127.0.0.1:${ports.submissions}/laptop`;
    good(await run('curl', [...curl, url, '--mail-rcpt', 'alice@mail.test', '-T', file]));
    const script = join(folder, 'send.py');
    writeFileSync(script, PYTHON_SENDS);
    good(await run('python3', [script, String(ports.submission), trusted]));
    const mechanisms = ['SCRAM-SHA-256', 'CRAM-MD5', 'PLAIN', 'LOGIN'];
    const all = ['swaks', 'msmtp', 'curl', ...mechanisms.map((how) => `smtplib ${how}`)];
    expect(subjects()).toEqual(all);
  });
});

describeWith(['curl', 'python3', 'fetchmail', 'mbsync', 'mutt', 'script'], 'readers', () => {
  test('find what all have sent', { timeout: TIME }, async () => {
    const all = subjects();
    expect(all.length).toBeGreaterThan(5);
    const script = join(folder, 'read.py');
    writeFileSync(script, PYTHON_READS);
    const found = await run('python3', [script, ...[ports.pop3, ports.imap].map(String), trusted]);
    expect(good(found).trim().split('\n')).toEqual(all);
    const curl = async (url: string, ...args: string[]): Promise<string> =>
      good(await run('curl', ['-sS', '--cacert', trusted, '-u', 'alice:tea', url, ...args]));
    for (const [n, subject] of [...all.entries()].slice(0, 3)) {
      const popped = await curl(`pop3s://127.0.0.1:${ports.pop3s}/${n + 1}`);
      const fetched = await curl(`imaps://127.0.0.1:${ports.imaps}/INBOX;MAILINDEX=${n + 1}`);
      expect(popped).toContain(`Subject: ${subject}\r\n`);
      expect(fetched).toBe(popped);
    }
    const [rc, agent, ids] = ['fetchmailrc', 'agent', 'ids'].map((name) => join(folder, name));
    writeFileSync(agent as string, `#!/bin/sh\ncat >> '${folder}/fetched'\n`, { mode: 0o755 });
    writeFileSync(rc as string, fetchmailrc(ports.pop3s, trusted, agent as string), {
      mode: 0o600,
    });
    const files = ['-f', rc as string, '--idfile', ids as string, '--pidfile', join(folder, 'pid')];
    good(await run('fetchmail', [...files, '--nosyslog']));
    expect(readFileSync(join(folder, 'fetched'), 'utf8').match(/^Subject: .*$/gm)).toEqual(
      all.map((subject) => `Subject: ${subject}`),
    );
  });

  test('mbsync and mutt change the same mailbox in turn', { timeout: TIME }, async () => {
    const [near, rc, mutt] = ['near', 'mbsyncrc', 'muttrc'].map((name) => join(folder, name));
    mkdirSync(near as string);
    writeFileSync(rc as string, mbsyncrc(ports.imap, trusted, near as string));
    writeFileSync(mutt as string, muttrc(ports.imap));
    const box = join(near as string, 'INBOX');
    const files = (): string[] => ['cur', 'new'].flatMap((name) => readdirSync(join(box, name)));
    const before = subjects();
    good(await run('mbsync', ['-c', rc as string, '-a']));
    expect(files()).toHaveLength(before.length);
    writeFileSync(join(box, 'new', '1.1.here'), 'Subject: from here\n\nHi\n');
    const command = `TERM=xterm mutt -F ${mutt}`;
    good(await run('script', ['-qec', command, '/dev/null']));
    good(await run('mbsync', ['-c', rc as string, '-a']));
    expect(subjects()).toEqual([...before, 'from here']);
    const alice = mail.store.open('alice');
    expect(inbox(alice)[0]?.flags).toContain('\\Flagged');
    expect(files().filter((name) => /:2,[A-Z]*F/.test(name))).toHaveLength(1);
  });
});

describeWith(['openssl'], 'openssl s_client', () => {
  const plain = Buffer.from('\0alice\0tea').toString('base64');
  test.each([
    [
      'smtp',
      'submission',
      [
        [/^/, 'EHLO x'],
        [/^250 /m, `AUTH PLAIN ${plain}`],
        [/^235 /m, 'quit'],
      ],
      /^221 /m,
    ],
    [
      'pop3',
      'pop3',
      [
        [/^/, `AUTH PLAIN ${plain}`],
        [/^\+OK/m, 'STAT'],
        [/^\+OK \d/m, 'quit'],
      ],
      /^\+OK (?!\d)/m,
    ],
    [
      'imap',
      'imap',
      [
        [/^/, 'a LOGIN alice tea'],
        [/^a OK/m, 'b SELECT INBOX'],
        [/^b OK/m, 'c LOGOUT'],
      ],
      /^c OK/m,
    ],
  ] as const)('-starttls %s', async (how, door, lines, end) => {
    const said = await talk(
      'openssl',
      [
        ...['s_client', '-starttls', how, '-crlf', '-quiet', '-verify_return_error'],
        ...['-connect', `127.0.0.1:${ports[door]}`, '-CAfile', trusted],
        ...['-verify_hostname', 'mail.test'],
      ],
      lines as readonly (readonly [RegExp, string])[],
    );
    expect(said).toMatch(end);
  });
});
