/**
 * A host from one start to the next crash. What belongs to a boot that is over is dead: its timers
 * never fire, its calls never answer, so that code of the former life cannot act in the next one.
 */
import type { Address, Endpoint } from '../../lib/endpoint.ts';
import type { TraceSink } from '../../trace/types.ts';
import type { MemoryFiles } from '../memory-files.ts';
import type {
  Clock,
  Connection,
  ConnectOptions,
  DatagramSocket,
  Files,
  Host,
  ListenAt,
  Listener,
  Network,
  Random,
  SecureOptions,
  Timer,
} from '../types.ts';
import type { Fabric } from './fabric.ts';
import type { Machine } from './machine.ts';
import { secure } from './secure.ts';
import { Attempt, SimListener } from './tcp.ts';
import { SimDatagramSocket } from './udp.ts';

export class Boot implements Host, Network {
  readonly name: string;
  readonly address: Address;
  readonly network: Network = this;
  readonly clock: Clock;
  readonly random: Random;
  readonly files: Files;
  readonly trace: TraceSink;
  private readonly fabric: Fabric;
  private readonly machine: Machine;
  private alive = true;

  constructor(
    fabric: Fabric,
    machine: Machine,
    host: { epoch: number; random: Random; files: MemoryFiles },
  ) {
    this.fabric = fabric;
    this.machine = machine;
    this.name = machine.name;
    this.address = machine.address;
    this.random = host.random;
    this.trace = fabric.recorder;
    this.files = this.mortal(host.files);
    this.clock = {
      epoch: host.epoch,
      now: () => fabric.loop.now,
      setTimer: (ms, fire) => this.setTimer(ms, fire),
    };
  }

  end(): void {
    this.alive = false;
  }

  listen(at: ListenAt, accept: (connection: Connection) => void): Promise<Listener> {
    return this.answer(() => new SimListener(this.fabric, this.machine, at, accept));
  }

  connect(to: Endpoint, options: ConnectOptions = {}): Promise<Connection> {
    if (!this.alive) return never();
    return new Attempt(this.fabric, this.machine, to, options).done.promise;
  }

  bind(at: ListenAt): Promise<DatagramSocket> {
    return this.answer(() => new SimDatagramSocket(this.fabric, this.machine, at));
  }

  secure(connection: Connection, options: SecureOptions): Promise<Connection> {
    return this.alive ? secure(this.fabric, connection, options) : never();
  }

  private setTimer(ms: number, fire: () => void): Timer {
    return this.fabric.loop.timer(ms, () => {
      if (!this.alive) return;
      this.fabric.active = this.name;
      fire();
    });
  }

  private async answer<T>(work: () => T): Promise<T> {
    return this.alive ? work() : never();
  }

  /** The disk of the host, for as long as this boot lives. */
  private mortal(files: MemoryFiles): Files {
    const during = <T>(work: () => Promise<T>): Promise<T> => (this.alive ? work() : never());
    return {
      open: (path, mode) => during(() => files.open(path, mode)),
      info: (path) => during(() => files.info(path)),
      read: (path) => during(() => files.read(path)),
      write: (path, bytes) => during(() => files.write(path, bytes)),
      list: (path) => during(() => files.list(path)),
      makeDirectory: (path) => during(() => files.makeDirectory(path)),
      rename: (from, to) => during(() => files.rename(from, to)),
      remove: (path) => during(() => files.remove(path)),
      sync: (directory) => during(() => files.sync(directory)),
    };
  }
}

/** The answer that the dead get. */
function never<T>(): Promise<T> {
  return new Promise<T>(() => {});
}
