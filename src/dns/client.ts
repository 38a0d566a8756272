import { type Address, type Endpoint, isIPv4 } from '../lib/endpoint.ts';
import { hasCode } from '../lib/errors.ts';
import type { Host, Lookup } from '../net/index.ts';
import { parseIPv6 } from './address.ts';
import { errorOf, followAliases } from './answers.ts';
import { EDNS_SIZE, QUERY_RETRIES, QUERY_TIMEOUT_MS, STUB_CACHE_NAMES } from './defaults.ts';
import { type Exchanged, exchange } from './exchange.ts';
import { question as ask } from './message.ts';
import { nameKey, parseName } from './name.ts';
import type { EdnsOption, Name, Question } from './types.ts';

export interface QueryOptions {
  /** Milliseconds for one try; default 5,000. */
  readonly timeoutMs?: number;
  /** How often a query without a reply is sent again; default 2. */
  readonly retries?: number;
  /** On TCP at once. */
  readonly tcp?: boolean;
  /** The UDP size that is announced; false sends no OPT. Default 1,232. */
  readonly edns?: number | false;
  /** Asks for recursion; default true. */
  readonly rd?: boolean;
  /** EDNS options of the query, and DO (RFC 3225). */
  readonly options?: readonly EdnsOption[];
  readonly dnssecOk?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Asks a server and gives its reply, whatever that says. Truncated replies are asked for again on
 * TCP. Throws DnsError DNS_TIMEOUT, DNS_UNREACHABLE or DNS_ABORTED.
 */
export async function queryDns(
  host: Host,
  server: Endpoint,
  question: Question,
  options: QueryOptions = {},
): Promise<Exchanged> {
  const { edns = EDNS_SIZE, signal } = options;
  for (let left = options.retries ?? QUERY_RETRIES; ; left--) {
    try {
      return await exchange(host, server, question, {
        timeoutMs: options.timeoutMs ?? QUERY_TIMEOUT_MS,
        recursionDesired: options.rd ?? true,
        udpSize: edns === false ? 0 : edns,
        tcp: options.tcp ?? false,
        ...(options.options && { options: options.options }),
        ...(options.dnssecOk && { dnssecOk: true }),
        ...(signal && { signal }),
      });
    } catch (error) {
      if (left <= 0 || !hasCode(error, 'DNS_TIMEOUT')) throw error;
    }
  }
}

export interface StubOptions extends QueryOptions {
  /** Keeps addresses for their TTL; default false: the resolver has a cache. */
  readonly cache?: boolean;
}

/**
 * A stub resolver: addresses of a name, IPv4 first, by one recursive server. Throws DnsError by what
 * the server says: DNS_NXDOMAIN, DNS_NODATA, DNS_SERVFAIL, ...
 */
export function stubLookup(host: Host, server: Endpoint, options: StubOptions = {}): Lookup {
  const cache = options.cache ? new AddressCache() : undefined;
  return async (text, { signal } = {}) => {
    if (isIPv4(text) || parseIPv6(text)) return [text];
    const name = parseName(text);
    const known = cache?.get(name, host.clock.now());
    if (known) return known;
    const found = await addresses(host, server, name, { ...options, ...(signal && { signal }) });
    cache?.set(name, found, host.clock.now());
    return found.addresses;
  };
}

interface Found {
  readonly addresses: readonly Address[];
  /** Seconds. */
  readonly ttl: number;
}

/** IPv6 addresses are asked for only where there is no IPv4 address: one query for most names. */
async function addresses(
  host: Host,
  server: Endpoint,
  name: Name,
  options: QueryOptions,
): Promise<Found> {
  const first = ask(name, 'A');
  const { message } = await queryDns(host, server, first, options);
  const problem = errorOf(message, first);
  if (!problem) return addressesOf(message.answers, first);
  if (problem.code !== 'DNS_NODATA') throw problem;
  const second = ask(name, 'AAAA');
  const other = await queryDns(host, server, second, options);
  if (errorOf(other.message, second)) throw problem;
  return addressesOf(other.message.answers, second);
}

function addressesOf(answers: Exchanged['message']['answers'], question: Question): Found {
  const { records, aliases } = followAliases(answers, question);
  const found = records.flatMap((record) => ('address' in record ? [record.address] : []));
  const ttl = Math.min(...[...records, ...aliases].map((record) => record.ttl));
  return { addresses: found, ttl };
}

class AddressCache {
  private readonly entries = new Map<string, { addresses: readonly Address[]; until: number }>();

  get(name: Name, now: number): readonly Address[] | undefined {
    const entry = this.entries.get(nameKey(name));
    return entry && entry.until > now ? entry.addresses : undefined;
  }

  set(name: Name, { addresses, ttl }: Found, now: number): void {
    const key = nameKey(name);
    this.entries.delete(key);
    this.entries.set(key, { addresses, until: now + ttl * 1000 });
    if (this.entries.size <= STUB_CACHE_NAMES) return;
    for (const oldest of this.entries.keys()) {
      this.entries.delete(oldest);
      return;
    }
  }
}
