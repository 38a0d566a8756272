/** A Connection over a socket of the system. */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { concat } from '../../lib/bytes.ts';
import { type Endpoint, endpointText } from '../../lib/endpoint.ts';
import { NetworkError } from '../../lib/errors.ts';
import { SEND_BUFFER } from '../defaults.ts';
import type { CloseReason, Connection, ConnectionHandler } from '../types.ts';
import { COPY_LIMIT, JOIN_LIMIT } from './defaults.ts';
import { errorKind, networkError } from './errors.ts';
import { type Machine, record } from './machine.ts';

export class RealConnection implements Connection {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  private readonly machine: Machine;
  private readonly socket: Socket;
  private handler: ConnectionHandler | undefined;
  private held = false;
  private starting = false;
  /** What was written in this turn and has not been handed to the system. */
  private parts: Uint8Array[] = [];
  private waiting = 0;
  /** The writer was asked to wait, and is told when all has left. */
  private refused = false;
  /** The end of the turn is taken care of: a flush follows. */
  private flushing = false;
  private ended = false;
  private why: CloseReason | undefined;
  private closed = false;
  private readonly released: () => void;

  /** The socket is connected and paused. `released` is called when it is gone. */
  constructor(
    machine: Machine,
    socket: Socket,
    local: Endpoint,
    remote: Endpoint,
    released: () => void,
  ) {
    this.machine = machine;
    this.socket = socket;
    this.local = local;
    this.remote = remote;
    this.released = released;
    machine.live.add(this);
    socket.pause();
    socket.on('data', (chunk: Uint8Array) => this.receive(chunk));
    socket.on('end', () => this.peerEnded());
    socket.on('drain', () => this.drained());
    socket.on('error', (error) => this.failed(error));
    socket.on('close', () => this.gone());
  }

  get buffered(): number {
    return this.waiting + this.socket.writableLength;
  }

  attach(handler: ConnectionHandler): void {
    this.handler = handler;
    this.socket.pause();
    if (this.starting) return;
    this.starting = true;
    process.nextTick(() => this.start());
  }

  write(bytes: Uint8Array): boolean {
    if (this.ended || this.why) return false;
    if (this.machine.trace.on) this.record('send', bytes);
    if (bytes.length >= JOIN_LIMIT && this.waiting === 0) {
      const taken = this.hand(bytes);
      if (!taken) this.refused = true;
      return taken;
    }
    this.parts.push(bytes);
    this.waiting += bytes.length;
    if (!this.flushing) {
      this.flushing = true;
      process.nextTick(this.flush);
    }
    if (this.buffered <= SEND_BUFFER) return true;
    this.refused = true;
    return false;
  }

  pause(): void {
    this.held = true;
    this.socket.pause();
  }

  resume(): void {
    this.held = false;
    if (this.handler && !this.starting) this.socket.resume();
  }

  end(how?: { readonly heard: boolean }): void {
    if (this.ended || this.why) return;
    this.ended = true;
    if (this.machine.trace.on) record(this.machine, 'end', 'tcp', this.local, this.remote);
    this.flush();
    if (!how?.heard) this.socket.end();
    // What the system has taken it delivers, and then the FIN: closing at once saves waiting for the peer's.
    else if (this.socket.writableLength === 0) this.socket.destroy();
    else this.socket.destroySoon();
  }

  destroy(why?: Error): void {
    if (this.why) return;
    this.why = destroyed(why);
    this.parts = [];
    this.waiting = 0;
    // TLS has no reset of its own, and Node knows none below it.
    if (this.isSayingEnd || this.socket instanceof TLSSocket) this.socket.destroy();
    else this.socket.resetAndDestroy();
  }

  /** Gives the socket away, with what was written on its way; this connection is used up. */
  release(): { socket: Socket; released: () => void } {
    this.flush();
    this.machine.live.delete(this);
    this.why = { kind: 'destroyed' };
    this.handler = undefined;
    for (const event of ['data', 'end', 'drain', 'error', 'close']) {
      this.socket.removeAllListeners(event);
    }
    return { socket: this.socket, released: this.released };
  }

