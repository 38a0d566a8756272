/** IMAP by real programs: imaplib, curl, openssl, mbsync and mutt on our server; our client on Dovecot; tshark on both. */
import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Authority, newAuthority } from '../../src/ca/index.ts';
import { type FetchedMessage, ImapClient, serveImap } from '../../src/imap/index.ts';
import { allDissectors } from '../../src/internet/dissectors.ts';
import { fromUtf8 } from '../../src/lib/bytes.ts';
import {
  type Folder,
  type MailAccount,
  MailStore,
  memoryMailTables,
} from '../../src/mail/index.ts';
import { type RealHost, realHost } from '../../src/net/real/index.ts';
import { World } from '../../src/net/sim/index.ts';
import { pcapng, Recorder, TraceBus } from '../../src/trace/index.ts';
import { letter, quickUsers } from '../imap/stage.ts';
import { describeWith } from '../peer.ts';
import { run } from '../run.ts';
import { type Dovecot, startDovecot } from './dovecot.ts';

let folder: string;
let trusted: string;
let host: RealHost;
let store: MailStore;
const ports = { plain: 0, secure: 0 };
const errors: unknown[] = [];
let accounts = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'toplayer-imap-'));
  const authority = await Authority.open(await newAuthority('test', Date.now()), Date.now);
  trusted = join(folder, 'authority.pem');
  writeFileSync(trusted, authority.certificate);
  const certificate = await authority.issue(['mail.test', 'localhost', '127.0.0.1']);
  host = realHost();
  store = MailStore.open(host, memoryMailTables());
  const options = {
    port: 0,
    store,
    hostname: 'mail.test',
    secure: { certificateFor: () => certificate },
    onError: (error: unknown) => void errors.push(error),
  };
  ports.plain = (await serveImap(host, { ...options, plaintext: true })).local.port;
  ports.secure = (await serveImap(host, { ...options, implicitTls: true })).local.port;
});

afterAll(async () => {
  await host.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
  expect(errors).toEqual([]);
});

/** An account of its own for each test. */
async function newAccount(
  letters: readonly Uint8Array[] = [],
): Promise<{ name: string; account: MailAccount }> {
  const name = `user${++accounts}`;
  await store.addAccount({
    name,
    addresses: [`${name}@mail.test`],
    password: 'tea',
    keepPassword: true,
  });
  const account = store.open(name);
  const inbox = account.folder('INBOX') as Folder;
  if (letters.length > 0)
    await account.append(
      inbox,
      letters.map((one) => ({ staged: store.stageBytes(one) })),
    );
  return { name, account };
}

function inbox(account: MailAccount): string[] {
  return account
    .entries(account.folder('INBOX') as Folder)
    .map(({ content, flags }) => [account.summary(content).facts.subject, ...flags].join(' '));
}

const PYTHON = `
import imaplib, ssl, sys
port, secure, user, ca = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
m = imaplib.IMAP4('127.0.0.1', port)
m.starttls(ssl.create_default_context(cafile=ca))
m.authenticate('PLAIN', lambda _: ('\\0' + user + '\\0tea').encode())
print(m.select()[0], m.select()[1])
body = b'From: Bob <bob@b.org>\\r\\nSubject: one\\r\\n\\r\\nHello\\r\\n'
for n in range(3): print(m.append('INBOX', '(\\\\Seen)' if n else None, '"17-Jul-1996 02:44:25 -0700"', body)[0])
print(m.noop()[0], m.fetch('1:*', '(FLAGS)')[1])
print(m.search(None, 'SUBJECT', 'ONE')[1], m.search(None, 'UNSEEN')[1], m.uid('SEARCH', 'BODY', 'zebra')[1])
print(m.fetch('1', '(BODY.PEEK[HEADER.FIELDS (SUBJECT)])')[1][0][1])
print(m.sort('REVERSE ARRIVAL', 'UTF-8', 'ALL')[1], m.thread('REFERENCES', 'UTF-8', 'ALL')[1])
print(m.store('2', '+FLAGS', '(\\\\Deleted)')[1], m.expunge()[1])
print(m.create('L&AOQ-den')[0])
print(m.copy('1', 'L&AOQ-den')[0], m.status('L&AOQ-den', '(MESSAGES)')[1])
print(m.getquotaroot('INBOX')[0], m.namespace()[0], m.close()[0], m.logout()[0])
with imaplib.IMAP4_SSL('127.0.0.1', secure, ssl_context=ssl.create_default_context(cafile=ca)) as m:
    print(m.login_cram_md5(user, 'tea')[0], m.enable('UTF8=ACCEPT')[0], m.list('""', 'L*')[1][0].decode())
    try: m.login(user, 'tea')
    except imaplib.IMAP4.error as e: print(e)
`;

