/** Our DNS servers beside others, each a process that tells its processor time; the load is dnsperf. */
import { type ChildProcess, execFile, execFileSync, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../test/port.ts';
import { which } from '../tools/peers.ts';
import { median, type Result } from './bench.ts';

/** Many short rounds: the machine has other work too, and all should see the same of it. */
const ROUNDS = 11;
const SECONDS = 1;

/** Linux spreads by a hash of both ends: with few clients the shares would be chance. */
const CLIENTS = 256;

const run = promisify(execFile);

interface Peer {
  readonly child: ChildProcess;
  readonly port: number;
}

function heard<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('the server ended'));
    child.once('exit', ended);
    child.once('message', (value) => {
      child.off('exit', ended);
      resolve(value as T);
    });
  });
}

/** The server on the first core, the load on the second: both on one would measure the load. */
async function start(kind: string, port = 0, core = 0): Promise<Peer> {
  const child = fork(join(import.meta.dirname, 'dns-server.ts'), [kind, String(port)]);
  const said = await heard<{ port: number }>(child);
  execFileSync('taskset', ['-a', '-cp', String(core), String(child.pid)], { stdio: 'ignore' });
  return { child, port: said.port };
}

async function cpu({ child }: Peer): Promise<number> {
  const answer = heard<{ cpu: number }>(child);
  child.send('cpu');
  return (await answer).cpu;
}

interface Figure {
  readonly completed: number;
  /** Answers a second by the clock on the wall. */
  readonly rate: number;
  /** The processor time of each process, in seconds. */
  readonly spent: readonly number[];
}

/** Processes that share a port, asked from so many sockets. */
async function load(peers: readonly Peer[], queries: string, clients: number): Promise<Figure> {
  const before = await Promise.all(peers.map(cpu));
  const words = `-s 127.0.0.1 -p ${peers[0]?.port} -d ${queries} -l ${SECONDS} -q 100 -c ${clients} -T 1`;
  const { stdout } = await run('taskset', ['-c', '1', 'dnsperf', ...words.split(' ')]);
  const after = await Promise.all(peers.map(cpu));
  const number = (pattern: RegExp) => Number(pattern.exec(stdout)?.[1]);
  const completed = number(/Queries completed:\s+(\d+)/);
  const lost = number(/Queries lost:\s+(\d+)/);
  if (!(completed > 0) || lost > completed / 100) throw new Error(`dnsperf: ${stdout}`);
  return {
    completed,
    rate: number(/Queries per second:\s+([\d.]+)/),
    spent: after.map((seconds, index) => seconds - (before[index] ?? 0)),
  };
}

/** Answers a second when the busiest of the processes has no time left: what they can do on enough cores. */
function capacity({ completed, spent }: Figure): number {
  return completed / Math.max(...spent);
}

/** The resolver forwards to the first. */
const KINDS = ['authoritative', 'cached', 'canned', 'dns2'];

async function besideOthers(queries: string): Promise<Result[]> {
  const peers: Peer[] = [];
  try {
    for (const kind of KINDS) peers.push(await start(kind, peers[0]?.port));
    const figures = peers.map((): number[] => []);
    for (const peer of peers) await load([peer], queries, 1);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, peer] of peers.entries()) {
        figures[i]?.push(capacity(await load([peer], queries, 1)));
      }
    }
    const [ours = 0, cached = 0, figure = 0, dns2 = 0] = figures.map(median);
    const { version } = createRequire(import.meta.url)('dns2/package.json') as { version: string };
    const canned = { name: 'canned node:dgram', version: process.version, figure };
    const npm = { name: 'dns2', version, figure: dns2 };
    const unit = 'answers per CPU-second';
    return [
      { name: 'authoritative UDP, 1,000 names', unit, ours, peer: canned, goal: 0.9 },
      { name: 'authoritative UDP, 1,000 names', unit, ours, peer: npm, goal: 2.5 },
      { name: 'cached answers, UDP', unit, ours: cached, peer: canned, goal: 0.8 },
    ];
  } finally {
    for (const { child } of peers) child.disconnect();
  }
}

async function sharingAPort(queries: string): Promise<Result[]> {
  const port = await freePort();
  const alone = await start('authoritative');
  const pair = [await start('shared', port), await start('shared', port, 1)];
  try {
    const figures: Record<'alone' | 'pair', Figure[]> = { alone: [], pair: [] };
    for (let round = 0; round <= ROUNDS; round++) {
      figures.alone.push(await load([alone], queries, CLIENTS));
      figures.pair.push(await load(pair, queries, CLIENTS));
    }
    const of = (runs: readonly Figure[], what: (figure: Figure) => number) =>
      median(runs.slice(1).map(what));
    const wall = of(figures.pair, ({ rate }) => rate) / of(figures.alone, ({ rate }) => rate);
    const largest = of(
      figures.pair,
      ({ spent }) => Math.max(...spent) / spent.reduce((a, b) => a + b),
    );
    const one = { name: 'one process', version: process.version };
    return [
      {
        name: 'two processes on one port',
        unit: 'answers a second, the busiest on a whole core',
        ours: of(figures.pair, capacity),
        peer: { ...one, figure: of(figures.alone, capacity) },
        goal: 1.7,
        note: `${CLIENTS} clients, the busier did ${Math.round(largest * 100)} %; by the wall ${wall.toFixed(2)}, with the load on one of both cores`,
      },
    ];
  } finally {
    for (const { child } of [alone, ...pair]) child.disconnect();
  }
}

export async function servers(): Promise<Result[]> {
  if (!which('dnsperf') || !which('taskset')) return [];
  const folder = mkdtempSync(join(tmpdir(), 'dns-bench-'));
  const queries = join(folder, 'queries');
  writeFileSync(queries, Array.from({ length: 1000 }, (_, i) => `n${i}.bench.test A\n`).join(''));
  try {
    return [...(await besideOthers(queries)), ...(await sharingAPort(queries))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
