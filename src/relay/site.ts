/** A destination: what is to go there, and its connections that wait for work. */
import { announceSettled } from '../lib/deferred.ts';
import type { Host, Timer } from '../net/index.ts';
import type { Carrier } from './carrier.ts';
import { CONNECTION_IDLE_MS } from './defaults.ts';
import type { Job } from './dispatcher.ts';
import type { RelayLimits } from './types.ts';

interface Idle {
  readonly carrier: Carrier;
  readonly timer: Timer;
}

export class Site {
  readonly key: string;
  readonly ready: Set<Job> = new Set();
  /** Jobs under way, and all there are. */
  active = 0;
  jobs = 0;
  private readonly host: Host;
  private readonly limits: RelayLimits;
  private readonly emptied: (site: Site) => void;
  private idle: Idle[] = [];

  /** `emptied` is called when its last connection has ended for want of work. */
  constructor(key: string, host: Host, limits: RelayLimits, emptied: (site: Site) => void) {
    this.key = key;
    this.host = host;
    this.limits = limits;
    this.emptied = emptied;
  }

  /** Nothing is to be done, and nothing is open. */
  get isEmpty(): boolean {
    return this.jobs === 0 && this.idle.length === 0;
  }

  /** A connection that waits for work. */
  take(): Carrier | undefined {
    const last = this.idle.pop();
    last?.timer.cancel();
    return last?.carrier;
  }

  /** Keeps a connection for the next message, for a moment; one that has done enough is ended. */
  give(carrier: Carrier): void {
    if (carrier.isOver) return;
    if (carrier.used >= this.limits.messagesPerConnection) {
      void carrier.quit();
      return;
    }
    const timer = this.host.clock.setTimer(CONNECTION_IDLE_MS, () => {
      this.idle = this.idle.filter((one) => one.carrier !== carrier);
      announceSettled();
      void carrier.quit();
      if (this.isEmpty) this.emptied(this);
    });
    this.idle.push({ carrier, timer });
  }

  async close(): Promise<void> {
    const carriers = this.idle.map(({ carrier, timer }) => {
      timer.cancel();
      return carrier;
    });
    this.idle = [];
    await Promise.all(carriers.map((carrier) => carrier.quit()));
  }
}
