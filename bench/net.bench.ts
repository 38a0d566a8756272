/** Our Connection beside bare node:net, server and client each in a process of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Bench, median, type Result } from './bench.ts';
import type { Figure } from './net-process.ts';

const PROGRAM = join(import.meta.dirname, 'net-process.ts');
const ROUNDS = 3;

async function answer<T>(child: ChildProcess): Promise<T> {
  const [message] = await once(child, 'message');
  return message as T;
}

/** One run against a fresh server. */
async function run(kind: 'ours' | 'bare', load: string): Promise<Figure> {
  const server = fork(PROGRAM, ['server', kind]);
  const port = await answer<number>(server);
  const client = fork(PROGRAM, ['client', kind, load, String(port)]);
  const figure = await answer<Figure>(client);
  server.kill();
  await once(server, 'exit');
  return figure;
}

async function compare(load: string, unit: string): Promise<Result[]> {
  const figures = { ours: [] as Figure[], bare: [] as Figure[] };
  for (let round = 0; round < ROUNDS; round++) {
    const order = round % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const);
    for (const kind of order) figures[kind].push(await run(kind, load));
  }
  const result = (figure: keyof Figure, per: string): Result => {
    const of = (kind: 'ours' | 'bare') => median(figures[kind].map((one) => one[figure]));
    const peer = { name: 'node:net', version: process.version, figure: of('bare') };
    return { name: load, unit: unit + per, ours: of('ours'), peer, goal: 0.9 };
  };
  return [result('perSecond', '/s'), result('cpu', '/CPU-s of the client')];
}

const bench: Bench = {
  name: 'net',
  async run(): Promise<readonly Result[]> {
    return [
      ...(await compare('throughput', 'MiB')),
      ...(await compare('ping-pong', 'round trips')),
      ...(await compare('pipelined', 'messages')),
    ];
  },
};

export { bench };
