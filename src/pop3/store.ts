/** What a server asks of those who keep the mail: a `MailStore` is one. */
import type { Account, Folder, MessageEntry } from '../mail/index.ts';
import type { SaslUsers } from '../sasl/index.ts';

export interface Pop3Store {
  /** Who may sign in. */
  readonly users: SaslUsers;
  accounts(): readonly Account[];
  /** By the name that has signed in. */
  account(name: string): Account | undefined;
  /** The password itself, where it is kept: for APOP. */
  secretOf(name: string): string | undefined;
  open(account: Account): Pop3Account;
}

export interface Pop3Account {
  folder(path: string): Folder | undefined;
  entries(folder: Folder): readonly MessageEntry[];
  bytes(content: number): Uint8Array;
  pieces(content: number): Iterable<Uint8Array>;
  /** Resolves when it is durable. */
  expunge(folder: Folder, uids: readonly number[]): Promise<unknown>;
  /** Gives what ends it; undefined: somebody else has it. */
  lock(what: string): (() => void) | undefined;
}
