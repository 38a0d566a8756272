/** The way from one host to another: how long it takes, what it loses, and whether it is open. */
import { fraction } from '../random.ts';
import type { Loop } from './loop.ts';
import type { Machine } from './machine.ts';

export interface LinkOptions {
  /** Milliseconds one way, besides the latencies of the two hosts' accesses. */
  readonly latency?: number;
  /** Up to so many milliseconds more, evenly, for each datagram and each piece of a stream. */
  readonly jitter?: number;
  /** How likely a packet is lost, 0 to 1. */
  readonly loss?: number;
  /** How likely a datagram is overtaken by those sent after it. */
  readonly reorder?: number;
  /** How likely a datagram comes twice. */
  readonly duplicate?: number;
  readonly slowStart?: boolean;
}

/** What became of something under way: one of the two is called, once. */
export interface Fate {
  arrive(): void;
  lost(why: string): void;
}

export class Path {
  readonly from: Machine;
  readonly to: Machine;
  link: LinkOptions;
  private readonly loop: Loop;
  private cut = false;
  /** Counts the partitions: what was under way in one is lost. */
  private cuts = 0;
  private held: Fate[] | undefined;

  constructor(loop: Loop, from: Machine, to: Machine, link: LinkOptions) {
    this.loop = loop;
    this.from = from;
    this.to = to;
    this.link = link;
  }

  /** Milliseconds one way, without jitter. A host is at no distance from itself. */
  get latency(): number {
    if (this.from === this.to) return 0;
    return this.from.latency + (this.link.latency ?? 0) + this.to.latency;
  }

  /** Bytes a millisecond that the accesses allow at most. */
  get rate(): number {
    if (this.from === this.to) return Number.POSITIVE_INFINITY;
    const { up } = this.from;
    const { down } = this.to;
    return Math.min(up ? up.capacity : Infinity, down ? down.capacity : Infinity);
  }

  /** The latency that one packet meets. */
  delay(): number {
    const { jitter = 0 } = this.link;
    return this.latency + (jitter > 0 ? jitter * fraction(this.from.luck.jitter) : 0);
  }

  /** Whether a train of so many packets loses one. */
  loses(packets: number): boolean {
    const { loss = 0 } = this.link;
    return loss > 0 && fraction(this.from.luck.loss) < 1 - (1 - loss) ** packets;
  }

  carry(delay: number, fate: Fate): void {
    if (this.cut) {
      fate.lost('partition');
      return;
    }
    const { cuts } = this;
    this.loop.at(this.loop.now + delay, () => {
      if (cuts !== this.cuts) fate.lost('partition');
      else if (this.held) this.held.push(fate);
      else this.arrive(fate);
    });
  }

  partition(): void {
    this.cut = true;
    this.cuts++;
    const held = this.held ?? [];
    this.held &&= [];
    for (const fate of held) fate.lost('partition');
  }

  repair(): void {
    this.cut = false;
  }

  hold(): void {
    this.held ??= [];
  }

  release(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const fate of held) this.loop.at(this.loop.now, () => this.arrive(fate));
  }

  /** For people: open, cut or held. */
  get state(): string {
    if (this.cut) return 'partition';
    return this.held ? `held (${this.held.length} under way)` : 'open';
  }

  private arrive(fate: Fate): void {
    if (this.to.running) fate.arrive();
    else fate.lost('host down');
  }
}
