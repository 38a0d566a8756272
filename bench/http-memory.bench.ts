/** What a web server holds: memory over a million requests, and for each idle connection. */
import { execFile } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import type { Bench, Result } from './bench.ts';
import { residentBytes } from './processes.ts';
import { startNginx, startOwn, type WebServer } from './web-peers.ts';

const run = promisify(execFile);
const REQUESTS = 1_000_000;
const IDLE = 10_000;
/** Sources have some 28,000 ports each: the connections come from several. */
const SOURCES = ['127.0.0.2', '127.0.0.3'];
const MIB = 1024 * 1024;

/** Asks so often; gives the requests that were answered. */
async function ask(server: WebServer, seconds: number): Promise<number> {
  const url = `http://127.0.0.1:${server.port}/1k.txt`;
  const { stdout } = await run('wrk', ['-t1', '-c64', `-d${seconds}s`, url]);
  return Number(/(\d+) requests in/.exec(stdout)?.[1]);
}

/** Memory after the first tenth and after the last, in MiB. */
async function overAMillion(server: WebServer): Promise<{ early: number; late: number }> {
  let answered = 0;
  let early: number | undefined;
  while (answered < REQUESTS) {
    answered += await ask(server, 4);
    if (answered >= REQUESTS / 10) early ??= residentBytes(server.pids()) / MIB;
  }
  return { early: early ?? Number.NaN, late: residentBytes(server.pids()) / MIB };
}

/** Each has asked once, so that what a connection needs is there, and then rests. */
async function open(server: WebServer, index: number): Promise<Socket> {
  const localAddress = SOURCES[index % SOURCES.length] as string;
  const socket = connect({ host: '127.0.0.1', port: server.port, localAddress });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => socket.write('GET /1k.txt HTTP/1.1\r\nHost: a\r\n\r\n'));
    socket.once('data', () => resolve());
  });
  return socket;
}

/** Bytes for each of the idle connections. */
async function idle(server: WebServer): Promise<number> {
  await ask(server, 2);
  const before = residentBytes(server.pids());
  const sockets: Socket[] = [];
  while (sockets.length < IDLE) {
    const batch = Array.from({ length: 100 }, (_, i) => open(server, sockets.length + i));
    sockets.push(...(await Promise.all(batch)));
  }
  const after = residentBytes(server.pids());
  for (const socket of sockets) socket.destroy();
  return (after - before) / IDLE;
}

export const bench: Bench = {
  name: 'http-memory',
  async run() {
    const ours = await startOwn('ours');
    const { early, late } = await overAMillion(ours);
    await ours.stop();
    const servers = [await startOwn('ours'), await startOwn('node'), await startNginx()];
    const bytes: number[] = [];
    for (const server of servers) bytes.push(await idle(server));
    for (const server of servers) await server.stop();
    const [own = Number.NaN, ...others] = bytes;
    const beside = servers.slice(1).map(
      ({ name, version }, i): Result => ({
        name: `an idle connection, of ${IDLE}`,
        unit: 'bytes',
        ours: own,
        peer: { name, version, figure: others[i] ?? Number.NaN },
      }),
    );
    const note = `${early.toFixed(0)} MiB after the first tenth`;
    return [{ name: 'after 1,000,000 requests', unit: 'MiB', ours: late, note }, ...beside];
  },
};
