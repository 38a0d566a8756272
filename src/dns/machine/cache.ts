/** What a resolver remembers: sets of records and denials, each until its TTL has run down. */
import type { Endpoint } from '../../lib/endpoint.ts';
import { CACHE_BYTES, CACHE_ENTRIES, MAX_NEGATIVE_TTL, MAX_TTL, STALE_TTL_S } from '../defaults.ts';
import { isWithin, nameKey, parentName } from '../name.ts';
import type { Name, RecordType, ResourceRecord, SoaRecord } from '../types.ts';
import { formatRdata } from '../wire/rdata/index.ts';

/** How far data can be trusted, by where it stood (RFC 2181 §5.4.1): more wins over less. */
export const RANK = {
  /** Additional section: good for finding servers, never for answering. */
  glue: 1,
  /** Authority section of a referral: the same. */
  referral: 2,
  /** Authority section of an authoritative reply: the zone's own word on its servers. */
  authority: 3,
  /** Answer section of an authoritative reply, and its denials. */
  answer: 4,
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
  /** When, on the clock, its TTL will be another: every second. */
  readonly changes: number;
  /** The server that said so. */
  readonly source: Endpoint;
  /** Its time is over; it is given because nobody could be asked (RFC 8767). */
  readonly stale: boolean;
}

/** What the search for an answer needs of a cache. */
export type CacheView = Pick<Cache, 'get' | 'put' | 'deny'>;

interface Entry extends Omit<Cached, 'left' | 'stale' | 'changes'> {
  readonly key: string;
  readonly expires: number;
  readonly bytes: number;
}

export interface CacheLimits {
  readonly entries?: number;
  readonly bytes?: number;
  /** Seconds for which what has run out is kept, to be given as stale; default 0. */
  readonly staleS?: number;
}

/** Times are milliseconds of the host's clock. The least recently used entry goes first. */
export class Cache {
  private readonly entries = new Map<string, Entry>();
  private readonly maxEntries: number;
  private readonly maxBytes: number;
  private readonly staleMs: number;
  private used = 0;
  /** How often something was forgotten on demand. */
  flushes = 0;

  constructor(limits: CacheLimits = {}) {
    this.maxEntries = limits.entries ?? CACHE_ENTRIES;
    this.maxBytes = limits.bytes ?? CACHE_BYTES;
    this.staleMs = (limits.staleS ?? 0) * 1000;
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
    const entry =
      this.fresh(keyOf(key, type), now) ??
      this.fresh(keyOf(key, undefined), now) ??
      this.denialAbove(key, now);
    if (!entry || entry.rank < rank) return undefined;
    this.entries.delete(entry.key);
    this.entries.set(entry.key, entry);
    return aged(entry, now);
  }

  /** What `get` gives, or else what has run out and is kept still, with a short TTL (RFC 8767 §5). */
  getStale(name: Name, type: RecordType, now: number): Cached | undefined {
    const fresh = this.get(name, type, now);
    if (fresh) return fresh;
    const key = nameKey(name);
    const positive = this.entries.get(keyOf(key, type));
    const denied = this.entries.get(keyOf(key, undefined));
    const later = (denied?.expires ?? 0) > (positive?.expires ?? 0) ? denied : positive;
    return later && later.rank >= RANK.answer ? aged(later, now) : undefined;
  }

  /** Below a name that does not exist nothing does (RFC 8020 §2). */
  private denialAbove(key: string, now: number): Entry | undefined {
    for (let at = parentName(key); at !== undefined && at !== '.'; at = parentName(at)) {
      const entry = this.fresh(keyOf(at, undefined), now);
      if (entry) return entry;
    }
    return undefined;
  }

  /** All that is remembered, with the time that is left, in the order of last use. */
  *list(now: number): Generator<Cached> {
    for (const entry of this.entries.values()) if (entry.expires > now) yield aged(entry, now);
  }

  /** All that is remembered of one name, and the denials above that cover it. */
  *about(name: Name, now: number): Generator<Cached> {
    const key = nameKey(name);
    for (const entry of this.entries.values()) {
      const covers = entry.denial === 'nxdomain' && isWithin(key, entry.name);
      if (nameKey(entry.name) === key || covers) yield aged(entry, now);
    }
  }

  /** Forgets everything, or all about one name, or about that and those below; gives how many entries. */
  flush(name?: Name, { below = false }: { readonly below?: boolean } = {}): number {
    const key = name === undefined ? undefined : nameKey(name);
    this.flushes++;
    let count = 0;
    for (const entry of [...this.entries.values()]) {
      const own = nameKey(entry.name);
      if (key !== undefined && own !== key && !(below && isWithin(own, key))) continue;
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
    // A delegation must end when its parent said, or one that was withdrawn could live for ever: the
    // servers that lost it would go on saying that it is theirs.
    if (old && what.type === 'NS' && what.rank >= RANK.referral) {
      expires = Math.min(expires, old.expires);
    }
    const replaced = this.entries.get(key);
    if (replaced) this.remove(replaced);
    // What exists is not denied any more.
    const denial = this.entries.get(keyOf(nameKey(what.name), undefined));
    if (denial && !what.denial && what.rank === RANK.answer) this.remove(denial);
    const entry = { ...what, key, expires, bytes: sizeOf(what.records) };
    this.entries.set(key, entry);
    this.used += entry.bytes;
    this.shrink();
  }

  private fresh(key: string, now: number): Entry | undefined {
    const entry = this.entries.get(key);
    if (!entry || entry.expires > now) return entry;
    if (entry.expires + this.staleMs <= now) this.remove(entry);
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
  const stale = entry.expires <= now;
  const left = stale ? STALE_TTL_S : Math.floor((entry.expires - now) / 1000);
  const { name, type, rank, denial, ttl, source } = entry;
  const records = entry.records.map((record) => ({ ...record, ttl: left }));
  const changes = stale ? now : now + ((entry.expires - now) % 1000);
  return { name, type, rank, denial, records, left, ttl, changes, source, stale };
}

/** What V8 takes for an entry is some hundred bytes beyond the text of its records. */
function sizeOf(records: readonly ResourceRecord[]): number {
  let bytes = 300;
  for (const record of records) bytes += 150 + record.name.length + formatRdata(record).length;
  return bytes;
}
