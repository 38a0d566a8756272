/** One change of a store, within a commit: all of it or nothing. */

import { concat, EMPTY } from '../../lib/bytes.ts';
import { calendar } from '../../net/index.ts';
import { PIECE_SIZE } from '../defaults.ts';
import { mailError } from '../errors.ts';
import type { Account, MessageEntry, Staged } from '../types.ts';
import { addMessage, folderAt } from './messages.ts';
import type { StagedMessage } from './staging.ts';
import type { AccountState, StoreState } from './store-state.ts';
import type { StoredContent } from './tables.ts';

export interface DeliverOptions {
  /** Default: INBOX. */
  readonly folder?: string;
  readonly flags?: readonly string[];
  readonly received?: number;
  /** Lines before the message: Return-Path, Delivered-To. */
  readonly prefix?: Uint8Array;
}

interface Change {
  added: MessageEntry[];
  changed: MessageEntry[];
  removed: number[];
}

/** Synchronous, and good only while the work that was given it runs. */
export class MailTransaction {
  readonly state: StoreState;
  private readonly modSeqs = new Map<AccountState, number>();
  private readonly holders = new Map<number, number>();
  /** Contents that this change makes: their rows are written when it is known who holds them. */
  private readonly fresh = new Map<number, StoredContent>();
  /** The bytes of those that were small. */
  private readonly wholes = new Map<number, Uint8Array>();
  private readonly taken = new Map<Staged, number>();
  private readonly changes = new Map<number, Change>();
  /** Those that are messages of a folder. */
  private readonly shown = new Set<number>();
  private by: unknown;
  /** Something was changed: what goes wrong from here on takes the commit with it. */
  touched = false;

  constructor(state: StoreState) {
    this.state = state;
  }

  get now(): number {
    return Math.floor(calendar(this.state.host.clock));
  }

  /** Who does it, for those who are told. */
  as(by: unknown): void {
    this.by = by;
  }

  /** Puts a message in an account. Throws MAIL_OVER_QUOTA, MAIL_NO_FOLDER. */
  deliver(content: number, account: Account, options: DeliverOptions = {}): MessageEntry {
    const state = this.state.account(account.id);
    const { folder: path = 'INBOX', flags = [], received = this.now, prefix = EMPTY } = options;
    const folder = folderAt(this.state, state, path);
    const whole = prefix.length === 0 ? content : this.derive(content, prefix);
    const entry = addMessage(this, state, folder, { content: whole, flags, received });
    if (whole !== content) this.release(whole);
    return entry;
  }

  /** The content of a message that came in, behind `prefix`. The caller holds it. */
  content(staged: Staged, prefix: Uint8Array = EMPTY): number {
    const known = this.taken.get(staged);
    if (known !== undefined) {
      this.hold(known);
      return known;
    }
    const id = this.take(staged as StagedMessage, prefix);
    this.taken.set(staged, id);
    return id;
  }

  hold(content: number): void {
    this.touched = true;
    this.holders.set(content, (this.holders.get(content) ?? 0) + 1);
  }

  /** Who held it needs it no more; the last one takes it away. */
  release(content: number): void {
    this.holders.set(content, (this.holders.get(content) ?? 0) - 1);
  }

  /** Throws MAIL_GONE. */
  size(content: number): number {
    return this.row(content).size;
  }

  /** It is a message of a folder now: what is known of it, and its text, are found. */
  show(content: number): void {
    if (this.fresh.has(content)) this.shown.add(content);
    else this.state.tables.contents.show(content);
  }

  /** How a message begins, without lines of trace that were put before it. Throws MAIL_GONE. */
  beginning(content: number): Uint8Array {
    const { id, base } = this.row(content);
    if (base !== undefined) return this.beginning(base);
    return this.wholes.get(id) ?? this.state.tables.contents.piece(id, 0) ?? EMPTY;
  }

  newContentId(): number {
    return ++this.state.counters.content;
  }

  putPiece(content: number, index: number, bytes: Uint8Array): void {
    this.touched = true;
    this.state.tables.contents.putPiece(content, index, bytes);
  }

