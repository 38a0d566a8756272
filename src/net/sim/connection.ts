/** One end of a simulated stream. */
import { type Endpoint, endpointText } from '../../lib/endpoint.ts';
import { NetworkError } from '../../lib/errors.ts';
import { SEND_BUFFER } from '../defaults.ts';
import type { CloseReason, Connection, ConnectionHandler } from '../types.ts';
import { RECEIVE_BUFFER } from './defaults.ts';
import type { Fabric } from './fabric.ts';
import type { Machine, Resident } from './machine.ts';
import type { Path } from './path.ts';
import { Receiver } from './receiver.ts';
import { Sender } from './sender.ts';

export class SimConnection implements Connection, Resident {
  readonly machine: Machine;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** The other end, from the moment on that it exists. */
  peer: SimConnection | undefined;
  private readonly fabric: Fabric;
  private readonly path: Path;
  private readonly sender: Sender;
  private readonly receiver: Receiver;
  private readonly released: () => void;
  private handler: ConnectionHandler | undefined;
  private held = false;
  private starting = false;
  private ended = false;
  private finished = false;
  /** What is said and heard is not recorded. */
  quiet = false;
  /** Bytes that were read and put back: the sender was told of them. */
  private returned = 0;
  private heardEnd = false;
  private why: CloseReason | undefined;
  private closed = false;

  constructor(
    fabric: Fabric,
    path: Path,
    ends: { local: Endpoint; remote: Endpoint },
    released: () => void,
  ) {
    this.fabric = fabric;
    this.path = path;
    this.machine = path.from;
    this.local = ends.local;
    this.remote = ends.remote;
    this.released = released;
    this.sender = this.newSender();
    this.receiver = new Receiver({
      data: (bytes) => this.receive(bytes),
      end: () => this.peerEnded(),
    });
    this.machine.connections.add(this);
  }

  get buffered(): number {
    return this.sender.buffered;
  }

  attach(handler: ConnectionHandler): void {
    this.handler = handler;
    this.receiver.flow(false);
    if (this.starting) return;
    this.starting = true;
    this.soon(() => {
      this.starting = false;
      if (this.closed) this.tell();
      else if (!this.held) this.receiver.flow(true);
    });
  }

  /** As it was before a handler was attached: what comes, and what was read too far, is kept for the next one. */
  detach(unread: Uint8Array): void {
    this.handler = undefined;
    this.held = false;
    this.receiver.flow(false);
    this.receiver.putBack(unread);
    this.returned += unread.length;
  }

  write(bytes: Uint8Array): boolean {
    if (this.ended || this.why) return false;
    if (this.fabric.recorder.on && !this.quiet)
      this.record('send', this.local, this.remote, { bytes });
    return this.sender.write(bytes);
  }

  pause(): void {
    this.held = true;
    this.receiver.flow(false);
  }

  resume(): void {
    if (!this.held) return;
    this.held = false;
    this.soon(() => {
      if (!this.held && !this.starting && this.handler && !this.why) this.receiver.flow(true);
    });
  }

  end(): void {
    if (this.ended || this.why) return;
    this.ended = true;
    if (this.fabric.recorder.on) this.record('end', this.local, this.remote);
    this.sender.end();
  }

  destroy(why?: Error): void {
    if (this.why) return;
    this.shut(destroyed(why));
    this.sendReset();
    this.soon(() => this.gone());
  }

  /** The peer, or somebody on the way, says that there is no such connection. */
  reset(): void {
    if (this.why) return;
    const message = `connection with ${endpointText(this.remote)}: the peer reset the connection`;
    this.shut({ kind: 'reset', error: new NetworkError('reset', message) });
    this.gone();
  }

  /** The one who asked for it has given up before it was there. */
  abandon(): void {
    this.crash();
    this.machine.connections.delete(this);
    this.sendReset();
  }

  crash(): void {
    this.why ??= { kind: 'destroyed' };
    this.closed = true;
    this.handler = undefined;
    this.shut(this.why);
    this.released();
  }

  /** For people: TCP's own names of the states (RFC 9293 §3.3.2), as far as they apply. */
  get state(): string {
    if (this.closed || this.why) return 'CLOSED';
    if (this.ended) return this.heardEnd ? 'LAST-ACK' : 'FIN-WAIT';
    return this.heardEnd ? 'CLOSE-WAIT' : 'ESTABLISHED';
  }

