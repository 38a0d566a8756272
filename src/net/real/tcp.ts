/** Streams on the machine's sockets: listening and connecting. */
import { createServer, isIP, Socket } from 'node:net';
import { type Deferred, deferred } from '../../lib/deferred.ts';
import { type Endpoint, endpointText } from '../../lib/endpoint.ts';
import { NetworkError } from '../../lib/errors.ts';
import { CONNECT_TIMEOUT_MS, SEND_BUFFER } from '../defaults.ts';
import type { Connection, ConnectOptions, ListenAt, Listener } from '../types.ts';
import { bindError, bound, placeFor } from './bind.ts';
import { RealConnection } from './connection.ts';
import { BACKLOG } from './defaults.ts';
import { networkError } from './errors.ts';
import { isLoopback, type Machine, record, type Stoppable, throwIfStopped } from './machine.ts';

/** Node asks to wait at its mark, we above it. */
const HIGH_WATER_MARK = SEND_BUFFER + 1;

const SOCKET = { allowHalfOpen: true, highWaterMark: HIGH_WATER_MARK };

export async function listen(
  machine: Machine,
  at: ListenAt,
  accept: (connection: Connection) => void,
): Promise<Listener> {
  const place = placeFor(machine, at, 'tcp');
  const server = createServer({
    allowHalfOpen: true,
    pauseOnConnect: true,
    noDelay: true,
    highWaterMark: HIGH_WATER_MARK,
  });
  const { address: host, port } = place.real;
  const listening = deferred<void>();
  server.once('listening', listening.resolve);
  server.once('error', listening.reject);
  server.listen({
    host,
    port,
    exclusive: true,
    reusePort: at.shared ?? false,
    backlog: BACKLOG,
  });
  await listening.promise.catch(async (cause: unknown) => {
    throw await bindError(place, 'tcp', cause);
  });
  if (machine.stopped) server.close();
  throwIfStopped(machine);
  const given = server.address();
  const realPort = given !== null && typeof given === 'object' ? given.port : port;
  const { local, release } = bound(machine, place, realPort, at, 'tcp');
  server.on('connection', (socket) => {
    // Reset while it waited in the queue: there is nobody to speak with any more.
    if (socket.remoteAddress === undefined) {
      socket.destroy();
      return;
    }
    const remote = machine.ports.toVirtual(
      endpoint(socket.remoteAddress, socket.remotePort),
      'tcp',
    );
    if (machine.trace.on) record(machine, 'accept', 'tcp', remote, local);
    accept(new RealConnection(machine, socket, local, remote, () => {}));
  });
  // Running out of descriptors fails one accept, not the listener.
  server.on('error', () => {});
  let open = true;
  const listener = {
    local,
    async close() {
      if (!open) return;
      open = false;
      machine.live.delete(stoppable);
      release();
      // The port is free at once; Node's callback would wait for the connections too.
      server.close();
    },
  };
  const stoppable: Stoppable = { stop: () => listener.close() };
  machine.live.add(stoppable);
  return listener;
}

/** Opens a connection from the host's own address. */
export async function connect(
  machine: Machine,
  to: Endpoint,
  options: ConnectOptions,
): Promise<Connection> {
  throwIfStopped(machine);
  const attempt = new Attempt(machine, to, options);
  try {
    return await attempt.done.promise;
  } catch (cause) {
    const error = networkError(`connect to ${endpointText(to)}`, cause);
    if (machine.trace.on)
      record(machine, 'refused', 'tcp', attempt.local, to, { text: error.kind });
    throw error;
  }
}

/** One attempt to connect: ends in a connection, an error of the system, a time-out or an abort. */
class Attempt implements Stoppable {
  readonly done: Deferred<Connection> = deferred();
  local: Endpoint;
  private readonly machine: Machine;
  private readonly to: Endpoint;
  private readonly options: ConnectOptions;
  private readonly socket: Socket;
  private settle = (): void => {};

