/** A database whose commits cost one write to a log; it is brought up to date itself when many have come together. */
import { randomUUID } from 'node:crypto';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { FileError } from '../lib/errors.ts';
import { RedoLog, redoGroups, removeLogs } from './redo-log.ts';
import { GroupWriter, type RedoGroup } from './redo-record.ts';
import { FULL, isSqliteError, type Migrations, openSqlite } from './sqlite.ts';
import { SyncedFile } from './synced-file.ts';

/** An eighth of a second of the busiest, run again in less after a crash. */
const LOG_LIMIT = 8 * 1024 * 1024;

/** Memory for pages that are to be written then, in KiB. */
const CACHE_KIB = 32 * 1024;

const SCHEMA = `CREATE TABLE IF NOT EXISTS redo (identity TEXT NOT NULL, sequence INTEGER NOT NULL) STRICT`;

export interface LoggedDatabaseOptions {
  /** Bytes of log after which the database itself is brought up to date. */
  readonly logLimit?: number;
}

type Own = 'begin' | 'mark' | 'commit' | 'save' | 'keep' | 'undo' | 'checkpoint';

/** A statement that changes rows; tells how many. */
export type Change = (...values: SQLInputValue[]) => number;

/**
 * SQLite's own transaction stays open over many commits: each is a savepoint of it, and what it did stands in the log, in order, as statements
 * with their values. After a crash SQLite has what it had when its transaction began, and the log is run again on top.
 */
export class LoggedDatabase {
  private readonly database: DatabaseSync;
  private readonly file: string;
  private readonly log: RedoLog;
  private readonly writer = new GroupWriter();
  private readonly own: Record<Own, StatementSync>;
  /** SQLite's log: it must be on the disk before ours is written over, and before its pages go into the file. */
  private readonly wal: SyncedFile;
  /** SQLite's file: it must be on the disk before SQLite's log is written over, which its next commit may do. */
  private readonly main: SyncedFile;
  private isCheckpointDue = false;
  private readonly logLimit: number;
  private sequence = 0;
  private inGroup = false;
  private changes = 0;

  /** Throws UsageError when another process has the file, or it is newer. */
  constructor(
    file: string,
    migrations: Migrations,
    { logLimit = LOG_LIMIT }: LoggedDatabaseOptions = {},
  ) {
    this.file = file;
    this.logLimit = logLimit;
    this.database = openSqlite(file, migrations, (database) => redo(database, file));
    this.database.exec(SCHEMA);
    const identity = randomUUID();
    this.log = new RedoLog(file, identity);
    this.database.exec('DELETE FROM redo');
    this.database.prepare('INSERT INTO redo VALUES (?, 0)').run(identity);
    // Up to here SQLite has synced each commit, and brought its log into the file when it was long: both are ours now.
    this.database.exec('PRAGMA synchronous = OFF');
    this.database.exec('PRAGMA wal_autocheckpoint = 0');
    this.database.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
    this.database.exec('PRAGMA temp_store = MEMORY');
    this.wal = new SyncedFile(`${file}-wal`);
    this.main = new SyncedFile(file);
    const prepare = (sql: string): StatementSync => this.database.prepare(sql);
    this.own = {
      begin: prepare('BEGIN IMMEDIATE'),
      mark: prepare('UPDATE redo SET sequence = ?'),
      commit: prepare('COMMIT'),
      save: prepare('SAVEPOINT one'),
      keep: prepare('RELEASE one'),
      undo: prepare('ROLLBACK TO one'),
      checkpoint: prepare('PRAGMA wal_checkpoint(PASSIVE)'),
    };
  }

  /** A statement that reads; or one whose rows can be made anew from others: a crash may lose what it did. */
  prepare(sql: string): StatementSync {
    return this.database.prepare(sql);
  }

  /** A statement for use within `commit`: what it does must follow from its values and the tables alone. */
  change(sql: string): Change {
    const statement = this.database.prepare(sql);
    const number = this.changes++;
    return (...values) => {
      const { changes } = statement.run(...values);
      this.writer.step(number, sql, values);
      return Number(changes);
    };
  }

  /** Writes what can be made anew, in a commit or outside; on a full disk it is not kept. */
  derive(work: () => void): void {
    try {
      this.begin();
      work();
    } catch (error) {
      if (this.inGroup || !isFull(error)) throw error;
      this.begin();
    }
  }

