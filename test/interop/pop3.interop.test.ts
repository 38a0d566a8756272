/** Mail fetched by real programs: Python, curl, fetchmail and openssl from our server; our client from Dovecot; tshark on a run. */
import { type ChildProcess, spawn } from 'node:child_process';
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
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Authority, newAuthority } from '../../src/ca/index.ts';
import { allDissectors } from '../../src/internet/dissectors.ts';
import { fromLatin1, latin1, utf8 } from '../../src/lib/bytes.ts';
import { type RealHost, realHost } from '../../src/net/real/index.ts';
import { World } from '../../src/net/sim/index.ts';
import { Pop3Client, type Pop3ClientOptions, servePop3 } from '../../src/pop3/index.ts';
import { pcapng, Recorder, TraceBus } from '../../src/trace/index.ts';
import { describeWith } from '../peer.ts';
import { TestDrop, TestStore } from '../pop3/test-store.ts';
import { freePort, listening } from '../port.ts';
import { run, toplayer } from '../run.ts';

const DOTS = 'Subject: dots\r\n\r\n.\r\n..\r\n.x\r\nend\r\n';
const UMLAUTS = 'Subject: two\r\nFrom: a@b.c\r\n\r\nGrüße\r\n';
const BOB = { user: 'bob', password: 'hungry' };

let folder: string;
let trusted: string;
let host: RealHost;
let store: TestStore;
let bob: TestDrop;
let certificate: { chain: string; key: string };
/** In clear with STLS, and under TLS. */
const ports = { clear: 0, secure: 0 };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'toplayer-pop3-'));
  chmodSync(folder, 0o755);
  const authority = await Authority.open(await newAuthority('test', Date.now()), Date.now);
  trusted = join(folder, 'authority.pem');
  writeFileSync(trusted, authority.certificate);
  certificate = await authority.issue(['mail.test', 'localhost', '127.0.0.1']);
  host = realHost();
  store = await TestStore.open(host);
  bob = new TestDrop(store.mail, 'bob');
  const secure = { certificateFor: () => certificate };
  const common = { port: 0, hostname: 'mail.test', store, secure, failureDelayMs: 10 };
  ports.clear = (await servePop3(host, { ...common, plaintext: true })).local.port;
  ports.secure = (await servePop3(host, { ...common, implicitTls: true })).local.port;
});

beforeEach(async () => {
  for (const { uid } of bob.messages) await bob.remove(uid);
  await bob.put(utf8(DOTS), utf8(UMLAUTS));
});

afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

const PYTHON = `
import poplib, ssl, sys
clear, secure, ca = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
context = ssl.create_default_context(cafile=ca)
p = poplib.POP3('127.0.0.1', clear)
try:
    p.apop('bob', 'coffee')
except poplib.error_proto as e:
    print(e)
p.apop('bob', 'hungry')
print(p.stat()[0], [line.split()[1] for line in p.list()[1]], len(p.uidl()[1]))
print(p.retr(1)[1])
print(p.top(2, 0)[1])
p.dele(1)
p.rset()
p.noop()
p.quit()
p = poplib.POP3('127.0.0.1', clear)
p.stls(context)
print(sorted(p.capa()))
p.utf8()
p.user('bob')
p.pass_('hungry')
p.quit()
p = poplib.POP3_SSL('127.0.0.1', secure, context=context)
p.user('bob@hamburger.edu')
p.pass_('hungry')
p.dele(1)
print(p.quit())
`;

describeWith(['python3'], "Python's poplib", () => {
  test('APOP, USER, STLS, TLS, lists, dots, UTF8, deletion', async () => {
    const script = join(folder, 'fetch.py');
    writeFileSync(script, PYTHON);
    const args = [script, String(ports.clear), String(ports.secure), trusted];
    const { out, err, status } = await run('python3', args);
    expect(status, err).toBe(0);
    expect(out.trim().split('\n')).toEqual([
      "b'-ERR [AUTH] Name or password is wrong'",
      `2 [b'${DOTS.length}', b'${utf8(UMLAUTS).length}'] 2`,
      "[b'Subject: dots', b'', b'.', b'..', b'.x', b'end']",
      "[b'Subject: two', b'From: a@b.c', b'']",
      expect.stringMatching(
        /'AUTH-RESP-CODE', 'EXPIRE', 'IMPLEMENTATION', 'PIPELINING', 'RESP-CODES', 'SASL', 'TOP', 'UIDL', 'USER', 'UTF8'/,
      ),
      "b'+OK 1 deleted, 1 left'",
    ]);
    expect(bob.messages).toHaveLength(1);
  });
});

