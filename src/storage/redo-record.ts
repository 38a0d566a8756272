/** What changes did, as bytes: groups of statements that can be run again. */

import type { SQLInputValue } from 'node:sqlite';
import { crc32 } from 'node:zlib';

/** A statement and its values. */
export interface RedoStep {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** The steps of one commit, in their order; each commit has the number after the one before. */
export interface RedoGroup {
  readonly sequence: number;
  readonly steps: readonly RedoStep[];
}

/** Length and checksum of what follows them. */
const HEAD = 8;
const SEQUENCE = 8;

const DEFINE = 0xff;
const NULL = 0;
const NUMBER = 1;
const TEXT = 2;
const BYTES = 3;

/**
 * Writes groups. The text of a statement is in the first group that has it: a log that is begun anew has to `forget` them.
 *
 *   group  = length:u32 crc:u32 sequence:f64 *(define / step)
 *   define = 0xff number:u8 length:u32 text
 *   step   = number:u8 count:u8 *value
 *   value  = 0 / 1 f64 / 2 length:u32 text / 3 length:u32 bytes
 */
export class GroupWriter {
  private bytes = Buffer.allocUnsafe(64 * 1024);
  private at = 0;
  private readonly known = new Set<number>();
  private readonly news: number[] = [];

  begin(sequence: number): void {
    this.at = HEAD;
    this.news.length = 0;
    this.at = this.bytes.writeDoubleLE(sequence, this.at);
  }

  get isEmpty(): boolean {
    return this.at === HEAD + SEQUENCE;
  }

  /** `number` stands for the statement: 0 to 254. */
  step(number: number, sql: string, values: readonly SQLInputValue[]): void {
    if (!this.known.has(number)) this.define(number, sql);
    this.room(2);
    this.byte(number);
    this.byte(values.length);
    for (const value of values) this.value(value);
  }

  /** The group, good until the next begins. */
  end(): Uint8Array {
    const { bytes, at } = this;
    bytes.writeUInt32LE(at - HEAD, 0);
    bytes.writeUInt32LE(crc32(bytes.subarray(HEAD, at)), 4);
    return bytes.subarray(0, at);
  }

  /** The group is not in the log: nor are the statements that it was to define. */
  drop(): void {
    for (const number of this.news) this.known.delete(number);
  }

  forget(): void {
    this.known.clear();
  }

  private define(number: number, sql: string): void {
    this.room(2);
    this.byte(DEFINE);
    this.byte(number);
    this.text(sql);
    this.known.add(number);
    this.news.push(number);
  }

  private value(value: SQLInputValue): void {
    this.room(9);
    if (value === null) this.byte(NULL);
    else if (typeof value === 'string') {
      this.byte(TEXT);
      this.text(value);
    } else if (ArrayBuffer.isView(value)) {
      this.byte(BYTES);
      this.blob(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    } else {
      this.byte(NUMBER);
      this.at = this.bytes.writeDoubleLE(Number(value), this.at);
    }
  }

  private byte(value: number): void {
    this.bytes[this.at++] = value;
  }

  private text(text: string): void {
    this.room(4 + 3 * text.length);
    const length = this.bytes.write(text, this.at + 4);
    this.bytes.writeUInt32LE(length, this.at);
    this.at += 4 + length;
  }

  private blob(blob: Uint8Array): void {
    this.room(4 + blob.length);
    this.at = this.bytes.writeUInt32LE(blob.length, this.at);
    this.bytes.set(blob, this.at);
    this.at += blob.length;
  }

  private room(more: number): void {
    if (this.at + more <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.at + more));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
  }
}

/** The whole groups at the beginning: one that is torn, or older than the one before it, ends them. */
export function* readGroups(log: Uint8Array): Generator<RedoGroup> {
  const bytes = Buffer.from(log.buffer, log.byteOffset, log.byteLength);
  const statements = new Map<number, string>();
  let before: number | undefined;
  for (let at = 0; at + HEAD + SEQUENCE <= bytes.length; ) {
    const start = at + HEAD;
    const end = start + bytes.readUInt32LE(at);
    if (end > bytes.length || end < start + SEQUENCE) return;
    const body = bytes.subarray(start, end);
    if (crc32(body) !== bytes.readUInt32LE(at + 4)) return;
    const sequence = body.readDoubleLE(0);
    if (before !== undefined && sequence !== before + 1) return;
    yield { sequence, steps: readSteps(body.subarray(SEQUENCE), statements) };
    before = sequence;
    at = end;
  }
}

function readSteps(bytes: Buffer, statements: Map<number, string>): RedoStep[] {
  const steps: RedoStep[] = [];
  let at = 0;
  const blob = (): Buffer => {
    const length = bytes.readUInt32LE(at);
    at += 4 + length;
    return bytes.subarray(at - length, at);
  };
  const value = (): SQLInputValue => {
    const kind = bytes[at++];
    if (kind === NULL) return null;
    if (kind === TEXT) return blob().toString();
    if (kind === BYTES) return blob();
    at += 8;
    return bytes.readDoubleLE(at - 8);
  };
  while (at < bytes.length) {
    const number = bytes[at++] as number;
    if (number === DEFINE) {
      const defined = bytes[at++] as number;
      statements.set(defined, blob().toString());
    } else {
      const count = bytes[at++] as number;
      const values = Array.from({ length: count }, value);
      steps.push({ sql: statements.get(number) ?? '', values });
    }
  }
  return steps;
}
