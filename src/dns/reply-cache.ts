/** Whole replies by the bytes of their queries, for as long as they stay the same. */
import { REPLY_SLOTS } from './defaults.ts';
import { ttlOffsets } from './wire/ttls.ts';

interface Kept {
  readonly hash: number;
  readonly query: Uint8Array;
  readonly reply: Uint8Array;
  readonly age: () => number;
  /** What was taken off its TTLs so far. */
  taken: number;
  /** Where its TTLs stand. */
  readonly ttls: readonly number[];
}

const SLAB = 64 * 1024;

/** Places for queries of one hash: with fewer, some of a thousand names would keep driving others out. */
const WAYS = 4;

/** A table of small rows, one for each hash; in a full row what comes replaces what came first. */
export class ReplyCache {
  private readonly slots: (Kept | undefined)[];
  private readonly mask: number;
  private turn = 0;
  private slab: Uint8Array = new Uint8Array(SLAB);
  private used = 0;

  constructor(slots: number = REPLY_SLOTS) {
    this.slots = new Array<Kept | undefined>(slots).fill(undefined);
    this.mask = slots / WAYS - 1;
  }

  /** The reply with the id of this query. */
  find(query: Uint8Array): Uint8Array | undefined {
    const hash = hashOf(query);
    const row = (hash & this.mask) * WAYS;
    for (let at = row; at < row + WAYS; at++) {
      const kept = this.slots[at];
      if (!kept || kept.hash !== hash || !sameQuery(kept.query, query)) continue;
      const age = kept.age();
      if (age >= 0) return this.made(kept, query, age);
      this.slots[at] = undefined;
      return undefined;
    }
    return undefined;
  }

  keep(query: Uint8Array, reply: Uint8Array, age: () => number): void {
    const hash = hashOf(query);
    const row = (hash & this.mask) * WAYS;
    let at = row;
    while (at < row + WAYS && this.slots[at]) at++;
    if (at === row + WAYS) at = row + (this.turn++ % WAYS);
    // Copies: what they are cut from is a hundred times larger.
    const kept = { query: query.slice(), reply: reply.slice() };
    this.slots[at] = { ...kept, hash, age, taken: 0, ttls: ttlOffsets(reply) };
  }

  private made(kept: Kept, query: Uint8Array, age: number): Uint8Array {
    if (age !== kept.taken) {
      for (const ttl of kept.ttls) takeOff(kept.reply, ttl, age - kept.taken);
      kept.taken = age;
    }
    const reply = this.copy(kept.reply);
    reply[0] = query[0] as number;
    reply[1] = query[1] as number;
    return reply;
  }

  /** From a common block: a small array of its own would be moved once more on its way out. */
  private copy(bytes: Uint8Array): Uint8Array {
    const { length } = bytes;
    if (length > SLAB / 8) return bytes.slice();
    if (this.used + length > SLAB) {
      this.slab = new Uint8Array(SLAB);
      this.used = 0;
    }
    const copy = this.slab.subarray(this.used, this.used + length);
    this.used += length;
    for (let i = 2; i < length; i++) copy[i] = bytes[i] as number;
    return copy;
  }
}

/** Lowers the number of four bytes at `at`. */
function takeOff(bytes: Uint8Array, at: number, age: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 4);
  view.setUint32(0, Math.max(0, view.getUint32(0) - age));
}

/** FNV-1a over all but the id, its upper bits folded into the lower. */
function hashOf(query: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 2; i < query.length; i++) hash = Math.imul(hash ^ (query[i] as number), 0x01000193);
  return hash ^ (hash >>> 15);
}

function sameQuery(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 2; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
