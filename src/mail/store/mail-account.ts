/** One account's mail: folders and messages, read at once, changed durably. */
import type { Message } from '../../mime/index.ts';
import type {
  Account,
  AppendInit,
  CopyResult,
  Facts,
  FlagChange,
  FlagOptions,
  Folder,
  FolderStatus,
  MailChange,
  MessageEntry,
  Summary,
} from '../types.ts';
import { accountOf } from './accounts.ts';
import { contentBytes, contentPieces } from './contents.ts';
import {
  type CreateOptions,
  createFolder,
  findFolder,
  INBOX,
  removeFolder,
  renameFolder,
  subscribeFolder,
} from './folders.ts';
import {
  addMessage,
  changeFlags,
  checkSpace,
  copyMessages,
  expungeMessages,
  type FlagsChanged,
  folderAt,
  moveMessages,
} from './messages.ts';
import type { ParsedMessages } from './parsed-messages.ts';
import type { AccountState, StoreState } from './store-state.ts';
import { factsOf, summaryOf } from './summaries.ts';

/** Who makes a change, as it is told to those who watch. */
export interface By {
  readonly by?: unknown;
}

/** Ids of messages. */
export interface MessageChanges {
  readonly created: readonly number[];
  readonly updated: readonly number[];
  readonly destroyed: readonly number[];
}

export interface QuotaUse {
  /** Bytes. */
  readonly used: number;
  readonly limit: number | undefined;
  readonly messages: number;
}

/** What it reads is what is committed. Folders that are gone throw MAIL_NO_FOLDER. */
export class MailAccount {
  private readonly state: StoreState;
  private readonly self: AccountState;
  private readonly parsed: ParsedMessages;

  constructor(state: StoreState, self: AccountState, parsed: ParsedMessages) {
    this.state = state;
    this.self = self;
    this.parsed = parsed;
  }

  get account(): Account {
    return accountOf(this.self.stored);
  }

  /** INBOX first, then by path. */
  folders(): readonly Folder[] {
    const folders = [...this.state.folders(this.self).values()];
    const key = ({ path }: Folder): string => (path === INBOX ? '' : path);
    return folders.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  }

  /** INBOX without regard to case. */
  folder(path: string): Folder | undefined {
    return findFolder(this.state, this.self, path);
  }

  status(folder: Folder): FolderStatus {
    const { id, uidNext, highestModSeq } = this.state.folder(this.self, folder);
    const { length: messages, unseen, deleted, size } = this.state.index(id);
    return { messages, unseen, deleted, size, uidNext, highestModSeq };
  }

  /** By UID; not to be changed. */
  entries(folder: Folder): readonly MessageEntry[] {
    return this.state.index(this.state.folder(this.self, folder).id).entries();
  }

  entry(folder: Folder, uid: number): MessageEntry | undefined {
    return this.state.index(this.state.folder(this.self, folder).id).at(uid);
  }

  byId(id: number): MessageEntry | undefined {
    return this.state.tables.messages.byId(this.self.stored.id, id);
  }

  /** All of a conversation, the oldest first. */
  thread(id: number): readonly MessageEntry[] {
    const entries = this.state.tables.messages.ofThread(this.self.stored.id, id);
    return entries.sort((a, b) => a.received - b.received || a.id - b.id);
  }

  /** Throws MAIL_GONE. */
  summary(content: number): Summary {
    return summaryOf(this.state.tables.contents, content);
  }

  facts(contents: readonly number[]): Map<number, Facts> {
    return factsOf(this.state.tables.contents, contents);
  }

  /** The whole message as it is. Throws MAIL_GONE. */
  bytes(content: number): Uint8Array {
    return contentBytes(this.state.tables.contents, content);
  }

  /** The same in pieces of 256 KiB at most. */
  pieces(content: number): Iterable<Uint8Array> {
    return contentPieces(this.state.tables.contents, content);
  }

  /** Parsed; the last few are kept. Throws MAIL_GONE. */
  message(content: number): Message {
    return this.parsed.get(content);
  }

  /** The first UID that no session has been shown; the next caller finds fewer, unless this one only looks (RFC 3501 §2.3.2). */
  recent(folder: Folder, { take = true }: { readonly take?: boolean } = {}): number {
    const stored = this.state.folder(this.self, folder);
    const { recentFrom, uidNext } = stored;
    if (take && recentFrom !== uidNext) {
      this.state.putFolder(this.self, { ...stored, recentFrom: uidNext });
    }
    return recentFrom;
  }