describeWith(['curl'], 'curl', () => {
  const curl = (url: string, ...args: string[]) => {
    const names = Object.values(ports).flatMap((port) => [
      '--resolve',
      `mail.test:${port}:127.0.0.1`,
    ]);
    return run('curl', ['-sS', '--max-time', '20', '--user', 'bob:hungry', ...names, ...args, url]);
  };

  test.each(['+APOP', 'SCRAM-SHA-256', 'CRAM-MD5', 'PLAIN', 'LOGIN'])(
    'fetches a message, signed in by %s',
    async (how) => {
      const { out, err, status } = await curl(
        `pop3://mail.test:${ports.clear}/1`,
        '--login-options',
        `AUTH=${how}`,
      );
      // Builds of curl without SCRAM say so.
      if (how.startsWith('SCRAM') && status === 67) return;
      expect(status, err).toBe(0);
      expect(out).toBe(DOTS);
    },
  );

  test('lists, under STLS and TLS; says any command; deletes', async () => {
    const list = `1 ${DOTS.length}\r\n2 ${utf8(UMLAUTS).length}\r\n`;
    const tls = ['--cacert', trusted, '--ssl-reqd'];
    expect(await curl(`pop3://mail.test:${ports.clear}/`, ...tls)).toMatchObject({ out: list });
    expect(await curl(`pop3s://mail.test:${ports.secure}/`, ...tls)).toMatchObject({ out: list });
    const ids = await curl(`pop3s://mail.test:${ports.secure}/`, ...tls, '-X', 'UIDL');
    expect(ids.out).toMatch(/^1 \d+\.\d+\r\n2 \d+\.\d+\r\n$/);
    const gone = await curl(`pop3://mail.test:${ports.clear}/2`, '-X', 'DELE', '-l');
    expect(gone.status, gone.err).toBe(0);
    expect(bob.messages).toHaveLength(1);
  });
});

describeWith(['fetchmail'], 'fetchmail', () => {
  const fetchmail = (port: number, lines: string, ...args: string[]) => {
    const config = join(folder, 'fetchmailrc');
    const mda = join(folder, 'mda');
    writeFileSync(mda, `#!/bin/sh\ncat >> '${folder}/inbox'\n`, { mode: 0o755 });
    chmodSync(mda, 0o755);
    const poll = `poll 127.0.0.1 service ${port} protocol POP3 ${lines}\n  mda "${mda}"\n`;
    writeFileSync(config, poll, { mode: 0o600 });
    chmodSync(config, 0o600);
    const files = ['-f', config, '--idfile', join(folder, 'ids'), '--pidfile', join(folder, 'pid')];
    return run('fetchmail', [...files, '--nosyslog', '-v', ...args]);
  };

  test('keeps by UIDL and finds nothing new; then fetches all and deletes', async () => {
    const who = 'uidl username bob password hungry sslproto ""';
    const first = await fetchmail(ports.clear, `${who} keep`);
    expect(first.status, first.out + first.err).toBe(0);
    expect(first.out).toContain('2 messages');
    const second = await fetchmail(ports.clear, `${who} keep`);
    expect(second.status, second.out).toBe(1);
    expect(bob.messages).toHaveLength(2);
    const third = await fetchmail(ports.clear, `${who} fetchall nokeep`);
    expect(third.status, third.out + third.err).toBe(0);
    expect(bob.messages).toHaveLength(0);
  });

  test('under TLS', async () => {
    const tls = `ssl sslcertck sslcertfile "${trusted}" sslcommonname "mail.test"`;
    const { status, out, err } = await fetchmail(
      ports.secure,
      `username bob password hungry ${tls} nokeep`,
    );
    expect(status, out + err).toBe(0);
    expect(bob.messages).toHaveLength(0);
  });
});

