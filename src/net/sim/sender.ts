/** One direction of a stream at its sending end: the buffer, the window, and what must be sent again. */
import { concat } from '../../lib/bytes.ts';
import { LEAST_RTO_MS, MOST_RTO_MS, PIECE, SEGMENT, STREAM_TIMEOUT_MS } from './defaults.ts';
import type { Fabric } from './fabric.ts';
import type { Transfer } from './flows.ts';
import type { Path } from './path.ts';
import { SlowStart } from './slow-start.ts';

/** What travels as one: some bytes, or the end of the stream. */
export interface Piece {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly end: boolean;
  readonly firstLeft: number;
  left: number;
  tries: number;
}

export interface SenderOptions {
  readonly path: Path;
  readonly back: Path;
  readonly sendBuffer: number;
  readonly receiveBuffer: number;
  readonly slowStart: boolean;
}

/** Whom the sender tells. */
export interface SenderEvents {
  arrived(piece: Piece): void;
  dropped(bytes: Uint8Array, why: string): void;
  drained(): void;
  /** The end of the stream has left. */
  finished(): void;
  timedOut(): void;
}

const NOTHING = new Uint8Array(0);

export class Sender {
  /** Bytes accepted that have not left. */
  buffered = 0;
  private readonly fabric: Fabric;
  private readonly options: SenderOptions;
  private readonly events: SenderEvents;
  private transfer: Transfer | undefined;
  private readonly slow: SlowStart | undefined;
  private queue: Uint8Array[] = [];
  /** What is leaving at present. */
  private leaving: Uint8Array | undefined;
  private number = 0;
  private sent = 0;
  private acknowledged = 0;
  private acks: { at: number; total: number }[] = [];
  private consumed = 0;
  private starved = false;
  private wanted = false;
  private awaited = Number.POSITIVE_INFINITY;
  private needDrain = false;
  private ending = false;
  private ended = false;
  private stopped = false;

  constructor(fabric: Fabric, options: SenderOptions, events: SenderEvents) {
    this.fabric = fabric;
    this.options = options;
    this.events = events;
    if (options.slowStart) this.slow = new SlowStart();
  }

  write(bytes: Uint8Array): boolean {
    if (bytes.length > 0) {
      this.queue.push(bytes);
      this.buffered += bytes.length;
      this.flushLater();
    }
    if (this.buffered <= this.options.sendBuffer) return true;
    this.needDrain = true;
    return false;
  }

  end(): void {
    this.ending = true;
    this.flushLater();
  }

  /** Nothing more leaves. What is under way goes on. */
  stop(): void {
    this.stopped = true;
    this.queue = [];
    this.leaving = undefined;
    this.buffered = 0;
    if (this.transfer) this.fabric.flows.unload(this.transfer);
  }

  /** The receiver has read so much more; the sender hears of it one latency later. */
  read(bytes: number): void {
    this.consumed += bytes;
    const at = this.fabric.loop.now + this.options.back.latency;
    this.acks.push({ at, total: this.consumed });
    if (this.starved) this.wake(at);
  }

  private get roundTrip(): number {
    return this.options.path.latency + this.options.back.latency;
  }

  private get rto(): number {
    return Math.max(LEAST_RTO_MS, 2 * this.roundTrip);
  }

  /** What is written in one turn leaves as one: the turn is over when the instant is. */
  private flushLater(): void {
    if (this.wanted || this.leaving) return;
    this.wanted = true;
    this.fabric.loop.defer(() => {
      this.wanted = false;
      this.flush();
    });
  }

  private wake(at: number): void {
    if (at >= this.awaited) return;
    this.awaited = at;
    this.fabric.loop.at(at, () => {
      this.awaited = Number.POSITIVE_INFINITY;
      this.flush();
    });
  }

  /** Sends what may be sent. */
  private flush(): void {
    while (!this.leaving && !this.stopped && this.buffered > 0) {
      const most = this.allowance();
      if (most === 0) return;
      const bytes = this.take(most);
      this.slow?.begin(this.fabric.loop.now, bytes.length);
      this.leaving = bytes;
      const transfer = this.currentTransfer();
      if (transfer) this.fabric.flows.load(transfer, bytes.length);
      else this.hasLeft(bytes);
    }
    this.settle();
  }

