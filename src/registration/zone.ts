/** The zone of a top-level domain: what its operator wrote, and the registered names on top. */
import {
  type Name,
  nameKey,
  plainName,
  type ResourceRecord,
  type SoaRecord,
} from '../dns/index.ts';
import { UsageError } from '../lib/errors.ts';
import { DELEGATION_TTL } from './defaults.ts';
import { isBelow, superordinate } from './machine/names.ts';
import type { Domain, DomainName, NameServer } from './types.ts';

/** Back to the form of DNS; the name was checked when it was registered. */
function nameOf(plain: DomainName): Name {
  return `${plain}.`;
}

/** The name without its dot, in lower case. */
function plainKey(name: Name): DomainName {
  return plainName(nameKey(name));
}

function addressesAt(records: readonly ResourceRecord[], host: DomainName): string[] {
  return records.flatMap((record) => {
    const isAddress = record.type === 'A' || record.type === 'AAAA';
    return isAddress && plainKey(record.name) === host ? [record.address] : [];
  });
}

export class TldZone {
  /** `com` */
  readonly zone: DomainName;
  private readonly soa: SoaRecord;
  /** What is not delegated: the apex, and the operator's own hosts. */
  private readonly own: ResourceRecord[] = [];
  private readonly ownHosts: ReadonlySet<DomainName>;
  private readonly reserved = new Set<DomainName>();
  private readonly delegated = new Map<DomainName, ResourceRecord[]>();

  /** `base` is the zone as its operator wrote it. Throws UsageError when it has no SOA. */
  constructor(origin: Name, base: readonly ResourceRecord[]) {
    this.zone = plainKey(origin);
    const soa = base.find((record) => record.type === 'SOA');
    if (!soa) throw new UsageError(`the zone ${origin} has no SOA`, { spec: 'RFC 1035 §5.2' });
    this.soa = soa;
    const cuts = base.filter((record) => record.type === 'NS').map(({ name }) => plainKey(name));
    const delegated = new Set(cuts);
    for (const record of base) this.sort(record, delegated);
    const addresses = this.own.filter(({ type }) => type === 'A' || type === 'AAAA');
    this.ownHosts = new Set(addresses.map(({ name }) => plainKey(name)));
  }

  /** The delegations that the operator wrote, as registrations. */
  delegations(): { name: DomainName; nameServers: NameServer[] }[] {
    return [...this.delegated].map(([name, records]) => ({
      name,
      nameServers: records.flatMap((record) => {
        if (record.type !== 'NS') return [];
        const host = plainKey(record.target);
        return [{ name: host, addresses: isBelow(host, name) ? addressesAt(records, host) : [] }];
      }),
    }));
  }

  /** A name that the operator keeps for its own hosts: `nic.com`. */
  isReserved(name: DomainName): boolean {
    return this.reserved.has(name);
  }

  isOwnHost(host: DomainName): boolean {
    return this.ownHosts.has(host);
  }

  /**
   * The whole zone. `published` are delegated; `hosts` are all the name servers that were told with
   * addresses. A server in this zone whose address nobody tells any more is left out.
   */
  records(
    published: readonly Domain[],
    hosts: ReadonlyMap<DomainName, NameServer>,
    revision: number,
  ): ResourceRecord[] {
    const { soa } = this;
    const records: ResourceRecord[] = [{ ...soa, serial: serialAfter(soa.serial, revision) }];
    records.push(...this.own.filter((record) => record.type !== 'SOA'));
    const glue = new Map<DomainName, { readonly server: NameServer; readonly ttl: number }>();
    for (const domain of published) {
      const written = this.delegated.get(domain.name) ?? [];
      const ttl = written.find((record) => record.type === 'NS')?.ttl ?? DELEGATION_TTL;
      const owner = nameOf(domain.name);
      for (const { name } of domain.nameServers) {
        const server = hosts.get(name);
        const isForeign = !isBelow(name, this.zone) || this.isOwnHost(name);
        if (!isForeign && !server) continue;
        records.push({ name: owner, class: 'IN', ttl, type: 'NS', target: nameOf(name) });
        if (!isForeign && server && !glue.has(name)) glue.set(name, { server, ttl });
      }
      records.push(...written.filter(({ type }) => type === 'DS'));
    }
    for (const { server, ttl } of glue.values()) records.push(...addressRecords(server, ttl));
    return records;
  }

  private sort(record: ResourceRecord, cuts: ReadonlySet<DomainName>): void {
    const key = plainKey(record.name);
    if (key === this.zone) {
      this.own.push(record);
      return;
    }
    const first = superordinate(key, this.zone);
    if (cuts.has(first)) this.delegated.set(first, [...(this.delegated.get(first) ?? []), record]);
    else {
      this.own.push(record);
      this.reserved.add(first);
    }
  }
}

function addressRecords({ name, addresses }: NameServer, ttl: number): ResourceRecord[] {
  const owner = nameOf(name);
  return addresses.map((address) => ({
    name: owner,
    class: 'IN',
    ttl,
    type: address.includes(':') ? 'AAAA' : 'A',
    address,
  }));
}

/** Serials go round at 2^32, and 0 is passed over for programs that take it for "none" (RFC 1982). */
function serialAfter(serial: number, changes: number): number {
  return (serial + changes) % 0x1_0000_0000 || 1;
}
