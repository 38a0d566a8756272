/** Our name server and our resolver beside BIND, NSD and Unbound, one process each: answers per second of processor time. */
import { type ChildProcess, execFile, execFileSync, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type NameServer, startBind, startNsd, startUnbound } from '../test/interop/dns-peers.ts';
import { freePort } from '../test/port.ts';
import { type Bench, median, type Result } from './bench.ts';

const ROUNDS = 3;
const SECONDS = 2;
const NAMES = 1_000;
const TICKS = 100;
const run = promisify(execFile);

const ZONE = `$TTL 3600
@ SOA ns admin 1 3600 900 604800 60
@ NS ns
ns A 127.0.0.1
${Array.from({ length: NAMES }, (_, i) => `n${i} A 10.0.0.1\n`).join('')}`;

interface Server {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** The processes that work: NSD has children. */
  pids(): readonly number[];
  stop(): Promise<void>;
}

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  const own = text === '' ? [] : text.split(' ').map(Number);
  return [pid, ...own.flatMap(childrenOf)];
}

/** Seconds of processor time so far, all threads together. */
function cpuOf(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, one) => sum + one, 0) / TICKS;
}

/** All processes of a server, each on the first core: some make their children late. */
function pinned(child: ChildProcess): () => readonly number[] {
  return () => {
    const all = childrenOf(child.pid ?? 0);
    for (const pid of all) {
      execFileSync('taskset', ['-a', '-cp', '0', String(pid)], { stdio: 'ignore' });
    }
    return all;
  };
}

/** `upstream` is for the resolver, which forwards there. */
async function ours(kind: 'authoritative' | 'cached', upstream = 0): Promise<Server> {
  const child = fork(join(import.meta.dirname, 'dns-server.ts'), [kind, String(upstream)]);
  const { port } = await new Promise<{ port: number }>((resolve) =>
    child.once('message', (value) => resolve(value as { port: number })),
  );
  const stop = async () => {
    child.disconnect();
  };
  return { name: 'ours', address: '127.0.0.1', port, pids: pinned(child), stop };
}

function other(name: string, address: string, port: number, server: NameServer): Server {
  return { name, address, port, pids: pinned(server.child), stop: () => server.stop() };
}

async function bind(): Promise<Server> {
  const at = { address: '127.0.0.1', port: await freePort() };
  const zone = 'zone "bench.test" { type primary; file "zone"; };';
  return other('BIND', at.address, at.port, await startBind(at, zone, { zone: ZONE }));
}

async function nsd(): Promise<Server> {
  const address = '127.253.0.1';
  return other('NSD', address, 53, await startNsd(address, 'bench.test', ZONE));
}

/** Unbound with our zone as its root's only child would be a walk; it asks once, and then has all in its cache. */
async function unbound(): Promise<Server> {
  const port = await freePort();
  const root = '127.253.0.2';
  const zone = `$TTL 3600\n@ SOA a. a. 1 3600 900 604800 60\n@ NS a.\na. A ${root}\n${ZONE.split(
    '\n',
  )
    .slice(4)
    .map((line) => line.replace(/^(n\d+) /, '$1.bench.test. '))
    .join('\n')}`;
  const server = await startNsd(root, '.', zone);
  const resolver = await startUnbound(port, `. 3600 NS a.\na. 3600 A ${root}\n`);
  const stop = async () => {
    await resolver.stop();
    await server.stop();
  };
  return { ...other('Unbound', '127.0.0.1', port, resolver), stop };
}

async function measure(server: Server, queries: string): Promise<number> {
  const before = cpuOf(server.pids());
  const words = `-s ${server.address} -p ${server.port} -d ${queries} -l ${SECONDS} -q 100 -c 1 -T 1`;
  const { stdout } = await run('taskset', ['-c', '1', 'dnsperf', ...words.split(' ')]);
  const completed = Number(/Queries completed:\s+(\d+)/.exec(stdout)?.[1]);
  const good = Number(/NOERROR (\d+)/.exec(stdout)?.[1]);
  if (!(good > 0.99 * completed)) throw new Error(`${server.name}: ${stdout}`);
  return completed / (cpuOf(server.pids()) - before);
}

async function beside(
  name: string,
  servers: readonly Server[],
  queries: string,
): Promise<Result[]> {
  const figures = servers.map((): number[] => []);
  try {
    for (const server of servers) await measure(server, queries);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, server] of servers.entries()) figures[i]?.push(await measure(server, queries));
    }
  } finally {
    for (const server of servers) await server.stop();
  }
  const [own = 0, ...peers] = figures.map(median);
  return peers.map((figure, i) => ({
    name,
    unit: 'answers per CPU-second',
    ours: own,
    peer: { name: servers[i + 1]?.name ?? '', version: 'of Debian', figure },
  }));
}

async function all(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'dns-peers-'));
  const queries = join(folder, 'queries');
  writeFileSync(queries, Array.from({ length: NAMES }, (_, i) => `n${i}.bench.test A\n`).join(''));
  const upstream = await ours('authoritative');
  try {
    return [
      ...(await beside(
        'authoritative UDP, 1,000 names',
        [await ours('authoritative'), await bind(), await nsd()],
        queries,
      )),
      ...(await beside(
        'cached answers, UDP',
        [await ours('cached', upstream.port), await unbound()],
        queries,
      )),
    ];
  } finally {
    await upstream.stop();
    rmSync(folder, { recursive: true });
  }
}

export const bench: Bench = { name: 'dns-peers', run: all };
