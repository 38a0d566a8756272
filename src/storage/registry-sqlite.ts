/** The domains of a registry, and the zones of a registrar's customers, in SQLite. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Domain, HostedZone, HostingStore, RegistryStore } from '../registration/index.ts';
import { type SqliteRelayTables, sqliteRelayTables } from './queue-sqlite.ts';
import { type SqliteSiteStore, sqliteSiteStore } from './site-sqlite.ts';
import { type Closable, inTransaction, openSqlite } from './sqlite.ts';

const REGISTRY_SCHEMA = [
  `CREATE TABLE domain (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE registry (id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL) STRICT;
   INSERT INTO registry VALUES (1, 0);`,
];

const HOSTING_SCHEMA = [
  'CREATE TABLE zone (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;',
];

/** One registry in one file. A commit is on the disk when its promise resolves. */
export function sqliteRegistryStore(file: string): RegistryStore & Closable {
  const database = openSqlite(file, REGISTRY_SCHEMA);
  const put = database.prepare('INSERT OR REPLACE INTO domain VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM domain WHERE name = ?');
  const count = database.prepare('UPDATE registry SET revision = ?');
  return {
    async load() {
      const revision = database.prepare('SELECT revision FROM registry').get()?.['revision'];
      return { domains: values<Domain>(database, 'domain'), revision: Number(revision) };
    },
    async commit(change) {
      inTransaction(database, () => {
        for (const name of change.remove) remove.run(name);
        for (const domain of change.put) put.run(domain.name, JSON.stringify(domain));
        count.run(change.revision);
      });
    },
    close: () => database.close(),
  };
}

/** The zones that one registrar serves, in one file. */
export function sqliteHostingStore(file: string): HostingStore & Closable {
  const database = openSqlite(file, HOSTING_SCHEMA);
  const put = database.prepare('INSERT OR REPLACE INTO zone VALUES (?, ?)');
  return {
    async load() {
      return values<HostedZone>(database, 'zone');
    },
    async set(name, addresses, serial) {
      put.run(name, JSON.stringify({ name, addresses, serial }));
    },
    close: () => database.close(),
  };
}

/** Values come back as they were written: the file is ours alone. */
function values<T>(database: DatabaseSync, table: 'domain' | 'zone'): T[] {
  const rows = database.prepare(`SELECT value FROM ${table} ORDER BY name`).all();
  return rows.map((row) => JSON.parse(String(row['value'])) as T);
}

/** The stores of a whole internet in a folder, which is made if it isn't there. */
export interface FolderStores extends Closable {
  registry(zone: string): RegistryStore;
  hosting(host: string): HostingStore;
  site(host: string, app: string): SqliteSiteStore;
  mail(host: string): SqliteRelayTables;
}

export function sqliteStores(folder: string): FolderStores {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const open = new Map<string, Closable>();
  const once = <T extends Closable>(name: string, make: (file: string) => T): T => {
    const file = join(folder, `${name.replace(/[^a-zA-Z0-9.-]/g, '_')}sqlite`);
    const known = open.get(file) as T | undefined;
    const store = known ?? make(file);
    open.set(file, store);
    return store;
  };
  return {
    registry: (zone) => once(`registry-${zone}`, sqliteRegistryStore),
    hosting: (host) => once(`hosting-${host}.`, sqliteHostingStore),
    site: (host, app) => once(`site-${app}-${host}.`, sqliteSiteStore),
    mail: (host) => once(`mail-${host}.`, sqliteRelayTables),
    close() {
      for (const store of open.values()) store.close();
      open.clear();
    },
  };
}
