/** The messages of one folder by UID, as all its sessions share them. */
import type { Flags, MessageEntry } from '../types.ts';

export class FolderIndex {
  private list: MessageEntry[];
  /** Somebody holds the list: it must not change any more. */
  private handedOut = false;
  unseen = 0;
  deleted = 0;
  size = 0;

  constructor(entries: MessageEntry[]) {
    this.list = entries;
    for (const entry of entries) this.count(entry, 1);
  }

  get length(): number {
    return this.list.length;
  }

  entries(): readonly MessageEntry[] {
    this.handedOut = true;
    return this.list;
  }

  at(uid: number): MessageEntry | undefined {
    const entry = this.list[this.position(uid)];
    return entry?.uid === uid ? entry : undefined;
  }

  add(entry: MessageEntry): void {
    this.own();
    this.list.push(entry);
    this.count(entry, 1);
  }

  replace(entry: MessageEntry): void {
    this.own();
    const position = this.position(entry.uid);
    this.count(this.list[position] as MessageEntry, -1);
    this.list[position] = entry;
    this.count(entry, 1);
  }

  remove(entries: readonly MessageEntry[]): void {
    const gone = new Set(entries.map(({ uid }) => uid));
    for (const entry of entries) this.count(entry, -1);
    this.list = this.list.filter(({ uid }) => !gone.has(uid));
    this.handedOut = false;
  }

  private own(): void {
    if (this.handedOut) this.list = this.list.slice();
    this.handedOut = false;
  }

  /** Where the UID is, or would be. */
  private position(uid: number): number {
    let [low, high] = [0, this.list.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.list[middle] as MessageEntry).uid < uid) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private count({ flags, size }: MessageEntry, by: 1 | -1): void {
    if (!has(flags, '\\Seen')) this.unseen += by;
    if (has(flags, '\\Deleted')) this.deleted += by;
    this.size += by * size;
  }
}

function has(flags: Flags, flag: string): boolean {
  return flags.includes(flag);
}
