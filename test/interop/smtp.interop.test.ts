/** Mail by real programs: swaks, msmtp, curl, Python and openssl to our server; our client to Postfix's; tshark on both. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Authority, newAuthority } from '../../src/ca/index.ts';
import { allDissectors } from '../../src/internet/dissectors.ts';
import { fromUtf8, utf8 } from '../../src/lib/bytes.ts';
import { type RealHost, realHost } from '../../src/net/real/index.ts';
import { World } from '../../src/net/sim/index.ts';
import { saslUsers } from '../../src/sasl/index.ts';
import {
  collecting,
  mailboxText,
  type ReceivedMessage,
  relayGuard,
  SmtpClient,
  type SmtpServerOptions,
  serveSmtp,
} from '../../src/smtp/index.ts';
import { pcapng, Recorder, TraceBus } from '../../src/trace/index.ts';
import { describeWith } from '../peer.ts';
import { freePort, listening } from '../port.ts';
import { run } from '../run.ts';

let folder: string;
let trusted: string;
let host: RealHost;
/** A relay on one port, submission with STARTTLS and with TLS on two others. */
const ports = { relay: 0, submission: 0, secure: 0 };
const messages: ReceivedMessage[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'toplayer-smtp-'));
  const authority = await Authority.open(await newAuthority('test', Date.now()), Date.now);
  trusted = join(folder, 'authority.pem');
  writeFileSync(trusted, authority.certificate);
  const certificate = await authority.issue(['mail.test', 'localhost', '127.0.0.1']);
  host = realHost();
  const secure = { certificateFor: () => certificate };
  const users = saslUsers({ alice: 'tea' }, (length) => host.random.bytes(length));
  const keep = collecting((message) => void messages.push(message));
  const backend = relayGuard({ domains: ['b.org'] }, keep);
  const serve = async (options: Partial<SmtpServerOptions>): Promise<number> => {
    const all = { port: 0, hostname: 'mail.test', backend, ...options };
    return (await serveSmtp(host, all)).local.port;
  };
  ports.relay = await serve({});
  ports.submission = await serve({ secure, users, requireAuth: true });
  ports.secure = await serve({ secure, users, requireAuth: true, implicitTls: true });
});

beforeEach(() => void messages.splice(0));

afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

function last(): {
  from: string;
  to: string[];
  text: string;
  user: string | undefined;
  secure: boolean;
} {
  const message = messages.at(-1);
  if (!message) throw new Error('no message came');
  return {
    from: mailboxText(message.from),
    to: message.to.map(({ path }) => mailboxText(path)),
    text: fromUtf8(message.bytes),
    user: message.peer.user,
    secure: message.peer.secure,
  };
}

describeWith(['swaks'], 'swaks', () => {
  const swaks = (port: number, ...args: string[]) =>
    run('swaks', ['--server', `127.0.0.1:${port}`, '--from', 'a@crepes.fr', ...args]);

  test('hands a message in, pipelined or not, dots and all', async () => {
    for (const how of [[], ['--pipeline']]) {
      const body = '.\n..\n.x\nend';
      const { out, status } = await swaks(
        ports.relay,
        '--to',
        'bob@b.org,eve@b.org',
        '--body',
        body,
        ...how,
      );
      expect(status, out).toBe(0);
      expect(last()).toMatchObject({ from: 'a@crepes.fr', to: ['bob@b.org', 'eve@b.org'] });
      expect(last().text).toContain('\r\n.\r\n..\r\n.x\r\nend\r\n');
    }
    expect(messages).toHaveLength(2);
  });

  test('is told that it may not relay, and that a recipient is missing', async () => {
    const { out, status } = await swaks(ports.relay, '--to', 'eve@elsewhere.org');
    expect(out).toContain('550 5.7.1');
    expect(status).not.toBe(0);
    const mixed = await swaks(ports.relay, '--to', 'bob@b.org,eve@elsewhere.org');
    expect(mixed.status).toBe(0);
    expect(last().to).toEqual(['bob@b.org']);
  });

  test('signs in by CRAM-MD5', async () => {
    const auth = ['--auth', 'CRAM-MD5', '--auth-user', 'alice', '--auth-password'];
    const good = await swaks(ports.submission, '--to', 'x@elsewhere.org', ...auth, 'tea');
    expect(good.status, good.out).toBe(0);
    expect(last()).toMatchObject({ user: 'alice', to: ['x@elsewhere.org'] });
    const bad = await swaks(ports.submission, '--to', 'x@elsewhere.org', ...auth, 'coffee');
    expect(bad.out).toContain('535 5.7.8');
  });
});

