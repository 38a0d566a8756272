/** An SQLite file as a durable store wants it: what was committed survives a kill and a power cut. */
import { DatabaseSync } from 'node:sqlite';
import { UsageError } from '../lib/errors.ts';

export interface Closable {
  close(): void;
}

/** Each text brings the schema from its index to the next version. */
export type Migrations = readonly string[];

/** Pages of the log that are gathered before they go into the file itself: 16 MB, in which the busiest are many times. */
const LOG_PAGES = 4_000;

/** SQLITE_BUSY, SQLITE_FULL */
const BUSY = 5;
export const FULL = 13;

/**
 * Opens, or makes, a database with write-ahead log and a sync for each commit, for this process alone,
 * and brings its schema up to date, after `first`, which finds it as it was left.
 * Throws UsageError when another process has it, or it is newer.
 */
export function openSqlite(
  file: string,
  migrations: Migrations,
  first?: (database: DatabaseSync) => void,
): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    database.exec(`PRAGMA wal_autocheckpoint = ${LOG_PAGES}`);
    first?.(database);
    migrate(database, file, migrations);
    return database;
  } catch (cause) {
    database?.close();
    if (!isSqliteError(cause)) throw cause;
    const why = cause.errcode === BUSY ? 'another process has it open' : cause.message;
    throw new UsageError(`${file} can't be used: ${why}`, { cause });
  }
}

function migrate(database: DatabaseSync, file: string, migrations: Migrations): void {
  const row = database.prepare('PRAGMA user_version').get();
  const version = Number(row?.['user_version'] ?? 0);
  if (version > migrations.length) {
    throw new UsageError(
      `${file} was written by a newer toplayer: its schema is ${version}, this one knows ${migrations.length}`,
    );
  }
  inTransaction(database, () => {
    for (const step of migrations.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

/** All of `work` or nothing; durable when it returns. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

export function isSqliteError(error: unknown): error is Error & { readonly errcode: number } {
  return error instanceof Error && 'errcode' in error;
}
