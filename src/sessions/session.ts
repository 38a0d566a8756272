import { utf8 } from '../lib/bytes.ts';
import { DATA_LIMIT } from './defaults.ts';
import { entryTooLarge } from './errors.ts';
import type { Json, SessionData, SessionEntry } from './types.ts';

/** What a handler sees of its visitor. Changes are kept when the answer goes out. */
export class Session {
  readonly created: number;
  /** The visit before this one; undefined at the first. */
  readonly seenBefore: number | undefined;
  private readonly newId: () => string;
  private currentId: string;
  private previousId: string | undefined;
  private values: SessionData;
  private state: 'clean' | 'changed' | 'removed' = 'clean';

  constructor(entry: SessionEntry, newId: () => string, isNew: boolean) {
    this.created = entry.created;
    this.seenBefore = isNew ? undefined : entry.seen;
    this.currentId = entry.id;
    this.values = entry.data;
    this.newId = newId;
  }

  get id(): string {
    return this.currentId;
  }

  get isNew(): boolean {
    return this.seenBefore === undefined;
  }

  get data(): SessionData {
    return this.values;
  }

  get(key: string): Json | undefined {
    return Object.hasOwn(this.values, key) ? this.values[key] : undefined;
  }

  /** Throws LimitError SESSION_TOO_LARGE; the entry then stays as it was. */
  set(key: string, value: Json | undefined): void {
    const { [key]: _, ...rest } = this.values;
    const next = value === undefined ? rest : { ...rest, [key]: value };
    if (utf8(JSON.stringify(next)).length > DATA_LIMIT) throw entryTooLarge(DATA_LIMIT);
    this.values = next;
    if (this.state === 'clean') this.state = 'changed';
  }

  /** A new identifier for the same entry, after signing in: who knew the old one knows nothing now. */
  renew(): void {
    this.previousId ??= this.currentId;
    this.currentId = this.newId();
    if (this.state === 'clean') this.state = 'changed';
  }

  /** Forgets the visitor: the entry and the cookie go. */
  remove(): void {
    this.state = 'removed';
  }

  /** What is to be done about it; asking again says `clean` until something changes. */
  takeChange(): {
    readonly kind: 'clean' | 'changed' | 'removed';
    readonly replaces: string | undefined;
  } {
    const change = { kind: this.state, replaces: this.previousId };
    if (this.state === 'changed') this.state = 'clean';
    this.previousId = undefined;
    return change;
  }
}