describeWith(['msmtp'], 'msmtp', () => {
  const msmtp = (port: number, ...args: string[]) => {
    const all = ['--host=127.0.0.1', `--port=${port}`, '--from=a@crepes.fr', ...args, 'bob@b.org'];
    return run('msmtp', ['--file=/dev/null', ...all], 'Subject: hi\n\n.\nGrüße\n');
  };

  test('relays in clear', async () => {
    const { status, err } = await msmtp(ports.relay);
    expect(status, err).toBe(0);
    expect(last().text).toMatch(/Subject: hi\r\n\r\n\.\r\nGrüße\r\n$/);
  });

  test.each(['scram-sha-256', 'cram-md5', 'plain', 'login'])(
    'signs in by %s under TLS',
    async (how) => {
      const secret = join(folder, 'secret');
      writeFileSync(secret, 'tea\n');
      chmodSync(secret, 0o600);
      const sign = [`--auth=${how}`, '--user=alice', `--passwordeval=cat ${secret}`];
      const tls = ['--tls=on', `--tls-trust-file=${trusted}`];
      for (const [port, start] of [
        [ports.submission, 'on'],
        [ports.secure, 'off'],
      ] as const) {
        const { status, err } = await msmtp(port, ...tls, `--tls-starttls=${start}`, ...sign);
        expect(status, err).toBe(0);
        expect(last()).toMatchObject({ user: 'alice', secure: true });
      }
    },
  );
});

describeWith(['curl'], 'curl', () => {
  test('sends by smtp and smtps', async () => {
    const file = join(folder, 'message.eml');
    writeFileSync(file, 'Subject: curl\r\n\r\n.dot\r\n');
    const sign = ['--cacert', trusted, '--user', 'alice:tea', '--ssl-reqd'];
    const names = [
      '--resolve',
      `mail.test:${ports.submission}:127.0.0.1`,
      '--resolve',
      `mail.test:${ports.secure}:127.0.0.1`,
    ];
    for (const url of [
      `smtp://mail.test:${ports.submission}/me`,
      `smtps://mail.test:${ports.secure}/me`,
    ]) {
      const mail = [
        '--mail-from',
        'a@crepes.fr',
        '--mail-rcpt',
        'bob@b.org',
        '--upload-file',
        file,
      ];
      const { status, err } = await run('curl', [
        '-sS',
        '--max-time',
        '20',
        url,
        ...names,
        ...sign,
        ...mail,
      ]);
      expect(status, err).toBe(0);
      expect(last()).toMatchObject({ user: 'alice', text: 'Subject: curl\r\n\r\n.dot\r\n' });
    }
  });
});

const PYTHON = `
import smtplib, ssl, sys
relay, submission, secure, ca = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
with smtplib.SMTP('127.0.0.1', relay) as s:
    s.ehlo('crepes.fr')
    print(sorted(s.esmtp_features))
    s.sendmail('a@crepes.fr', ['bob@b.org'], 'Subject: one\\r\\n\\r\\n.\\r\\n')
    print(s.sendmail('a@crepes.fr', ['bob@b.org', 'x@y.z'], b'8-bit: \\xc3\\xb6', mail_options=['BODY=8BITMIME']))
    s.sendmail('j\\u00fcrgen@crepes.fr', ['b\\u00f6b@b.org'], b'x', mail_options=['SMTPUTF8'])
    print(s.verify('bob'), s.noop(), s.help()[:4])
context = ssl.create_default_context(cafile=ca)
with smtplib.SMTP('127.0.0.1', submission) as s:
    s.starttls(context=context)
    s.login('alice', 'tea')
    s.sendmail('a@crepes.fr', ['x@y.z'], 'tls')
with smtplib.SMTP_SSL('127.0.0.1', secure, context=context) as s:
    try:
        s.login('alice', 'coffee')
    except smtplib.SMTPAuthenticationError as e:
        print(e.smtp_code)
`;

