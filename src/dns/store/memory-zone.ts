import { UsageError } from '../../lib/errors.ts';
import { isWithin, nameKey, parentName, sameName } from '../name.ts';
import type {
  DnameRecord,
  Name,
  QueryType,
  RecordType,
  ResourceRecord,
  SoaRecord,
} from '../types.ts';
import { formatRdata } from '../wire/rdata/index.ts';
import type { RRset, Zone, ZoneAnswer, ZoneStore } from './types.ts';

/** One name of a zone. Without sets it is an empty non-terminal (RFC 4592 §2.2.2). */
interface Node {
  readonly name: Name;
  readonly sets: Map<RecordType, RRset>;
  /** The delegation at or above this name; what is below it is not ours to answer. */
  cut: RRset | undefined;
  /** A DNAME above this name, which hides it. */
  dname: DnameRecord | undefined;
}

/** The largest TTL (RFC 2181 §8). */
const MAX_SECONDS = 0x7fff_ffff;

const NODATA: ZoneAnswer = { kind: 'nodata' };
const NXDOMAIN: ZoneAnswer = { kind: 'nxdomain' };

/** A zone in memory, by lower-cased name: an answer takes one look-up, a denial one for each label. */
export class MemoryZone implements Zone {
  readonly origin: Name;
  readonly soa: SoaRecord;
  readonly negativeSoa: SoaRecord;
  private readonly nodes = new Map<string, Node>();

  /** Throws UsageError when there is not exactly one SOA or a record lies outside of the zone. */
  constructor(origin: Name, records: Iterable<ResourceRecord>) {
    this.origin = origin;
    for (const set of gather(records)) this.add(set);
    const soa = this.rrset(origin, 'SOA')?.records;
    if (soa?.length !== 1 || soa[0]?.type !== 'SOA') {
      throw new UsageError(
        `the zone ${origin} has ${soa?.length ?? 0} SOA records, one is needed`,
        {
          spec: 'RFC 1035 §5.2',
        },
      );
    }
    this.soa = soa[0];
    this.negativeSoa = { ...this.soa, ttl: Math.min(this.soa.ttl, this.soa.minimum) };
    this.findCuts();
  }

  lookup(name: Name, type: QueryType): ZoneAnswer {
    const node = this.nodes.get(nameKey(name));
    if (node) return elsewhere(node, type) ?? answer(node, name, type);
    const encloser = this.closestEncloser(name);
    const leads = elsewhere(encloser, 'NS');
    if (leads) return leads;
    const dname = dnameAt(encloser);
    if (dname) return { kind: 'dname', record: dname };
    const wildcard = this.nodes.get(nameKey(encloser.name === '.' ? '*.' : `*.${encloser.name}`));
    return wildcard ? answer(wildcard, name, type) : NXDOMAIN;
  }

  rrset(name: Name, type: RecordType): RRset | undefined {
    return this.nodes.get(nameKey(name))?.sets.get(type);
  }

  *records(): Generator<ResourceRecord> {
    yield this.soa;
    for (const node of this.nodes.values()) {
      for (const set of node.sets.values()) if (set.type !== 'SOA') yield* set.records;
    }
  }

  /** The longest existing name above one that does not exist (RFC 4592 §3.3.1). */
  private closestEncloser(name: Name): Node {
    for (let at = parentName(name); at !== undefined; at = parentName(at)) {
      const node = this.nodes.get(nameKey(at));
      if (node) return node;
    }
    throw new UsageError(`${name} is not within the zone ${this.origin}`);
  }

  private add(set: RRset): void {
    if (!isWithin(set.name, this.origin)) {
      throw new UsageError(`${set.name} ${set.type} is not within the zone ${this.origin}`);
    }
    this.node(set.name).sets.set(set.type, set);
  }

  /** The node of a name, made with all those between it and the origin. */
  private node(name: Name): Node {
    const key = nameKey(name);
    const known = this.nodes.get(key);
    if (known) return known;
    const node: Node = { name, sets: new Map(), cut: undefined, dname: undefined };
    this.nodes.set(key, node);
    const parent = parentName(name);
    if (parent !== undefined && !sameName(name, this.origin)) this.node(parent);
    return node;
  }

