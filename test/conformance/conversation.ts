/** What the tests of connections have in common. */
import { concat } from '../../src/lib/bytes.ts';
import { type Deferred, deferred } from '../../src/lib/deferred.ts';
import {
  below,
  type CloseReason,
  type Connection,
  type Host,
  type Random,
} from '../../src/net/index.ts';

/** A handler that keeps what it is told, in order. */
export class Listening {
  readonly connection: Connection;
  readonly calls: string[] = [];
  readonly chunks: Uint8Array[] = [];
  readonly ended: Deferred<void> = deferred();
  readonly closed: Deferred<CloseReason> = deferred();
  received = 0;
  private drained: Deferred<void> = deferred();
  private wanted = Number.POSITIVE_INFINITY;
  private enough: Deferred<void> = deferred();

  constructor(connection: Connection) {
    this.connection = connection;
    connection.attach({
      onData: (bytes) => {
        if (this.calls.at(-1) !== 'data') this.calls.push('data');
        this.chunks.push(bytes);
        this.received += bytes.length;
        if (this.received >= this.wanted) this.enough.resolve();
      },
      onEnd: () => {
        this.calls.push('end');
        this.ended.resolve();
      },
      onDrain: () => {
        const { drained } = this;
        this.drained = deferred();
        drained.resolve();
      },
      onClose: (why) => {
        this.calls.push(`close:${why.kind}`);
        this.closed.resolve(why);
      },
    });
  }

  get bytes(): Uint8Array {
    return concat(this.chunks);
  }

  /** Resolves when so many bytes have come in all. */
  has(bytes: number): Promise<void> {
    if (this.received >= bytes) return Promise.resolve();
    this.wanted = bytes;
    this.enough = deferred();
    return this.enough.promise;
  }

  /** Resolves with the next onDrain. */
  drain(): Promise<void> {
    return this.drained.promise;
  }
}

/** Two ends of a connection, not attached. */
export async function pair(
  client: Host,
  server: Host,
): Promise<{ near: Connection; far: Connection }> {
  const accepted = deferred<Connection>();
  const listener = await server.network.listen({ port: 0 }, accepted.resolve);
  const near = await client.network.connect(listener.local);
  const far = await accepted.promise;
  await listener.close();
  return { near, far };
}

/** The bytes in parts of random length up to `most`. */
export function randomParts(bytes: Uint8Array, most: number, random: Random): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + below(random, most);
    parts.push(bytes.subarray(at, at + length));
    at += length;
  }
  return parts;
}

/** Writes everything, waiting when it is asked to. */
export async function writeAll(to: Listening, parts: readonly Uint8Array[]): Promise<number> {
  let waits = 0;
  for (const part of parts) {
    const drained = to.drain();
    if (to.connection.write(part)) continue;
    waits++;
    await drained;
  }
  return waits;
}
