/** The cookies of a client: one of its own for each server, and the server's (RFC 7873 §5.1). */

import { concat, equalBytes } from '../../lib/bytes.ts';
import type { Address } from '../../lib/endpoint.ts';
import { KNOWN_COOKIES } from '../defaults.ts';
import type { DnsCookie } from '../options.ts';

interface Pair {
  readonly client: Uint8Array;
  server: Uint8Array | undefined;
}

export class CookieJar {
  private readonly pairs = new Map<Address, Pair>();
  private readonly draw: (length: number) => Uint8Array;

  constructor(draw: (length: number) => Uint8Array) {
    this.draw = draw;
  }

  /** The data of the COOKIE option of a query to this server. */
  for(server: Address): Uint8Array {
    let pair = this.pairs.get(server);
    if (!pair) {
      pair = { client: this.draw(8), server: undefined };
      this.pairs.set(server, pair);
      if (this.pairs.size > KNOWN_COOKIES) this.forgetOldest();
    }
    return pair.server ? concat([pair.client, pair.server]) : pair.client;
  }

  /**
   * Whether a reply with this cookie, or none, can be the server's own (RFC 7873 §5.3): who has given
   * cookies before does not stop, and repeats ours.
   */
  accepts(server: Address, cookie: DnsCookie | undefined): boolean {
    const pair = this.pairs.get(server);
    if (!pair) return true;
    if (!cookie) return pair.server === undefined;
    if (!equalBytes(cookie.client, pair.client)) return false;
    if (cookie.server) pair.server = cookie.server.slice();
    return true;
  }

  /** After silence the server may be one that knows no cookies any more. */
  forget(server: Address): void {
    this.pairs.delete(server);
  }

  private forgetOldest(): void {
    for (const oldest of this.pairs.keys()) {
      this.pairs.delete(oldest);
      return;
    }
  }
}