describeWith(['python3'], "Python's imaplib", () => {
  test('STARTTLS, every command it has, and TLS from the first', { timeout: 60_000 }, async () => {
    const { name } = await newAccount();
    const script = join(folder, 'imap.py');
    writeFileSync(script, PYTHON);
    const { out, err, status } = await run('python3', [
      script,
      String(ports.plain),
      String(ports.secure),
      name,
      trusted,
    ]);
    expect(status, err).toBe(0);
    expect(out.trim().split('\n')).toEqual([
      "OK [b'0']",
      'OK',
      'OK',
      'OK',
      "OK [b'1 (FLAGS (\\\\Recent))', b'2 (FLAGS (\\\\Recent \\\\Seen))', b'3 (FLAGS (\\\\Recent \\\\Seen))']",
      "[b'1 2 3'] [b'1'] [b'']",
      "b'Subject: one\\r\\n\\r\\n'",
      "[b'1 2 3'] [b'((1)(2)(3))']",
      "[b'2 (FLAGS (\\\\Recent \\\\Deleted \\\\Seen))'] [b'2']",
      'OK',
      "OK [b'L&AOQ-den (MESSAGES 1)']",
      'OK OK OK BYE',
      'OK OK (\\HasNoChildren) "/" "Läden"',
      expect.stringMatching(/^command LOGIN illegal in state AUTH/),
    ]);
  });
});

describeWith(['curl'], 'curl', () => {
  test('lists, fetches, searches, uploads, over STARTTLS and TLS', async () => {
    const { name, account } = await newAccount([
      letter({ subject: 'one', text: 'zebra' }),
      letter({ subject: 'two' }),
    ]);
    const curl = (url: string, ...args: string[]) =>
      run('curl', [
        '-sS',
        '--max-time',
        '20',
        '--ssl-reqd',
        '--cacert',
        trusted,
        '-u',
        `${name}:tea`,
        url,
        ...args,
      ]);
    for (const base of [`imap://127.0.0.1:${ports.plain}`, `imaps://127.0.0.1:${ports.secure}`]) {
      expect((await curl(base)).out).toContain('* LIST (\\HasNoChildren \\Sent) "/" Sent');
      expect((await curl(`${base}/INBOX;UID=1`)).out).toContain('\r\n\r\nzebra\r\n');
      expect((await curl(`${base}/INBOX;UID=1;SECTION=HEADER.FIELDS%20(SUBJECT)`)).out).toBe(
        'Subject: one\r\n\r\n',
      );
      expect((await curl(`${base}/INBOX?TEXT%20zebra`)).out).toBe('* SEARCH 1\r\n');
      expect((await curl(`${base}/INBOX`, '-X', 'STORE 2 +FLAGS \\Seen')).out).toContain(
        'FETCH (FLAGS (',
      );
    }
    const file = join(folder, 'up.eml');
    writeFileSync(file, letter({ subject: 'three' }));
    expect((await curl(`imap://127.0.0.1:${ports.plain}/INBOX`, '-T', file)).status).toBe(0);
    expect(inbox(account)).toEqual(['one \\Seen', 'two \\Seen', 'three \\Seen']);
  });
});

describeWith(['openssl'], 'openssl s_client', () => {
  test('STARTTLS, and a session typed behind it', async () => {
    const { name } = await newAccount();
    const child = spawn('openssl', [
      ...['s_client', '-starttls', 'imap', '-crlf', '-quiet', '-verify_return_error'],
      ...[
        '-connect',
        `127.0.0.1:${ports.plain}`,
        '-CAfile',
        trusted,
        '-verify_hostname',
        'mail.test',
      ],
    ]);
    let said = '';
    child.stdin.write(`a CAPABILITY\nb LOGIN ${name} tea\nc SELECT INBOX\n`);
    child.stdout.on('data', (data) => {
      said += data;
      if (said.includes('c OK')) child.stdin.end('d LOGOUT\n');
    });
    await new Promise((resolve) => child.once('close', resolve));
    expect(said).toMatch(/AUTH=SCRAM-SHA-256 AUTH=CRAM-MD5 AUTH=PLAIN AUTH=LOGIN\r\n/);
    expect(said).not.toMatch(/STARTTLS|LOGINDISABLED/);
    expect(said).toMatch(/c OK \[READ-WRITE\] SELECT completed\r\n\* BYE .*\r\nd OK/);
  });
});

