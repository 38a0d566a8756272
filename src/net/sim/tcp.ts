/** Streams between simulated hosts: listening, and the handshake. */
import { type Deferred, deferred } from '../../lib/deferred.ts';
import { type Endpoint, endpointText, sameEndpoint } from '../../lib/endpoint.ts';
import { NetworkError } from '../../lib/errors.ts';
import { CONNECT_TIMEOUT_MS } from '../defaults.ts';
import type { Connection, ConnectOptions, ListenAt, Listener, Timer } from '../types.ts';
import { SimConnection } from './connection.ts';
import { FIRST_RTO_MS } from './defaults.ts';
import type { Fabric } from './fabric.ts';
import type { Holder, Machine, Ports, Resident } from './machine.ts';

/** The local end that is asked for, with a free port where any will do. Says who has it when it is in use. */
export function takePort(
  machine: Machine,
  ports: Ports,
  at: ListenAt,
  transport: 'tcp' | 'udp',
): Endpoint {
  const address = machine.own(at.address);
  const local = { address, port: at.port === 0 ? ports.free(address) : at.port };
  const holder = ports.rival(local);
  if (holder) throw inUse(local, transport, holder);
  return local;
}

function inUse(local: Endpoint, transport: 'tcp' | 'udp', { holder }: Holder): NetworkError {
  const text = `${transport} ${endpointText(local)} is in use by ${holder}`;
  return new NetworkError('in-use', text);
}

/** The holder of a port as a person would name it. */
export function holderName(machine: Machine, service: string | undefined): string {
  return `${service ?? 'a service'} of host ${machine.name}`;
}

export class SimListener implements Listener, Holder {
  readonly local: Endpoint;
  readonly holder: string;
  private readonly fabric: Fabric;
  private readonly machine: Machine;
  private readonly service: { text?: string };
  private readonly accept: (connection: Connection) => void;
  private open = true;

  constructor(
    fabric: Fabric,
    machine: Machine,
    at: ListenAt,
    accept: (connection: Connection) => void,
  ) {
    this.fabric = fabric;
    this.machine = machine;
    this.accept = accept;
    this.service = at.service === undefined ? {} : { text: at.service };
    this.holder = holderName(machine, at.service);
    this.local = takePort(machine, machine.listeners, at, 'tcp');
    machine.listeners.hold(this.local, this);
    this.record('bind');
  }

  async close(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    this.machine.listeners.release(this.local, this);
    this.record('unbind');
  }

  crash(): void {
    this.open = false;
  }

  take(connection: SimConnection): void {
    const { fabric, machine } = this;
    if (fabric.recorder.on) {
      fabric.record(machine, 'accept', 'tcp', connection.remote, connection.local);
    }
    fabric.active = machine.name;
    this.accept(connection);
  }

  private record(kind: 'bind' | 'unbind'): void {
    const { fabric, machine, local } = this;
    if (fabric.recorder.on) fabric.record(machine, kind, 'tcp', local, local, this.service);
  }
}

/** One attempt to connect. It holds its local port until the connection is gone. */
export class Attempt implements Holder, Resident {
  readonly done: Deferred<Connection> = deferred();
  readonly holder: string;
  private readonly fabric: Fabric;
  private readonly machine: Machine;
  private readonly to: Endpoint;
  private readonly options: ConnectOptions;
  private local: Endpoint;
  private timer: Timer | undefined;
  private connection: SimConnection | undefined;
  private over = false;

  constructor(fabric: Fabric, machine: Machine, to: Endpoint, options: ConnectOptions) {
    this.fabric = fabric;
    this.machine = machine;
    this.to = to;
    this.options = options;
    this.holder = `a connection of host ${machine.name}`;
    this.local = options.from ?? { address: machine.address, port: 0 };
    try {
      this.start();
    } catch (error) {
      this.fail(error);
    }
  }

  crash(): void {
    this.over = true;
    this.settle();
  }

  /** For people: its two ends, while it is under way. */
  get opening(): readonly [string, string] | undefined {
    return this.over ? undefined : [endpointText(this.local), endpointText(this.to)];
  }

