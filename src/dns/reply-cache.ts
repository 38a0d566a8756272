/** Whole replies by the bytes of their queries, for as long as they stay the same. */
import { REPLY_SLOTS } from './defaults.ts';
import type { Lease } from './handlers/types.ts';
import { ttlOffsets } from './wire/ttls.ts';

interface Kept {
  /** The query, and behind it the reply. */
  readonly bytes: Uint8Array;
  /** Where the reply begins. */
  readonly cut: number;
  /** Where its TTLs stand, in these bytes. */
  readonly ttls: readonly number[];
  readonly now: () => number;
  /** When its TTLs run down by the next second. */
  next: number;
  /** How many seconds are left. */
  left: number;
}

const SLAB = 64 * 1024;

/** Places for queries of one hash: with fewer, some of a thousand names would keep driving others out. */
const WAYS = 4;

/**
 * A table of small rows, one for each hash; in a full row what comes replaces what came first. Between two
 * queries the system's own work drives all this from the processor's caches, so that what counts is
 * how many places of memory are touched: hashes stand close together, query and reply in one piece.
 */
export class ReplyCache {
  private readonly hashes: Int32Array;
  private readonly slots: (Kept | undefined)[];
  private readonly mask: number;
  private turn = 0;
  private slab: Uint8Array = new Uint8Array(SLAB);
  private used = 0;

  constructor(slots: number = REPLY_SLOTS) {
    this.hashes = new Int32Array(slots);
    this.slots = new Array<Kept | undefined>(slots).fill(undefined);
    this.mask = slots / WAYS - 1;
  }

  /** The reply with the id of this query. */
  find(query: Uint8Array): Uint8Array | undefined {
    const hash = hashOf(query);
    const row = (hash & this.mask) * WAYS;
    for (let at = row; at < row + WAYS; at++) {
      if (this.hashes[at] !== hash) continue;
      const kept = this.slots[at];
      if (!kept || !isQueryOf(kept, query)) continue;
      const now = kept.now();
      if (now >= 0 && (now < kept.next || runDown(kept, now))) return this.copy(kept, query);
      this.slots[at] = undefined;
      return undefined;
    }
    return undefined;
  }

  keep(query: Uint8Array, reply: Uint8Array, { now, until, most }: Lease): void {
    if (most < 0) return;
    const hash = hashOf(query);
    const row = (hash & this.mask) * WAYS;
    let at = row;
    while (at < row + WAYS && this.slots[at]) at++;
    if (at === row + WAYS) at = row + (this.turn++ % WAYS);
    const cut = query.length;
    // A copy: what they are cut from is a hundred times larger.
    const bytes = new Uint8Array(cut + reply.length);
    bytes.set(query);
    bytes.set(reply, cut);
    const ttls = ttlOffsets(reply).map((offset) => cut + offset);
    this.hashes[at] = hash;
    this.slots[at] = { bytes, cut, ttls, now, next: until, left: most };
  }

  /** From a common block: a small array of its own would be moved once more on its way out. */
  private copy({ bytes, cut }: Kept, query: Uint8Array): Uint8Array {
    const length = bytes.length - cut;
    if (this.used + length > SLAB) {
      this.slab = new Uint8Array(SLAB);
      this.used = 0;
    }
    const copy = new Uint8Array(this.slab.buffer, this.used, length);
    this.used += length;
    copy[0] = query[0] as number;
    copy[1] = query[1] as number;
    for (let i = 2; i < length; i++) copy[i] = bytes[cut + i] as number;
    return copy;
  }
}

/** Takes off its TTLs what has passed since; false when there is not so much left. */
function runDown(kept: Kept, now: number): boolean {
  const seconds = 1 + Math.floor((now - kept.next) / 1000);
  if (seconds > kept.left) return false;
  const view = new DataView(kept.bytes.buffer);
  for (const at of kept.ttls) view.setUint32(at, Math.max(0, view.getUint32(at) - seconds));
  kept.left -= seconds;
  kept.next += seconds * 1000;
  return true;
}

/**
 * FNV-1a over all but the id, odd and even bytes each for themselves, so that two multiplications are under
 * way at a time; the upper bits folded into the lower.
 */
function hashOf(query: Uint8Array): number {
  const last = query.length - 1;
  let even = 0x811c9dc5;
  let odd = query.length;
  let at = 2;
  for (; at < last; at += 2) {
    even = Math.imul(even ^ (query[at] as number), 0x01000193);
    odd = Math.imul(odd ^ (query[at + 1] as number), 0x01000193);
  }
  if (at === last) even = Math.imul(even ^ (query[at] as number), 0x01000193);
  const hash = even ^ Math.imul(odd, 0x9e3779b1);
  return hash ^ (hash >>> 15);
}

/** Compares all but the id. */
function isQueryOf({ bytes, cut }: Kept, query: Uint8Array): boolean {
  if (query.length !== cut) return false;
  for (let i = 2; i < cut; i++) if (bytes[i] !== query[i]) return false;
  return true;
}
