/** Where a zone is served: its name servers and what is known of their addresses. */
import type { Address, Endpoint } from '../../lib/endpoint.ts';
import { isWithin, nameKey, parentName, sameName } from '../name.ts';
import type { Message, Name, NsRecord, ResourceRecord } from '../types.ts';
import { type CacheView, RANK, type Rank } from './cache.ts';

export interface NameServer {
  readonly name: Name;
  addresses: readonly Address[];
}

export interface Delegation {
  readonly zone: Name;
  readonly servers: readonly NameServer[];
  /** From the cache, the hints, or a referral just received. */
  readonly origin: 'cache' | 'roots' | 'referral';
}

/** A root server that a resolver starts with (RFC 1034 §5.3.2: SBELT). */
export interface RootHint {
  readonly name: Name;
  readonly address: Address;
}

/** Which addresses a host can reach: those of its own family. */
export function reachable(address: Address, ipv6: boolean): boolean {
  return address.includes(':') === ipv6;
}

/** The delegation nearest to `name` that the cache has and that can be used; else the roots. */
export function nearestDelegation(
  name: Name,
  cache: CacheView,
  roots: readonly RootHint[],
  ipv6: boolean,
  now: number,
): Delegation {
  for (let zone: Name | undefined = name; zone && zone !== '.'; zone = parentName(zone)) {
    const known = cache.get(zone, 'NS', now, RANK.referral);
    if (!known || known.denial) continue;
    const servers = known.records.flatMap((record) =>
      record.type === 'NS' ? [withCached(record, cache, ipv6, now)] : [],
    );
    const useful = servers.some(
      (server) => server.addresses.length > 0 || !isWithin(server.name, zone as Name),
    );
    if (useful) return { zone, servers, origin: 'cache' };
  }
  const servers = roots.map(({ name, address }) => ({ name, addresses: [address] }));
  return { zone: '.', servers, origin: 'roots' };
}

function withCached(record: NsRecord, cache: CacheView, ipv6: boolean, now: number): NameServer {
  const known = cache.get(record.target, ipv6 ? 'AAAA' : 'A', now, RANK.glue);
  const addresses = known?.denial ? [] : addressesIn(known?.records ?? [], record.target, ipv6);
  return { name: record.target, addresses };
}

export function addressesIn(
  records: readonly ResourceRecord[],
  name: Name,
  ipv6: boolean,
): Address[] {
  return records.flatMap((record) =>
    'address' in record && sameName(record.name, name) && reachable(record.address, ipv6)
      ? [record.address]
      : [],
  );
}

/**
 * The referral in a reply of a server of `zone`, and what of it can be believed: NS records of a zone
 * between that one and the name, and addresses that lie within `zone` itself. Anything else could be
 * about names that are none of that server's business (RFC 5452 §6).
 */
export function referralIn(reply: Message, name: Name, zone: Name): Referral | undefined {
  let nearest: Name | undefined;
  for (const record of reply.authorities) {
    if (record.type !== 'NS' || sameName(record.name, zone)) continue;
    if (!isWithin(record.name, zone) || !isWithin(name, record.name)) continue;
    if (!nearest || isWithin(record.name, nearest)) nearest = record.name;
  }
  if (nearest === undefined) return undefined;
  return serversIn(reply, nearest, zone);
}

/** The servers that a zone names as its own, in an authoritative reply of one of them. */
export function ownServersIn(reply: Message, zone: Name): Referral | undefined {
  const own = serversIn(reply, zone, zone);
  return own.ns.length > 0 ? own : undefined;
}

/** NS records of `cut` and addresses for them, as far as servers of `zone` can know these. */
function serversIn(reply: Message, cut: Name, zone: Name): Referral {
  const ns = reply.authorities.filter(
    (record): record is NsRecord => record.type === 'NS' && sameName(record.name, cut),
  );
  const targets = new Set(ns.map((record) => nameKey(record.target)));
  const glue = reply.additionals.filter(
    (record) =>
      (record.type === 'A' || record.type === 'AAAA') &&
      targets.has(nameKey(record.name)) &&
      isWithin(record.name, zone),
  );
  return { zone: cut, ns, glue };
}

export interface Referral {
  readonly zone: Name;
  readonly ns: readonly NsRecord[];
  readonly glue: readonly ResourceRecord[];
}

/** Takes name servers and their addresses into the cache. */
export function keep(
  { ns, glue }: Referral,
  rank: Rank,
  cache: CacheView,
  source: Endpoint,
  now: number,
): void {
  cache.put(ns, rank, source, now);
  for (const { target } of ns) {
    const own = glue.filter((one) => sameName(one.name, target));
    for (const type of ['A', 'AAAA'] as const) {
      const set = own.filter((one) => one.type === type);
      cache.put(set, RANK.glue, source, now);
    }
  }
}

/** Takes a referral into the cache and makes the delegation of it. */
export function follow(
  referral: Referral,
  cache: CacheView,
  ipv6: boolean,
  source: Endpoint,
  now: number,
): Delegation {
  keep(referral, RANK.referral, cache, source, now);
  const servers = referral.ns.map((record) => {
    const own = referral.glue.filter((one) => sameName(one.name, record.target));
    const given = addressesIn(own, record.target, ipv6);
    if (given.length > 0) return { name: record.target, addresses: given };
    return withCached(record, cache, ipv6, now);
  });
  return { zone: referral.zone, servers, origin: 'referral' };
}