  constructor(machine: Machine, to: Endpoint, options: ConnectOptions) {
    this.machine = machine;
    this.to = to;
    this.options = options;
    this.local = options.from ?? { address: machine.address, port: 0 };
    this.socket = new Socket(SOCKET);
    const refusal = this.refusal();
    if (refusal) this.done.reject(refusal);
    else this.start();
  }

  stop(): void {
    this.fail(new NetworkError('closed', `host ${this.machine.name} is stopped`));
  }

  private get target(): Endpoint {
    return this.machine.ports.toReal(this.to, 'tcp');
  }

  /** What can be said without asking the system. */
  private refusal(): NetworkError | undefined {
    const { address, port } = this.target;
    const text = endpointText(this.to);
    if (this.options.signal?.aborted) return aborted(this.to, this.options.signal);
    if (isIP(address) === 0) {
      return new NetworkError('invalid', `${address} is a name: look its address up first`);
    }
    if (!this.machine.expose && !isLoopback(address)) {
      return new NetworkError(
        'not-permitted',
        `${text} is outside this machine: the option expose would permit it`,
      );
    }
    if (port === 0) return new NetworkError('refused', `connect to ${text}: nobody listens there`);
    return undefined;
  }

  private start(): void {
    const { machine, socket, options } = this;
    const ms = options.timeoutMs ?? CONNECT_TIMEOUT_MS;
    const timer = machine.clock.setTimer(ms, () => {
      this.fail(
        new NetworkError('timeout', `connect to ${endpointText(this.to)}: no answer in ${ms} ms`),
      );
    });
    const abort = () => this.fail(aborted(this.to, options.signal));
    options.signal?.addEventListener('abort', abort, { once: true });
    const failed = (error: Error) => this.fail(error);
    this.settle = () => {
      timer.cancel();
      options.signal?.removeEventListener('abort', abort);
      machine.live.delete(this);
      socket.removeListener('error', failed);
    };
    machine.live.add(this);
    socket.pause();
    socket.setNoDelay(true);
    socket.once('error', failed);
    socket.once('connect', () => this.connected());
    const { address: host, port } = this.target;
    socket.connect({ host, port, ...this.source(host) });
    // Node connects on the next tick; the acceptor may be told of us before we are told, so the plan learns first.
    process.nextTick(() => this.learn());
  }

  private source(target: string): { localAddress?: string; localPort?: number } {
    const { address, port } = this.machine.ports.toReal(this.local, 'tcp');
    if (isLoopback(address) && !isLoopback(target)) return {};
    const localPort = this.options.from ? port : 0;
    return localPort === 0 ? { localAddress: address } : { localAddress: address, localPort };
  }

  private learn(): void {
    const { localAddress, localPort } = this.socket;
    if (localAddress === undefined || localPort === undefined) return;
    const address = isLoopback(localAddress) ? this.local.address : localAddress;
    this.local = { address, port: this.local.port === 0 ? localPort : this.local.port };
    this.machine.ports.learn(this.local, { address: localAddress, port: localPort }, 'tcp');
  }

  private connected(): void {
    this.learn();
    this.settle();
    const { machine, socket, local, to } = this;
    if (machine.trace.on) record(machine, 'open', 'tcp', local, to);
    const forget = () => machine.ports.forget(local, 'tcp');
    this.done.resolve(new RealConnection(machine, socket, local, to, forget));
  }

  private fail(cause: unknown): void {
    this.settle();
    this.socket.on('error', () => {});
    this.socket.destroy();
    if (this.local.port !== 0) this.machine.ports.forget(this.local, 'tcp');
    this.done.reject(cause);
  }
}

function aborted(to: Endpoint, signal: AbortSignal | undefined): NetworkError {
  const details = signal?.reason === undefined ? {} : { cause: signal.reason };
  return new NetworkError('aborted', `connect to ${endpointText(to)}: aborted`, details);
}

function endpoint(address: string | undefined, port: number | undefined): Endpoint {
  return { address: address ?? '', port: port ?? 0 };
}