  get unread(): number {
    return this.receiver.buffered;
  }

  private newSender(): Sender {
    const { path, fabric } = this;
    const { from, to, link } = path;
    return new Sender(
      fabric,
      {
        path,
        back: fabric.path(to, from),
        sendBuffer: from.options.sendBuffer ?? SEND_BUFFER,
        receiveBuffer: to.options.receiveBuffer ?? RECEIVE_BUFFER,
        slowStart: link.slowStart ?? from.options.slowStart ?? false,
      },
      {
        arrived: (piece) => {
          if (!this.peer || this.peer.why) this.answerWithReset();
          else this.peer.receiver.accept(piece);
        },
        dropped: (bytes, text) => {
          if (fabric.recorder.on) this.record('drop', this.local, this.remote, { bytes, text });
        },
        drained: () => {
          fabric.active = from.name;
          this.handler?.onDrain?.();
        },
        finished: () => {
          this.finished = true;
          this.closeIfBothEnded();
        },
        timedOut: () => this.timedOut(),
      },
    );
  }

  /** Calls after the caller's turn, unless the host has crashed since. */
  private soon(call: () => void): void {
    const { loop } = this.fabric;
    loop.at(loop.now, () => {
      if (this.machine.connections.has(this)) call();
    });
  }

  private receive(bytes: Uint8Array): void {
    const { fabric } = this;
    if (fabric.recorder.on && !this.quiet) {
      this.record('receive', this.remote, this.local, { bytes });
    }
    fabric.active = this.machine.name;
    const known = Math.min(this.returned, bytes.length);
    this.returned -= known;
    this.peer?.sender.read(bytes.length - known);
    this.handler?.onData(bytes);
  }

  private peerEnded(): void {
    this.heardEnd = true;
    if (this.fabric.recorder.on) this.record('end', this.remote, this.local);
    this.fabric.active = this.machine.name;
    this.handler?.onEnd?.();
    this.closeIfBothEnded();
  }

  private closeIfBothEnded(): void {
    if (!this.finished || !this.heardEnd || this.why) return;
    this.why = { kind: 'end' };
    this.soon(() => this.gone());
  }

  private timedOut(): void {
    if (this.why) return;
    const message = `connection with ${endpointText(this.remote)}: no answer in time`;
    this.shut({ kind: 'timeout', error: new NetworkError('timeout', message) });
    this.gone();
  }

  private shut(why: CloseReason): void {
    this.why = why;
    this.sender.stop();
    this.receiver.stop();
  }

  /** RFC 9293 §3.5.2: a reset tells the other end that this one is gone. */
  private sendReset(): void {
    const { path } = this;
    path.carry(path.latency, { arrive: () => this.peer?.reset(), lost() {} });
  }

  /** What came for a connection that the peer's host knows nothing of. */
  private answerWithReset(): void {
    const back = this.fabric.path(this.path.to, this.path.from);
    back.carry(back.latency, { arrive: () => this.reset(), lost() {} });
  }

  private gone(): void {
    this.closed = true;
    this.released();
    const { kind } = this.why ?? { kind: 'end' };
    if (this.fabric.recorder.on) this.record('close', this.local, this.remote, { text: kind });
    if (this.handler && !this.starting) this.tell();
  }

  private tell(): void {
    this.machine.connections.delete(this);
    const { handler } = this;
    this.handler = undefined;
    this.fabric.active = this.machine.name;
    handler?.onClose(this.why ?? { kind: 'end' });
  }

  private record(
    kind: 'send' | 'receive' | 'end' | 'close' | 'drop',
    from: Endpoint,
    to: Endpoint,
    what: { bytes?: Uint8Array; text?: string } = {},
  ): void {
    this.fabric.record(this.machine, kind, 'tcp', from, to, what);
  }
}

/** Resets all connections between two hosts. */
export function resetBetween(a: Machine, b: Machine): void {
  for (const connection of [...a.connections, ...b.connections]) {
    if (!(connection instanceof SimConnection)) continue;
    const other = connection.peer?.machine;
    if (other === a || other === b) connection.reset();
  }
}

function destroyed(why?: Error): CloseReason {
  if (!why) return { kind: 'destroyed' };
  const error =
    why instanceof NetworkError ? why : new NetworkError('closed', why.message, { cause: why });
  return { kind: 'destroyed', error };
}
