/** Who fails too often has to wait. */
import { ATTEMPTS, ATTEMPTS_REMEMBERED, ATTEMPTS_WINDOW_MS } from '../defaults.ts';

export interface AttemptsOptions {
  readonly allowed?: number;
  readonly windowMs?: number;
  readonly remembered?: number;
}

interface Failures {
  count: number;
  /** When the last of them happened. */
  last: number;
}

/** Failures by a key of the caller's: a name, an address, or both. Times are any milliseconds that go on. */
export class Attempts {
  private readonly allowed: number;
  private readonly windowMs: number;
  private readonly remembered: number;
  private readonly failures = new Map<string, Failures>();

  constructor(options: AttemptsOptions = {}) {
    this.allowed = options.allowed ?? ATTEMPTS;
    this.windowMs = options.windowMs ?? ATTEMPTS_WINDOW_MS;
    this.remembered = options.remembered ?? ATTEMPTS_REMEMBERED;
  }

  /** Milliseconds until the next attempt is heard; 0 for now. */
  waitMs(key: string, now: number): number {
    const known = this.failures.get(key);
    if (!known || known.count < this.allowed) return 0;
    return Math.max(0, known.last + this.windowMs - now);
  }

  failed(key: string, now: number): void {
    const known = this.failures.get(key);
    const old = known && now - known.last < this.windowMs ? known.count : 0;
    this.failures.delete(key);
    this.failures.set(key, { count: old + 1, last: now });
    if (this.failures.size > this.remembered) {
      const [first] = this.failures.keys();
      if (first !== undefined) this.failures.delete(first);
    }
  }

  passed(key: string): void {
    this.failures.delete(key);
  }
}