describeWith(['python3'], "Python's smtplib", () => {
  test('several messages on a connection, 8 bits, UTF-8 addresses, STARTTLS, a wrong password', async () => {
    const script = join(folder, 'send.py');
    writeFileSync(script, PYTHON);
    const args = [ports.relay, ports.submission, ports.secure].map(String);
    const { out, err, status } = await run('python3', [script, ...args, trusted]);
    expect(status, err).toBe(0);
    const [features, refused, words, code] = out.trim().split('\n');
    for (const one of ['8bitmime', 'chunking', 'dsn', 'pipelining', 'size', 'smtputf8']) {
      expect(features).toContain(`'${one}'`);
    }
    expect(refused).toContain('x@y.z');
    expect(words).toMatch(/^\(252, .*\(250, /);
    expect(code).toBe('535');
    expect(messages.map(({ from }) => mailboxText(from))).toEqual([
      'a@crepes.fr',
      'a@crepes.fr',
      'jürgen@crepes.fr',
      'a@crepes.fr',
    ]);
  });
});

describeWith(['openssl'], 'openssl s_client', () => {
  test('STARTTLS, and a session typed behind it', async () => {
    const child = spawn('openssl', [
      ...['s_client', '-starttls', 'smtp', '-crlf', '-quiet', '-verify_return_error'],
      ...[
        '-connect',
        `127.0.0.1:${ports.submission}`,
        '-CAfile',
        trusted,
        '-verify_hostname',
        'mail.test',
      ],
    ]);
    let said = '';
    child.stdin.write('EHLO me\nNOOP\nMAIL FROM:<a@b.c>\n');
    child.stdout.on('data', (data) => {
      said += data;
      if (said.includes('530')) child.stdin.end('QUIT\n');
    });
    await new Promise((resolve) => child.once('close', resolve));
    expect(said).toMatch(/AUTH SCRAM-SHA-256 CRAM-MD5 PLAIN LOGIN/);
    expect(said).toMatch(/250 2\.0\.0 OK\r\n530 5\.7\.0 .*\r\n221 2\.0\.0 Bye/);
  });
});

describeWith(['smtp-source', 'smtp-sink'], "Postfix's source and sink", () => {
  test('twenty sessions at a time, kept or one a message', async () => {
    for (const keep of [['-d'], []]) {
      messages.splice(0);
      const load = [
        '-s',
        '20',
        '-m',
        '200',
        '-l',
        '4096',
        '-f',
        'a@src.test',
        '-t',
        'c@b.org',
        ...keep,
      ];
      const { status, err } = await run('smtp-source', [...load, `127.0.0.1:${ports.relay}`]);
      expect(status, err).toBe(0);
      expect(messages).toHaveLength(200);
    }
  });

  test('the sink takes what our client sends, with all of its refusals', async () => {
    const port = await freePort();
    const at = `127.0.0.1:${port}`;
    const sink = spawn('smtp-sink', ['-u', 'nobody', '-r', 'RSET', at, '10'], { cwd: tmpdir() });
    try {
      await listening(port, sink);
      const client = await SmtpClient.connect(host, { address: '127.0.0.1', port });
      const envelope = { from: null, to: [{ path: { local: 'bob', domain: 'b.org' } }] };
      const big = utf8(`.${'x'.repeat(70)}\r\n`.repeat(20_000));
      expect((await client.send(envelope, big)).reply.code).toBe(250);
      expect((await client.send(envelope, 'two\r\n')).reply.code).toBe(250);
      await expect(client.reset()).rejects.toMatchObject({ code: 'SMTP_REFUSED' });
      await client.quit();
    } finally {
      sink.kill();
    }
  });
});

describeWith(['tshark'], 'tshark', () => {
  test('reads a session as our dissector does', async () => {
    const bus = new TraceBus();
    const world = new World({ seed: 1, trace: bus });
    const [server, client] = [world.host('hamburger.edu'), world.host('crepes.fr')];
    const hosts = [server, client].map(({ name, address }) => ({ name, address }));
    const head = { epoch: 0, hosts };
    const recorder = new Recorder({ bus, dissectors: allDissectors(), head });
    const send = async (): Promise<void> => {
      await serveSmtp(server, {
        port: 25,
        backend: relayGuard(
          { domains: ['b.org'] },
          collecting(() => undefined),
        ),
      });
      const session = await SmtpClient.connect(client, { address: server.address, port: 25 });
      const to = ['bob@b.org', 'eve@c.org'].map((one) => ({
        path: { local: one.slice(0, 3), domain: one.slice(4) },
      }));
      const text = 'Subject: ketchup\r\nFrom: <a@b.c>\r\n\r\nDo you like it?\r\n.\r\n';
      await session.send({ from: null, to }, text);
      await session.quit();
    };
    await world.run(send());
    await world.run();
    const file = join(folder, 'run.pcapng');
    writeFileSync(file, pcapng(recorder.recording()));
    const fields = ['smtp.req.command', 'smtp.response.code', 'imf.subject'];
    const show = fields.flatMap((field) => ['-e', field]);
    const { out } = await run('tshark', ['-n', '-r', file, '-Y', 'smtp', '-T', 'fields', ...show]);
    const columns = [0, 1, 2].map((i) =>
      out
        .split('\n')
        .flatMap((line) => (line.split('\t')[i] ?? '').split(','))
        .filter((word) => word !== ''),
    );
    const ours = recorder.messages().filter(({ protocol }) => protocol === 'smtp');
    const requests = ours.filter(({ role }) => role === 'request').map(({ summary }) => summary);
    const replies = ours.filter(({ role }) => role !== 'request');
    expect(columns[0]).toEqual(
      requests.filter((text) => !text.startsWith('message')).map((text) => text.slice(0, 4)),
    );
    expect(new Set(columns[1])).toEqual(new Set(replies.map(({ summary }) => summary.slice(0, 3))));
    expect(columns[2]).toEqual(['ketchup']);
    const bad = await run('tshark', ['-n', '-r', file, '-Y', '_ws.malformed']);
    expect(bad.out).toBe('');
  });
});
