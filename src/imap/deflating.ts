/** DEFLATE over a connection (RFC 4978): each piece can be read as soon as it has come. */

import { Deflate, Inflate, Z_SYNC_FLUSH } from 'pako';
import { concat } from '../lib/bytes.ts';
import { INFLATE_SLICE } from './defaults.ts';

export class Deflating {
  /** What was to be expanded is not of DEFLATE. */
  failed = false;
  /** Octets that wait to be expanded. */
  held = 0;
  private readonly squeezer: Deflate = new Deflate({ raw: true });
  private readonly expander: Inflate = new Inflate({ raw: true });
  private readonly waiting: Uint8Array[] = [];

  /** Octets wait to be expanded, and can be. */
  get pending(): boolean {
    return this.held > 0 && !this.failed;
  }

  deflate(bytes: Uint8Array): Uint8Array {
    const parts: Uint8Array[] = [];
    this.squeezer.onData = (part) => void parts.push(part);
    this.squeezer.push(bytes, Z_SYNC_FLUSH);
    return concat(parts);
  }

  /** Takes what has come. */
  take(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.waiting.push(bytes);
    this.held += bytes.length;
  }

  /** What the next of it means; undefined where there is nothing, or it has failed. */
  inflate(): Uint8Array | undefined {
    const [first] = this.waiting;
    if (!first || this.failed) return undefined;
    const slice = first.subarray(0, INFLATE_SLICE);
    if (slice.length === first.length) this.waiting.shift();
    else this.waiting[0] = first.subarray(INFLATE_SLICE);
    this.held -= slice.length;
    const parts: Uint8Array[] = [];
    this.expander.onData = (part) => void parts.push(part);
    this.expander.push(slice, Z_SYNC_FLUSH);
    // A stream that ends is no connection's.
    this.failed = this.expander.err < 0 || this.expander.ended;
    return concat(parts);
  }

  /** All that has come, expanded. */
  inflateAll(): Uint8Array {
    const parts: Uint8Array[] = [];
    while (this.pending) parts.push(this.inflate() as Uint8Array);
    return concat(parts);
  }
}
