/** The mail of a host's accounts: durable when a change is answered, safe under several protocols at once. */
import type { Host } from '../../net/index.ts';
import type { SaslUsers } from '../../sasl/index.ts';
import { mailError } from '../errors.ts';
import type { Account, AccountInit, MailChange, Secrets, Staged, Staging } from '../types.ts';
import { accountOf, addAccount, changeAccount, removeAccount } from './accounts.ts';
import { contentPieces } from './contents.ts';
import { MailAccount } from './mail-account.ts';
import { ParsedMessages } from './parsed-messages.ts';
import { MessageStaging, stagedBytes } from './staging.ts';
import { type AccountState, StoreState } from './store-state.ts';
import type { MailTables } from './tables.ts';
import { TextIndexer } from './text-indexer.ts';
import type { DeliverOptions, MailTransaction } from './transaction.ts';
import { MailUsers, secretsOf } from './users.ts';

/** Where a message goes. */
export interface Delivery extends Omit<DeliverOptions, 'received'> {
  readonly account: Account;
}

export class MailStore {
  /** All mechanisms that the accounts' secrets allow, by login name or address. */
  readonly users: SaslUsers;
  private readonly state: StoreState;
  private readonly opened = new Map<AccountState, MailAccount>();
  private readonly parsed: ParsedMessages;
  private readonly indexer: TextIndexer;

  private constructor(host: Pick<Host, 'clock' | 'random'>, tables: MailTables) {
    this.state = new StoreState(host, tables);
    this.parsed = new ParsedMessages(tables.contents);
    this.indexer = new TextIndexer(this.state);
    const find = (user: string): AccountState | undefined => this.state.named(user);
    const random = host.random.fork('mail users');
    this.users = new MailUsers(find, { clock: host.clock, random });
  }

  /** One store at a time has the tables open. */
  static open(host: Pick<Host, 'clock' | 'random'>, tables: MailTables): MailStore {
    tables.commit(() => tables.contents.removeStrays());
    return new MailStore(host, tables);
  }

  accounts(): readonly Account[] {
    return [...this.state.accounts.values()].map(({ stored }) => accountOf(stored));
  }

  /** By login name, or by one of its addresses. */
  account(name: string): Account | undefined {
    const found = this.state.named(name);
    return found && accountOf(found.stored);
  }

  /** Whose address it is; `alice+lists` is Alice's too (RFC 5233). */
  accountFor({ local, domain }: { local: string; domain: string }): Account | undefined {
    const [base = local] = local.split('+');
    return this.account(`${local}@${domain}`) ?? this.account(`${base}@${domain}`);
  }

  /** With its first folders. Throws MAIL_ACCOUNT_EXISTS, MAIL_BAD_NAME. */
  async addAccount(init: AccountInit): Promise<Account> {
    const secrets = this.secrets(init);
    return this.write((tx) => addAccount(tx, init, secrets));
  }

  /** What is left out stays. Throws MAIL_NO_ACCOUNT, and what `addAccount` throws. */
  async changeAccount(name: string, change: Partial<AccountInit>): Promise<Account> {
    const secrets = this.secrets(change);
    return this.write((tx) => changeAccount(tx, this.find(name), change, secrets));
  }

  /** With all its mail. Throws MAIL_NO_ACCOUNT. */
  removeAccount(name: string): Promise<void> {
    return this.write((tx) => removeAccount(tx, this.find(name)));
  }

  /** The password itself, where the account keeps it: for APOP. */
  secretOf(name: string): string | undefined {
    return this.state.named(name)?.stored.secrets?.plain;
  }

  /** The same object for the same account. Throws MAIL_NO_ACCOUNT. */
  open(account: string | Account): MailAccount {
    const state = typeof account === 'string' ? this.find(account) : this.state.account(account.id);
    const known = this.opened.get(state);
    if (known) return known;
    const opened = new MailAccount(this.state, state, this.parsed);
    this.opened.set(state, opened);
    return opened;
  }

  /** A message on its way in; above `limit` bytes it throws LimitError MAIL_LIMIT. */
  stage({ limit }: { readonly limit?: number } = {}): Staging {
    return new MessageStaging(this.state, limit);
  }

  stageBytes(bytes: Uint8Array): Staged {
    return stagedBytes(bytes);
  }

  /** One message for several accounts, in one commit; its bytes are kept once. */
  deliver(staged: Staged, to: readonly Delivery[], received?: number): Promise<void> {
    return this.write((tx) => {
      const content = tx.content(staged);
      const when = received === undefined ? {} : { received };
      for (const { account, ...options } of to)
        tx.deliver(content, account, { ...options, ...when });
      tx.release(content);
    });
  }

  contentSize(content: number): number {
    return this.state.tables.contents.get(content)?.size ?? 0;
  }

  /** In pieces of 256 KiB at most. Throws MAIL_GONE. */
  contentPieces(content: number): Iterable<Uint8Array> {
    return contentPieces(this.state.tables.contents, content);
  }

  /** Told after each commit, of every account, also of those that are made later; returns what ends it. */
  watch(listener: (account: Account, change: MailChange) => void): () => void {
    const told = ({ stored }: AccountState, change: MailChange): void =>
      listener(accountOf(stored), change);
    this.state.listeners.add(told);
    return () => {
      this.state.listeners.delete(told);
    };
  }

  /** Runs `work` in the next commit, and resolves when it is on the disk. Rejects with what `work` throws, and FILE_NO_SPACE. */
  write<T>(work: (tx: MailTransaction) => T): Promise<T> {
    return this.state.write(work);
  }

  /** Commits what waits; nothing more is taken. */
  async close(): Promise<void> {
    this.indexer.close();
    await this.state.close();
  }

  private find(name: string): AccountState {
    const found = this.state.named(name);
    if (!found) throw mailError('MAIL_NO_ACCOUNT', `There is no account ${name}`);
    return found;
  }

  private secrets({ password, keepPassword = false }: Partial<AccountInit>): Secrets | undefined {
    if (password === undefined) return undefined;
    return secretsOf(password, keepPassword, this.state.host.random);
  }
}
