/** Where a suite for both networks runs: it gives hosts, and lets time pass until the work is done. */
import type { Endpoint } from '../../src/lib/endpoint.ts';
import type { Host } from '../../src/net/index.ts';
import type { TraceEvent } from '../../src/trace/index.ts';

export interface Laboratory {
  /** Three hosts that can reach each other. */
  readonly hosts: readonly [Host, Host, Host];
  /** All that was recorded so far. */
  readonly events: readonly TraceEvent[];
  /** Somewhere that never answers. */
  silent(): Promise<Endpoint>;
  /** Lets the work run to its end. */
  run<T>(work: Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export type NewLaboratory = () => Promise<Laboratory>;
