/** Two connections as one: what comes on either goes out on the other, at the slower one's pace. */
import type { Switched } from '../http/index.ts';
import type { Clock, CloseReason, Connection, Timer } from '../net/index.ts';
import { TUNNEL_IDLE_MS } from './defaults.ts';

export interface TunnelOptions {
  readonly idleMs?: number;
  /** Told once, when both sides are over: bytes towards the second, and towards the first. */
  readonly onOver?: (there: number, back: number) => void;
}

/** Joins them until both have ended, one breaks, or neither says anything for too long. */
export function join(
  clock: Clock,
  one: Switched,
  other: Switched,
  options: TunnelOptions = {},
): void {
  new Tunnel(clock, one, other, options).begin();
}

class Tunnel {
  private readonly clock: Clock;
  private readonly one: Switched;
  private readonly other: Switched;
  private readonly options: TunnelOptions;
  private readonly carried = [0, 0];
  private open = 2;
  private lastNews: number;
  private timer: Timer | undefined;

  constructor(clock: Clock, one: Switched, other: Switched, options: TunnelOptions) {
    this.clock = clock;
    this.one = one;
    this.other = other;
    this.options = options;
    this.lastNews = clock.now();
  }

  begin(): void {
    this.lead(this.one, this.other, 0);
    this.lead(this.other, this.one, 1);
    this.watch();
    this.one.connection.resume();
    this.other.connection.resume();
  }

  private lead(
    { connection: from, early }: Switched,
    { connection: to }: Switched,
    way: 0 | 1,
  ): void {
    from.attach({
      onData: (bytes) => this.carry(bytes, from, to, way),
      onEnd: () => to.end(),
      onDrain: () => to.resume(),
      onClose: (why) => this.closed(why, to),
    });
    if (early.length > 0) this.carry(early, from, to, way);
  }

  private carry(bytes: Uint8Array, from: Connection, to: Connection, way: 0 | 1): void {
    this.lastNews = this.clock.now();
    this.carried[way] = (this.carried[way] ?? 0) + bytes.length;
    if (!to.write(bytes)) from.pause();
  }

  private closed(why: CloseReason, to: Connection): void {
    if (why.kind === 'end') to.end();
    else to.destroy(why.error);
    if (--this.open > 0) return;
    this.timer?.cancel();
    this.options.onOver?.(this.carried[0] as number, this.carried[1] as number);
  }

  private watch(): void {
    const { idleMs = TUNNEL_IDLE_MS } = this.options;
    const left = this.lastNews + idleMs - this.clock.now();
    if (left <= 0) {
      this.one.connection.destroy();
      this.other.connection.destroy();
      return;
    }
    this.timer = this.clock.setTimer(left, () => this.watch());
  }
}
