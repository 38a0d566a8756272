/** What a store has in memory of its tables, and how it is kept true to them. */
import type { Host } from '../../net/index.ts';
import { IDLE_ENTRIES } from '../defaults.ts';
import { mailError } from '../errors.ts';
import type { MailChange } from '../types.ts';
import { FolderIndex } from './folder-index.ts';
import { GroupCommit } from './group-commit.ts';
import type { Counters, MailTables, StoredAccount, StoredFolder } from './tables.ts';
import { MailTransaction } from './transaction.ts';

/** One account. */
export class AccountState {
  stored: StoredAccount;
  /** By id; undefined until they are asked for. */
  folders: Map<number, StoredFolder> | undefined;
  readonly listeners: Set<(change: MailChange) => void> = new Set();
  readonly locks: Set<string> = new Set();

  constructor(stored: StoredAccount) {
    this.stored = stored;
  }
}

type StateHost = Pick<Host, 'clock' | 'random'>;

export class StoreState {
  readonly host: StateHost;
  readonly tables: MailTables;
  readonly accounts: Map<number, AccountState> = new Map();
  /** Made when it is first needed after a change. */
  private names: Map<string, AccountState> | undefined;
  /** Folders whose messages are in memory, the least recently used first. */
  private readonly indexes = new Map<number, FolderIndex>();
  private readonly group: GroupCommit;
  counters: Counters;
  private readonly dirtyAccounts = new Set<AccountState>();
  private readonly dirtyFolders = new Map<number, StoredFolder>();
  /** Told after each commit. */
  onTold: () => void = () => {};
  /** Told of every account's changes, also of those that are made later. */
  readonly listeners: Set<(account: AccountState, change: MailChange) => void> = new Set();
  private changes: { readonly account: AccountState; readonly change: MailChange }[] = [];

  constructor(host: StateHost, tables: MailTables) {
    this.host = host;
    this.tables = tables;
    this.counters = tables.counters();
    this.loadAccounts();
    this.group = new GroupCommit({
      clock: host.clock,
      commit: (work) =>
        tables.commit(() => {
          work();
          this.writeDirty();
        }),
      sync: (alone) => tables.sync(alone),
      recover: () => this.recover(),
      done: () => this.tell(),
    });
  }

  /** Rejects with what `work` throws: it takes nobody else's change with it. */
  async write<T>(work: (tx: MailTransaction) => T): Promise<T> {
    const outcome = await this.group.write((): { value: T } | { refusal: unknown } => {
      const tx = new MailTransaction(this);
      try {
        const value = work(tx);
        tx.finish();
        return { value };
      } catch (refusal) {
        // A no before anything was changed needs no other commit.
        if (!tx.touched) return { refusal };
        throw refusal;
      }
    });
    if ('refusal' in outcome) throw outcome.refusal;
    return outcome.value;
  }

  close(): Promise<void> {
    return this.group.close();
  }

  /** Throws MAIL_NO_ACCOUNT. */
  account(id: number): AccountState {
    const account = this.accounts.get(id);
    if (!account) throw mailError('MAIL_NO_ACCOUNT', 'The account is gone');
    return account;
  }

  folders(account: AccountState): ReadonlyMap<number, StoredFolder> {
    account.folders ??= new Map(
      this.tables.folders.of(account.stored.id).map((folder) => [folder.id, folder]),
    );
    return account.folders;
  }

  /** As it is now. Throws MAIL_NO_FOLDER. */
  folder(account: AccountState, { id, path }: { id: number; path: string }): StoredFolder {
    const folder = this.folders(account).get(id);
    if (!folder) throw mailError('MAIL_NO_FOLDER', `There is no folder ${path} any more`);
    return folder;
  }

  index(folder: number): FolderIndex {
    const known = this.indexes.get(folder);
    const index = known ?? new FolderIndex(this.tables.messages.of(folder));
    this.indexes.delete(folder);
    this.indexes.set(folder, index);
    if (!known) this.forgetIdle();
    return index;
  }