  /** All of `work` or nothing; on the disk after `sync`. Throws what `work` throws; a full disk is told as FileError `no-space`. */
  commit(work: () => void): void {
    try {
      if (this.log.size > 2 * this.logLimit) this.bringUpToDate();
      this.begin();
      this.group(work);
      if (this.log.size > this.logLimit) this.tryToBringUpToDate();
    } catch (cause) {
      // SQLite may have thrown its whole transaction away: readers see again what was committed.
      this.begin();
      if (!isFull(cause)) throw cause;
      throw new FileError('no-space', 'the store of mail', { cause });
    }
  }

  /** What was committed is on the disk when it resolves; undefined where it is. Who is `alone` is served at once by a quick disk. */
  sync(alone = false): Promise<void> | undefined {
    const files = [...this.log.files, this.wal];
    if (alone && !files.some((file) => file.isSlow)) return this.syncInPlace(files);
    return Promise.all(files.map((file) => file.sync())).then(() => this.synced());
  }

  private syncInPlace(files: readonly SyncedFile[]): Promise<void> | undefined {
    try {
      for (const file of files) file.syncNow();
      this.synced();
      return undefined;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  private synced(): void {
    if (this.isCheckpointDue && !this.database.isTransaction) this.checkpoint();
  }

  close(): void {
    const isDone = this.tryToBringUpToDate();
    this.log.close();
    this.wal.close();
    this.main.close();
    if (this.database.isTransaction) this.database.exec('ROLLBACK');
    // SQLite brings its log into the file now, and syncs both itself.
    this.database.exec('PRAGMA synchronous = FULL');
    this.database.close();
    if (isDone) removeLogs(this.file);
  }

  private begin(): void {
    if (this.database.isTransaction) return;
    this.own.begin.run();
    const { identity, sequence } = stateOf(this.database) as RedoState;
    if (sequence < this.sequence) apply(this.database, redoGroups(this.file, identity, sequence));
  }

  private group(work: () => void): void {
    this.own.save.run();
    this.writer.begin(this.sequence + 1);
    this.inGroup = true;
    try {
      work();
      if (!this.writer.isEmpty) this.log.append(this.writer.end());
    } catch (error) {
      this.writer.drop();
      if (this.database.isTransaction) {
        this.own.undo.run();
        this.own.keep.run();
      }
      throw error;
    } finally {
      this.inGroup = false;
    }
    this.own.keep.run();
    if (!this.writer.isEmpty) this.sequence++;
  }

  /** False on a full disk: the log has it all, and grows, or is run again by the next opening. */
  private tryToBringUpToDate(): boolean {
    try {
      this.bringUpToDate();
      return true;
    } catch (error) {
      this.begin();
      if (isFull(error)) return false;
      throw error;
    }
  }

  private bringUpToDate(): void {
    this.begin();
    this.wal.syncNow();
    this.main.syncNow();
    this.own.mark.run(this.sequence);
    this.own.commit.run();
    this.wal.touch();
    this.isCheckpointDue = true;
    this.log.turn();
    this.writer.forget();
  }

  /** SQLite's log is on the disk, and nothing is being written: its pages go into the file. */
  private checkpoint(): void {
    this.isCheckpointDue = false;
    this.main.touch();
    try {
      this.own.checkpoint.get();
    } catch (error) {
      // On a full disk the log of SQLite grows.
      if (!isFull(error)) throw error;
    }
    // It has as long as our log lasts; who fails is asked again before the next commit.
    this.main.sync()?.catch(() => {});
  }
}

interface RedoState {
  readonly identity: string;
  readonly sequence: number;
}

/** Runs again what a crash has left in the log. */
function redo(database: DatabaseSync, file: string): void {
  const state = stateOf(database);
  const groups = state ? redoGroups(file, state.identity, state.sequence) : [];
  const last = groups.at(-1);
  if (!last) return;
  database.exec('BEGIN IMMEDIATE');
  apply(database, groups);
  database.prepare('UPDATE redo SET sequence = ?').run(last.sequence);
  database.exec('COMMIT');
}

function apply(database: DatabaseSync, groups: readonly RedoGroup[]): void {
  const statements = new Map<string, StatementSync>();
  for (const { sql, values } of groups.flatMap(({ steps }) => steps)) {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    statement.run(...values);
  }
}

function stateOf(database: DatabaseSync): RedoState | undefined {
  const hasTable = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'redo'").get();
  if (!hasTable) return undefined;
  return database.prepare('SELECT identity, sequence FROM redo').get() as RedoState | undefined;
}

function isFull(error: unknown): boolean {
  if (isSqliteError(error)) return error.errcode === FULL;
  return error instanceof Error && 'code' in error && error.code === 'ENOSPC';
}
