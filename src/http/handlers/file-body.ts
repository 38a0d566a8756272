/** A file, or parts of it, as a body: read in pieces while the client takes them. */

import type { OpenFile } from '../../net/index.ts';
import { FILE_PIECE } from '../defaults.ts';
import type { PullBody } from '../types.ts';
import type { ByteRange } from '../wire/range.ts';

/** What is needed of an open file. */
export type Readable = Pick<OpenFile, 'read' | 'close'>;

/** Bytes as they are, or a range of the file. */
export type Part = Uint8Array | ByteRange;

export class FileBody implements PullBody {
  readonly length: number;
  private readonly file: Readable;
  private readonly parts: readonly Part[];

  constructor(file: Readable, parts: readonly Part[]) {
    this.file = file;
    this.parts = parts;
    this.length = parts.reduce((sum, part) => sum + partLength(part), 0);
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return new FileIterator(this.file, this.parts);
  }
}

function partLength(part: Part): number {
  return part instanceof Uint8Array ? part.length : part.end - part.start;
}

class FileIterator implements AsyncIterator<Uint8Array> {
  private readonly file: Readable;
  private readonly parts: readonly Part[];
  private index = 0;
  private offset = 0;

  constructor(file: Readable, parts: readonly Part[]) {
    this.file = file;
    this.parts = parts;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    const part = this.parts[this.index];
    if (part === undefined) return this.return();
    if (part instanceof Uint8Array) {
      this.index++;
      return { done: false, value: part };
    }
    const at = part.start + this.offset;
    const value = await this.file.read(at, Math.min(FILE_PIECE, part.end - at));
    // A file that has become shorter ends early; the announced length then tells the client.
    if (value.length === 0) return this.return();
    this.offset += value.length;
    if (part.start + this.offset >= part.end) {
      this.index++;
      this.offset = 0;
    }
    return { done: false, value };
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.index = this.parts.length;
    await this.file.close();
    return { done: true, value: undefined };
  }
}