  /** The index where it is in memory: a folder that nobody reads is not read to change it. */
  knownIndex(folder: number): FolderIndex | undefined {
    return this.indexes.get(folder);
  }

  dropIndex(folder: number): void {
    this.indexes.delete(folder);
  }

  /** By login name or address, without case. */
  named(name: string): AccountState | undefined {
    this.names ??= namesOf(this.accounts.values());
    return this.names.get(name.toLowerCase());
  }

  putAccount(account: AccountState, stored: StoredAccount): void {
    const { name, addresses } = account.stored;
    const isNew = !this.accounts.has(stored.id);
    if (isNew || stored.name !== name || stored.addresses !== addresses) this.names = undefined;
    account.stored = stored;
    this.accounts.set(stored.id, account);
    this.dirtyAccounts.add(account);
  }

  putFolder(account: AccountState, folder: StoredFolder): void {
    this.folders(account);
    account.folders?.set(folder.id, folder);
    this.dirtyFolders.set(folder.id, folder);
  }

  removeFolder(account: AccountState, id: number): void {
    account.folders?.delete(id);
    this.dirtyFolders.delete(id);
    this.indexes.delete(id);
    this.tables.folders.remove(id);
  }

  removeAccount(account: AccountState): void {
    for (const id of this.folders(account).keys()) {
      this.dirtyFolders.delete(id);
      this.indexes.delete(id);
    }
    this.dirtyAccounts.delete(account);
    this.names = undefined;
    this.accounts.delete(account.stored.id);
    this.tables.accounts.remove(account.stored.id);
  }

  /** Told when the commit is durable. */
  announce(account: AccountState, change: MailChange): void {
    this.changes.push({ account, change });
  }

  /** Rows that several changes of a commit touch are written once. */
  private writeDirty(): void {
    for (const { stored } of this.dirtyAccounts) this.tables.accounts.put(stored);
    for (const folder of this.dirtyFolders.values()) this.tables.folders.put(folder);
    this.tables.putCounters(this.counters);
    this.dirtyAccounts.clear();
    this.dirtyFolders.clear();
  }

  private tell(): void {
    const { changes } = this;
    this.changes = [];
    const failures: unknown[] = [];
    for (const { account, change } of changes) {
      for (const listener of [...account.listeners]) attempt(() => listener(change), failures);
      for (const listener of [...this.listeners]) {
        attempt(() => listener(account, change), failures);
      }
    }
    this.onTold();
    if (failures.length > 0) throw failures[0];
  }

  /** The commit failed: all is as the tables say. */
  private recover(): void {
    this.dirtyAccounts.clear();
    this.dirtyFolders.clear();
    this.changes = [];
    this.indexes.clear();
    this.counters = this.tables.counters();
    this.loadAccounts();
  }

  private loadAccounts(): void {
    this.names = undefined;
    const rows = new Map(this.tables.accounts.all().map((stored) => [stored.id, stored]));
    for (const id of [...this.accounts.keys()]) if (!rows.has(id)) this.accounts.delete(id);
    for (const stored of rows.values()) {
      const account = this.accounts.get(stored.id) ?? new AccountState(stored);
      account.stored = stored;
      account.folders = undefined;
      this.accounts.set(stored.id, account);
    }
  }

  private forgetIdle(): void {
    let total = 0;
    for (const index of this.indexes.values()) total += index.length;
    for (const [folder, index] of this.indexes) {
      if (total <= IDLE_ENTRIES || this.indexes.size === 1) return;
      this.indexes.delete(folder);
      total -= index.length;
    }
  }
}

function namesOf(accounts: Iterable<AccountState>): Map<string, AccountState> {
  const names = new Map<string, AccountState>();
  for (const account of accounts) {
    const { name, addresses } = account.stored;
    for (const one of [name, ...addresses]) names.set(one.toLowerCase(), account);
  }
  return names;
}

/** One that fails keeps nobody else from being told. */
function attempt(call: () => void, failures: unknown[]): void {
  try {
    call();
  } catch (error) {
    failures.push(error);
  }
}