  /** All has left and the FIN is on its way: such a socket cannot be reset (libuv says EINVAL, and never closes). */
  private get isSayingEnd(): boolean {
    const { writableEnded, writableFinished, writableLength } = this.socket;
    return writableEnded && !writableFinished && writableLength === 0;
  }

  /** The host stops. */
  stop(): Promise<void> {
    if (this.closed) return Promise.resolve();
    const gone = new Promise<void>((resolve) => this.socket.once('close', () => resolve()));
    this.destroy(new NetworkError('closed', `host ${this.machine.name} is stopped`));
    return gone;
  }

  private start(): void {
    this.starting = false;
    if (this.closed) this.tell();
    else if (!this.held) this.socket.resume();
  }

  /** What is written in one turn leaves in one system call. */
  private readonly flush = (): void => {
    this.flushing = false;
    if (this.waiting === 0 || this.why) return;
    const { parts, waiting, socket } = this;
    this.parts = [];
    this.waiting = 0;
    if (parts.length === 1 || waiting <= COPY_LIMIT) {
      this.hand(concat(parts));
      return;
    }
    socket.cork();
    for (const bytes of parts) this.hand(bytes);
    socket.uncork();
  };

  private hand(bytes: Uint8Array): boolean {
    // Node does not say `drain` for what it could write at once, though we have said no to the writer.
    return this.refused ? this.socket.write(bytes, this.drained) : this.socket.write(bytes);
  }

  private readonly drained = (error?: Error | null): void => {
    if (error || !this.refused || this.buffered > 0 || this.ended || this.why) return;
    this.refused = false;
    this.handler?.onDrain?.();
  };

  private receive(chunk: Uint8Array): void {
    // A plain array: a Buffer's slice() shares memory where an array's copies, and protocols must not see the difference.
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
    if (this.machine.trace.on) this.record('receive', bytes);
    if (this.flushing) {
      this.handler?.onData(bytes);
      return;
    }
    // The answer leaves when the handler returns, without waiting for the rest of the tick.
    this.flushing = true;
    try {
      this.handler?.onData(bytes);
    } finally {
      this.flush();
    }
  }

  private peerEnded(): void {
    if (this.machine.trace.on) record(this.machine, 'end', 'tcp', this.remote, this.local);
    this.handler?.onEnd?.();
  }

  private failed(error: Error): void {
    if (this.why) return;
    this.why = new Broken(this.remote, error);
  }

  private gone(): void {
    this.closed = true;
    this.why ??= { kind: 'end' };
    this.machine.live.delete(this);
    this.released();
    if (this.machine.trace.on) {
      const text = this.why.kind;
      record(this.machine, 'close', 'tcp', this.local, this.remote, { text });
    }
    if (this.handler && !this.starting) this.tell();
  }

  private tell(): void {
    this.handler?.onClose(this.why ?? { kind: 'end' });
    this.handler = undefined;
  }

  private record(kind: 'send' | 'receive', bytes: Uint8Array): void {
    const sent = kind === 'send';
    const [from, to] = sent ? [this.local, this.remote] : [this.remote, this.local];
    record(this.machine, kind, 'tcp', from, to, { bytes });
  }
}

/** The error is made when somebody asks for it: most connections that break were done, and a stack costs more than they did. */
class Broken implements CloseReason {
  readonly kind: 'timeout' | 'reset';
  private readonly remote: Endpoint;
  private readonly cause: Error;
  private made: NetworkError | undefined;

  constructor(remote: Endpoint, cause: Error) {
    this.remote = remote;
    this.cause = cause;
    this.kind = errorKind(cause) === 'timeout' ? 'timeout' : 'reset';
  }

  get error(): NetworkError {
    this.made ??= networkError(`connection with ${endpointText(this.remote)}`, this.cause);
    return this.made;
  }
}

function destroyed(why?: Error): CloseReason {
  if (!why) return { kind: 'destroyed' };
  const error =
    why instanceof NetworkError ? why : new NetworkError('closed', why.message, { cause: why });
  return { kind: 'destroyed', error };
}
