/** The connections of a client, by where they lead. */
import { type Deferred, deferred } from '../lib/deferred.ts';
import type { Address } from '../lib/endpoint.ts';
import { NetworkError } from '../lib/errors.ts';
import type { Host, Timer } from '../net/index.ts';
import type { ClientConversation } from './client-conversation.ts';

export interface PoolLimits {
  readonly connectionsPerOrigin: number;
  readonly idleMs: number;
}

type Release = (conversation: ClientConversation) => void;

interface Lane {
  /** Connections that are open or being opened. */
  count: number;
  readonly idle: { readonly conversation: ClientConversation; readonly timer: Timer }[];
  readonly waiting: Deferred<void>[];
  /** Where its connections lead: a further one goes there too, and the name is not looked up again. */
  address: Address | undefined;
}

export class Pool {
  private readonly host: Host;
  private readonly limits: PoolLimits;
  private readonly lanes = new Map<string, Lane>();
  private readonly all = new Set<ClientConversation>();
  private closed = false;

  constructor(host: Host, limits: PoolLimits) {
    this.host = host;
    this.limits = limits;
  }

  /**
   * An idle connection, or a new one that `open` makes, or the next that becomes free where there
   * are as many as may be.
   */
  async acquire(
    key: string,
    open: (onFree: Release, known: Address | undefined) => Promise<ClientConversation>,
    fresh = false,
  ): Promise<ClientConversation> {
    const lane = this.lane(key);
    for (;;) {
      if (this.closed) throw new NetworkError('closed', 'the client was closed');
      const idle = fresh ? undefined : takeIdle(lane);
      if (idle) return idle;
      if (lane.count < this.limits.connectionsPerOrigin) break;
      if (fresh && lane.idle.length > 0) {
        takeIdle(lane)?.end();
        continue;
      }
      const turn = deferred<void>();
      lane.waiting.push(turn);
      await turn.promise;
    }
    lane.count++;
    try {
      const conversation = await open((freed) => this.freed(key, freed), lane.address);
      lane.address = conversation.connection.remote.address;
      this.all.add(conversation);
      return conversation;
    } catch (error) {
      this.vacate(key);
      throw error;
    }
  }

  /** Closes the idle connections and gives up the others. */
  close(): void {
    this.closed = true;
    for (const lane of this.lanes.values()) {
      for (const { conversation, timer } of lane.idle.splice(0)) {
        timer.cancel();
        conversation.end();
      }
      for (const turn of lane.waiting.splice(0)) turn.resolve();
    }
    for (const conversation of [...this.all]) conversation.destroy();
  }

  private freed(key: string, conversation: ClientConversation): void {
    const lane = this.lane(key);
    const at = lane.idle.findIndex((entry) => entry.conversation === conversation);
    if (at >= 0) lane.idle.splice(at, 1)[0]?.timer.cancel();
    if (!conversation.alive || this.closed) {
      if (this.all.delete(conversation)) this.vacate(key);
      return;
    }
    const timer = this.host.clock.setTimer(this.limits.idleMs, () => conversation.end());
    lane.idle.push({ conversation, timer });
    lane.waiting.shift()?.resolve();
  }

  private vacate(key: string): void {
    const lane = this.lane(key);
    lane.count--;
    lane.waiting.shift()?.resolve();
    if (lane.count === 0 && lane.waiting.length === 0) this.lanes.delete(key);
  }

  private lane(key: string): Lane {
    const found = this.lanes.get(key);
    if (found) return found;
    const lane: Lane = { count: 0, idle: [], waiting: [], address: undefined };
    this.lanes.set(key, lane);
    return lane;
  }
}

/** The one used last: it has the best chance to be alive still. */
function takeIdle(lane: Lane): ClientConversation | undefined {
  for (let entry = lane.idle.pop(); entry; entry = lane.idle.pop()) {
    entry.timer.cancel();
    if (entry.conversation.free) return entry.conversation;
  }
  return undefined;
}
