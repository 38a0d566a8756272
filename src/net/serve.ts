/** The life cycle that all servers share: they listen, hold conversations, and stop gracefully. */

import { type Deferred, deferred } from '../lib/deferred.ts';
import type { Endpoint } from '../lib/endpoint.ts';
import { GRACE_MS, PARTING_LIMIT, PARTING_MS } from './defaults.ts';
import type { Clock, Connection } from './types.ts';

export interface Server {
  readonly local: Endpoint;
  /** Stops accepting, lets conversations finish for `graceMs`, then ends them. */
  close(options?: { graceMs?: number }): Promise<void>;
}

/** One conversation of a server, as the life cycle needs it. */
export interface Conversation {
  /** Asked to finish what is under way and then close. */
  finish(): void;
  /** Out of patience: close now. */
  destroy(): void;
}

/** The conversations that a server holds at present. */
export class Conversations {
  private readonly open = new Set<Conversation>();
  private emptied: Deferred<void> | undefined;
  private parting = 0;

  get size(): number {
    return this.open.size;
  }

  add(conversation: Conversation): void {
    this.open.add(conversation);
  }

  delete(conversation: Conversation): void {
    this.open.delete(conversation);
    if (this.open.size === 0) this.emptied?.resolve();
  }

  /** Gives a connection that is one too many a last word, and a moment to read it. */
  turnAway(clock: Clock, connection: Connection, word: Uint8Array): void {
    if (this.parting >= PARTING_LIMIT) {
      connection.destroy();
      return;
    }
    this.parting++;
    const patience = clock.setTimer(PARTING_MS, () => connection.destroy());
    const onClose = (): void => {
      patience.cancel();
      this.parting--;
    };
    connection.attach({ onData() {}, onClose });
    connection.write(word);
    connection.end();
  }

  /** Asks all to finish; ends those that are left after `graceMs`. */
  async close(clock: Clock, graceMs: number = GRACE_MS): Promise<void> {
    for (const conversation of [...this.open]) conversation.finish();
    if (this.open.size === 0) return;
    this.emptied = deferred();
    const patience = clock.setTimer(graceMs, () => {
      for (const conversation of [...this.open]) conversation.destroy();
    });
    await this.emptied.promise;
    patience.cancel();
  }
}
