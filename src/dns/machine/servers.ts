/** How quick servers have proved to be (RFC 1035 §7.2 asks to prefer those that answer well). */
import type { Address } from '../../lib/endpoint.ts';
import {
  FIRST_TIMEOUT_MS,
  KNOWN_SERVERS,
  MAX_TIMEOUT_MS,
  MIN_TIMEOUT_MS,
  SERVER_MEMORY_MS,
} from '../defaults.ts';

interface Known {
  /** Smoothed round-trip time, and its deviation, by the rules of RFC 6298 §2. */
  readonly time: number;
  readonly deviation: number;
  readonly failures: number;
  readonly seen: number;
}

export interface ServerTime {
  readonly address: Address;
  /** Milliseconds. */
  readonly time: number;
  /** Time-outs in a row. */
  readonly failures: number;
}

export class ServerTimes {
  private readonly known = new Map<Address, Known>();
  /** Those that do not repeat a name as it was asked: mixed case is of no use with them. */
  private readonly folding = new Set<Address>();

  foldsCase(address: Address): boolean {
    return this.folding.has(address);
  }

  foundFolding(address: Address): void {
    if (this.folding.size >= KNOWN_SERVERS) this.folding.clear();
    this.folding.add(address);
  }

  /** What asking this server is expected to cost; the unknown are worth a try before the slow. */
  cost(address: Address, now: number): number {
    const known = this.recall(address, now);
    return known ? known.time + known.failures * FIRST_TIMEOUT_MS : 0;
  }

  /** How long to wait for it, in milliseconds: longer after each time-out (RFC 1035 §4.2.1). */
  timeout(address: Address, now: number): number {
    const known = this.recall(address, now);
    if (!known) return FIRST_TIMEOUT_MS;
    const usual =
      known.time === 0
        ? FIRST_TIMEOUT_MS
        : Math.max(MIN_TIMEOUT_MS, known.time + 4 * known.deviation);
    return Math.min(MAX_TIMEOUT_MS, Math.ceil(usual * 2 ** known.failures));
  }

  answered(address: Address, took: number, now: number): void {
    const known = this.recall(address, now);
    const first = !known || known.time === 0;
    const deviation = first
      ? took / 2
      : 0.75 * known.deviation + 0.25 * Math.abs(known.time - took);
    const time = first ? took : 0.875 * known.time + 0.125 * took;
    this.remember(address, { time, deviation, failures: 0, seen: now });
  }

  failed(address: Address, now: number): void {
    const { time, deviation, failures } = this.recall(address, now) ?? {
      time: 0,
      deviation: 0,
      failures: 0,
    };
    this.remember(address, { time, deviation, failures: failures + 1, seen: now });
  }

  list(): ServerTime[] {
    return [...this.known].map(([address, { time, failures }]) => ({ address, time, failures }));
  }

  /** What failed long ago gets another chance. */
  private recall(address: Address, now: number): Known | undefined {
    const known = this.known.get(address);
    return known && now - known.seen < SERVER_MEMORY_MS ? known : undefined;
  }

  private remember(address: Address, known: Known): void {
    this.known.delete(address);
    this.known.set(address, known);
    if (this.known.size <= KNOWN_SERVERS) return;
    for (const oldest of this.known.keys()) {
      this.known.delete(oldest);
      return;
    }
  }
}
