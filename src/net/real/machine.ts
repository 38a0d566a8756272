/** What the parts of one real host share. */
import type { Address, Endpoint } from '../../lib/endpoint.ts';
import { NetworkError } from '../../lib/errors.ts';
import type { TraceEvent, TraceSink, Transport } from '../../trace/types.ts';
import type { Clock } from '../types.ts';
import type { PortPlan } from './ports.ts';

/** Something of a host that ends when the host stops. */
export interface Stoppable {
  stop(): void | Promise<void>;
}

export interface Machine {
  readonly name: string;
  readonly address: Address;
  readonly clock: Clock;
  readonly trace: TraceSink;
  readonly ports: PortPlan;
  readonly expose: boolean;
  readonly live: Set<Stoppable>;
  stopped: boolean;
}

type What = Pick<TraceEvent, 'bytes' | 'text'>;

/** Tells the trace; callers test `machine.trace.on` first. */
export function record(
  machine: Machine,
  kind: TraceEvent['kind'],
  transport: Transport,
  from: Endpoint,
  to: Endpoint,
  what: What = {},
): void {
  const at = machine.clock.now();
  machine.trace.emit({ kind, at, host: machine.name, transport, from, to, ...what });
}

export function throwIfStopped(machine: Machine): void {
  if (machine.stopped) throw new NetworkError('closed', `host ${machine.name} is stopped`);
}

/** True for the addresses that never leave the machine: 127.0.0.0/8 (RFC 1122 §3.2.1.3) and ::1. */
export function isLoopback(address: Address): boolean {
  return address === '::1' || /^127(\.\d{1,3}){3}$/.test(address);
}
