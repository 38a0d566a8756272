import { type Address, isIPv4 } from '../../lib/endpoint.ts';
import { UsageError } from '../../lib/errors.ts';
import { SILENT, type TraceSink } from '../../trace/types.ts';
import { memoryFiles } from '../memory-files.ts';
import type { Files, Host, Network, Random } from '../types.ts';
import { HostClock, type RealClock, realClock } from './clock.ts';
import type { Machine, Stoppable } from './machine.ts';
import { identityPlan, type PortPlan } from './ports.ts';
import { secureRandom } from './random.ts';
import { secure } from './secure.ts';
import { connect, listen } from './tcp.ts';
import { bind } from './udp.ts';

export interface RealHostOptions {
  readonly name?: string;
  /** Where the host listens and speaks from; default 127.0.0.1. */
  readonly address?: Address;
  readonly trace?: TraceSink;
  /** Shared by the hosts of one internet; default: a new one. */
  readonly clock?: RealClock;
  /** Default: the system's, which nobody can guess. */
  readonly random?: Random;
  /** Default: a disk in memory; `realFiles(folder)` gives a folder. */
  readonly files?: Files;
  readonly ports?: PortPlan;
  /** Lets it bind and reach addresses outside this machine. */
  readonly expose?: boolean;
}

export interface RealHost extends Host {
  /** Stops everything of this host at once: listeners, sockets, connections, timers. */
  close(): Promise<void>;
}

/** A host on this machine's own network. */
export function realHost(options: RealHostOptions = {}): RealHost {
  const address = options.address ?? '127.0.0.1';
  if (!isIPv4(address) && !address.includes(':')) {
    throw new UsageError(`not an address of a host: ${address}`);
  }
  const clock = new HostClock(options.clock ?? realClock());
  const machine: Machine = {
    name: options.name ?? address,
    address,
    clock,
    trace: options.trace ?? SILENT,
    ports: options.ports ?? identityPlan,
    expose: options.expose ?? false,
    live: new Set<Stoppable>(),
    stopped: false,
  };
  const network: Network = {
    listen: (at, accept) => listen(machine, at, accept),
    connect: (to, how = {}) => connect(machine, to, how),
    bind: (at) => bind(machine, at),
    secure: (connection, how) => secure(machine, connection, how),
  };
  return {
    name: machine.name,
    address,
    network,
    clock,
    trace: machine.trace,
    random: options.random ?? secureRandom(),
    files: options.files ?? memoryFiles(clock),
    async close() {
      machine.stopped = true;
      clock.stop();
      await Promise.all([...machine.live].map((part) => part.stop()));
    },
  };
}
