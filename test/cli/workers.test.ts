/** Several processes on one port: all serve, one that dies is started again, all end together. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OPTION, queryDns, question } from '../../src/dns/index.ts';
import { optionOf } from '../../src/dns/options.ts';
import { hex } from '../../src/lib/bytes.ts';
import type { Endpoint } from '../../src/lib/endpoint.ts';
import { type RealHost, realHost } from '../../src/net/real/index.ts';
import { type Outcome, outcome, TOPLAYER, toplayer } from '../run.ts';

const ZONE =
  '$TTL 60\n@ SOA ns admin 1 3600 900 604800 60\n@ NS ns\nns A 127.0.0.1\nwww A 127.0.0.80\n';
const QUESTION = question('www.campus.edu.', 'A');

const folder = mkdtempSync(join(tmpdir(), 'toplayer-workers-'));
const zone = join(folder, 'campus.edu.zone');
let host: RealHost;

beforeAll(() => {
  host = realHost();
  writeFileSync(zone, ZONE);
});
afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true });
});

/** A command at work, and the lines of its notes as they come. */
class Service {
  readonly ended: Promise<Outcome>;
  private readonly child: ChildProcess;
  private notes = '';
  private wake: (() => void) | undefined;

  constructor(...args: string[]) {
    this.child = spawn(TOPLAYER, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.ended = outcome(this.child);
    this.child.stderr?.on('data', (text: string) => {
      this.notes += text;
      this.wake?.();
    });
  }

  async note(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.notes);
      if (found) return found;
      await new Promise<void>((resolve, reject) => {
        this.wake = resolve;
        this.ended.then(({ err }) => reject(new Error(`it ended: ${err}`)), reject);
      });
    }
  }

  async start(): Promise<{ readonly at: Endpoint; readonly pids: readonly number[] }> {
    const line = await this.note(/127\.0\.0\.1:(\d+) .*, in 2 processes \((\d+), (\d+)\)/);
    const [port = 0, ...pids] = line.slice(1).map(Number);
    return { at: { address: '127.0.0.1', port }, pids };
  }

  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return (await this.ended).status;
  }
}

const services: Service[] = [];
afterEach(async () => {
  for (const service of services.splice(0)) await service.stop();
});

function service(...args: string[]): Service {
  const made = new Service('dns', ...args);
  services.push(made);
  return made;
}

/** Each from a port of its own, so that the system spreads them. */
async function askOften(at: Endpoint, tcp = false): Promise<number> {
  const asked = Array.from({ length: 40 }, () => queryDns(host, at, QUESTION, { tcp }));
  const answers = await Promise.all(asked);
  return answers.filter(({ message }) => message.answers.length === 1).length;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('dns serve --workers', () => {
  it('serves from each process, on UDP and TCP, and puts another in the place of a dead one', async () => {
    const run = service('serve', zone, '--port', '0', '--workers', '2', '--log');
    const { at, pids } = await run.start();
    expect(await askOften(at)).toBe(40);
    expect(await askOften(at, true)).toBe(40);
    process.kill(pids[0] ?? 0, 'SIGKILL');
    await run.note(/worker 1 ended \(SIGKILL\); another takes its place/);
    await run.note(/worker 1 is there again/);
    expect(await askOften(at)).toBe(40);
    const others = await toplayer('dns', 'serve', zone, '--workers', '2', '--port', `${at.port}`);
    expect(others).toMatchObject({ status: 1, err: expect.stringMatching(/is in use by/) });
    expect(await run.stop()).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
    expect((await run.ended).out.match(/www\.campus\.edu A NOERROR/g)).toHaveLength(120);
  });

  it('agrees on cookies: what one gave is good to the other', async () => {
    const { at } = await service('serve', zone, '--port', '0', '--workers', '2').start();
    const cookieFor = async (data: Uint8Array) => {
      const options = [{ code: OPTION.COOKIE, data }];
      const { message } = await queryDns(host, at, QUESTION, { options });
      return optionOf(message.edns, OPTION.COOKIE) ?? new Uint8Array(0);
    };
    const cookie = await cookieFor(new Uint8Array(8).fill(7));
    expect(cookie).toHaveLength(24);
    const others = await Promise.all(Array.from({ length: 40 }, () => cookieFor(cookie)));
    expect(new Set(others.map(hex))).toEqual(new Set([hex(cookie)]));
  });

  it('tells once that a zone was read again', async () => {
    const run = service('serve', zone, '--port', '0', '--workers', '2');
    const { at } = await run.start();
    writeFileSync(zone, ZONE.replace('admin 1', 'admin 2').replace('www', 'web'));
    await run.note(/serial 2/);
    await expect.poll(() => askOften(at)).toBe(0);
    await run.stop();
    expect((await run.ended).err.match(/was read again/g)).toHaveLength(1);
    writeFileSync(zone, ZONE);
  });

  it.each([
    ['a zone that is not there', ['nowhere.zone'], 1, 'not found'],
    ['copies of others', ['--secondary', 'campus.edu@127.0.0.1'], 2, 'kept by one process'],
  ])('refuses %s once', async (_, words, status, text) => {
    const run = await toplayer('dns', 'serve', ...words, '--workers', '2', '--port', '0');
    expect(run.status).toBe(status);
    expect(run.err.split(text)).toHaveLength(2);
  });
});

it('dns resolve --workers: each resolves', async () => {
  const server = service('serve', zone, '--port', '0', '--workers', '2');
  const { at: upstream } = await server.start();
  const forward = `127.0.0.1#${upstream.port}`;
  const run = service('resolve', '--forward', forward, '--port', '0', '--workers', '2');
  const { at } = await run.start();
  expect(await askOften(at)).toBe(40);
});
