/** What a server remembers of its visitors. Times are milliseconds since 1970 (UTC). */

/** What JSON can say. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

export type SessionData = Readonly<Record<string, Json>>;

/** One row of the database. */
export interface SessionEntry {
  /** What the cookie holds. */
  readonly id: string;
  readonly created: number;
  /** When the visitor was last here, to the minute. */
  readonly seen: number;
  readonly expires: number;
  readonly data: SessionData;
}

/** Where entries are kept. */
export interface SessionStore {
  load(id: string): Promise<SessionEntry | undefined>;
  /** Durable when it resolves. `replaces` is the id under which it was kept before: both in one step. */
  save(entry: SessionEntry, replaces?: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** All of them, those seen last first. */
  entries(limit: number): Promise<readonly SessionEntry[]>;
  /** Removes what expired before `now`, and of the rest those not seen for longest above `keep`. */
  prune(now: number, keep: number): Promise<void>;
}

/** Numbers that only grow, by name: the step of the last one-time code of a user, for example. */
export interface CounterStore {
  /** Takes `value` when it is above what is kept; false otherwise. Durable when it resolves. */
  advance(name: string, value: number): Promise<boolean>;
}
