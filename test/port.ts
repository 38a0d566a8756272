/** Ports for real programs: one that is free, and the moment at which somebody accepts on it. */
import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';
import { setInterval } from 'node:timers/promises';

/** Below what Linux and macOS give to outgoing connections: one of those could take it, or meet itself on it. */
const [FIRST, END] = [10_000, 32_000];
const EVERY_MS = 10;
const PATIENCE_MS = 30_000;

/** A port of 127.0.0.1 that was free a moment ago, by UDP and by TCP. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (END - FIRST));
    if ((await isFreeByUdp(port)) && (await isFreeByTcp(port))) return port;
  }
}

function isFreeByUdp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(false));
    socket.bind(port, '127.0.0.1', () => socket.close(() => resolve(true)));
  });
}

function isFreeByTcp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Waits until `child`, or what it started, accepts connections. */
export async function listening(port: number, child: ChildProcess): Promise<void> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  for await (const _ of setInterval(EVERY_MS)) {
    if (await accepts(port)) return;
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}, not listening`);
    if (patience.aborted) throw new Error(`nobody listens on ${port}`);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