  /** UIDs that left a folder after that; undefined: it is too long ago to know. */
  vanished(folder: Folder, sinceModSeq: number): readonly number[] | undefined {
    if (sinceModSeq < this.self.stored.goneFloor) return undefined;
    return this.state.tables.gone.vanished(folder.id, sinceModSeq);
  }

  /** Contents that may have a text; undefined: all may. */
  candidates(text: string): ReadonlySet<number> | undefined {
    return this.state.tables.texts.candidates(text);
  }

  /** Of the last change of anything. */
  get modSeq(): number {
    return this.self.stored.modSeq;
  }

  get foldersModSeq(): number {
    return this.self.stored.foldersModSeq;
  }

  /** Ids of messages (RFC 8620 §5.2); undefined: it is too long ago to know. */
  changesSince(modSeq: number): MessageChanges | undefined {
    const { id, goneFloor } = this.self.stored;
    if (modSeq < goneFloor) return undefined;
    const changed = this.state.tables.messages.changedSince(id, modSeq);
    const isNew = ({ created }: { created: number }): boolean => created > modSeq;
    return {
      created: changed.filter(isNew).map((message) => message.id),
      updated: changed.filter((message) => !isNew(message)).map((message) => message.id),
      destroyed: this.state.tables.gone.destroyed(id, modSeq),
    };
  }

  quota(): QuotaUse {
    const { used, quota, messages } = this.self.stored;
    return { used, limit: quota, messages };
  }

  /** All of them or none. Rejects with MAIL_OVER_QUOTA, MAIL_NOT_SELECTABLE. */
  append(
    folder: Folder,
    messages: readonly AppendInit[],
    { by }: By = {},
  ): Promise<readonly MessageEntry[]> {
    return this.state.write((tx) => {
      tx.as(by);
      const target = folderAt(this.state, this.self, this.state.folder(this.self, folder).path);
      const size = messages.reduce((sum, { staged }) => sum + staged.size, 0);
      checkSpace(this.self, size, messages.length);
      return messages.map(({ staged, flags = [], received = tx.now }) => {
        const content = tx.content(staged);
        const entry = addMessage(tx, this.self, target, { content, flags, received });
        tx.release(content);
        return entry;
      });
    });
  }

  copy(from: Folder, uids: readonly number[], to: Folder, { by }: By = {}): Promise<CopyResult> {
    return this.state.write((tx) => {
      tx.as(by);
      return copyMessages(tx, this.self, from, uids, to);
    });
  }

  /** Messages keep their ids. */
  move(from: Folder, uids: readonly number[], to: Folder, { by }: By = {}): Promise<CopyResult> {
    return this.state.write((tx) => {
      tx.as(by);
      return moveMessages(tx, this.self, from, uids, to);
    });
  }

  changeFlags(
    folder: Folder,
    uids: readonly number[],
    how: FlagChange,
    flags: readonly string[],
    { by, unchangedSince }: FlagOptions = {},
  ): Promise<FlagsChanged> {
    return this.state.write((tx) => {
      tx.as(by);
      return changeFlags(tx, this.self, folder, uids, how, flags, unchangedSince);
    });
  }

  /** Those that were there. */
  expunge(folder: Folder, uids: readonly number[], { by }: By = {}): Promise<readonly number[]> {
    return this.state.write((tx) => {
      tx.as(by);
      return expungeMessages(tx, this.self, folder, uids);
    });
  }

  /** With those above it. Rejects with MAIL_FOLDER_EXISTS, MAIL_BAD_FOLDER_NAME. */
  createFolder(path: string, options: CreateOptions = {}): Promise<Folder> {
    return this.state.write((tx) => createFolder(tx, this.self, path, options));
  }

  /** With those below it; INBOX gives its messages away and stays (RFC 9051 §6.3.6). */
  renameFolder(from: string, to: string): Promise<void> {
    return this.state.write((tx) => renameFolder(tx, this.self, from, to));
  }

  removeFolder(path: string): Promise<void> {
    return this.state.write((tx) => removeFolder(tx, this.self, path));
  }

  subscribe(path: string, subscribed: boolean): Promise<void> {
    return this.state.write((tx) => subscribeFolder(tx, this.self, path, subscribed));
  }

  /** Told after each commit; returns what ends it. */
  watch(listener: (change: MailChange) => void): () => void {
    this.self.listeners.add(listener);
    return () => {
      this.self.listeners.delete(listener);
    };
  }

  /** One holder at a time, such as POP3's maildrop; undefined: somebody else has it. */
  lock(what: string): (() => void) | undefined {
    const { locks } = this.self;
    if (locks.has(what)) return undefined;
    locks.add(what);
    return () => {
      locks.delete(what);
    };
  }
}
