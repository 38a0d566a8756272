/** Changes of folders, within a transaction. */
import { calendar } from '../../net/index.ts';
import { FOLDER_DEPTH, FOLDER_PATH_LIMIT, FOLDERS_LIMIT } from '../defaults.ts';
import { mailError, overLimit } from '../errors.ts';
import type { Folder, SpecialUse } from '../types.ts';
import { moveMessages, removeMessages } from './messages.ts';
import type { AccountState, StoreState } from './store-state.ts';
import type { StoredFolder } from './tables.ts';
import type { MailTransaction } from './transaction.ts';

export const INBOX = 'INBOX';

/** What a new account begins with, as mail programs look for them (RFC 6154). */
export const FIRST_FOLDERS: readonly (readonly [string, SpecialUse | undefined])[] = [
  [INBOX, undefined],
  ['Archive', '\\Archive'],
  ['Drafts', '\\Drafts'],
  ['Junk', '\\Junk'],
  ['Sent', '\\Sent'],
  ['Trash', '\\Trash'],
];

/** INBOX in any case is the one (RFC 9051 §5.1), also as the beginning of a path. */
export function rightPath(path: string): string {
  return path.replace(/^inbox(?=\/|$)/i, INBOX);
}

export function findFolder(
  state: StoreState,
  account: AccountState,
  path: string,
): StoredFolder | undefined {
  const wanted = rightPath(path);
  for (const folder of state.folders(account).values()) if (folder.path === wanted) return folder;
  return undefined;
}

export interface CreateOptions {
  readonly specialUse?: SpecialUse;
  readonly subscribed?: boolean;
}

/** With the folders above it (RFC 9051 §6.3.4). Throws MAIL_BAD_FOLDER_NAME, MAIL_FOLDER_EXISTS. */
export function createFolder(
  tx: MailTransaction,
  account: AccountState,
  path: string,
  options: CreateOptions = {},
): Folder {
  const whole = rightPath(path).replace(/\/$/, '');
  checkPath(whole);
  const known = findFolder(tx.state, account, whole);
  if (known?.selectable) {
    throw mailError('MAIL_FOLDER_EXISTS', `The folder ${whole} exists already`);
  }
  for (const parent of parentsOf(whole)) {
    if (!findFolder(tx.state, account, parent)) add(tx, account, parent, {});
  }
  tx.touchFolders(account);
  if (!known) return add(tx, account, whole, options);
  const folder = { ...known, selectable: true, uidValidity: newUidValidity(tx), uidNext: 1 };
  tx.state.putFolder(account, folder);
  return folder;
}

function add(
  tx: MailTransaction,
  account: AccountState,
  path: string,
  { specialUse, subscribed = false }: CreateOptions,
): StoredFolder {
  if (tx.state.folders(account).size >= FOLDERS_LIMIT) {
    throw overLimit('There are too many folders', FOLDERS_LIMIT);
  }
  const folder: StoredFolder = {
    id: ++tx.state.counters.folder,
    account: account.stored.id,
    path,
    specialUse,
    subscribed,
    selectable: true,
    uidValidity: newUidValidity(tx),
    uidNext: 1,
    highestModSeq: tx.modSeq(account),
    recentFrom: 1,
  };
  tx.state.putFolder(account, folder);
  return folder;
}

/** Always a greater one, also when the store begins anew: seconds since 1970 (RFC 9051 §2.3.1.1). */
function newUidValidity({ state }: MailTransaction): number {
  const seconds = Math.floor(calendar(state.host.clock) / 1000);
  state.counters.uidValidity = Math.max(state.counters.uidValidity + 1, seconds);
  return state.counters.uidValidity;
}

function parentsOf(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, at) => names.slice(0, at + 1).join('/'));
}

function checkPath(path: string): void {
  const names = path.split('/');
  const isBad =
    path.length > FOLDER_PATH_LIMIT ||
    names.length > FOLDER_DEPTH ||
    names.some((name) => name === '') ||
    // biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 5198 §2 keeps them out of names.
    /[\0-\x1f\x7f-\x9f\u2028\u2029*%]/.test(path);
  if (!isBad) return;
  throw mailError(
    'MAIL_BAD_FOLDER_NAME',
    `A folder's name has up to ${FOLDER_PATH_LIMIT} characters, names with / between, without * % and controls`,
    { spec: 'RFC 9051 §5.1' },
  );
}

/** With those below it; INBOX gives its messages away and stays (RFC 9051 §6.3.6). */
export function renameFolder(
  tx: MailTransaction,
  account: AccountState,
  from: string,
  to: string,
): void {
  const [source, target] = [rightPath(from), rightPath(to).replace(/\/$/, '')];
  const folder = findFolder(tx.state, account, source);
  if (!folder) throw mailError('MAIL_NO_FOLDER', `There is no folder ${from}`);
  checkPath(target);
  if (findFolder(tx.state, account, target)) {
    throw mailError('MAIL_FOLDER_EXISTS', `The folder ${target} exists already`);
  }
  if (target.startsWith(`${source}/`) && source !== INBOX) {
    throw mailError('MAIL_BAD_FOLDER_NAME', 'A folder cannot go below itself');
  }
  if (source === INBOX) {
    const made = createFolder(tx, account, target);
    const uids = tx.state
      .index(folder.id)
      .entries()
      .map(({ uid }) => uid);
    moveMessages(tx, account, folder, uids, made);
    return;
  }
  for (const parent of parentsOf(target)) {
    if (!findFolder(tx.state, account, parent)) add(tx, account, parent, {});
  }
  for (const one of [...tx.state.folders(account).values()]) {
    const rest = one.path.slice(source.length);
    const isIn = one.path.startsWith(source) && (rest === '' || rest.startsWith('/'));
    if (isIn) tx.state.putFolder(account, { ...one, path: target + rest });
  }
  tx.touchFolders(account);
}

/** With folders below it the name stays, and holds nothing (RFC 9051 §6.3.5). */
export function removeFolder(tx: MailTransaction, account: AccountState, path: string): void {
  const folder = findFolder(tx.state, account, path);
  if (!folder) throw mailError('MAIL_NO_FOLDER', `There is no folder ${path}`);
  if (folder.path === INBOX) throw mailError('MAIL_BAD_FOLDER_NAME', 'INBOX cannot be removed');
  const folders = [...tx.state.folders(account).values()];
  const hasBelow = folders.some((one) => one.path.startsWith(`${folder.path}/`));
  if (hasBelow && !folder.selectable) {
    throw mailError('MAIL_FOLDER_EXISTS', `${folder.path} has folders below it`);
  }
  removeMessages(tx, account, folder.id, tx.state.index(folder.id).entries());
  tx.touchFolders(account);
  if (!hasBelow) tx.state.removeFolder(account, folder.id);
  else {
    const now = tx.state.folders(account).get(folder.id) as StoredFolder;
    tx.state.putFolder(account, { ...now, selectable: false });
  }
}

/** A name that is no folder can't be subscribed to. */
export function subscribeFolder(
  tx: MailTransaction,
  account: AccountState,
  path: string,
  subscribed: boolean,
): void {
  const folder = findFolder(tx.state, account, path);
  if (!folder) throw mailError('MAIL_NO_FOLDER', `There is no folder ${path}`);
  if (folder.subscribed === subscribed) return;
  tx.state.putFolder(account, { ...folder, subscribed });
  tx.touchFolders(account);
}
