/** What a web site keeps, in SQLite: its visitors, and counters. */

import type { DatabaseSync } from 'node:sqlite';
import type { CounterStore, SessionEntry, SessionStore } from '../sessions/index.ts';
import { type Closable, inTransaction, openSqlite } from './sqlite.ts';

const SCHEMA = [
  `CREATE TABLE session (
     id TEXT PRIMARY KEY,
     created REAL NOT NULL,
     seen REAL NOT NULL,
     expires REAL NOT NULL,
     data TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX session_seen ON session (seen);
   CREATE INDEX session_expires ON session (expires);
   CREATE TABLE counter (name TEXT PRIMARY KEY, value REAL NOT NULL) STRICT, WITHOUT ROWID;`,
];

export interface SqliteSiteStore extends Closable {
  readonly sessions: SessionStore;
  readonly counters: CounterStore;
}

/** One site in one file. What was saved is on the disk when its promise resolves. */
export function sqliteSiteStore(file: string): SqliteSiteStore {
  const database = openSqlite(file, SCHEMA);
  return {
    sessions: sessionStore(database),
    counters: counterStore(database),
    close: () => database.close(),
  };
}

function sessionStore(database: DatabaseSync): SessionStore {
  const put = database.prepare('INSERT OR REPLACE INTO session VALUES (?, ?, ?, ?, ?)');
  const remove = database.prepare('DELETE FROM session WHERE id = ?');
  const one = database.prepare('SELECT * FROM session WHERE id = ?');
  const latest = database.prepare('SELECT * FROM session ORDER BY seen DESC LIMIT ?');
  const expired = database.prepare('DELETE FROM session WHERE expires <= ?');
  const surplus = database.prepare(
    'DELETE FROM session WHERE id IN (SELECT id FROM session ORDER BY seen DESC LIMIT -1 OFFSET ?)',
  );
  return {
    async load(id) {
      const row = one.get(id);
      return row && entryOf(row);
    },
    async save({ id, created, seen, expires, data }, replaces) {
      inTransaction(database, () => {
        if (replaces !== undefined) remove.run(replaces);
        put.run(id, created, seen, expires, JSON.stringify(data));
      });
    },
    async remove(id) {
      remove.run(id);
    },
    async entries(limit) {
      return latest.all(limit).map(entryOf);
    },
    async prune(now, keep) {
      inTransaction(database, () => {
        expired.run(now);
        surplus.run(keep);
      });
    },
  };
}

function counterStore(database: DatabaseSync): CounterStore {
  const advance = database.prepare(
    `INSERT INTO counter VALUES (?, ?)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE excluded.value > value`,
  );
  return {
    async advance(name, value) {
      return Number(advance.run(name, value).changes) > 0;
    },
  };
}

/** Rows come back as they were written: the file is ours alone. */
function entryOf(row: Readonly<Record<string, unknown>>): SessionEntry {
  return {
    id: String(row['id']),
    created: Number(row['created']),
    seen: Number(row['seen']),
    expires: Number(row['expires']),
    data: JSON.parse(String(row['data'])),
  };
}