describeWith(['mbsync'], 'mbsync', () => {
  test('both ways, again and again: what is new, what has flags, what is gone', {
    timeout: 60_000,
  }, async () => {
    const { name, account } = await newAccount([
      letter({ subject: 'one' }),
      letter({ subject: 'two', text: 'Grüße' }),
    ]);
    const near = join(folder, 'near');
    mkdirSync(near);
    const rc = join(folder, 'mbsyncrc');
    writeFileSync(rc, mbsyncrc(name, near));
    const sync = async (): Promise<void> => {
      const { status, err, out } = await run('mbsync', ['-c', rc, '-a']);
      expect(status, err + out).toBe(0);
    };
    await sync();
    const cur = join(near, 'INBOX', 'cur');
    const fresh = join(near, 'INBOX', 'new');
    const all = (): string[] =>
      [
        ...readdirSync(cur).map((file) => join(cur, file)),
        ...readdirSync(fresh).map((file) => join(fresh, file)),
      ].sort();
    expect(all().map((file) => /Subject: (.*)/.exec(readFileSync(file, 'utf8'))?.[1])).toEqual(
      expect.arrayContaining(['one', 'two']),
    );
    writeFileSync(
      join(fresh, '1.2.here'),
      letter({ subject: 'from here' }).filter((byte) => byte !== 13),
    );
    const [first = ''] = all().filter((file) =>
      readFileSync(file, 'utf8').includes('Subject: one'),
    );
    renameSync(
      first,
      join(cur, `${first.slice(first.lastIndexOf('/') + 1).replace(/:2,.*$/, '')}:2,FS`),
    );
    const far = account.folder('INBOX') as Folder;
    await account.changeFlags(far, [2], 'add', ['\\Answered']);
    await sync();
    expect(inbox(account)).toEqual(['one \\Flagged \\Seen', 'two \\Answered', 'from here']);
    expect(all().some((file) => file.endsWith(':2,R'))).toBe(true);
    await account.expunge(far, [2]);
    const [mine = ''] = all().filter((file) =>
      readFileSync(file, 'utf8').includes('Subject: from here'),
    );
    rmSync(mine);
    await sync();
    expect(inbox(account)).toEqual(['one \\Flagged \\Seen']);
    expect(all()).toHaveLength(1);
  });
});

function mbsyncrc(name: string, near: string): string {
  return `IMAPAccount us
Host localhost
Port ${ports.plain}
User ${name}
Pass tea
SSLType STARTTLS
SSLVersions TLSv1.3
CertificateFile ${trusted}

IMAPStore far
Account us

MaildirStore near
Path ${near}/
Inbox ${near}/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Expunge Both
SyncState *
`;
}

describeWith(['mutt', 'script'], 'mutt', () => {
  test('opens the mailbox, shows it, flags and deletes', { timeout: 60_000 }, async () => {
    const { name, account } = await newAccount([
      letter({ subject: 'one' }),
      letter({ subject: 'two' }),
      letter({ subject: 'three' }),
    ]);
    const rc = join(folder, 'muttrc');
    writeFileSync(
      rc,
      `
set folder="imap://${name}@127.0.0.1:${ports.plain}/"
set spoolfile="+INBOX"
set imap_pass="tea" ssl_starttls=no ssl_force_tls=no
set imap_authenticators="cram-md5" mark_old=no
set sort=mailbox-order delete=yes confirmappend=no quit=yes wait_key=no mark_old=no
push "<first-entry><flag-message><delete-message><sync-mailbox><quit>"
`,
    );
    const command = `TERM=xterm mutt -F ${rc}`;
    const { status } = await run('script', ['-qec', command, '/dev/null']);
    expect(status).toBe(0);
    expect(inbox(account)).toEqual(['one \\Flagged', 'three']);
  });
});

