/** Changes of messages, within a transaction. */
import { FOLDER_MESSAGES_LIMIT, GONE_LIMIT } from '../defaults.ts';
import { mailError, overLimit } from '../errors.ts';
import { baseSubject } from '../summary/base-subject.ts';
import { type Ties, tiesOf } from '../summary/ties.ts';
import type { CopyResult, FlagChange, Folder, MessageEntry } from '../types.ts';
import { changedFlags, flagSet } from './flags.ts';
import type { AccountState, StoreState } from './store-state.ts';
import type { StoredFolder } from './tables.ts';
import type { MailTransaction } from './transaction.ts';

/** References that find a conversation: the oldest, and those that are near. */
const THREAD_KEYS = 8;

export interface NewMessage {
  readonly content: number;
  readonly flags: readonly string[];
  readonly received: number;
}

/** INBOX without regard to case. Throws MAIL_NO_FOLDER, MAIL_NOT_SELECTABLE. */
export function folderAt(state: StoreState, account: AccountState, path: string): StoredFolder {
  const wanted = path.toUpperCase() === 'INBOX' ? 'INBOX' : path;
  for (const folder of state.folders(account).values()) {
    if (folder.path !== wanted) continue;
    if (folder.selectable) return folder;
    throw mailError('MAIL_NOT_SELECTABLE', `${path} is a name with folders below it, no folder`);
  }
  throw mailError('MAIL_NO_FOLDER', `There is no folder ${path}`);
}

/** Throws MAIL_OVER_QUOTA, or LimitError MAIL_LIMIT. */
export function addMessage(
  tx: MailTransaction,
  account: AccountState,
  folder: StoredFolder,
  { content, flags, received }: NewMessage,
): MessageEntry {
  const id = ++tx.state.counters.message;
  const set = flagSet(flags);
  tx.show(content);
  const thread = threadOf(tx, account.stored.id, id, tiesOf(tx.beginning(content)));
  const size = tx.size(content);
  return place(tx, account, folder, { id, flags: set, received, size, content, thread });
}

type Placed = Pick<MessageEntry, 'id' | 'flags' | 'received' | 'size' | 'content' | 'thread'>;

/** A message that is new to the account takes the next UID of a folder. */
function place(
  tx: MailTransaction,
  account: AccountState,
  folder: StoredFolder,
  message: Placed,
): MessageEntry {
  takeSpace(tx, account, message.size);
  const modSeq = tx.modSeq(account);
  const uid = nextUid(tx, account, folder.id, modSeq);
  const entry: MessageEntry = { ...message, folder: folder.id, uid, modSeq };
  tx.state.tables.messages.put({ ...entry, account: account.stored.id, created: modSeq });
  tx.hold(message.content);
  joined(tx, entry);
  return entry;
}

function nextUid(tx: MailTransaction, account: AccountState, id: number, modSeq: number): number {
  const folder = tx.state.folders(account).get(id) as StoredFolder;
  const { uidNext } = folder;
  tx.state.putFolder(account, { ...folder, uidNext: uidNext + 1, highestModSeq: modSeq });
  return uidNext;
}

function joined(tx: MailTransaction, entry: MessageEntry): void {
  tx.state.knownIndex(entry.folder)?.add(entry);
  tx.change(entry.folder).added.push(entry);
}

function takeSpace(tx: MailTransaction, account: AccountState, size: number): void {
  checkSpace(account, size, 1);
  const { used, messages } = account.stored;
  const stored = { ...account.stored, used: used + size, messages: messages + 1 };
  tx.state.putAccount(account, stored);
}

/** Throws MAIL_OVER_QUOTA, or LimitError MAIL_LIMIT: before anything is changed it costs nothing. */
export function checkSpace(account: AccountState, size: number, count: number): void {
  const { used, messages, quota, name } = account.stored;
  if (quota !== undefined && used + size > quota) {
    throw mailError('MAIL_OVER_QUOTA', `${name} has no room for ${size} bytes more`, {
      spec: 'RFC 9208 §4.1',
    });
  }
  if (messages + count > FOLDER_MESSAGES_LIMIT) {
    throw overLimit(`${name} has too many messages`, FOLDER_MESSAGES_LIMIT);
  }
}

/** The conversation of messages that name each other and share a subject (RFC 8621 §3). */
function threadOf(tx: MailTransaction, account: number, id: number, ties: Ties): number {
  const { references, messageId } = ties;
  const near = references.length < THREAD_KEYS ? references : references.slice(1 - THREAD_KEYS);
  const names = new Set([...references.slice(0, 1), ...near]);
  if (messageId !== undefined) names.add(messageId);
  if (names.size === 0) return id;
  const subject = baseSubject(ties.subject);
  const keys = [...names].map((name) => `${name} ${subject}`);
  return tx.state.tables.threads.join(account, keys, id);
}

/** Those of the UIDs that are there. */
export function entriesOf(
  state: StoreState,
  folder: number,
  uids: readonly number[],
): MessageEntry[] {
  const index = state.index(folder);
  return uids.flatMap((uid) => index.at(uid) ?? []);
}

