/** Changes of accounts, within a transaction. */
import { ADDRESSES_LIMIT } from '../defaults.ts';
import { mailError, overLimit } from '../errors.ts';
import type { Account, AccountInit, Secrets } from '../types.ts';
import { createFolder, FIRST_FOLDERS } from './folders.ts';
import { removeMessages } from './messages.ts';
import { AccountState, type StoreState } from './store-state.ts';
import type { StoredAccount } from './tables.ts';
import type { MailTransaction } from './transaction.ts';

/** What is shown of an account. */
export function accountOf(stored: StoredAccount): Account {
  const { id, name, addresses, title, quota } = stored;
  return { id, name, addresses, title, quota };
}

/** With its first folders. Throws MAIL_ACCOUNT_EXISTS, MAIL_BAD_NAME. */
export function addAccount(
  tx: MailTransaction,
  { name, addresses, title = '', quota }: AccountInit,
  secrets: Secrets | undefined,
): Account {
  const { state } = tx;
  checkNames(state, undefined, name, addresses);
  const id = ++state.counters.account;
  const counts = { modSeq: 0, foldersModSeq: 0, used: 0, messages: 0, goneFloor: 0 };
  const account = new AccountState({ id, name, addresses, title, quota, secrets, ...counts });
  account.folders = new Map();
  state.putAccount(account, account.stored);
  for (const [path, specialUse] of FIRST_FOLDERS) {
    createFolder(tx, account, path, { subscribed: true, ...(specialUse && { specialUse }) });
  }
  return accountOf(account.stored);
}

/** What is left out stays. */
export function changeAccount(
  { state }: MailTransaction,
  account: AccountState,
  change: Partial<AccountInit>,
  secrets: Secrets | undefined,
): Account {
  const { stored } = account;
  const { name = stored.name, addresses = stored.addresses, title = stored.title } = change;
  checkNames(state, account, name, addresses);
  const quota = 'quota' in change ? change.quota : stored.quota;
  const next = { ...stored, name, addresses, title, quota, secrets: secrets ?? stored.secrets };
  state.putAccount(account, next);
  return accountOf(next);
}

export function removeAccount(tx: MailTransaction, account: AccountState): void {
  for (const folder of tx.state.folders(account).values()) {
    removeMessages(tx, account, folder.id, tx.state.index(folder.id).entries());
  }
  tx.state.removeAccount(account);
}

function checkNames(
  state: StoreState,
  self: AccountState | undefined,
  name: string,
  addresses: readonly string[],
): void {
  if (!/^[^\s"\\<>()]{1,128}$/.test(name)) {
    throw mailError('MAIL_BAD_NAME', `${name} is no name for an account`);
  }
  if (addresses.length > ADDRESSES_LIMIT) {
    throw overLimit('An account has too many addresses', ADDRESSES_LIMIT);
  }
  for (const address of addresses) {
    if (!/^[^\s<>]+@[^\s<>@]+$/.test(address)) {
      throw mailError('MAIL_BAD_NAME', `${address} is no address: local@domain`);
    }
  }
  for (const one of [name, ...addresses]) {
    const other = state.named(one);
    if (other && other !== self) {
      throw mailError('MAIL_ACCOUNT_EXISTS', `${one} is ${other.stored.name}'s already`);
    }
  }
}
