import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { queryDns, question } from '../../../dns/index.ts';
import type { Endpoint } from '../../../lib/endpoint.ts';
import { type RealHost, realFiles, realHost } from '../../../net/real/index.ts';
import type { CliTools } from '../../tools.ts';
import { registerDns } from '../dns.ts';
import { zoneSource } from './zones.ts';

const zoneText = (serial: number, address = '127.0.0.80') => `$TTL 60
@ SOA ns admin ${serial} 3600 900 604800 60
@ NS ns
ns A 127.0.0.1
www A ${address}
`;

let folder: string;
const hosts: RealHost[] = [];
const stops: AbortController[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toplayer-dns-'));
});

afterEach(async () => {
  for (const stop of stops.splice(0)) stop.abort();
  await Promise.all(running.splice(0));
  await Promise.all(hosts.splice(0).map((host) => host.close()));
  rmSync(folder, { recursive: true });
  process.exitCode = 0;
});

const running: Promise<unknown>[] = [];

/** A command at work: what it wrote, and a way to wait for a line of its notes. */
class Run {
  text = '';
  readonly notes: string[] = [];
  readonly done: Promise<unknown>;
  private wake: (() => void) | undefined;

  constructor(words: readonly string[]) {
    const stop = new AbortController();
    stops.push(stop);
    const host = realHost({ files: realFiles('/') });
    hosts.push(host);
    const tools: CliTools = {
      host: () => host,
      lookup: () => async (name) => [name],
      resolver: async () => undefined,
      roots: async () => undefined,
      out: (more) => {
        this.text += more;
      },
      note: (line) => {
        this.notes.push(line);
        this.wake?.();
      },
      colour: false,
      signal: stop.signal,
    };
    const program = new Command().exitOverride();
    registerDns(program, tools);
    this.done = program.parseAsync(['dns', ...words], { from: 'user' });
    running.push(this.done.catch(() => undefined));
  }

  async note(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      for (const line of this.notes) {
        const found = pattern.exec(line);
        if (found) return found;
      }
      await new Promise<void>((resolve, reject) => {
        this.wake = resolve;
        this.done.catch(reject);
      });
    }
  }

  async endpoint(): Promise<Endpoint> {
    const [, address = '', port] = await this.note(/^(127\.0\.0\.1):(\d+) (?:serves|resolves)/);
    return { address, port: Number(port) };
  }
}

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function addressOf(server: Endpoint, name = 'www.campus.edu.'): Promise<string> {
  const host = realHost();
  hosts.push(host);
  const { message } = await queryDns(host, server, question(name, 'A'));
  const [first] = message.answers;
  return first && 'address' in first ? first.address : message.rcode;
}

describe('dns serve', () => {
  test('serves a zone file, and what becomes of it; secondaries follow', async () => {
    const file = write('campus.edu.zone', zoneText(1));
    const primary = new Run(['serve', file, '--port', '0']);
    const at = await primary.endpoint();
    expect(await addressOf(at)).toBe('127.0.0.80');
    const copy = new Run([
      'serve',
      '--secondary',
      `campus.edu@127.0.0.1#${at.port}`,
      '--port',
      '0',
    ]);
    const copied = await copy.endpoint();
    await copy.note(/serial 1: 4 records/);
    expect(await addressOf(copied)).toBe('127.0.0.80');
    write('campus.edu.zone', `${zoneText(2)}oops`);
    await primary.note(/the zone stays as it was/);
    expect(await addressOf(at)).toBe('127.0.0.80');
    write('campus.edu.zone', zoneText(3, '127.0.0.81'));
    await primary.note(/serial 3$/);
    expect(await addressOf(at)).toBe('127.0.0.81');
  });

  test('tells whom it is told to tell', async () => {
    const file = write('campus.edu.zone', zoneText(1));
    const first = new Run(['serve', '--secondary', 'campus.edu@127.0.0.1#9', '--port', '0']);
    const told = await first.endpoint();
    const primary = new Run(['serve', file, '--port', '0', '--notify', `127.0.0.1#${told.port}`]);
    await primary.endpoint();
    write('campus.edu.zone', zoneText(2));
    await primary.note(/was told of campus\.edu\. serial 2: NOERROR/);
  });

  test('refuses a broken zone, and a call without zones', async () => {
    const file = write('campus.edu.zone', 'www 60 A 127.0.0.80\n');
    await expect(new Run(['serve', file]).done).rejects.toThrow('the zone has no SOA record');
    await expect(new Run(['serve']).done).rejects.toThrow('no zone to serve');
  });
});

describe('dns resolve', () => {
  test('from a root, with a hosts file, and forwarding', async () => {
    const root = write('root.zone', `${zoneText(1)}www.campus.edu. A 127.0.0.80\n`);
    const server = await new Run(['serve', root, '--port', '0']).endpoint();
    const hostsFile = write('hosts', '127.0.0.99 own.campus.edu\n');
    const roots = ['--roots', `127.0.0.1#${server.port}`];
    const words = ['resolve', ...roots, '--hosts', hostsFile, '--port', '0', '--log'];
    const first = new Run(words);
    const at = await first.endpoint();
    expect(await addressOf(at)).toBe('127.0.0.80');
    expect(await addressOf(at, 'own.campus.edu.')).toBe('127.0.0.99');
    expect(await addressOf(at, 'no.campus.edu.')).toBe('NXDOMAIN');
    expect(first.text).toMatch(/udp www\.campus\.edu A NOERROR 1 answers/);
    const forward = ['--forward', `127.0.0.1#${at.port}`];
    const second = await new Run(['resolve', ...forward, '--port', '0']).endpoint();
    expect(await addressOf(second)).toBe('127.0.0.80');
    await expect(new Run(['resolve', '--port', '0']).done).rejects.toThrow('no root servers');
  });
});

test('dns check tells what is wrong, and exits with 1', async () => {
  const good = new Run(['check', write('campus.edu.zone', zoneText(7))]);
  await good.done;
  expect(good.text).toBe(
    'warning: campus.edu: only one name server (RFC 1034 §4.1)\ncampus.edu: 4 records, serial 7: in order\n',
  );
  expect(process.exitCode).not.toBe(1);
  const bad = new Run([
    'check',
    `edu=${write('x', `${zoneText(1)}alias CNAME a\nalias A 127.0.0.1\n`)}`,
  ]);
  await bad.done;
  expect(bad.text).toContain('error: alias.edu: CNAME and other data (RFC 1034 §3.6.2)');
  expect(process.exitCode).toBe(1);
});

test('dns axfr fetches a zone that can be read again', async () => {
  const file = write('campus.edu.zone', zoneText(5));
  const { port } = await new Run(['serve', file, '--port', '0']).endpoint();
  const fetched = new Run(['axfr', 'campus.edu', `@127.0.0.1#${port}`]);
  await fetched.done;
  expect(fetched.text.split('\n')).toHaveLength(5);
  const check = new Run(['check', `campus.edu=${write('copy', fetched.text)}`]);
  await check.done;
  expect(check.text).toContain('4 records, serial 5: in order');
  await expect(new Run(['axfr', 'campus.edu', '127.0.0.1']).done).rejects.toThrow('with an @');
});

test.each([
  ['zones/campus.edu.zone', 'campus.edu.'],
  ['db.campus.edu', 'campus.edu.'],
  ['campus.edu', 'campus.edu.'],
  ['campus.edu=x/y.txt', 'campus.edu.'],
  ['.=root.hints', '.'],
  ['root.zone', '.'],
])('the zone of %s is %s', (text, origin) => {
  expect(zoneSource(text).origin).toBe(origin);
});