export function copyMessages(
  tx: MailTransaction,
  account: AccountState,
  from: Folder,
  uids: readonly number[],
  to: Folder,
): CopyResult {
  const target = folderAt(tx.state, account, tx.state.folder(account, to).path);
  const entries = entriesOf(tx.state, tx.state.folder(account, from).id, uids);
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  checkSpace(account, total, entries.length);
  const copies = entries.map(({ flags, received, size, content, thread }) => {
    const id = ++tx.state.counters.message;
    return place(tx, account, target, { id, flags, received, size, content, thread });
  });
  return { from: entries, to: copies };
}

/** The messages keep their ids (RFC 8621 §4.1.1) and take new UIDs (RFC 6851 §3.3). */
export function moveMessages(
  tx: MailTransaction,
  account: AccountState,
  from: Folder,
  uids: readonly number[],
  to: Folder,
): CopyResult {
  const target = folderAt(tx.state, account, tx.state.folder(account, to).path);
  const source = tx.state.folder(account, from);
  const entries = entriesOf(tx.state, source.id, uids);
  if (entries.length === 0) return { from: [], to: [] };
  const modSeq = tx.modSeq(account);
  leave(tx, account, source.id, entries, modSeq, false);
  const moved = entries.map((entry) => {
    const uid = nextUid(tx, account, target.id, modSeq);
    const there: MessageEntry = { ...entry, folder: target.id, uid, modSeq };
    tx.state.tables.messages.change(there);
    joined(tx, there);
    return there;
  });
  return { from: entries, to: moved };
}

export function expungeMessages(
  tx: MailTransaction,
  account: AccountState,
  from: Folder,
  uids: readonly number[],
): readonly number[] {
  const { id } = tx.state.folder(account, from);
  const entries = entriesOf(tx.state, id, uids);
  removeMessages(tx, account, id, entries);
  return entries.map(({ uid }) => uid);
}

/** They leave the account. */
export function removeMessages(
  tx: MailTransaction,
  account: AccountState,
  folder: number,
  entries: readonly MessageEntry[],
): void {
  if (entries.length === 0) return;
  leave(tx, account, folder, entries, tx.modSeq(account), true);
  const { messages, threads } = tx.state.tables;
  const { id, used, messages: count } = account.stored;
  let size = 0;
  for (const entry of entries) {
    messages.remove(entry.id);
    tx.release(entry.content);
    size += entry.size;
    if (messages.ofThread(id, entry.thread).length === 0) threads.remove(id, entry.thread);
  }
  const stored = { ...account.stored, used: used - size, messages: count - entries.length };
  tx.state.putAccount(account, stored);
}

function leave(
  tx: MailTransaction,
  account: AccountState,
  folder: number,
  entries: readonly MessageEntry[],
  modSeq: number,
  forGood: boolean,
): void {
  const { gone } = tx.state.tables;
  const { id: owner } = account.stored;
  for (const { uid, id } of entries) {
    gone.add({ account: owner, folder, uid, message: forGood ? id : undefined, modSeq });
    tx.change(folder).removed.push(uid);
  }
  tx.state.knownIndex(folder)?.remove(entries);
  const stored = tx.state.folders(account).get(folder) as StoredFolder;
  tx.state.putFolder(account, { ...stored, highestModSeq: modSeq });
  if (gone.count(owner) <= 2 * GONE_LIMIT) return;
  const goneFloor = gone.prune(owner, GONE_LIMIT);
  tx.state.putAccount(account, { ...account.stored, goneFloor });
}

export interface FlagsChanged {
  readonly changed: readonly MessageEntry[];
  /** UIDs left alone, since they were changed meanwhile. */
  readonly modified: readonly number[];
}

export function changeFlags(
  tx: MailTransaction,
  account: AccountState,
  { id, path }: Folder,
  uids: readonly number[],
  how: FlagChange,
  flags: readonly string[],
  unchangedSince: number = Number.MAX_SAFE_INTEGER,
): FlagsChanged {
  const folder = tx.state.folder(account, { id, path });
  const named = flagSet(flags);
  const index = tx.state.index(folder.id);
  const changed: MessageEntry[] = [];
  const modified: number[] = [];
  for (const entry of entriesOf(tx.state, folder.id, uids)) {
    if (entry.modSeq > unchangedSince) {
      modified.push(entry.uid);
      continue;
    }
    const after = changedFlags(entry.flags, how, named);
    if (after === entry.flags) continue;
    const next: MessageEntry = { ...entry, flags: after, modSeq: tx.modSeq(account) };
    index.replace(next);
    tx.state.tables.messages.change(next);
    changed.push(next);
  }
  if (changed.length > 0) {
    tx.change(folder.id).changed.push(...changed);
    const now = tx.state.folders(account).get(folder.id) as StoredFolder;
    tx.state.putFolder(account, { ...now, highestModSeq: tx.modSeq(account) });
  }
  return { changed, modified };
}
