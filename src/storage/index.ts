/** Durable stores behind the protocols' store interfaces. They need Node. */
export {
  type Closable,
  type FolderStores,
  sqliteHostingStore,
  sqliteRegistryStore,
  sqliteStores,
} from './registry-sqlite.ts';
export { sqliteSessionStore } from './sessions-sqlite.ts';
