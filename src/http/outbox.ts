/** What a server's conversation has to send: answers of one turn leave in one write. */
import { concat } from '../lib/bytes.ts';
import type { Connection } from '../net/index.ts';
import { JOIN_LIMIT } from './defaults.ts';

export class Outbox {
  /** The connection asked to wait, and has not drained since. */
  congested = false;
  private readonly connection: Connection;
  private readonly onCongested: () => void;
  private parts: Uint8Array[] = [];
  private size = 0;
  private lastBuffered = 0;

  constructor(connection: Connection, onCongested: () => void) {
    this.connection = connection;
    this.onCongested = onCongested;
  }

  /** False asks to wait. `more` says that the turn goes on, and that it flushes at its end. */
  send(bytes: Uint8Array, more: boolean): boolean {
    this.parts.push(bytes);
    this.size += bytes.length;
    if (more && this.size < JOIN_LIMIT) return true;
    return this.flush();
  }

  flush(): boolean {
    if (this.parts.length === 0) return !this.congested;
    const { parts, size } = this;
    this.parts = [];
    this.size = 0;
    if (!this.hand(parts, size)) {
      this.congested = true;
      this.lastBuffered = this.connection.buffered;
      this.onCongested();
    }
    return !this.congested;
  }

  /** Small pieces are joined; copying large ones would cost more than a further write. */
  private hand(parts: readonly Uint8Array[], size: number): boolean {
    if (size <= JOIN_LIMIT) return this.connection.write(concat(parts));
    let room = true;
    for (const bytes of parts) room = this.connection.write(bytes);
    return room;
  }

  drained(): void {
    this.congested = false;
  }

  /** True when the client has taken something since the last look, though not all. */
  advanced(): boolean {
    const left = this.connection.buffered;
    if (!this.congested || left >= this.lastBuffered) return false;
    this.lastBuffered = left;
    return true;
  }
}
