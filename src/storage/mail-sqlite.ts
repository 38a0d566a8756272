/** A mailbox store's tables in SQLite: one file for all accounts of a host. */
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { base64, fromBase64 } from '../lib/base64.ts';
import {
  type AccountTable,
  type Counters,
  type FolderTable,
  flagsText,
  type GoneTable,
  type MailTables,
  type MessageEntry,
  type MessageTable,
  parseFlags,
  type StoredAccount,
  type StoredFolder,
  type ThreadTable,
} from '../mail/index.ts';
import { LoggedDatabase } from './logged-database.ts';
import { contentTable, textTable } from './mail-contents.ts';
import { MAIL_SCHEMA } from './mail-schema.ts';
import type { Closable } from './sqlite.ts';

export type SqliteMailTables = MailTables & Closable;

/** Throws UsageError when another process has the file. */
export function sqliteMailTables(file: string): SqliteMailTables {
  const database = openMail(file);
  return { ...mailTables(database), close: () => database.close() };
}

/** The database of a host that has mail. */
export function openMail(file: string): LoggedDatabase {
  return new LoggedDatabase(file, MAIL_SCHEMA);
}

/** In a database that others have tables in too. */
export function mailTables(database: LoggedDatabase): MailTables {
  const counters = database.prepare('SELECT * FROM mail_counter');
  const put = database.change(
    'UPDATE mail_counter SET account = ?, folder = ?, message = ?, content = ?, uid_validity = ?',
  );
  return {
    commit: (work) => database.commit(work),
    sync: (alone) => database.sync(alone),
    counters() {
      const row = counters.get() as Row;
      const { account, folder, message, content } = row as unknown as Counters;
      return { account, folder, message, content, uidValidity: Number(row['uid_validity']) };
    },
    putCounters({ account, folder, message, content, uidValidity }) {
      put(account, folder, message, content, uidValidity);
    },
    accounts: accountTable(database),
    folders: folderTable(database),
    messages: messageTable(database),
    gone: goneTable(database),
    threads: threadTable(database),
    contents: contentTable(database),
    texts: textTable(database),
  };
}

type Row = Readonly<Record<string, unknown>>;

function accountTable(database: LoggedDatabase): AccountTable {
  const all = database.prepare('SELECT value FROM mail_account ORDER BY id');
  const put = database.change('INSERT OR REPLACE INTO mail_account VALUES (?, ?)');
  const tables = ['message', 'gone', 'thread'].map((table) =>
    database.change(`DELETE FROM mail_${table} WHERE account = ?`),
  );
  const folders = database.change('DELETE FROM mail_folder WHERE account = ?');
  const account = database.change('DELETE FROM mail_account WHERE id = ?');
  return {
    all: () => all.all().map((row) => JSON.parse(String(row['value']), revive) as StoredAccount),
    put: (stored) => {
      put(stored.id, JSON.stringify(stored, binary));
    },
    remove(id) {
      for (const statement of [...tables, folders, account]) statement(id);
    },
  };
}

/** Bytes of SCRAM's keys as text. */
function binary(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { base64: base64(value) } : value;
}

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('base64' in value)) return value;
  return fromBase64(String(value.base64));
}

function folderTable(database: LoggedDatabase): FolderTable {
  const of = database.prepare('SELECT value FROM mail_folder WHERE account = ? ORDER BY id');
  const put = database.change('INSERT OR REPLACE INTO mail_folder VALUES (?, ?, ?)');
  const remove = database.change('DELETE FROM mail_folder WHERE id = ?');
  const messages = database.change('DELETE FROM mail_message WHERE folder = ?');
  return {
    of: (account) => of.all(account).map((row) => JSON.parse(String(row['value'])) as StoredFolder),
    put: (folder) => {
      put(folder.id, folder.account, JSON.stringify(folder));
    },
    remove(id) {
      messages(id);
      remove(id);
    },
  };
}

const COLUMNS = 'id, folder, uid, flags, mod_seq, received, size, content, thread';

function entryOf(row: Row): MessageEntry {
  return {
    id: row['id'] as number,
    folder: row['folder'] as number,
    uid: row['uid'] as number,
    flags: parseFlags(row['flags'] as string),
    modSeq: row['mod_seq'] as number,
    received: row['received'] as number,
    size: row['size'] as number,
    content: row['content'] as number,
    thread: row['thread'] as number,
  };
}