describeWith(['dovecot', '/usr/lib/dovecot/imap', 'root'], 'our client on Dovecot', () => {
  let dovecot: Dovecot;
  beforeAll(async () => {
    dovecot = await startDovecot();
  });
  afterAll(() => dovecot.stop());

  const connect = async (): Promise<ImapClient> => {
    const client = await ImapClient.connect(host, { address: '127.0.0.1', port: dovecot.port });
    await client.authenticate({ user: 'alice', password: 'tea' });
    return client;
  };

  test('does all that it does on our server', { timeout: 60_000 }, async () => {
    const client = await connect();
    await client.compress();
    expect(await client.id()).toEqual(new Map([['name', 'Dovecot']]));
    await client.create('Läden');
    const listed = await client.list({ returns: { specialUse: true, status: ['MESSAGES'] } });
    expect(listed.map(({ path }) => path).sort()).toEqual(['INBOX', 'Läden', 'Sent']);
    expect(listed.find(({ path }) => path === 'Sent')?.attributes).toContain('\\Sent');
    const letters = ['one', 'two', 'three'].map((subject) => ({
      octets: letter({ subject, date: 'Thu, 26 Nov 2026 08:00:00 +0000' }),
      flags: ['\\Seen'],
      received: 1.7e12,
    }));
    expect((await client.append('INBOX', ...letters))?.uids).toHaveLength(3);
    expect(await client.enable('QRESYNC')).toContain('QRESYNC');
    const { uidValidity, highestModSeq = 0 } = await client.select('INBOX');
    const seen: FetchedMessage[] = [];
    for await (const message of client.fetch('1:*', {
      flags: true,
      envelope: true,
      structure: true,
      received: true,
      body: true,
    }))
      seen.push(message);
    expect(seen.map(({ envelope }) => envelope?.subject)).toEqual(['one', 'two', 'three']);
    expect(fromUtf8(seen[0]?.bodies.get('BODY[]') as Uint8Array)).toContain('Hello');
    expect(seen[0]).toMatchObject({ received: 1.7e12, structure: { type: 'text', path: '1' } });
    expect(await client.search({ subject: 'TWO' })).toEqual([2]);
    expect(await client.esearch({ seen: true }, { returns: ['COUNT', 'MAX'] })).toMatchObject({
      count: 3,
      max: 3,
    });
    expect(await client.sort(['SUBJECT'])).toEqual([1, 3, 2]);
    expect(await client.thread()).toHaveLength(3);
    expect((await client.store([1], 'add', ['\\Flagged', 'work'])).messages[0]?.flags).toEqual(
      expect.arrayContaining(['\\Flagged', 'work']),
    );
    expect((await client.copy([1, 2], 'Läden'))?.uids).toEqual([1, 2]);
    expect((await client.move([2], 'Sent'))?.uids).toEqual([1]);
    expect(client.mailbox?.exists).toBe(2);
    await client.unselect();
    const again = await client.resynchronise('INBOX', { uidValidity, modSeq: highestModSeq });
    expect(again.vanished).toEqual([[2, 2]]);
    expect(again.changed.map(({ uid }) => uid)).toEqual([1]);
    expect(await client.status('Läden', ['MESSAGES'])).toEqual({ path: 'Läden', MESSAGES: 2 });
    await expect(client.select('Nowhere')).rejects.toMatchObject({ status: 'NO' });
    await client.delete('Läden');
    await client.logout();
  });

  test('idles, and hears of another session at once', { timeout: 60_000 }, async () => {
    const [listener, writer] = [await connect(), await connect()];
    const before = (await listener.select('INBOX')).exists;
    const updates = listener.idle();
    const first = updates.next();
    await writer.append('INBOX', { octets: letter({ subject: 'news' }) });
    expect((await first).value).toEqual({ type: 'exists', number: before + 1 });
    await updates.return();
    expect(listener.mailbox?.exists).toBe(before + 1);
    await Promise.all([listener.logout(), writer.logout()]);
  });
});

describeWith(['tshark'], 'tshark', () => {
  test('reads a session as our dissector does', async () => {
    const bus = new TraceBus();
    const world = new World({ seed: 1, trace: bus });
    const [server, client] = [world.host('mail.campus.edu'), world.host('laptop')];
    const hosts = [server, client].map(({ name, address }) => ({ name, address }));
    const recorder = new Recorder({ bus, dissectors: allDissectors(), head: { epoch: 0, hosts } });
    const talk = async (): Promise<void> => {
      const mail = MailStore.open(server, memoryMailTables());
      await mail.addAccount({ name: 'alice', addresses: ['alice@campus.edu'] });
      await serveImap(server, {
        port: 143,
        store: mail,
        users: quickUsers(server),
        plaintext: true,
      });
      const session = await ImapClient.connect(client, { address: server.address, port: 143 });
      await session.login('alice', 'tea');
      await session.append('INBOX', { octets: letter({ subject: 'ketchup' }) });
      await session.select('INBOX');
      for await (const _ of session.fetch('1:*', { envelope: true, body: true }));
      await session.logout();
    };
    await world.run(talk());
    await world.run();
    const file = join(folder, 'run.pcapng');
    writeFileSync(file, pcapng(recorder.recording()));
    const show = ['imap.request.command', 'imap.request_tag', 'imap.response_tag'].flatMap(
      (field) => ['-e', field],
    );
    const { out } = await run('tshark', ['-n', '-r', file, '-Y', 'imap', '-T', 'fields', ...show]);
    const commands = out
      .split('\n')
      .flatMap((line) => (line.split('\t')[0] ?? '').split(','))
      .filter((word) => word !== '');
    const ours = recorder.messages().filter(({ protocol }) => protocol === 'imap');
    const said = ours
      .filter(({ role }) => role === 'request')
      .map(({ summary }) => summary.split(' ').slice(1));
    expect(said.map(([first, second]) => (first === 'UID' ? second : first))).toEqual([
      'LOGIN',
      'APPEND',
      'SELECT',
      'FETCH',
      'LOGOUT',
    ]);
    for (const name of ['LOGIN', 'APPEND', 'SELECT', 'LOGOUT']) expect(commands).toContain(name);
    const bad = await run('tshark', ['-n', '-r', file, '-Y', '_ws.malformed']);
    expect(bad.out).toBe('');
    expect(ours.some(({ malformed }) => malformed)).toBe(false);
  });
});
