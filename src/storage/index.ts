/** Durable stores behind the protocols' store interfaces. They need Node. */
export { type SqliteMailTables, sqliteMailTables } from './mail-sqlite.ts';
export { queueTables, type SqliteRelayTables, sqliteRelayTables } from './queue-sqlite.ts';
export {
  type FolderStores,
  sqliteHostingStore,
  sqliteRegistryStore,
  sqliteStores,
} from './registry-sqlite.ts';
export { type SqliteSiteStore, sqliteSiteStore } from './site-sqlite.ts';
export type { Closable } from './sqlite.ts';
