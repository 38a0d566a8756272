/** A host's disk in a folder of the machine. Nothing leads out of the folder, symbolic links included. */
import { constants, mkdirSync, realpathSync, type Stats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join, sep } from 'node:path';
import { FileError, type FileErrorKind } from '../../lib/errors.ts';
import { pathNames } from '../file-path.ts';
import type { FileInfo, Files, OpenFile } from '../types.ts';
import { errno } from './errors.ts';

const KINDS: Readonly<Record<string, FileErrorKind>> = {
  ENOENT: 'not-found',
  EEXIST: 'exists',
  ENOTDIR: 'not-a-directory',
  EISDIR: 'is-a-directory',
  ENOTEMPTY: 'not-empty',
  EACCES: 'not-permitted',
  EPERM: 'not-permitted',
  ELOOP: 'not-permitted',
  EINVAL: 'not-permitted',
  EBUSY: 'not-permitted',
  EXDEV: 'not-permitted',
  EROFS: 'not-permitted',
  ENOSPC: 'no-space',
  EDQUOT: 'no-space',
  EBADF: 'closed',
};

/** The disk whose root is `folder`, which is made if it isn't there. */
export function realFiles(folder: string): Files {
  mkdirSync(folder, { recursive: true });
  return new FolderFiles(realpathSync(folder));
}

class FolderFiles implements Files {
  private readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  open(path: string, mode: 'read' | 'write' | 'create'): Promise<OpenFile> {
    return told(path, async () => {
      const handle = await fs.open(await this.resolve(path), flags(mode));
      if (!(await handle.stat()).isDirectory()) return new RealFile(path, handle);
      await handle.close();
      throw new FileError('is-a-directory', path);
    });
  }

  info(path: string): Promise<FileInfo> {
    return told(path, async () => fileInfo(await fs.stat(await this.resolve(path))));
  }

  read(path: string): Promise<Uint8Array> {
    return told(path, async () => plain(await fs.readFile(await this.resolve(path))));
  }

  write(path: string, bytes: Uint8Array): Promise<void> {
    return told(path, async () => {
      await fs.writeFile(await this.resolve(path), bytes, { flag: REPLACE });
    });
  }

  list(path: string): Promise<readonly string[]> {
    return told(path, async () => (await fs.readdir(await this.resolve(path))).sort());
  }

  makeDirectory(path: string): Promise<void> {
    return told(path, async () => fs.mkdir(await this.entry(path)));
  }

  rename(from: string, to: string): Promise<void> {
    return told(from, async () => fs.rename(await this.entry(from), await this.entry(to)));
  }

  remove(path: string): Promise<void> {
    return told(path, async () => {
      const entry = await this.entry(path);
      const directory = (await fs.lstat(entry)).isDirectory();
      await (directory ? fs.rmdir(entry) : fs.unlink(entry));
    });
  }

  sync(directory: string): Promise<void> {
    return told(directory, async () => {
      const at = await this.resolve(directory);
      const handle = await fs.open(at, constants.O_RDONLY | constants.O_DIRECTORY);
      await handle.sync().finally(() => handle.close());
    });
  }

  /** Where `path` is in truth, links followed; its last name need not exist yet. */
  private async resolve(path: string): Promise<string> {
    const entry = await this.entry(path);
    const target = await fs.realpath(entry).catch((error: unknown) => missing(error, entry));
    return this.inside(target, path);
  }

  /** The directory entry itself, links followed only on the way to it. */
  private async entry(path: string): Promise<string> {
    const names = pathNames(path);
    const name = names.pop();
    if (name === undefined) return this.root;
    return join(this.inside(await fs.realpath(join(this.root, ...names)), path), name);
  }

  private inside(target: string, path: string): string {
    if (target === this.root || target.startsWith(this.root === sep ? sep : this.root + sep))
      return target;
    throw new FileError('not-permitted', path);
  }
}

/** A path that isn't there yet stands for itself; O_NOFOLLOW refuses it should it be a dangling link. */
function missing(error: unknown, entry: string): string {
  if (errno(error) === 'ENOENT') return entry;
  throw error;
}

const REPLACE = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;

function flags(mode: 'read' | 'write' | 'create'): number {
  const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  if (mode === 'read') return O_RDONLY | O_NOFOLLOW;
  return O_RDWR | O_CREAT | O_NOFOLLOW | (mode === 'create' ? O_EXCL : 0);
}

class RealFile implements OpenFile {
  private readonly path: string;
  private readonly handle: fs.FileHandle;

  constructor(path: string, handle: fs.FileHandle) {
    this.path = path;
    this.handle = handle;
  }

  info(): Promise<FileInfo> {
    return told(this.path, async () => fileInfo(await this.handle.stat()));
  }

  read(at: number, length: number): Promise<Uint8Array> {
    return told(this.path, async () => {
      const bytes = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await this.handle.read(bytes, filled, length - filled, at + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    });
  }

  write(at: number, bytes: Uint8Array): Promise<void> {
    return told(this.path, async () => {
      let done = 0;
      while (done < bytes.length) {
        const left = bytes.length - done;
        done += (await this.handle.write(bytes, done, left, at + done)).bytesWritten;
      }
    });
  }

  truncate(size: number): Promise<void> {
    return told(this.path, () => this.handle.truncate(size));
  }

  sync(): Promise<void> {
    return told(this.path, () => this.handle.sync());
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** Does it, and tells the system's errors in the disk's terms. */
async function told<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const kind = KINDS[errno(cause)];
    throw kind === undefined ? cause : new FileError(kind, path, { cause });
  }
}

function fileInfo(stats: Stats): FileInfo {
  const { size, mtimeMs } = stats;
  if (stats.isFile()) return { kind: 'file', size, modified: mtimeMs };
  return { kind: stats.isDirectory() ? 'directory' : 'other', size: 0, modified: mtimeMs };
}

function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
