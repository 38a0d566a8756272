/** Our web server beside node:http, fastify and nginx, by requests per second of the server's processor time. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Bench, median, type Result } from './bench.ts';
import { pin, processorSeconds } from './processes.ts';
import { startNginx, startOwn, type WebServer } from './web-peers.ts';

const run = promisify(execFile);
const ROUNDS = Number(process.env['ROUNDS'] ?? 5);

export interface Load {
  readonly path: string;
  readonly connections: number;
  readonly seconds: number;
  readonly close?: boolean;
}

export const KEPT: Load = { path: '/1k.txt', connections: 64, seconds: 2 };
const CLOSED: Load = { path: '/1k.txt', connections: 64, seconds: 2, close: true };
const LARGE: Load = { path: '/1m.txt', connections: 16, seconds: 2 };

/** Whole answers per second of the server's processor time. */
export async function measure(server: WebServer, load: Load): Promise<number> {
  const pids = server.pids();
  pin(pids, 0);
  const before = processorSeconds(pids);
  const { stdout } = await run('taskset', [
    '-c',
    '1',
    'wrk',
    '-t1',
    `-c${load.connections}`,
    `-d${load.seconds}s`,
    ...(load.close ? ['-H', 'Connection: close'] : []),
    `http://127.0.0.1:${server.port}${load.path}`,
  ]);
  const used = processorSeconds(pids) - before;
  const answers = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  const wrong = /Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1];
  if (wrong !== undefined || !(answers > 0)) throw new Error(`${server.name}: ${stdout}`);
  return answers / used;
}

/** In alternation, so that all meet the same machine; the median of each. */
export async function compare(
  servers: readonly WebServer[],
  load: Load,
): Promise<ReadonlyMap<WebServer, number>> {
  const figures = new Map(servers.map((server) => [server, [] as number[]]));
  for (const server of servers) await measure(server, { ...load, seconds: 1 });
  for (let round = 0; round < ROUNDS; round++) {
    for (const [server, all] of figures) all.push(await measure(server, load));
  }
  return new Map([...figures].map(([server, all]) => [server, median(all)]));
}

/** A row for each peer; goals by the peer's name. */
export function rows(
  name: string,
  figures: ReadonlyMap<WebServer, number>,
  goals: Readonly<Record<string, number>>,
): Result[] {
  const [[, ours] = [undefined, Number.NaN], ...peers] = figures;
  return peers.map(([{ name: peer, version }, figure]) => ({
    name,
    unit: 'answers per CPU-second',
    ours,
    peer: { name: peer, version, figure },
    ...(goals[peer] !== undefined && { goal: goals[peer] }),
  }));
}

export const bench: Bench = {
  name: 'http',
  async run() {
    const own = [await startOwn('ours'), await startOwn('node'), await startOwn('fastify')];
    const servers = [...own, await startNginx()];
    const kept = await compare(servers, KEPT);
    const closed = await compare(servers, CLOSED);
    const large = await compare(servers, LARGE);
    for (const server of servers) await server.stop();
    return [
      ...rows('1 KiB file, 64 kept connections', kept, { 'node:http': 1.5, nginx: 1 }),
      ...rows('1 KiB file, a connection per request', closed, { 'node:http': 1.5 }),
      ...rows('1 MiB file, 16 kept connections', large, { 'node:http': 1.2 }),
    ];
  },
};