  private start(): void {
    const { fabric, machine, options, to } = this;
    if (options.signal?.aborted) throw this.aborted();
    this.local = this.takeLocal();
    machine.outgoing.hold(this.local, this);
    const ms = options.timeoutMs ?? CONNECT_TIMEOUT_MS;
    this.timer = fabric.loop.timer(ms, () =>
      this.fail(this.error('timeout', `no answer in ${ms} ms`)),
    );
    options.signal?.addEventListener('abort', this.abort, { once: true });
    const target = fabric.machines.get(to.address);
    if (target) this.send(target, 0);
    else
      this.at(fabric.loop.now + 2 * machine.latency, () =>
        this.fail(this.error('unreachable', 'there is no such host')),
      );
  }

  /** A port of its own, or the one that is asked for: nobody may listen there, and no connection to the same peer leave from it. */
  private takeLocal(): Endpoint {
    const { outgoing, listeners } = this.machine;
    const address = this.machine.own(this.local.address);
    const { port } = this.local;
    if (port === 0) return { address, port: outgoing.free(address, [listeners]) };
    const same = (other: Holder) => other instanceof Attempt && sameEndpoint(other.to, this.to);
    const rival = listeners.rival(this.local) ?? outgoing.at(this.local).find(same);
    if (rival) throw inUse(this.local, 'tcp', rival);
    return { address, port };
  }

  /** RFC 9293 §3.5: SYN, and again when no answer comes; RFC 6298 §2: after 1 s, then twice that, ... */
  private send(target: Machine, tries: number): void {
    if (this.over) return;
    const path = this.fabric.path(this.machine, target);
    const due = this.fabric.loop.now + FIRST_RTO_MS * 2 ** tries;
    const again = () => this.at(due, () => this.send(target, tries + 1));
    if (path.loses(1)) again();
    else path.carry(path.latency, { arrive: () => this.arrive(target, again), lost: again });
  }

  /** The SYN is there. */
  private arrive(target: Machine, again: () => void): void {
    const back = this.fabric.path(target, this.machine);
    const answer = (arrive: () => void) => {
      if (back.loses(1)) again();
      else back.carry(back.latency, { arrive, lost: again });
    };
    const listener = target.listeners.find(this.to) as SimListener | undefined;
    if (this.connection) answer(() => this.established());
    else if (listener) {
      const server = this.meet(target);
      answer(() => this.established());
      listener.take(server);
    } else answer(() => this.fail(this.error('refused', 'nobody listens there')));
  }

  /** Makes both ends. */
  private meet(target: Machine): SimConnection {
    const { fabric, machine, local, to } = this;
    const release = () => machine.outgoing.release(local, this);
    const client = new SimConnection(
      fabric,
      fabric.path(machine, target),
      { local, remote: to },
      release,
    );
    const ends = { local: to, remote: local };
    const server = new SimConnection(fabric, fabric.path(target, machine), ends, () => {});
    client.peer = server;
    server.peer = client;
    this.connection = client;
    return server;
  }

  private established(): void {
    const { fabric, machine, connection } = this;
    if (!connection) return;
    if (this.over) {
      connection.abandon();
      return;
    }
    this.over = true;
    this.settle();
    if (fabric.recorder.on) fabric.record(machine, 'open', 'tcp', this.local, this.to);
    this.done.resolve(connection);
  }

  private fail(error: unknown): void {
    if (this.over) return;
    this.over = true;
    this.settle();
    this.machine.outgoing.release(this.local, this);
    if (this.fabric.recorder.on) {
      const text = error instanceof NetworkError ? error.kind : String(error);
      this.fabric.record(this.machine, 'refused', 'tcp', this.local, this.to, { text });
    }
    this.done.reject(error);
  }

  private settle(): void {
    this.timer?.cancel();
    this.options.signal?.removeEventListener('abort', this.abort);
  }

  private at(time: number, call: () => void): void {
    this.fabric.loop.at(time, () => {
      if (!this.over) call();
    });
  }

  private readonly abort = (): void => this.fail(this.aborted());

  private aborted(): NetworkError {
    const reason = this.options.signal?.reason;
    return this.error('aborted', 'aborted', reason === undefined ? {} : { cause: reason });
  }

  private error(
    kind: 'timeout' | 'refused' | 'unreachable' | 'aborted',
    reason: string,
    details: { cause?: unknown } = {},
  ): NetworkError {
    return new NetworkError(kind, `connect to ${endpointText(this.to)}: ${reason}`, details);
  }
}
