import { concat } from '../lib/bytes.ts';

/** Bytes of a message that are kept to show its fields; a large one is counted, not held. */
const KEPT_BYTES: number = 64 * 1024;

/** The bytes of a message so far: all counted, the first of them kept. */
export class Keeper {
  length = 0;
  private parts: Uint8Array[] = [];

  keep(bytes: Uint8Array): void {
    const room = KEPT_BYTES - this.length;
    this.length += bytes.length;
    if (room > 0 && bytes.length > 0) this.parts.push(bytes.subarray(0, room));
  }

  bytes(): Uint8Array {
    return concat(this.parts);
  }

  clear(): void {
    this.length = 0;
    this.parts = [];
  }
}
