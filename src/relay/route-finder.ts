/** The hosts that take the mail of a destination, found one after the other as they are needed. */
import { type Address, isIPv4 } from '../lib/endpoint.ts';
import { type AppError, hasCode } from '../lib/errors.ts';
import { below, type Host } from '../net/index.ts';
import { isAddressLiteral } from '../smtp/index.ts';
import { isNullMx, lookupFailed, noDomain, noRoute, nullMx, routeOf } from './machine/route.ts';
import type { Outcome, RelayLookup, Smarthost } from './types.ts';

export interface Hop {
  readonly name: string;
  readonly address: Address;
}

export interface RouteOptions {
  readonly host: Host;
  readonly lookup: RelayLookup;
  /** What this host is called, in lower case. */
  readonly ownNames: readonly string[];
  readonly smarthost: Smarthost | undefined;
}

/** There is no way, now or at all. */
export class NoRoute {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    this.outcome = outcome;
  }
}

export class RouteFinder {
  private readonly with: RouteOptions;

  constructor(options: RouteOptions) {
    this.with = options;
  }

  /** Throws NoRoute where there is none, which may be after some that did not work. */
  async *hops(domain: string): AsyncGenerator<Hop> {
    const wanted = this.with.smarthost?.host ?? domain;
    const literal = literalAddress(wanted);
    if (literal !== undefined) {
      yield { name: wanted, address: literal };
      return;
    }
    if (wanted.startsWith('[')) yield* this.addresses([hostOf(wanted)], wanted);
    else yield* this.addresses(await this.exchangers(wanted), wanted);
  }

  /** What is known to be wrong with a domain; undefined where it may be well. */
  async fault(domain: string): Promise<Outcome | undefined> {
    if (domain.startsWith('[')) return undefined;
    try {
      return isNullMx(await this.with.lookup.mx(asciiDomain(domain))) ? nullMx(domain) : undefined;
    } catch (error) {
      return hasCode(error, 'DNS_NXDOMAIN') ? noDomain(domain) : undefined;
    }
  }

  private async exchangers(domain: string): Promise<readonly string[]> {
    const { host, lookup, ownNames } = this.with;
    try {
      const records = await lookup.mx(asciiDomain(domain));
      const isOwn = (name: string): boolean => ownNames.includes(name);
      const route = routeOf(domain, records, isOwn, (count) => below(host.random, count));
      if ('failure' in route) throw new NoRoute(route.failure);
      return route.hosts;
    } catch (error) {
      if (error instanceof NoRoute) throw error;
      if (hasCode(error, 'DNS_NXDOMAIN')) throw new NoRoute(noDomain(domain));
      throw new NoRoute(lookupFailed(domain, (error as AppError).message));
    }
  }

  /** Throws NoRoute where none has an address. */
  private async *addresses(names: readonly string[], domain: string): AsyncGenerator<Hop> {
    let found = 0;
    let passing: Outcome | undefined;
    for (const name of names) {
      try {
        for (const address of await this.with.lookup.addresses(asciiDomain(name))) {
          found++;
          yield { name, address };
        }
      } catch (error) {
        const isFinal = hasCode(error, 'DNS_NXDOMAIN') || hasCode(error, 'DNS_NODATA');
        if (!isFinal) passing = lookupFailed(name, (error as AppError).message);
      }
    }
    if (found === 0 || passing) throw new NoRoute(passing ?? noRoute(domain));
  }
}

/** `[10.0.0.1]`, `[IPv6:::1]`: no name, an address. */
function literalAddress(domain: string): Address | undefined {
  if (!isAddressLiteral(domain)) return undefined;
  const inside = hostOf(domain).replace(/^IPv6:/i, '');
  return isIPv4(inside) || inside.includes(':') ? inside : undefined;
}

function hostOf(bracketed: string): string {
  return bracketed.slice(1, -1);
}

/** The DNS knows names beyond ASCII by their A-labels (RFC 5891 §4.4). */
function asciiDomain(domain: string): string {
  if (!/[^\0-\x7f]/.test(domain)) return domain;
  return URL.parse(`http://${domain}/`)?.hostname ?? domain;
}
