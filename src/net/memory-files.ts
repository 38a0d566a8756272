/**
 * A disk in memory with the promises of a real one: what was not synced is lost in a crash, the
 * content of files and the entries of directories alike.
 */
import { FileError } from '../lib/errors.ts';
import { pathNames } from './file-path.ts';
import { FileContent } from './memory-content.ts';
import { calendar } from './time.ts';
import type { Clock, FileInfo, Files, OpenFile } from './types.ts';

export interface MemoryFiles extends Files {
  /** The power fails: open files are dead, and what was not synced is gone unless `keepUnsynced`. */
  crash(options?: { keepUnsynced?: boolean }): void;
}

/** As much of a clock as a disk needs. */
type Calendar = Pick<Clock, 'now' | 'epoch'>;

interface File {
  readonly kind: 'file';
  readonly content: FileContent;
}

interface Directory {
  readonly kind: 'directory';
  entries: Map<string, Node>;
  /** The entries that would survive a crash. */
  durable: Map<string, Node>;
  modified: number;
}

type Node = File | Directory;

/** `crashable: false` keeps no record of what was synced, and a crash then loses nothing. */
export function memoryFiles(clock: Calendar, options: { crashable?: boolean } = {}): MemoryFiles {
  return new Disk(clock, options.crashable ?? true);
}

class Disk implements MemoryFiles {
  /** Counts the crashes: files opened before the last one are dead. */
  boot = 0;
  private readonly clock: Calendar;
  private readonly crashable: boolean;
  private readonly root: Directory;

  constructor(clock: Calendar, crashable: boolean) {
    this.clock = clock;
    this.crashable = crashable;
    this.root = this.newDirectory();
  }

  async open(path: string, mode: 'read' | 'write' | 'create'): Promise<OpenFile> {
    const { parent, name } = this.place(path);
    const there = parent.entries.get(name);
    if (there && mode === 'create') throw new FileError('exists', path);
    if (there?.kind === 'directory') throw new FileError('is-a-directory', path);
    if (!there && mode === 'read') throw new FileError('not-found', path);
    const file = there ?? this.newFile(parent, name);
    return new Handle(this, path, file.content, mode !== 'read');
  }

  async info(path: string): Promise<FileInfo> {
    const node = this.node(path);
    if (node.kind === 'directory') return { kind: 'directory', size: 0, modified: node.modified };
    return { kind: 'file', size: node.content.size, modified: node.content.modified };
  }

  async read(path: string): Promise<Uint8Array> {
    const node = this.node(path);
    if (node.kind === 'directory') throw new FileError('is-a-directory', path);
    return node.content.read(0, node.content.size);
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    const { parent, name } = this.place(path);
    const there = parent.entries.get(name);
    if (there?.kind === 'directory') throw new FileError('is-a-directory', path);
    const { content } = there ?? this.newFile(parent, name);
    content.truncate(0, this.now());
    content.write(0, bytes, this.now());
  }

  async list(path: string): Promise<readonly string[]> {
    return [...this.directory(path).entries.keys()].sort();
  }

  async makeDirectory(path: string): Promise<void> {
    const { parent, name } = this.place(path, 'exists');
    if (parent.entries.has(name)) throw new FileError('exists', path);
    this.link(parent, name, this.newDirectory());
  }

  async rename(from: string, to: string): Promise<void> {
    const source = this.place(from);
    const target = this.place(to);
    const node = source.parent.entries.get(source.name);
    if (!node) throw new FileError('not-found', from);
    if (isInside(to, from)) throw new FileError('not-permitted', to);
    const old = target.parent.entries.get(target.name);
    if (old === node) return;
    if (old) checkReplaceable(old, node, to);
    this.unlink(source.parent, source.name);
    this.link(target.parent, target.name, node);
  }

  async remove(path: string): Promise<void> {
    const { parent, name } = this.place(path);
    const node = parent.entries.get(name);
    if (!node) throw new FileError('not-found', path);
    if (node.kind === 'directory' && node.entries.size > 0) throw new FileError('not-empty', path);
    this.unlink(parent, name);
  }

