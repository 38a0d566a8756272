/** Two files that are written in turns: what was committed since the database itself was brought up to date. */
import { readFileSync, rmSync, writeSync } from 'node:fs';
import { type RedoGroup, readGroups } from './redo-record.ts';
import { SyncedFile } from './synced-file.ts';

/** Room is taken this much ahead: a write within a file's length syncs without its metadata. */
const CHUNK = 1024 * 1024;

const NAMES = ['redo-1', 'redo-2'];

/** The beginning of a file: whose log it is. */
const IDENTITY = 36;

class LogFile extends SyncedFile {
  private room = 0;
  private end = 0;

  constructor(path: string) {
    super(path, 'w+');
  }

  get size(): number {
    return this.end;
  }

  begin(identity: string): void {
    this.end = 0;
    this.append(Buffer.from(identity));
  }

  append(bytes: Uint8Array): void {
    while (this.end + bytes.length > this.room) this.extend();
    this.write(bytes, this.end);
    this.end += bytes.length;
  }

  private extend(): void {
    this.write(new Uint8Array(CHUNK), this.room);
    this.room += CHUNK;
    this.syncNow();
  }

  private write(bytes: Uint8Array, position: number): void {
    this.touch();
    // A disk that fills up takes a part, and says so when it is asked again.
    for (let at = 0; at < bytes.length; ) {
      at += writeSync(this.file, bytes, at, bytes.length - at, position + at);
    }
  }
}

export class RedoLog {
  private readonly identity: string;
  readonly files: readonly LogFile[];
  private current = 0;

  /** Begins anew: what files of that name had is void. `identity`: a UUID of this opening of the database. */
  constructor(file: string, identity: string) {
    this.identity = identity;
    this.files = paths(file).map((path) => new LogFile(path));
    for (const one of this.files) one.begin(identity);
    for (const one of this.files) one.syncNow();
  }

  /** Bytes since the last turn. */
  get size(): number {
    return this.file.size;
  }

  /** Throws what the system says: nothing of it is in the log then. */
  append(group: Uint8Array): void {
    this.file.append(group);
  }

  /** The next groups go to the other file, over what it has. */
  turn(): void {
    this.current = 1 - this.current;
    this.file.begin(this.identity);
  }

  close(): void {
    for (const file of this.files) file.close();
  }

  private get file(): LogFile {
    return this.files[this.current] as LogFile;
  }
}

/** What a log of that identity has after `sequence`, without a gap. */
export function redoGroups(file: string, identity: string, sequence: number): RedoGroup[] {
  const groups = paths(file)
    .flatMap((path) => groupsOf(path, identity))
    .filter((group) => group.sequence > sequence)
    .sort((a, b) => a.sequence - b.sequence);
  const gap = groups.findIndex((group, i) => group.sequence !== sequence + 1 + i);
  return gap < 0 ? groups : groups.slice(0, gap);
}

export function removeLogs(file: string): void {
  for (const path of paths(file)) rmSync(path, { force: true });
}

function groupsOf(path: string, identity: string): RedoGroup[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return [];
  }
  if (bytes.toString('latin1', 0, IDENTITY) !== identity) return [];
  return [...readGroups(bytes.subarray(IDENTITY))];
}

function paths(file: string): string[] {
  return NAMES.map((name) => `${file}-${name}`);
}