describeWith(['openssl'], 'openssl s_client', () => {
  test('STLS, and a session typed behind it', async () => {
    const child = spawn('openssl', [
      ...['s_client', '-starttls', 'pop3', '-crlf', '-quiet', '-verify_return_error'],
      ...[
        '-connect',
        `127.0.0.1:${ports.clear}`,
        '-CAfile',
        trusted,
        '-verify_hostname',
        'mail.test',
      ],
    ]);
    let said = '';
    child.stdin.write('USER bob\nPASS hungry\nSTAT\n');
    child.stdout.on('data', (data) => {
      said += data;
      // A capital Q or R at the beginning of a line is for openssl itself.
      if (/\+OK 2 \d+\r\n/.test(said)) child.stdin.end('quit\n');
    });
    await new Promise((resolve) => child.once('close', resolve));
    expect(said).toMatch(/\+OK 2 messages, \d+ octets\r\n\+OK 2 \d+\r\n\+OK Bye/);
  });
});

describeWith(['dovecot', '/usr/lib/dovecot/pop3', 'root'], 'Dovecot', () => {
  let clear: number;
  let secure: number;
  let dovecot: ChildProcess;
  let maildir: string;

  beforeAll(async () => {
    [clear, secure] = [await freePort(), await freePort()];
    const base = join(folder, 'dovecot');
    maildir = join(base, 'mail', 'bob');
    for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(maildir, part), { recursive: true });
    writeFileSync(join(base, 'cert.pem'), certificate.chain);
    writeFileSync(join(base, 'key.pem'), certificate.key);
    const config = join(base, 'dovecot.conf');
    writeFileSync(
      config,
      `protocols = pop3
listen = 127.0.0.1
base_dir = ${base}/run
state_dir = ${base}/state
log_path = ${base}/log
mail_location = maildir:${base}/mail/%u
auth_mechanisms = plain login cram-md5 scram-sha-256 apop
disable_plaintext_auth = no
auth_failure_delay = 0
ssl = yes
ssl_cert = <${base}/cert.pem
ssl_key = <${base}/key.pem
first_valid_uid = 0
passdb {
  driver = static
  args = password=hungry
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=${base}/mail/%u
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service pop3-login {
  inet_listener pop3 {
    port = ${clear}
  }
  inet_listener pop3s {
    port = ${secure}
    ssl = yes
  }
}
`,
    );
    await run('chown', ['-R', 'nobody:nogroup', join(base, 'mail')]);
    dovecot = spawn('dovecot', ['-F', '-c', config], { stdio: 'ignore' });
    await listening(clear, dovecot);
  });

  afterAll(async () => {
    const closed = new Promise((resolve) => dovecot.once('close', resolve));
    dovecot.kill();
    await closed;
  });

  beforeEach(async () => {
    for (const part of ['cur', 'new']) {
      for (const name of readdirSync(join(maildir, part))) rmSync(join(maildir, part, name));
    }
    for (let i = 1; i <= 40; i++) {
      const text = `Subject: ${i}\n\n.\n..${'x'.repeat(i)}\n.\n`;
      writeFileSync(join(maildir, 'new', `${1_000_000_000 + i}.M1P${i}.host`), text);
    }
    await run('chown', ['-R', 'nobody:nogroup', maildir]);
  });

  const session = (options: Pop3ClientOptions = {}, port = clear): Promise<Pop3Client> =>
    Pop3Client.connect(host, { address: '127.0.0.1', port }, options);

  test.each(['sasl', 'apop', 'user'] as const)('lets us in by %s', async (by) => {
    const client = await session();
    await expect(
      client.login({ ...BOB, password: 'x' }, { by, plaintext: true }),
    ).rejects.toMatchObject({
      code: 'POP3_REFUSED',
      answer: { code: 'AUTH' },
    });
    await client.login(BOB, { by, plaintext: true });
    expect((await client.stat()).count).toBe(40);
    expect((await client.capa()).has('PIPELINING')).toBe(true);
    expect(fromLatin1(await client.retr(3))).toBe('Subject: 3\r\n\r\n.\r\n..xxx\r\n.\r\n');
    expect(fromLatin1(await client.top(3, 1))).toBe('Subject: 3\r\n\r\n.\r\n');
    await client.dele(3);
    await expect(client.retr(3)).rejects.toMatchObject({ code: 'POP3_REFUSED' });
    await client.rset();
    await client.noop();
    await client.quit();
  });

  test('gives all its mail, pipelined, under TLS of both kinds; kept, then deleted', async () => {
    const tls = {
      serverName: 'localhost',
      authorities: [readFileSync(trusted, 'utf8')],
    };
    const seen = new Set<string>();
    const kept = await session({ security: 'starttls', tls });
    await kept.login(BOB);
    const texts: string[] = [];
    for await (const { bytes } of kept.download({ mode: 'keep', seen }))
      texts.push(fromLatin1(bytes));
    await kept.quit();
    expect(texts).toHaveLength(40);
    expect(texts[39]).toBe(`Subject: 40\r\n\r\n.\r\n..${'x'.repeat(40)}\r\n.\r\n`);
    const again = await session({ security: 'implicit', tls }, secure);
    await again.login(BOB);
    for await (const _ of again.download({ mode: 'keep', seen })) throw new Error('fetched again');
    await again.quit();
    const last = await session();
    await last.login(BOB);
    let count = 0;
    for await (const _ of last.download({ mode: 'delete' })) count++;
    await last.quit();
    expect(count).toBe(40);
    const empty = await session();
    await empty.login(BOB);
    expect((await empty.stat()).count).toBe(0);
    await empty.quit();
  });
});

