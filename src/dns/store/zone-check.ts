/** What is wrong, or odd, in the records of one zone, before a server is given them. */
import { isWithin, nameKey, parentName, sameName } from '../name.ts';
import type { Name, ResourceRecord } from '../types.ts';
import { gather } from './memory-zone.ts';
import type { RRset } from './types.ts';

export interface ZoneProblem {
  readonly severity: 'error' | 'warning';
  readonly name: Name;
  readonly message: string;
  readonly spec: string;
}

/** Checks a zone's records; with errors among the problems no server should load it. */
export function checkZone(origin: Name, records: readonly ResourceRecord[]): ZoneProblem[] {
  const check = new ZoneCheck(origin, records);
  check.apex();
  check.owners();
  check.redirections();
  check.targets();
  return check.problems;
}

/** CNAME itself, and what DNSSEC puts beside it (RFC 4034 §4, RFC 2181 §10.1). */
const BESIDE_CNAME: ReadonlySet<string> = new Set(['CNAME', 'RRSIG', 'NSEC']);

class ZoneCheck {
  readonly problems: ZoneProblem[] = [];
  private readonly origin: Name;
  private readonly sets: readonly RRset[];
  private readonly byKey = new Map<string, Map<string, RRset>>();

  constructor(origin: Name, records: readonly ResourceRecord[]) {
    this.origin = origin;
    this.sets = gather(records);
    for (const set of this.sets) {
      const key = nameKey(set.name);
      const types = this.byKey.get(key) ?? new Map<string, RRset>();
      this.byKey.set(key, types.set(set.type, set));
    }
  }

  apex(): void {
    const { origin } = this;
    const soas = this.sets.filter((set) => set.type === 'SOA');
    const own = soas.find((set) => sameName(set.name, origin));
    if (!own) this.error(origin, 'the zone has no SOA record', 'RFC 1035 §5.2');
    else if (own.records.length > 1) this.error(origin, 'more than one SOA', 'RFC 1035 §5.2');
    for (const set of soas) {
      if (set !== own) this.error(set.name, 'an SOA below the top of the zone', 'RFC 1035 §5.2');
    }
    const servers = this.get(origin, 'NS')?.records.length ?? 0;
    if (servers === 0) this.error(origin, 'the zone has no NS record', 'RFC 1035 §5.2');
    if (servers === 1) this.warn(origin, 'only one name server', 'RFC 1034 §4.1');
  }

  owners(): void {
    const recordClass = this.sets[0]?.records[0]?.class;
    for (const { name, records, type } of this.sets) {
      if (!isWithin(name, this.origin)) {
        this.error(name, `${type} is outside of the zone ${this.origin}`, 'RFC 1035 §5.2');
      }
      if (records.some((record) => record.class !== recordClass)) {
        this.error(name, 'records of another class', 'RFC 1035 §5.2');
      }
    }
    for (const types of this.byKey.values()) {
      const alias = types.get('CNAME');
      if (!alias) continue;
      const beside = [...types.keys()].filter((type) => !BESIDE_CNAME.has(type));
      if (beside.length > 0) this.error(alias.name, 'CNAME and other data', 'RFC 1034 §3.6.2');
      if (alias.records.length > 1) this.error(alias.name, 'two CNAMEs', 'RFC 2181 §10.1');
    }
  }

  /** A DNAME stands alone, and nothing is below it (RFC 6672 §2.4). */
  redirections(): void {
    for (const { name, type, records } of this.sets) {
      if (type === 'DNAME' && records.length > 1) this.error(name, 'two DNAMEs', 'RFC 6672 §2.4');
      if (sameName(name, this.origin)) continue;
      for (let at = parentName(name); at && isWithin(at, this.origin); at = parentName(at)) {
        if (this.get(at, 'DNAME')) this.error(name, `${type} below a DNAME`, 'RFC 6672 §2.4');
      }
    }
  }

  targets(): void {
    for (const set of this.sets) {
      for (const record of set.records) {
        if (record.type === 'NS') this.target(record.name, record.target, 'NS');
        if (record.type === 'MX' && record.exchange !== '.') {
          this.target(record.name, record.exchange, 'MX');
        }
      }
    }
  }

  /** The target of NS and MX is a host with an address, never an alias. */
  private target(owner: Name, target: Name, type: 'NS' | 'MX'): void {
    if (!isWithin(target, this.origin)) return;
    const says = `${type} names ${target}`;
    if (this.get(target, 'CNAME')) {
      this.error(owner, `${says}, which is an alias`, 'RFC 2181 §10.3');
    } else if (!this.get(target, 'A') && !this.get(target, 'AAAA')) {
      const cut = this.cutAbove(target);
      if (type === 'NS' && (!cut || isWithin(target, owner))) {
        this.error(owner, `${says}, which has no address here: glue is missing`, 'RFC 1034 §4.2.1');
      } else if (!cut) this.warn(owner, `${says}, which has no address`, 'RFC 1035 §3.3.9');
    }
  }

  private cutAbove(name: Name): RRset | undefined {
    for (let at: Name | undefined = name; at && !sameName(at, this.origin); at = parentName(at)) {
      const ns = this.get(at, 'NS');
      if (ns) return ns;
    }
    return undefined;
  }

  private get(name: Name, type: string): RRset | undefined {
    return this.byKey.get(nameKey(name))?.get(type);
  }

  private error(name: Name, message: string, spec: string): void {
    this.problems.push({ severity: 'error', name, message, spec });
  }

  private warn(name: Name, message: string, spec: string): void {
    this.problems.push({ severity: 'warning', name, message, spec });
  }
}
