/**
 * Several processes on one port: each has a socket of its own there (SO_REUSEPORT), between which the system
 * spreads the clients by their addresses and ports.
 */
import cluster, { type Worker } from 'node:cluster';
import { randomBytes } from 'node:crypto';
import { chain, serveDns } from '../dns/index.ts';
import { whole } from './options.ts';
import type { CliTools } from './tools.ts';
import { untilStopped } from './until-stopped.ts';

/** More than this have no cores to run on. */
const MOST_WORKERS = 64;

/** A worker that dies is started again after so long, and twice as long each time that it dies young. */
const RESTART_MS = 200;
const LONGEST_RESTART_MS = 10_000;
const YOUNG_MS = 10_000;

/** More than a worker gives its clients when it is asked to stop. */
const STOP_MS = 5_000;

/** SipHash takes a key of so many (RFC 9018 §4.4). */
const SECRET_BYTES = 16;

/** What a worker is told before it begins. */
interface Task {
  readonly port: number;
  /** One of them does what is to be done once: it tells of changes. */
  readonly first: boolean;
  /** Of server cookies, in hexadecimal: a client may meet another worker next time (RFC 9018 §5). */
  readonly secretHex: string;
  readonly workers: number;
}

/** Where and how a service runs, alone or as one of several. */
export interface Place extends Omit<Task, 'secretHex'> {
  readonly secret: Uint8Array;
  /** Says what is served; the words of the first one are shown. */
  ready(text: string): void;
}

export interface WorkerFlags {
  readonly port: number;
  readonly address?: string;
  readonly workers?: number;
}

export const workersOption: readonly [string, string, (text: string) => number] = [
  '--workers <n>',
  'processes that share the port, to use several cores',
  whole(1, MOST_WORKERS),
];

/** Runs a service in this process, or in several that are kept alive. */
export async function withWorkers(
  tools: CliTools,
  flags: WorkerFlags,
  run: (place: Place) => Promise<void>,
): Promise<void> {
  if (cluster.isWorker) {
    const { secretHex, ...task } = await ownTask();
    const ready = (text: string) => process.send?.({ ready: text });
    const secret = Uint8Array.from(Buffer.from(secretHex, 'hex'));
    try {
      await run({ ...task, secret, ready });
    } finally {
      // Else it would wait for more to be told.
      process.channel?.unref();
    }
    return;
  }
  const { port, workers = 1 } = flags;
  const secret = randomBytes(SECRET_BYTES);
  if (workers === 1) {
    const ready = (text: string) => tools.note(`${text}; Ctrl-C stops it`);
    await run({ port, secret, workers, first: true, ready });
    return;
  }
  const task = { port: await freePort(tools, flags), secretHex: secret.toString('hex'), workers };
  await new Supervisor(tools, task).run();
}

function ownTask(): Promise<Task> {
  return new Promise((resolve) => {
    process.once('message', (task) => resolve(task as Task));
  });
}

/** Sharing is for us alone: throws NET_IN_USE where others are at this port already. */
async function freePort(tools: CliTools, { port, address }: WorkerFlags): Promise<number> {
  const at = address === undefined ? {} : { address };
  const server = await serveDns(tools.host(), { handler: chain(), port, ...at });
  await server.close({ graceMs: 0 });
  return server.local.port;
}

class Supervisor {
  private readonly tools: CliTools;
  private readonly task: Omit<Task, 'first'>;
  private readonly running = new Map<number, Worker>();
  /** How long each waited before it was started again. */
  private readonly waits = new Map<number, number>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private stopping = false;

  constructor(tools: CliTools, task: Omit<Task, 'first'>) {
    this.tools = tools;
    this.task = task;
  }

  /** Ends with Ctrl-C, or when the first worker cannot begin: it has said why. */
  async run(): Promise<void> {
    const stopped = untilStopped(this.tools);
    await Promise.race([stopped, this.begin().then((ready) => (ready ? stopped : undefined))]);
    await this.stop();
  }

  private async begin(): Promise<boolean> {
    const text = await this.start(1);
    if (text === undefined) return false;
    const { workers } = this.task;
    await Promise.all(Array.from({ length: workers - 1 }, (_, index) => this.start(index + 2)));
    const pids = [...this.running.values()].map(({ process }) => process.pid).join(', ');
    this.tools.note(`${text}, in ${workers} processes (${pids}); Ctrl-C stops it`);
    return true;
  }

  /** Gives what the worker says when it is ready; undefined when it ended before. */
  private start(number: number): Promise<string | undefined> {
    const worker = cluster.fork();
    const began = performance.now();
    this.running.set(number, worker);
    worker.send({ ...this.task, first: number === 1 } satisfies Task);
    return new Promise((resolve) => {
      let isReady = false;
      worker.once('message', ({ ready }: { ready: string }) => {
        isReady = true;
        resolve(ready);
      });
      worker.once('exit', (code, signal) => {
        this.running.delete(number);
        resolve(undefined);
        // What the first cannot begin, the others could not either.
        if (number === 1 && !isReady && !this.waits.has(1)) process.exitCode = code || 1;
        else this.startAgain(number, performance.now() - began, signal || `status ${code}`);
      });
    });
  }

  private startAgain(number: number, lived: number, how: string): void {
    if (this.stopping) return;
    const before = lived < YOUNG_MS ? (this.waits.get(number) ?? 0) : 0;
    const wait = Math.min(LONGEST_RESTART_MS, Math.max(RESTART_MS, 2 * before));
    this.waits.set(number, wait);
    this.tools.note(`worker ${number} ended (${how}); another takes its place in ${wait} ms`);
    const timer = setTimeout(async () => {
      this.timers.delete(timer);
      if (await this.start(number)) this.tools.note(`worker ${number} is there again`);
    }, wait);
    this.timers.add(timer);
  }

  private async stop(): Promise<void> {
    this.stopping = true;
    for (const timer of this.timers) clearTimeout(timer);
    const workers = [...this.running.values()];
    const ends = workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
    for (const worker of workers) worker.process.kill('SIGTERM');
    const late = setTimeout(() => {
      for (const worker of workers) worker.process.kill('SIGKILL');
    }, STOP_MS);
    await Promise.all(ends);
    clearTimeout(late);
  }
}