test('our own command line lists and fetches', async () => {
  const at = ['--server', `127.0.0.1:${ports.clear}`, '--auth', 'bob:hungry'];
  const list = await toplayer('pop3', 'list', ...at);
  expect(list.out).toMatch(/^ {4}1 +33 {2}.* dots\n {4}2 +\d+ {2}a@b\.c .* two\n$/);
  const [out, seen] = [join(folder, 'out'), join(folder, 'seen')];
  const fetch = ['pop3', 'fetch', ...at, '--out', out, '--seen', seen];
  expect((await toplayer(...fetch)).err).toMatch(/2 fetched\n$/);
  expect(readdirSync(out)).toHaveLength(2);
  expect((await toplayer(...fetch)).err).toBe('0 fetched\n');
  const all = await toplayer('pop3', 'fetch', ...at, '--delete', '-v');
  expect(all.err).toContain('S: +OK 2 deleted, maildrop empty');
  expect(all.out).toBe(DOTS + UMLAUTS);
  expect(bob.messages).toHaveLength(0);
  const wrong = await toplayer('pop3', 'list', '--server', at[1] as string, '--auth', 'bob:x');
  expect(wrong).toMatchObject({
    status: 1,
    err: expect.stringContaining('[AUTH] Name or password'),
  });
});

describeWith(['tshark'], 'tshark', () => {
  test('reads a session as our dissector does', async () => {
    const bus = new TraceBus();
    const world = new World({ seed: 1, trace: bus });
    const [server, client] = [world.host('hamburger.edu'), world.host('crepes.fr')];
    const hosts = [server, client].map(({ name, address }) => ({ name, address }));
    const recorder = new Recorder({ bus, dissectors: allDissectors(), head: { epoch: 0, hosts } });
    const fetch = async (): Promise<void> => {
      const mail = await TestStore.open(server);
      const text = 'Subject: ketchup\r\nFrom: <a@b.c>\r\n\r\nDo you like it?\r\n.\r\n';
      await new TestDrop(mail.mail, 'bob').put(latin1(text));
      await servePop3(server, { store: mail, plaintext: true });
      const session = await Pop3Client.connect(client, { address: server.address, port: 110 });
      await session.login(BOB, { by: 'user', plaintext: true });
      await session.list();
      await session.retr(1);
      await expect(session.retr(2)).rejects.toMatchObject({ code: 'POP3_REFUSED' });
      await session.dele(1);
      await session.quit();
    };
    await world.run(fetch());
    await world.run();
    const file = join(folder, 'run.pcapng');
    writeFileSync(file, pcapng(recorder.recording()));
    const fields = ['pop.request.command', 'pop.response.indicator'];
    const show = fields.flatMap((field) => ['-e', field]);
    const { out } = await run('tshark', ['-n', '-r', file, '-Y', 'pop', '-T', 'fields', ...show]);
    const columns = [0, 1].map((i) =>
      out
        .split('\n')
        .flatMap((line) => (line.split('\t')[i] ?? '').split(','))
        .filter((word) => word !== ''),
    );
    const ours = recorder.messages().filter(({ protocol }) => protocol === 'pop3');
    const first = ({ summary }: { summary: string }): string => summary.split(' ')[0] as string;
    expect(columns[0]).toEqual(ours.filter(({ role }) => role === 'request').map(first));
    expect(columns[1]).toEqual(ours.filter(({ role }) => role !== 'request').map(first));
    const bad = await run('tshark', ['-n', '-r', file, '-Y', '_ws.malformed']);
    expect(bad.out).toBe('');
  });
});
