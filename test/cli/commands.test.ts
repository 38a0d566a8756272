/** The command line as a user calls it: what it prints, and how it exits. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { outcome, TOPLAYER, toplayer } from '../run.ts';

const folder = mkdtempSync(join(tmpdir(), 'toplayer-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('sim', () => {
  it('ends with the events, the time and the hash, the same for the same seed', async () => {
    const last = async (seed: string) => {
      const { out, status } = await toplayer('sim', 'default', '--seed', seed, '--json');
      expect(status).toBe(0);
      return out.trimEnd().split('\n').at(-1) ?? '';
    };
    const [first, second, other] = await Promise.all([last('7'), last('7'), last('8')]);
    expect(Object.keys(JSON.parse(first))).toEqual(['events', 'until', 'hash']);
    expect(JSON.parse(first)).toMatchObject({ hash: expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect(second).toBe(first);
    expect(other).not.toBe(first);
  });

  it('stops when it is told to', async () => {
    const { out } = await toplayer('sim', 'default', '--until', '1.5 s', '--json', '-q');
    expect(JSON.parse(out)).toMatchObject({ until: 1.5 });
  });

  it('saves what was said, and trace reads it again', async () => {
    const file = join(folder, 'run.ndjson');
    const drawn = await toplayer('sim', 'default', '--trace', file);
    const read = await toplayer('trace', file);
    expect(read.out).toContain('GET / www.campus.edu');
    expect(drawn.out.startsWith(read.out)).toBe(true);
    const capture = join(folder, 'run.pcapng');
    await toplayer('sim', 'default', '--trace', capture, '-q');
    expect(readFileSync(capture).subarray(0, 4).toString('hex')).toBe('0a0d0d0a');
  });

  it('names line and expectation of a mistake', async () => {
    const file = join(folder, 'wrong.yaml');
    writeFileSync(file, 'title: a\nnetwork: 10.0.0.0/8\nplaces: {}\nhosts: {}\n');
    expect(await toplayer('sim', file)).toEqual({
      status: 2,
      out: '',
      err: 'toplayer: wrong.yaml:2: network: expected a network such as 127.20.0.0/16, found "10.0.0.0/8"\n',
    });
  });

  it('names zone, line and expectation of a mistake in a zone', async () => {
    const file = join(folder, 'zone.yaml');
    writeFileSync(
      file,
      'title: a\nnetwork: 127.20.0.0/16\nplaces: {p: {title: p, at: [0, 0]}}\nhosts: {h: {place: p, address: 127.20.0.1, services: {dns: {zones: [a.]}}}}\nzones:\n  a.: |\n    @ SOA ns host 1 2 3 4 5\n      NS ns\n    ns A 300.0.0.1\n',
    );
    const { status, err } = await toplayer('sim', file);
    expect(status).toBe(1);
    expect(err).toContain('zone a.:3:6');
    expect(err).toContain('300.0.0.1');
  });
});

describe('experiment', () => {
  it('compares the transports as a table and as JSON', async () => {
    const { out } = await toplayer(
      'experiment',
      'tcp-udp',
      '--messages',
      '5',
      '--loss',
      '0 %',
      '--jitter',
      '0',
      '--reorder',
      '0',
    );
    expect(out).toContain(
      'UDP: 5 of 5 heard, 0 out of order, 0 packets lost on the link; mean delay 40.0 ms',
    );
    const json = await toplayer('experiment', 'tcp-udp', '--messages', '5', '--json');
    expect(JSON.parse(json.out).deliveries).toHaveLength(5);
  });
});

describe('ping', () => {
  it('says what was lost, and exits with 1 when nothing came back', async () => {
    const { status, out } = await toplayer('ping', '127.0.0.1:9', '-c', '2', '-W', '0.05');
    expect(status).toBe(1);
    expect(out).toBe('Request timed out\nRequest timed out\n\n2 sent, 0 received, 100.0 % lost\n');
  });
});

describe('wrong calls', () => {
  it.each([
    [['pin'], 'Did you mean ping?'],
    [['ping', 'a', '-c', '0'], 'expected a whole number from 1 to 1000000'],
    [['ping', '127.0.0.1', '-W', 'soon'], 'expected seconds such as 0.2'],
    [['ports', '127.0.0.1', '-p', '9-3'], 'expected ports such as 80'],
    [['sim', 'nowhere.yaml'], 'there is no scenario nowhere.yaml'],
    [['sim', 'default', '--until', 'x'], 'expected a time such as "10 s"'],
    [['up', '--network', '10.0.0.0/8'], 'expected a network such as 127.30.0.0/16'],
    [['up', '--dashboard-port', '70000'], 'expected a whole number from 0 to 65535'],
    [['experiment', 'tcp-udp', '--loss', '2'], 'expected a share such as "20 %"'],
  ])('%j', async (args, message) => {
    const { status, err, out } = await toplayer(...args);
    expect(err).toContain(message);
    expect(out).toBe('');
    expect(status).toBe(2);
  });

  it('every command has help with examples or a sentence', async () => {
    for (const command of [
      'up',
      'sim',
      'trace',
      'get',
      'dig',
      'ping',
      'telnet',
      'ports',
      'http',
      'experiment',
    ]) {
      const { out, status } = await toplayer(command, '--help');
      expect(out, command).toContain(`Usage: toplayer ${command}`);
      expect(status).toBe(0);
    }
  });
});

describe('smtp', () => {
  it('takes into a folder what send gives it, and shows what was said', async () => {
    const inbox = join(folder, 'inbox');
    const { child, line, ended } = await served(inbox);
    const server = /smtp:\/\/(\S+)/.exec(line)?.[1] ?? '';
    const mail = ['--server', server, '--from', 'a@crepes.fr', '--to', 'bob@b.org'];
    const good = await toplayer('smtp', 'send', ...mail, '--body', 'one\n.\ntwo', '-v');
    expect(good).toMatchObject({ status: 0, err: '' });
    expect(good.out).toContain('C: MAIL FROM:<a@crepes.fr> SIZE=');
    expect(good.out).toMatch(/^250 2\.0\.0 OK: taken$/m);
    const bad = await toplayer('smtp', 'send', ...mail, '--to', 'evil@b.org', '--to', 'x@b.org');
    expect(bad.err).toContain('evil@b.org: 550 5.0.0');
    const none = await toplayer('smtp', 'send', '--server', server, '--to', 'evil@b.org');
    expect(none).toMatchObject({ status: 1, out: '' });
    expect(none.err).toContain('RCPT TO:<evil@b.org>: 550');
    child.kill('SIGINT');
    await ended;
    const [name = '', ...more] = readdirSync(inbox);
    expect(more).toHaveLength(1);
    const text = readFileSync(join(inbox, name), 'latin1');
    expect(text).toMatch(
      /^Return-Path: <a@crepes\.fr>\r\nReceived: from localhost \(\[127\.0\.0\.1\]\)/,
    );
    expect(text).toMatch(/\r\n\r\none\r\n\.\r\ntwo\r\n$/);
  });

  it('names what is wrong with its words', async () => {
    const send = ['smtp', 'send', '--server', '127.0.0.1:1'];
    expect((await toplayer(...send, '--to', 'bob')).err).toContain('<bob@example.com>');
    expect((await toplayer('smtp', 'serve', '--fail', 'RCPT:200:1%')).err).toContain(
      'RCPT:451:10%',
    );
    expect((await toplayer('smtp', 'serve', '--plaintext')).err).toContain('--auth');
  });
});

/** The server says where it listens on its standard error. */
async function served(inbox: string) {
  const args = ['smtp', 'serve', inbox, '--port', '0', '--fail', 'RCPT:550:100%:evil@'];
  const child = spawn(TOPLAYER, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = outcome(child);
  const line = await new Promise<string>((resolve) => {
    child.stderr.once('data', (data) => resolve(String(data)));
  });
  return { child, line, ended };
}
