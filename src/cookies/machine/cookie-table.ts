/** The cookies of a jar by domain: found by host, bounded, the least used let go first. */

import type { Cookie } from '../types.ts';
import { domainMatches } from './matching.ts';

export interface TableLimits {
  readonly perDomain: number;
  readonly total: number;
}

export class CookieTable {
  private readonly limits: TableLimits;
  private readonly domains = new Map<string, Map<string, Cookie>>();
  private count = 0;

  constructor(limits: TableLimits) {
    this.limits = limits;
  }

  get size(): number {
    return this.count;
  }

  /** All, by domain in the order in which domains came. */
  *all(): Generator<Cookie> {
    for (const cookies of this.domains.values()) yield* cookies.values();
  }

  /** Those of this host and of every name above it. */
  *near(host: string): Generator<Cookie> {
    for (let name = host; ; name = name.slice(name.indexOf('.') + 1)) {
      for (const cookie of this.domains.get(name)?.values() ?? []) {
        if (cookie.hostOnly ? host === cookie.domain : domainMatches(host, cookie.domain)) {
          yield cookie;
        }
      }
      if (!name.includes('.')) return;
    }
  }

  same(cookie: Cookie): Cookie | undefined {
    return this.domains.get(cookie.domain)?.get(keyOf(cookie));
  }

  put(cookie: Cookie): void {
    let cookies = this.domains.get(cookie.domain);
    if (!cookies) {
      cookies = new Map();
      this.domains.set(cookie.domain, cookies);
    }
    const key = keyOf(cookie);
    if (!cookies.has(key)) this.count++;
    cookies.set(key, cookie);
  }

  remove(cookie: Cookie): boolean {
    const cookies = this.domains.get(cookie.domain);
    if (!cookies?.delete(keyOf(cookie))) return false;
    this.count--;
    if (cookies.size === 0) this.domains.delete(cookie.domain);
    return true;
  }

  removeExpired(now: number): void {
    for (const cookie of [...this.all()]) {
      if (cookie.expires !== undefined && cookie.expires <= now) this.remove(cookie);
    }
  }

  /** RFC 6265bis §5.7: first what is not Secure in a domain that has too many, then any of it, then any at all. */
  shrink(domain: string): void {
    while ((this.domains.get(domain)?.size ?? 0) > this.limits.perDomain) {
      const cookies = [...(this.domains.get(domain)?.values() ?? [])];
      const open = cookies.filter(({ secure }) => !secure);
      this.remove(leastUsed(open.length > 0 ? open : cookies));
    }
    while (this.count > this.limits.total) this.remove(leastUsed([...this.all()]));
  }
}

function keyOf({ name, path, hostOnly }: Cookie): string {
  return `${hostOnly ? 'host' : 'domain'}\0${path}\0${name}`;
}

function leastUsed(cookies: readonly Cookie[]): Cookie {
  return cookies.reduce((least, cookie) => (cookie.used < least.used ? cookie : least));
}