  private findCuts(): void {
    for (const node of this.nodes.values()) {
      for (let at = node; !sameName(at.name, this.origin); ) {
        // Of several the one nearest to the top counts: what is below it is out of sight.
        const ns = at.sets.get('NS');
        if (ns) {
          node.cut = ns;
          node.dname = undefined;
        }
        const parent = this.nodes.get(nameKey(parentName(at.name) ?? '.'));
        if (!parent) break;
        const dname = dnameAt(parent);
        if (dname) {
          node.dname = dname;
          node.cut = undefined;
        }
        at = parent;
      }
    }
  }
}

function dnameAt(node: Node): DnameRecord | undefined {
  const record = node.sets.get('DNAME')?.records[0];
  return record?.type === 'DNAME' ? record : undefined;
}

/** Where to go on with what is at, or below, a cut or below a DNAME. */
function elsewhere(node: Node, type: QueryType): ZoneAnswer | undefined {
  if (node.dname) return { kind: 'dname', record: node.dname };
  // DS is the parent's to answer, at the cut itself (RFC 4035 §3.1.4.1).
  if (!node.cut || (type === 'DS' && node.cut === node.sets.get('NS'))) return undefined;
  return { kind: 'referral', ns: node.cut };
}

function answer(node: Node, name: Name, type: QueryType): ZoneAnswer {
  const { sets } = node;
  const set = type === 'ANY' ? anySet(node) : sets.get(type as RecordType);
  if (set) return { kind: 'answer', records: owned(set.records, name) };
  const alias = sets.get('CNAME')?.records[0];
  if (alias?.type === 'CNAME') return { kind: 'alias', record: { ...alias, name } };
  return NODATA;
}

/** RFC 8482 §4.1: one of the sets is answer enough to ANY; the smallest serves amplifiers least. */
function anySet(node: Node): RRset | undefined {
  let least: RRset | undefined;
  for (const set of node.sets.values()) {
    if (!least || set.records.length < least.records.length) least = set;
  }
  return least;
}

/** The records under the name that was asked: a wildcard's owner, and the case, follow the question. */
function owned(records: readonly ResourceRecord[], name: Name): readonly ResourceRecord[] {
  if (records[0]?.name === name) return records;
  return records.map((record) => ({ ...record, name }));
}

/** Records as RRsets: duplicates gone, one TTL for all (RFC 2181 §5, §5.2). */
export function gather(records: Iterable<ResourceRecord>): RRset[] {
  const sets = new Map<string, Map<string, ResourceRecord>>();
  for (const record of records) {
    const key = `${nameKey(record.name)} ${record.type}`;
    const set = sets.get(key) ?? new Map<string, ResourceRecord>();
    const data = formatRdata(record);
    if (!set.has(data)) set.set(data, record);
    sets.set(key, set);
  }
  return [...sets.values()].map((byData) => {
    const set = [...byData.values()];
    const { name, type } = set[0] as ResourceRecord;
    const ttl = set.reduce((least, record) => Math.min(least, record.ttl), MAX_SECONDS);
    const same = set.map((record) => (record.ttl === ttl ? record : { ...record, ttl }));
    return { name, type, records: same };
  });
}

/** Hears of a zone that took the place of another, or is new. */
export type ZoneListener = (zone: Zone, before: Zone | undefined) => void;

/** The zones of one server, in memory. A zone set again takes the place of the old one at once. */
export class MemoryZones implements ZoneStore {
  private readonly byOrigin = new Map<string, Zone>();
  private readonly listeners = new Set<ZoneListener>();
  /** Grows with each change: what was made of older data is out of date. */
  version = 0;

  constructor(zones: Iterable<Zone> = []) {
    for (const zone of zones) this.set(zone);
  }

  set(zone: Zone): void {
    const key = nameKey(zone.origin);
    const before = this.byOrigin.get(key);
    this.byOrigin.set(key, zone);
    this.version++;
    for (const listener of this.listeners) listener(zone, before);
  }

  get(origin: Name): Zone | undefined {
    return this.byOrigin.get(nameKey(origin));
  }

  /** Calls `listener` after each `set`; gives what ends that. */
  onChange(listener: ZoneListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  delete(origin: Name): boolean {
    this.version++;
    return this.byOrigin.delete(nameKey(origin));
  }

  find(name: Name): Zone | undefined {
    for (let at: Name | undefined = nameKey(name); at !== undefined; at = parentName(at)) {
      const zone = this.byOrigin.get(at);
      if (zone) return zone;
    }
    return undefined;
  }

  zones(): Iterable<Zone> {
    return this.byOrigin.values();
  }
}
