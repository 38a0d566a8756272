/** One end of the network benchmark, ours or bare node:net: `server KIND` or `client KIND LOAD PORT`. */
import { connect as connectSocket, createServer, type Socket } from 'node:net';
import type { Connection } from '../src/net/index.ts';
import { realHost } from '../src/net/real/index.ts';
import { cpuSeconds } from './bench.ts';

/** What both kinds of connection can do, so that one load drives them alike. */
interface Wire {
  write(bytes: Uint8Array): boolean;
  onData(take: (bytes: Uint8Array) => void): void;
  onDrain(go: () => void): void;
  end(): void;
}

/** What a client found out. */
export interface Figure {
  readonly perSecond: number;
  readonly cpu: number;
}

const WRITE = new Uint8Array(64 * 1024);
const MESSAGE = new Uint8Array(100);
const THROUGHPUT_BYTES = 512 * 1024 ** 2;
const PINGS = 8_000;
const PIPELINED = 100_000;
const WINDOW = 100;

function ours(connection: Connection): Wire {
  let take: (bytes: Uint8Array) => void = () => {};
  let go = () => {};
  connection.attach({
    onData: (bytes) => take(bytes),
    onDrain: () => go(),
    onEnd: () => connection.end(),
    onClose() {},
  });
  return {
    write: (bytes) => connection.write(bytes),
    onData: (f) => {
      take = f;
    },
    onDrain: (f) => {
      go = f;
    },
    end: () => connection.end(),
  };
}

function bare(socket: Socket): Wire {
  socket.setNoDelay(true);
  socket.on('error', () => {});
  return {
    write: (bytes) => socket.write(bytes),
    onData: (f) => void socket.on('data', f),
    onDrain: (f) => void socket.on('drain', f),
    end: () => void socket.end(),
  };
}

/** Echoes messages of 100 bytes; swallows big chunks and answers each 64 KiB with one byte. */
function serve(wire: Wire): void {
  let load = 0;
  let taken = 0;
  wire.onData((bytes) => {
    if (load === 0) load = bytes[0] ?? 0;
    taken += bytes.length;
    if (load !== 1) {
      for (; taken >= MESSAGE.length; taken -= MESSAGE.length)
        wire.write(MESSAGE.slice().fill(load));
    } else if (taken >= THROUGHPUT_BYTES) wire.write(MESSAGE);
  });
}

function throughput(wire: Wire, done: (count: number) => void): void {
  WRITE.fill(1);
  let sent = 0;
  const go = () => {
    while (sent < THROUGHPUT_BYTES) {
      sent += WRITE.length;
      if (!wire.write(WRITE)) return;
    }
  };
  wire.onDrain(go);
  wire.onData(() => done(THROUGHPUT_BYTES / 1024 ** 2));
  go();
}

function exchange(wire: Wire, count: number, window: number, done: (count: number) => void): void {
  MESSAGE.fill(2);
  let sent = 0;
  let taken = 0;
  const go = () => {
    while (sent < count && sent - Math.floor(taken / MESSAGE.length) < window) {
      sent++;
      wire.write(MESSAGE);
    }
  };
  wire.onData((bytes) => {
    taken += bytes.length;
    if (taken >= count * MESSAGE.length) done(count);
    else go();
  });
  go();
}

const LOADS: Readonly<Record<string, (wire: Wire, done: (count: number) => void) => void>> = {
  throughput,
  'ping-pong': (wire, done) => exchange(wire, PINGS, 1, done),
  pipelined: (wire, done) => exchange(wire, PIPELINED, WINDOW, done),
};

async function server(kind: string): Promise<void> {
  if (kind === 'ours') {
    const listener = await realHost().network.listen({ port: 0 }, (c) => serve(ours(c)));
    process.send?.(listener.local.port);
    return;
  }
  const listener = createServer({ noDelay: true }, (socket) => serve(bare(socket)));
  listener.listen(0, '127.0.0.1', () => {
    const address = listener.address();
    process.send?.(address !== null && typeof address === 'object' ? address.port : 0);
  });
}

async function client(kind: string, load: string, port: number): Promise<void> {
  const wire =
    kind === 'ours'
      ? ours(await realHost().network.connect({ address: '127.0.0.1', port }))
      : bare(connectSocket(port, '127.0.0.1'));
  const [start, cpu] = [performance.now(), cpuSeconds()];
  LOADS[load]?.(wire, (count) => {
    const perSecond = count / ((performance.now() - start) / 1000);
    const figure: Figure = { perSecond, cpu: count / (cpuSeconds() - cpu) };
    wire.end();
    process.send?.(figure, () => process.exit());
  });
}

const [role, kind = '', load = '', port = '0'] = process.argv.slice(2);
process.once('disconnect', () => process.exit());
await (role === 'server' ? server(kind) : client(kind, load, Number(port)));
