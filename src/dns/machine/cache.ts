/** What a resolver remembers: sets of records and denials, each until its TTL has run down. */
import type { Endpoint } from '../../lib/endpoint.ts';
import { CACHE_BYTES, CACHE_ENTRIES, MAX_NEGATIVE_TTL, MAX_TTL } from '../defaults.ts';
import { nameKey } from '../name.ts';
import type { Name, RecordType, ResourceRecord, SoaRecord } from '../types.ts';
import { formatRdata } from '../wire/rdata/index.ts';

/** How far data can be trusted, by where it stood (RFC 2181 §5.4.1): more wins over less. */
export const RANK = {
  /** Additional section: good for finding servers, never for answering. */
  glue: 1,
  /** Authority section of a referral: the same. */
  referral: 2,
  /** Answer section of an authoritative reply, and its denials. */
  answer: 3,
} as const;
export type Rank = (typeof RANK)[keyof typeof RANK];

export type Denial = 'nxdomain' | 'nodata';

/** One entry as a look into the cache gives it; TTLs are what is left. */
export interface Cached {
  readonly name: Name;
  /** Nothing for NXDOMAIN, which denies every type. */
  readonly type: RecordType | undefined;
  readonly rank: Rank;
  readonly denial: Denial | undefined;
  /** The records; for a denial its SOA. */
  readonly records: readonly ResourceRecord[];
  /** Whole seconds that are left, of so many. */
  readonly left: number;
  readonly ttl: number;
  /** The server that said so. */
  readonly source: Endpoint;
}

interface Entry extends Omit<Cached, 'left'> {
  readonly key: string;
  readonly expires: number;
  readonly bytes: number;
}

export interface CacheLimits {
  readonly entries?: number;
  readonly bytes?: number;
}

/** Times are milliseconds of the host's clock. The least recently used entry goes first. */
export class Cache {
  private readonly entries = new Map<string, Entry>();
  private readonly maxEntries: number;
  private readonly maxBytes: number;
  private used = 0;

  constructor(limits: CacheLimits = {}) {
    this.maxEntries = limits.entries ?? CACHE_ENTRIES;
    this.maxBytes = limits.bytes ?? CACHE_BYTES;
  }

  get size(): number {
    return this.entries.size;
  }

  /** The bytes that the entries take, by estimate. */
  get bytes(): number {
    return this.used;
  }

  /** Keeps a set of records of one name and type. TTL 0 is for its own transaction only. */
  put(records: readonly ResourceRecord[], rank: Rank, source: Endpoint, now: number): void {
    const first = records[0];
    if (!first) return;
    const ttl = Math.min(MAX_TTL, ...records.map((record) => record.ttl));
    const { name, type } = first;
    this.store({ name, type, rank, denial: undefined, records, ttl, source }, now);
  }

  /** Keeps a denial for the time that its SOA allows (RFC 2308 §5). Without SOA nothing is kept. */
  deny(
    denial: Denial,
    name: Name,
    type: RecordType,
    soa: SoaRecord,
    source: Endpoint,
    now: number,
  ): void {
    const ttl = Math.min(MAX_NEGATIVE_TTL, soa.ttl, soa.minimum);
    const denied = denial === 'nxdomain' ? undefined : type;
    const records = [soa];
    this.store({ name, type: denied, rank: RANK.answer, denial, records, ttl, source }, now);
  }

  /** What is known of a name and type, at least of this rank. */
  get(name: Name, type: RecordType, now: number, rank: Rank = RANK.answer): Cached | undefined {
    const key = nameKey(name);
    const entry = this.fresh(keyOf(key, type), now) ?? this.fresh(keyOf(key, undefined), now);
    if (!entry || entry.rank < rank) return undefined;
    this.entries.delete(entry.key);
    this.entries.set(entry.key, entry);
    return aged(entry, now);
  }

  /** All that is remembered, with the time that is left, in the order of last use. */
  *list(now: number): Generator<Cached> {
    for (const entry of this.entries.values()) if (entry.expires > now) yield aged(entry, now);
  }

  /** Forgets everything, or all about one name; gives how many entries. */
  flush(name?: Name): number {
    const key = name === undefined ? undefined : nameKey(name);
    let count = 0;
    for (const entry of [...this.entries.values()]) {
      if (key !== undefined && nameKey(entry.name) !== key) continue;
      this.remove(entry);
      count++;
    }
    return count;
  }

  private store(what: Omit<Entry, 'key' | 'expires' | 'bytes'>, now: number): void {
    if (what.ttl <= 0) return;
    const key = keyOf(nameKey(what.name), what.type);
    const old = this.fresh(key, now);
    if (old && old.rank > what.rank) return;
    let expires = now + what.ttl * 1000;
    // A delegation must end when its parent said, or one that was withdrawn could live for ever.
    if (old && what.rank === RANK.referral && old.rank === what.rank) {
      expires = Math.min(expires, old.expires);
    }
    if (old) this.remove(old);
    const entry = { ...what, key, expires, bytes: sizeOf(what.records) };
    this.entries.set(key, entry);
    this.used += entry.bytes;
    this.shrink();
  }

  private fresh(key: string, now: number): Entry | undefined {
    const entry = this.entries.get(key);
    if (!entry || entry.expires > now) return entry;
    this.remove(entry);
    return undefined;
  }

  private remove(entry: Entry): void {
    if (this.entries.delete(entry.key)) this.used -= entry.bytes;
  }

  private shrink(): void {
    for (const entry of this.entries.values()) {
      if (this.entries.size <= this.maxEntries && this.used <= this.maxBytes) return;
      this.remove(entry);
    }
  }
}

function keyOf(nameKey: string, type: RecordType | undefined): string {
  return `${nameKey} ${type ?? 'NXDOMAIN'}`;
}

function aged(entry: Entry, now: number): Cached {
  const left = Math.floor((entry.expires - now) / 1000);
  const { name, type, rank, denial, ttl, source } = entry;
  const records = entry.records.map((record) => ({ ...record, ttl: left }));
  return { name, type, rank, denial, records, left, ttl, source };
}

/** What V8 takes for an entry is some hundred bytes beyond the text of its records. */
function sizeOf(records: readonly ResourceRecord[]): number {
  let bytes = 300;
  for (const record of records) bytes += 150 + record.name.length + formatRdata(record).length;
  return bytes;
}
