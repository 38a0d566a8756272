/** Questions that could not be answered, for a short time (RFC 9520): no storm of the same again. */
import { FAILURES } from '../defaults.ts';
import type { Result } from './result.ts';

export class Failures {
  private readonly known = new Map<string, { readonly result: Result; readonly until: number }>();

  get(key: string, now: number): Result | undefined {
    const entry = this.known.get(key);
    if (entry && entry.until > now) return entry.result;
    this.known.delete(key);
    return undefined;
  }

  set(key: string, result: Result, until: number): void {
    this.known.delete(key);
    this.known.set(key, { result, until });
    if (this.known.size <= FAILURES) return;
    for (const oldest of this.known.keys()) {
      this.known.delete(oldest);
      return;
    }
  }

  clear(): void {
    this.known.clear();
  }
}
