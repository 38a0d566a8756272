/** What a store of mail is made of: rows, changed in commits that hold entirely or not at all. All of it is synchronous. */
import type { Account, Facts, Folder, MessageEntry, Secrets, Summary } from '../types.ts';

export interface StoredAccount extends Account {
  readonly secrets: Secrets | undefined;
  /** Of the last change of anything, and of the folders. */
  readonly modSeq: number;
  readonly foldersModSeq: number;
  /** Bytes, and how many messages they are. */
  readonly used: number;
  readonly messages: number;
  /** What went before this is forgotten. */
  readonly goneFloor: number;
}

export interface StoredFolder extends Folder {
  readonly uidNext: number;
  readonly highestModSeq: number;
  /** UIDs from here on were shown to no session (RFC 3501 §2.3.2). */
  readonly recentFrom: number;
}

export interface StoredMessage extends MessageEntry {
  readonly account: number;
  /** The change that brought it into the account. */
  readonly created: number;
}

/** A message that left a folder; `message` where it left the account too. */
export interface Gone {
  readonly account: number;
  readonly folder: number;
  readonly uid: number;
  readonly message: number | undefined;
  readonly modSeq: number;
}

/** Bytes: pieces of its own, and behind them those of another content. */
export interface StoredContent {
  readonly id: number;
  /** With those of its base. */
  readonly size: number;
  /** Bytes of its own. */
  readonly own: number;
  readonly base: number | undefined;
  /** Messages, contents and queued mail that need it. */
  readonly holders: number;
}

/** The last numbers that were given out. */
export interface Counters {
  account: number;
  folder: number;
  message: number;
  content: number;
  uidValidity: number;
}

export interface ChangedMessage {
  readonly id: number;
  readonly created: number;
  readonly modSeq: number;
}

export interface MailTables {
  /**
   * All of `work` or nothing. It holds when the process dies, and after `sync` when the power fails. Throws what `work` throws, and FileError
   * FILE_NO_SPACE: nothing was changed then. Reads inside see what was written inside.
   */
  commit(work: () => void): void;
  /** What was committed is on the disk when it resolves; undefined where it is already. `alone`: nobody is kept waiting meanwhile. */
  sync(alone: boolean): Promise<void> | undefined;
  counters(): Counters;
  putCounters(counters: Counters): void;
  readonly accounts: AccountTable;
  readonly folders: FolderTable;
  readonly messages: MessageTable;
  readonly gone: GoneTable;
  readonly threads: ThreadTable;
  readonly contents: ContentTable;
  readonly texts: TextTable;
}

export interface AccountTable {
  all(): StoredAccount[];
  put(account: StoredAccount): void;
  /** With its folders, messages, and all that is known of them; contents are the caller's. */
  remove(id: number): void;
}

export interface FolderTable {
  of(account: number): StoredFolder[];
  put(folder: StoredFolder): void;
  remove(id: number): void;
}

export interface MessageTable {
  /** By UID. */
  of(folder: number): MessageEntry[];
  byId(account: number, id: number): MessageEntry | undefined;
  ofThread(account: number, thread: number): MessageEntry[];
  /** Takes the place of the one with its id. */
  put(message: StoredMessage): void;
  /** The same message elsewhere, or with other flags. */
  change(entry: MessageEntry): void;
  remove(id: number): void;
  changedSince(account: number, modSeq: number): ChangedMessage[];
}

export interface GoneTable {
  add(gone: Gone): void;
  /** UIDs that left a folder after `modSeq`, ascending. */
  vanished(folder: number, modSeq: number): number[];
  /** Ids of messages that left the account after `modSeq`. */
  destroyed(account: number, modSeq: number): number[];
  count(account: number): number;
  /** Forgets all but the newest `keep`; returns the last change that is forgotten. */
  prune(account: number, keep: number): number;
}

/** Conversations by what their messages name: a key is a message's name and its subject. */
export interface ThreadTable {
  /** The conversation that one of the keys leads to, or else `thread`; all of them lead to it from now on. */
  join(account: number, keys: readonly string[], thread: number): number;
  remove(account: number, thread: number): void;
}

export interface ContentTable {
  get(id: number): StoredContent | undefined;
  /** A new one; `shown`: it is a message of a folder, to be found by its text. */
  put(content: StoredContent, shown: boolean): void;
  /** One that is there already becomes a message of a folder. */
  show(id: number): void;
  hold(id: number, by: number): void;
  remove(id: number): void;
  piece(id: number, index: number): Uint8Array | undefined;
  putPiece(id: number, index: number, bytes: Uint8Array): void;
  /** Pieces without a content: of messages that were never finished. */
  removeStrays(): void;
  summary(id: number): Summary | undefined;
  /** In a commit or outside; it may be lost, and made again from the bytes. */
  keepSummary(id: number, summary: Summary): void;
  facts(ids: readonly number[]): Map<number, Facts>;
}

/** Full-text search: which messages may have a text. */
export interface TextTable {
  /** Contents of messages in folders that are not indexed yet. */
  missing(limit: number): number[];
  /** Of a text that is not whole nothing can be said: it is always a candidate. */
  add(content: number, text: string, isWhole: boolean): void;
  remove(content: number): void;
  /** All that have it, and perhaps some that don't; undefined: no idea. */
  candidates(text: string): Set<number> | undefined;
}