  /** Over the access links as they are now: a host may be given a rate while it speaks. */
  private currentTransfer(): Transfer | undefined {
    const { from, to } = this.options.path;
    if (from === to || !(from.up || to.down)) return undefined;
    const { flows } = this.fabric;
    if (this.transfer?.up !== from.up || this.transfer?.down !== to.down) {
      if (this.transfer) flows.unload(this.transfer);
      this.transfer = undefined;
    }
    this.transfer ??= flows.transfer(from.up, to.down, () => this.left());
    return this.transfer;
  }

  /** How much may leave now; when it is nothing, a call is arranged for. */
  private allowance(): number {
    const { now } = this.fabric.loop;
    const credit = this.credit(now);
    if (credit === 0) return 0;
    if (!this.slow) return Math.min(PIECE, credit);
    const allowed = this.slow.allowance(now, this.roundTrip, this.rto);
    if (allowed === 0) this.wake(this.slow.nextRound(this.roundTrip));
    return Math.min(PIECE, credit, allowed);
  }

  /** What the receiver's window leaves, as far as the sender has heard. */
  private credit(now: number): number {
    const { acks } = this;
    let heard = 0;
    for (; heard < acks.length; heard++) {
      const ack = acks[heard] as { at: number; total: number };
      if (ack.at > now) break;
      this.acknowledged = ack.total;
    }
    if (heard > 0) acks.splice(0, heard);
    const credit = this.window() - (this.sent - this.acknowledged);
    this.starved = credit <= 0;
    if (this.starved && acks[0]) this.wake(acks[0].at);
    return Math.max(0, credit);
  }

  /** Grows with the path, as systems tune it, so that a window never limits a rate that is given. */
  private window(): number {
    const { path, receiveBuffer } = this.options;
    const { rate } = path;
    return rate === Infinity ? receiveBuffer : Math.max(receiveBuffer, 2 * rate * this.roundTrip);
  }

  private take(most: number): Uint8Array {
    const { queue } = this;
    const first = queue[0] as Uint8Array;
    if (first.length > most) {
      queue[0] = first.subarray(most);
      return first.subarray(0, most);
    }
    let count = 1;
    let length = first.length;
    for (; count < queue.length; count++) {
      const next = (queue[count] as Uint8Array).length;
      if (length + next > most) break;
      length += next;
    }
    return concat(queue.splice(0, count));
  }

  private left(): void {
    const bytes = this.leaving;
    if (!bytes) return;
    this.hasLeft(bytes);
    this.flush();
  }

  private hasLeft(bytes: Uint8Array): void {
    this.leaving = undefined;
    this.buffered -= bytes.length;
    this.sent += bytes.length;
    this.slow?.done(this.fabric.loop.now);
    this.dispatch(this.piece(bytes, false));
  }

  /** Tells what follows from an empty buffer. */
  private settle(): void {
    if (this.buffered > 0 || this.stopped) return;
    if (this.ending) {
      if (this.ended) return;
      this.ended = true;
      this.dispatch(this.piece(NOTHING, true));
      this.events.finished();
    } else if (this.needDrain) {
      this.needDrain = false;
      this.fabric.loop.at(this.fabric.loop.now, () => {
        if (!this.stopped && !this.ending) this.events.drained();
      });
    }
  }

  private piece(bytes: Uint8Array, end: boolean): Piece {
    const { now } = this.fabric.loop;
    return { number: this.number++, bytes, end, firstLeft: now, left: now, tries: 0 };
  }

  private dispatch(piece: Piece): void {
    const { path } = this.options;
    piece.left = this.fabric.loop.now;
    const packets = Math.max(1, Math.ceil(piece.bytes.length / SEGMENT));
    if (path.loses(packets)) {
      this.lost(piece, 'lost on the link');
      return;
    }
    path.carry(path.delay(), {
      arrive: () => this.events.arrived(piece),
      lost: (why) => this.lost(piece, why),
    });
  }

  /** RFC 6298 §5: what was not acknowledged in time is sent again, and the wait doubles. */
  private lost(piece: Piece, why: string): void {
    if (this.stopped) return;
    this.events.dropped(piece.bytes, why);
    const { loop } = this.fabric;
    this.slow?.lost(loop.now);
    const wait = Math.min(MOST_RTO_MS, this.rto * 2 ** piece.tries++);
    const end = piece.firstLeft + STREAM_TIMEOUT_MS;
    const again = Math.max(loop.now, piece.left + wait);
    if (again < end) loop.at(again, () => this.resend(piece));
    else loop.at(end, () => this.giveUp());
  }

  private resend(piece: Piece): void {
    if (!this.stopped && this.options.path.from.running) this.dispatch(piece);
  }

  private giveUp(): void {
    if (!this.stopped) this.events.timedOut();
  }
}