  async sync(path: string): Promise<void> {
    const directory = this.directory(path);
    if (this.crashable) directory.durable = new Map(directory.entries);
  }

  crash(options: { keepUnsynced?: boolean } = {}): void {
    this.boot++;
    if (!this.crashable || options.keepUnsynced) return;
    revert(this.root);
  }

  now(): number {
    return calendar(this.clock);
  }

  private newFile(parent: Directory, name: string): File {
    const file: File = { kind: 'file', content: new FileContent(this.crashable, this.now()) };
    this.link(parent, name, file);
    return file;
  }

  private newDirectory(): Directory {
    return { kind: 'directory', entries: new Map(), durable: new Map(), modified: this.now() };
  }

  private link(parent: Directory, name: string, node: Node): void {
    parent.entries.set(name, node);
    parent.modified = this.now();
  }

  private unlink(parent: Directory, name: string): void {
    parent.entries.delete(name);
    parent.modified = this.now();
  }

  private node(path: string): Node {
    let node: Node = this.root;
    for (const name of pathNames(path)) {
      if (node.kind !== 'directory') throw new FileError('not-a-directory', path);
      const next = node.entries.get(name);
      if (!next) throw new FileError('not-found', path);
      node = next;
    }
    return node;
  }

  private directory(path: string): Directory {
    const node = this.node(path);
    if (node.kind !== 'directory') throw new FileError('not-a-directory', path);
    return node;
  }

  /** The directory that holds `path`, and its name there; the root has neither. */
  private place(path: string, ofRoot: 'is-a-directory' | 'exists' = 'is-a-directory') {
    const names = pathNames(path);
    const name = names.pop();
    if (name === undefined) throw new FileError(ofRoot, path);
    const node = this.node(`/${names.join('/')}`);
    if (node.kind !== 'directory') throw new FileError('not-a-directory', path);
    return { parent: node, name };
  }
}

class Handle implements OpenFile {
  private readonly disk: Disk;
  private readonly path: string;
  private readonly content: FileContent;
  private readonly writable: boolean;
  private readonly boot: number;
  private open = true;

  constructor(disk: Disk, path: string, content: FileContent, writable: boolean) {
    this.disk = disk;
    this.path = path;
    this.content = content;
    this.writable = writable;
    this.boot = disk.boot;
  }

  async info(): Promise<FileInfo> {
    const { size, modified } = this.use();
    return { kind: 'file', size, modified };
  }

  async read(at: number, length: number): Promise<Uint8Array> {
    return this.use().read(at, length);
  }

  async write(at: number, bytes: Uint8Array): Promise<void> {
    this.change().write(at, bytes, this.disk.now());
  }

  async truncate(size: number): Promise<void> {
    this.change().truncate(size, this.disk.now());
  }

  async sync(): Promise<void> {
    this.use().sync();
  }

  async close(): Promise<void> {
    this.open = false;
  }

  private use(): FileContent {
    if (!this.open || this.boot !== this.disk.boot) throw new FileError('closed', this.path);
    return this.content;
  }

  private change(): FileContent {
    if (!this.writable) throw new FileError('not-permitted', this.path);
    return this.use();
  }
}

function isInside(path: string, directory: string): boolean {
  const inner = pathNames(path);
  const outer = pathNames(directory);
  return inner.length > outer.length && outer.every((name, i) => inner[i] === name);
}

/** What POSIX rename(2) lets a new name replace: a file by a file, an empty directory by a directory. */
function checkReplaceable(old: Node, by: Node, path: string): void {
  if (old.kind === 'directory') {
    if (by.kind !== 'directory') throw new FileError('is-a-directory', path);
    if (old.entries.size > 0) throw new FileError('not-empty', path);
  } else if (by.kind === 'directory') {
    throw new FileError('not-a-directory', path);
  }
}

/** Back to what was durable. */
function revert(directory: Directory): void {
  directory.entries = new Map(directory.durable);
  for (const node of directory.entries.values()) {
    if (node.kind === 'directory') revert(node);
    else node.content.revert();
  }
}
