/** Whether servers answer: what `distribute` gives addresses by. */
import { deferred } from '../lib/deferred.ts';
import type { Address, Endpoint } from '../lib/endpoint.ts';
import type { Connection, Host, Timer } from '../net/index.ts';
import { HEALTH_FALL, HEALTH_INTERVAL_MS, HEALTH_RISE, HEALTH_TIMEOUT_MS } from './defaults.ts';

/** Resolves to whether the server at `at` is in order; never rejects. */
export type Check = (host: Host, at: Endpoint, timeoutMs: number) => Promise<boolean>;

/** In order is who accepts a connection. */
export const tcpCheck: Check = async (host, at, timeoutMs) => {
  const connection = await connected(host, at, timeoutMs);
  connection?.destroy();
  return connection !== undefined;
};

/** In order is who answers `GET path` with a status from 200 to 399. */
export function httpCheck(path = '/', name?: string): Check {
  return async (host, at, timeoutMs) => {
    const connection = await connected(host, at, timeoutMs);
    if (!connection) return false;
    const { promise, resolve } = deferred<boolean>();
    const timer = host.clock.setTimer(timeoutMs, () => resolve(false));
    let text = '';
    connection.attach({
      onData(bytes) {
        for (const byte of bytes.subarray(0, 16 - text.length)) text += String.fromCharCode(byte);
        if (text.length >= 12) resolve(/^HTTP\/1\.[01] [23]\d\d/.test(text));
      },
      onEnd: () => resolve(false),
      onClose: () => resolve(false),
    });
    const head = `GET ${path} HTTP/1.0\r\nHost: ${name ?? at.address}\r\n\r\n`;
    connection.write(new TextEncoder().encode(head));
    const well = await promise;
    timer.cancel();
    connection.destroy();
    return well;
  };
}

function connected(host: Host, to: Endpoint, timeoutMs: number): Promise<Connection | undefined> {
  return host.network.connect(to, { timeoutMs }).catch(() => undefined);
}

export interface HealthOptions {
  readonly port: number;
  /** Default `tcpCheck`. */
  readonly check?: Check;
  /** Milliseconds between two checks; default 10,000. */
  readonly intervalMs?: number;
  /** Milliseconds that an answer may take; default 2,000. */
  readonly timeoutMs?: number;
  /** Failures in a row until an address counts as down (default 2), and successes until up (1). */
  readonly fall?: number;
  readonly rise?: number;
}

interface Watched {
  healthy: boolean;
  /** Results in a row that speak against `healthy`. */
  against: number;
  timer: Timer | undefined;
}

/** Checks addresses again and again. An address counts as healthy until its checks say otherwise. */
export class HealthChecks {
  private readonly host: Host;
  private readonly options: Required<HealthOptions>;
  private readonly watched = new Map<Address, Watched>();

  constructor(host: Host, addresses: Iterable<Address>, options: HealthOptions) {
    this.host = host;
    this.options = {
      check: tcpCheck,
      intervalMs: HEALTH_INTERVAL_MS,
      timeoutMs: HEALTH_TIMEOUT_MS,
      fall: HEALTH_FALL,
      rise: HEALTH_RISE,
      ...options,
    };
    for (const address of addresses) {
      const watched: Watched = { healthy: true, against: 0, timer: undefined };
      this.watched.set(address, watched);
      this.plan(address, watched, 0);
    }
  }

  readonly healthy = (address: Address): boolean => this.watched.get(address)?.healthy ?? true;

  close(): void {
    for (const { timer } of this.watched.values()) timer?.cancel();
    this.watched.clear();
  }

  private plan(address: Address, watched: Watched, ms: number): void {
    watched.timer = this.host.clock.setTimer(ms, () => {
      // A check never rejects; one that does all the same is a failed one.
      this.check(address, watched).catch(() => this.take(address, watched, false));
    });
  }

  private async check(address: Address, watched: Watched): Promise<void> {
    const { check, port, timeoutMs } = this.options;
    this.take(address, watched, await check(this.host, { address, port }, timeoutMs));
  }

  private take(address: Address, watched: Watched, well: boolean): void {
    if (this.watched.get(address) !== watched) return;
    const { fall, rise, intervalMs } = this.options;
    watched.against = well === watched.healthy ? 0 : watched.against + 1;
    if (watched.against >= (watched.healthy ? fall : rise)) {
      watched.healthy = well;
      watched.against = 0;
    }
    this.plan(address, watched, intervalMs);
  }
}
