/** 1 KiB over kept connections: our static files beside node:http with a buffer, per second of the server's processor time. */
import { type ChildProcess, fork } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { type Bench, median, type Result } from './bench.ts';

const CONNECTIONS = 64;
const RUNS = 3;
const WARM_MS = 500;
const RUN_MS = 1500;
const REQUEST = 'GET /1k.txt HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';

interface Peer {
  readonly child: ChildProcess;
  readonly port: number;
}

function message<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (value) => resolve(value as T));
    child.once('exit', () => reject(new Error('the server ended')));
  });
}

async function start(kind: string): Promise<Peer> {
  const child = fork(join(import.meta.dirname, 'http-server.ts'), [kind]);
  const { port } = await message<{ port: number }>(child);
  return { child, port };
}

async function cpu({ child }: Peer): Promise<number> {
  const answer = message<{ cpu: number }>(child);
  child.send('cpu');
  return (await answer).cpu;
}

/** Asks again as soon as an answer is whole. All answers of one server are equally long. */
class Asker {
  answers = 0;
  private readonly socket: Socket;
  private size = 0;
  private got = 0;

  constructor(port: number, pipelined: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.setNoDelay(true);
    this.socket.on('data', (data) => this.take(data));
    this.socket.write(REQUEST.repeat(pipelined));
  }

  private take(data: Buffer): void {
    if (this.size === 0) {
      const head = data.indexOf('\r\n\r\n');
      this.size = head + 4 + 1024;
    }
    this.got += data.length;
    const whole = Math.floor(this.got / this.size);
    if (whole === 0) return;
    this.got -= whole * this.size;
    this.answers += whole;
    this.socket.write(REQUEST.repeat(whole));
  }

  end(): void {
    this.socket.destroy();
  }
}

/** Answers per second of the server's processor time. */
async function measure(peer: Peer, pipelined: number): Promise<number> {
  const askers = Array.from({ length: CONNECTIONS }, () => new Asker(peer.port, pipelined));
  const answers = (): number => askers.reduce((sum, asker) => sum + asker.answers, 0);
  await wait(WARM_MS);
  const [before, from] = [await cpu(peer), answers()];
  await wait(RUN_MS);
  const [after, to] = [await cpu(peer), answers()];
  for (const asker of askers) asker.end();
  return (to - from) / (after - before);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function compare(name: string, pipelined: number, goal: number): Promise<Result> {
  const [ours, node] = [await start('ours'), await start('node')];
  const figures = { ours: [] as number[], node: [] as number[] };
  for (let i = 0; i < RUNS; i++) {
    figures.ours.push(await measure(ours, pipelined));
    figures.node.push(await measure(node, pipelined));
  }
  for (const { child } of [ours, node]) child.disconnect();
  const peer = { name: 'node:http', version: process.version, figure: median(figures.node) };
  return { name, unit: 'answers per CPU-second', ours: median(figures.ours), peer, goal };
}

export const bench: Bench = {
  name: 'http',
  async run() {
    return [
      await compare('1 KiB file, 64 kept connections', 1, 1.5),
      await compare('1 KiB file, 64 connections, 8 pipelined', 8, 1.5),
    ];
  },
};
