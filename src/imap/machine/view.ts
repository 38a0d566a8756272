/** A selected mailbox as one session has been told of it: numbers change only when the session is told (RFC 9051 §2.3.1.2, §7.5.1). */
import type { MessageEntry } from '../../mail/index.ts';
import { badArgument } from '../errors.ts';
import type { NumberRange } from '../types.ts';
import { normalRanges } from '../wire/sequence-set.ts';

/** What happened in the mailbox, as the store tells. */
export interface ViewChange {
  readonly added: readonly MessageEntry[];
  readonly changed: readonly MessageEntry[];
  readonly removed: readonly number[];
}

/** What a session is to be told, in this order. */
export interface Notices {
  /** UIDs with the numbers that they have when each is said in turn. */
  readonly expunged: readonly { readonly number: number; readonly uid: number }[];
  /** How many there are now; undefined when none came. */
  readonly exists: number | undefined;
  /** Messages with new flags. */
  readonly changed: readonly { readonly number: number; readonly entry: MessageEntry }[];
}

export class MailboxView {
  /** By UID; those that are gone but not told of stay. */
  private entries: MessageEntry[];
  private arrived: MessageEntry[] = [];
  private readonly gone = new Set<number>();
  private readonly dirty = new Set<number>();
  private readonly recents = new Set<number>();

  constructor(entries: readonly MessageEntry[]) {
    this.entries = [...entries];
  }

  /** Messages, as far as the session knows. */
  get count(): number {
    return this.entries.length;
  }

  get lastUid(): number {
    return this.entries.at(-1)?.uid ?? 0;
  }

  get hasNews(): boolean {
    return this.arrived.length > 0 || this.gone.size > 0 || this.dirty.size > 0;
  }

  /** Messages that are gone, and the session does not know. */
  get hasGhosts(): boolean {
    return this.gone.size > 0;
  }

  /** The message with this number less one. */
  at(index: number): MessageEntry {
    return this.entries[index] as MessageEntry;
  }

  all(): readonly MessageEntry[] {
    return this.entries;
  }

  isGone(uid: number): boolean {
    return this.gone.has(uid);
  }

  isRecent(uid: number): boolean {
    return this.recents.has(uid);
  }

  get recentCount(): number {
    return this.recents.size;
  }

  /** Messages from this UID on are new to this session, and to no other (RFC 3501 §2.3.2). */
  claimRecent(firstUid: number): void {
    for (const list of [this.arrived, this.entries]) {
      for (let i = list.length - 1; i >= 0; i--) {
        const uid = (list[i] as MessageEntry).uid;
        if (uid < firstUid) break;
        this.recents.add(uid);
      }
    }
  }

  /** Takes in what happened. `isOwn`: flags were changed by this session, which tells them itself. */
  apply({ added, changed, removed }: ViewChange, isOwn: boolean): void {
    for (const entry of added) {
      const last = this.arrived.at(-1)?.uid ?? this.lastUid;
      if (entry.uid > last) this.arrived.push(entry);
    }
    for (const entry of changed) this.replace(entry, isOwn);
    for (const uid of removed) {
      if (this.indexOf(uid) >= 0) this.gone.add(uid);
      else this.arrived = this.arrived.filter((entry) => entry.uid !== uid);
    }
  }

  private replace(entry: MessageEntry, isOwn: boolean): void {
    const index = this.indexOf(entry.uid);
    if (index < 0) {
      const among = this.arrived.findIndex(({ uid }) => uid === entry.uid);
      if (among >= 0) this.arrived[among] = entry;
      return;
    }
    if (this.at(index).modSeq >= entry.modSeq) return;
    this.entries[index] = entry;
    if (!isOwn) this.dirty.add(entry.uid);
  }

  /** The flags of this message were told. */
  told(uid: number): void {
    this.dirty.delete(uid);
  }

  /** Its flags are to be told: it became something that nobody said (RFC 9051 §7.5.2, RFC 7162 §3.1.3). */
  tell(uid: number): void {
    this.dirty.add(uid);
  }

  /** What is to be told now. Expunged messages lose their numbers only where that may be said. */
  take(mayExpunge: boolean): Notices {
    const expunged = mayExpunge ? this.takeExpunged() : [];
    const hasMore = this.arrived.length > 0;
    if (hasMore) {
      for (const entry of this.arrived) this.entries.push(entry);
      this.arrived = [];
    }
    const changed: { number: number; entry: MessageEntry }[] = [];
    for (const uid of this.dirty) {
      const index = this.indexOf(uid);
      if (index >= 0 && !this.gone.has(uid))
        changed.push({ number: index + 1, entry: this.at(index) });
    }
    this.dirty.clear();
    changed.sort((a, b) => a.number - b.number);
    return { expunged, exists: hasMore ? this.count : undefined, changed };
  }

  private takeExpunged(): { number: number; uid: number }[] {
    if (this.gone.size === 0) return [];
    const expunged: { number: number; uid: number }[] = [];
    const left: MessageEntry[] = [];
    this.entries.forEach((entry, index) => {
      if (!this.gone.has(entry.uid)) left.push(entry);
      else {
        // The numbers above move down with each (RFC 9051 §7.5.1).
        expunged.push({ number: index + 1 - expunged.length, uid: entry.uid });
        this.recents.delete(entry.uid);
      }
    });
    this.entries = left;
    this.gone.clear();
    return expunged;
  }

  /** -1 where the session does not know it. */
  indexOf(uid: number): number {
    const index = this.firstFrom(uid);
    return this.entries[index]?.uid === uid ? index : -1;
  }

  /** The first index with this UID or a larger one. */
  firstFrom(uid: number): number {
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at(middle).uid < uid) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Indexes of the messages with these numbers, ascending. Throws ImapError for numbers that nobody has. */
  byNumbers(ranges: readonly NumberRange[]): number[] {
    for (const [from, to] of ranges) {
      const isBeyond = to === Number.POSITIVE_INFINITY ? false : to > this.count;
      if (isBeyond)
        throw badArgument(`There are ${this.count} messages, not ${Math.max(from, to)}`);
    }
    if (this.count === 0) return [];
    const indexes: number[] = [];
    for (const [from, to] of normalRanges(ranges, this.count)) {
      for (let n = from; n <= Math.min(to, this.count); n++) indexes.push(n - 1);
    }
    return indexes;
  }

  /** Indexes of the messages with these UIDs; UIDs that nobody has are passed over (RFC 9051 §6.4.9). */
  byUids(ranges: readonly NumberRange[]): number[] {
    const indexes: number[] = [];
    for (const [from, to] of normalRanges(ranges, this.lastUid)) {
      for (let i = this.firstFrom(from); i < this.count && this.at(i).uid <= to; i++)
        indexes.push(i);
    }
    return indexes;
  }
}
