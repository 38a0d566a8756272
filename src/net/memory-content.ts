/** The bytes of one file in memory, and how to go back to what was last synced. */

/** How the content was before one change: its size, and the bytes that were overwritten or cut off. */
interface Undo {
  readonly size: number;
  readonly at: number;
  readonly bytes: Uint8Array;
}

export class FileContent {
  size = 0;
  modified: number;
  private buffer: Uint8Array = new Uint8Array(0);
  private readonly undos: Undo[] | undefined;

  /** Changes are remembered until `sync` when the file is `crashable`. */
  constructor(crashable: boolean, now: number) {
    this.undos = crashable ? [] : undefined;
    this.modified = now;
  }

  read(at: number, length: number): Uint8Array {
    return this.buffer.slice(Math.min(at, this.size), Math.min(at + length, this.size));
  }

  write(at: number, bytes: Uint8Array, now: number): void {
    const end = at + bytes.length;
    this.remember(at, end);
    this.reserve(end);
    this.buffer.set(bytes, at);
    this.size = Math.max(this.size, end);
    this.modified = now;
  }

  truncate(size: number, now: number): void {
    this.remember(size, this.size);
    this.reserve(size);
    if (size < this.size) this.buffer.fill(0, size, this.size);
    this.size = size;
    this.modified = now;
  }

  sync(): void {
    if (this.undos) this.undos.length = 0;
  }

  revert(): void {
    for (let undo = this.undos?.pop(); undo; undo = this.undos?.pop()) {
      this.reserve(undo.size);
      this.buffer.fill(0, undo.size);
      this.buffer.set(undo.bytes, undo.at);
      this.size = undo.size;
    }
  }

  private remember(from: number, to: number): void {
    const at = Math.min(from, this.size);
    const bytes = this.buffer.slice(at, Math.max(at, Math.min(to, this.size)));
    this.undos?.push({ size: this.size, at, bytes });
  }

  private reserve(size: number): void {
    if (size <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(size, 2 * this.buffer.length));
    grown.set(this.buffer.subarray(0, this.size));
    this.buffer = grown;
  }
}
