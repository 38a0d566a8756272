import { CNAME_LIMIT } from '../defaults.ts';
import { edns, reply } from '../message.ts';
import { parentName, redirected, sameName } from '../name.ts';
import { EDE, extendedError } from '../options.ts';
import type { Zone, ZoneAnswer, ZoneStore } from '../store/types.ts';
import type { DnameRecord, Message, Name, Question, Rcode, ResourceRecord } from '../types.ts';
import { passing } from './reply.ts';
import type { Lease, Link } from './types.ts';

/**
 * Answers from zones (RFC 1034 §4.3.2). What is in none of them, and what is no QUERY, goes to the
 * next link.
 */
export function authoritative(zones: ZoneStore): Link {
  const unchanged = sameVersion(zones);
  return (next) =>
    passing(next, (request) => {
      const { query, question } = request;
      if (query.opcode !== 'QUERY' || !question) return next(request);
      if (question.type === 'AXFR' || question.type === 'IXFR') return next(request);
      const zone = zoneFor(zones, question);
      if (!zone || !isClassOf(question, zone)) return next(request);
      if (zones.version !== undefined) request.keep?.(unchanged());
      return reply(query, new Answer(zones).to(question, zone));
    });
}

/** Gives the lease of what is made now: it holds, without an end, while the zones stay as they are. */
function sameVersion(zones: ZoneStore): () => Lease {
  let known: number | undefined;
  let lease: Lease = { now: () => -1, until: 0, most: 0 };
  return () => {
    const { version } = zones;
    if (version !== known) {
      known = version;
      const now = () => (zones.version === version ? 0 : -1);
      lease = { now, until: Number.POSITIVE_INFINITY, most: 0 };
    }
    return lease;
  };
}

/** Of the zones on both sides of a cut it is the upper one that has the DS (RFC 4035 §3.1.4.1). */
function zoneFor(zones: ZoneStore, { name, type }: Question): Zone | undefined {
  const zone = zones.find(name);
  if (type !== 'DS' || !zone || !sameName(zone.origin, name)) return zone;
  const parent = parentName(name);
  return (parent === undefined ? undefined : zones.find(parent)) ?? zone;
}

function isClassOf(question: Question, zone: Zone): boolean {
  return question.class === zone.soa.class || question.class === 'ANY';
}

function failure(why: string): Partial<Message> {
  return { rcode: 'SERVFAIL', edns: edns(0, false, [extendedError(EDE.NOT_READY, why)]) };
}

/** The host that a record names and its reader will ask for next (RFC 1035 §3.3, RFC 2782). */
function hostIn(record: ResourceRecord): Name | undefined {
  switch (record.type) {
    case 'NS':
    case 'SRV':
    case 'SVCB':
    case 'HTTPS':
      return record.target;
    case 'MX':
      return record.exchange;
    default:
      return undefined;
  }
}

/** One answer in the making. */
class Answer {
  private readonly zones: ZoneStore;
  private readonly answers: ResourceRecord[] = [];
  private authorities: readonly ResourceRecord[] = [];
  private readonly additionals: ResourceRecord[] = [];
  private rcode: Rcode = 'NOERROR';

  constructor(zones: ZoneStore) {
    this.zones = zones;
  }

  to(question: Question, first: Zone): Partial<Message> {
    let name: Name | undefined = question.name;
    let zone: Zone | undefined = first;
    let authoritative = true;
    for (let aliases = 0; name !== undefined && zone && aliases <= CNAME_LIMIT; aliases++) {
      const found: ZoneAnswer = zone.lookup(name, question.type);
      // AA is about the owner name of the first record (RFC 1035 §4.1.1).
      if (aliases === 0 && found.kind === 'referral') authoritative = false;
      if (found.kind === 'unavailable') return failure(found.why);
      name = this.take(found, zone, name);
      zone = name === undefined ? undefined : this.zones.find(name);
    }
    const { rcode, answers, authorities, additionals } = this;
    return { authoritative, rcode, answers, authorities, additionals };
  }

  /** Puts what was found in its section; gives the name to go on with after an alias. */
  private take(found: ZoneAnswer, zone: Zone, name: Name): Name | undefined {
    switch (found.kind) {
      case 'answer':
        this.answers.push(...found.records);
        this.addAddresses(found.records, zone);
        return undefined;
      case 'alias':
        if (this.answers.some((seen) => seen.name === found.record.name)) return undefined;
        this.answers.push(found.record);
        return found.record.target;
      case 'dname':
        return this.redirect(found.record, name);
      case 'referral':
        this.authorities = found.ns.records;
        this.addAddresses(found.ns.records, zone);
        return undefined;
      default:
        // RFC 2308 §2.1: also after an alias the RCODE is that of the last name.
        this.authorities = [zone.negativeSoa];
        if (found.kind === 'nxdomain') this.rcode = 'NXDOMAIN';
        return undefined;
    }
  }

  /** The DNAME, and the CNAME that it amounts to for this name (RFC 6672 §3.1). */
  private redirect(record: DnameRecord, name: Name): Name | undefined {
    if (!this.answers.includes(record)) this.answers.push(record);
    const target = redirected(name, record);
    if (target === undefined) {
      this.rcode = 'YXDOMAIN';
      return undefined;
    }
    if (this.answers.some((seen) => seen.type === 'CNAME' && sameName(seen.name, name))) return;
    this.answers.push({ name, type: 'CNAME', class: record.class, ttl: record.ttl, target });
    return target;
  }

  /** Adds the addresses of the hosts that NS and MX name, as far as this zone has them. */
  private addAddresses(records: readonly ResourceRecord[], zone: Zone): void {
    for (const record of records) {
      const host = hostIn(record);
      if (host === undefined) continue;
      for (const type of ['A', 'AAAA'] as const) {
        const set = zone.rrset(host, type)?.records ?? [];
        if (set[0] && !this.additionals.includes(set[0])) this.additionals.push(...set);
      }
    }
  }
}