function messageTable(database: LoggedDatabase): MessageTable {
  const select = (where: string): StatementSync =>
    database.prepare(`SELECT ${COLUMNS} FROM mail_message WHERE ${where}`);
  const of = select('folder = ? ORDER BY uid');
  const byId = select('account = ? AND id = ?');
  const ofThread = select('account = ? AND thread = ?');
  const put = database.change(
    `INSERT OR REPLACE INTO mail_message (${COLUMNS}, account, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const change = database.change(
    'UPDATE mail_message SET folder = ?, uid = ?, flags = ?, mod_seq = ? WHERE id = ?',
  );
  const remove = database.change('DELETE FROM mail_message WHERE id = ?');
  const changed = database.prepare(
    'SELECT id, created, mod_seq FROM mail_message WHERE account = ? AND mod_seq > ?',
  );
  const entries = (statement: StatementSync, ...values: SQLInputValue[]): MessageEntry[] =>
    statement.all(...values).map(entryOf);
  return {
    of: (folder) => entries(of, folder),
    byId: (account, id) => entries(byId, account, id)[0],
    ofThread: (account, thread) => entries(ofThread, account, thread),
    put(message) {
      const { id, folder, uid, modSeq, received, size, content, thread } = message;
      const flags = flagsText(message.flags);
      const { account, created } = message;
      put(id, folder, uid, flags, modSeq, received, size, content, thread, account, created);
    },
    change({ id, folder, uid, flags, modSeq }) {
      change(folder, uid, flagsText(flags), modSeq, id);
    },
    remove: (id) => {
      remove(id);
    },
    changedSince: (account, modSeq) =>
      changed.all(account, modSeq).map((row) => ({
        id: row['id'] as number,
        created: row['created'] as number,
        modSeq: row['mod_seq'] as number,
      })),
  };
}

function goneTable(database: LoggedDatabase): GoneTable {
  const add = database.change('INSERT INTO mail_gone VALUES (?, ?, ?, ?, ?)');
  const vanished = database.prepare(
    'SELECT uid FROM mail_gone WHERE folder = ? AND mod_seq > ? ORDER BY uid',
  );
  const destroyed = database.prepare(
    'SELECT message FROM mail_gone WHERE account = ? AND mod_seq > ? AND message IS NOT NULL',
  );
  const count = database.prepare('SELECT count(*) AS n FROM mail_gone WHERE account = ?');
  const floor = database.prepare(
    'SELECT mod_seq FROM mail_gone WHERE account = ? ORDER BY mod_seq DESC LIMIT 1 OFFSET ?',
  );
  const prune = database.change('DELETE FROM mail_gone WHERE account = ? AND mod_seq <= ?');
  return {
    add({ account, folder, uid, message, modSeq }) {
      add(account, folder, uid, message ?? null, modSeq);
    },
    vanished: (folder, modSeq) => vanished.all(folder, modSeq).map((row) => Number(row['uid'])),
    destroyed: (account, modSeq) =>
      destroyed.all(account, modSeq).map((row) => Number(row['message'])),
    count: (account) => Number(count.get(account)?.['n']),
    prune(account, keep) {
      const last = Number(floor.get(account, keep)?.['mod_seq'] ?? 0);
      prune(account, last);
      return last;
    },
  };
}

function threadTable(database: LoggedDatabase): ThreadTable {
  const one = database.prepare('SELECT thread FROM mail_thread WHERE account = ? AND key = ?');
  const add = database.change('INSERT OR IGNORE INTO mail_thread VALUES (?, ?, ?)');
  const remove = database.change('DELETE FROM mail_thread WHERE account = ? AND thread = ?');
  const find = (account: number, keys: readonly string[]): number | undefined => {
    for (const key of keys) {
      const row = one.get(account, key);
      if (row) return Number(row['thread']);
    }
    return undefined;
  };
  return {
    join(account, keys, thread) {
      const [only, ...others] = keys;
      // Most messages name themselves alone.
      if (only !== undefined && others.length === 0 && add(account, only, thread) > 0) {
        return thread;
      }
      const joined = find(account, keys) ?? thread;
      for (const key of keys) add(account, key, joined);
      return joined;
    },
    remove(account, thread) {
      remove(account, thread);
    },
  };
}