  /** Of a message that never became a content. */
  removePieces(content: number): void {
    if (!this.state.tables.contents.get(content)) this.state.tables.contents.remove(content);
  }

  /** The number of this change in an account. */
  modSeq(account: AccountState): number {
    const known = this.modSeqs.get(account);
    if (known !== undefined) return known;
    this.touched = true;
    const modSeq = account.stored.modSeq + 1;
    this.modSeqs.set(account, modSeq);
    this.state.putAccount(account, { ...account.stored, modSeq });
    return modSeq;
  }

  /** The folders of an account are others now. */
  touchFolders(account: AccountState): void {
    const foldersModSeq = this.modSeq(account);
    if (account.stored.foldersModSeq === foldersModSeq) return;
    this.state.putAccount(account, { ...account.stored, foldersModSeq });
    this.state.announce(account, { type: 'folders' });
  }

  /** What is told of a folder when all this is durable. */
  change(folder: number): Change {
    const known = this.changes.get(folder);
    if (known) return known;
    const change: Change = { added: [], changed: [], removed: [] };
    this.changes.set(folder, change);
    return change;
  }

  /** The end of the work. */
  finish(): void {
    this.settleHolders();
    for (const [folder, change] of this.changes) {
      const account = this.accountOf(folder);
      if (!account) continue;
      const removed = change.removed.sort((a, b) => a - b);
      const told = { ...change, type: 'messages', folder, removed, by: this.by } as const;
      this.state.announce(account, told);
    }
  }

  private accountOf(folder: number): AccountState | undefined {
    for (const account of this.modSeqs.keys()) {
      if (account.folders?.has(folder)) return account;
    }
    return undefined;
  }

  /** Contents that nobody needs go, and let go of what they build on. */
  private settleHolders(): void {
    const { contents, texts } = this.state.tables;
    for (const [id, content] of this.fresh) {
      const holders = this.holders.get(id) ?? 0;
      contents.put({ ...content, holders }, this.shown.has(id));
      if (this.holders.get(id)) this.holders.delete(id);
    }
    for (const [id, by] of this.holders) if (by !== 0) contents.hold(id, by);
    const looked = [...this.holders.keys()];
    this.holders.clear();
    for (let id = looked.pop(); id !== undefined; id = looked.pop()) {
      const row = contents.get(id);
      if (!row || row.holders > 0) continue;
      contents.remove(id);
      texts.remove(id);
      if (row.base === undefined) continue;
      contents.hold(row.base, -1);
      looked.push(row.base);
    }
  }

  private take({ content, stored, rest, size }: StagedMessage, prefix: Uint8Array): number {
    const isWhole = content === undefined;
    const { contents } = this.state.tables;
    if (!isWhole && contents.get(content)) {
      this.hold(content);
      return content;
    }
    const id = content ?? this.newContentId();
    const last = concat(isWhole && prefix.length > 0 ? [prefix, ...rest] : rest);
    this.putPieces(id, stored, last);
    const own = isWhole ? last.length : size;
    this.fresh.set(id, { id, size: own, own, base: undefined, holders: 0 });
    if (isWhole) this.wholes.set(id, last);
    this.hold(id);
    if (isWhole || prefix.length === 0) return id;
    const derived = this.derive(id, prefix);
    this.release(id);
    return derived;
  }

  private putPieces(content: number, first: number, bytes: Uint8Array): void {
    for (let at = 0, index = first; at < bytes.length; at += PIECE_SIZE, index++) {
      this.putPiece(content, index, bytes.subarray(at, at + PIECE_SIZE));
    }
  }

  /** The bytes of `base` behind a prefix. The caller holds it. */
  private derive(base: number, prefix: Uint8Array): number {
    const id = this.newContentId();
    const own = prefix.length;
    this.putPiece(id, 0, prefix);
    this.fresh.set(id, { id, size: this.size(base) + own, own, base, holders: 0 });
    this.hold(id);
    this.hold(base);
    return id;
  }

  private row(content: number): StoredContent {
    const row = this.fresh.get(content) ?? this.state.tables.contents.get(content);
    if (!row) throw mailError('MAIL_GONE', 'The message is gone');
    return row;
  }
}
