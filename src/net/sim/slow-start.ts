/**
 * How TCP feels its way to the rate of a new path: a window of ten segments, doubled each round trip
 * until a round trip is too short to send it (RFC 5681 §3.1, RFC 6928). Each window leaves at the fair
 * rate, then the sender waits for the end of the round trip.
 */
import { INITIAL_WINDOW, SEGMENT } from './defaults.ts';

export class SlowStart {
  private window: number = INITIAL_WINDOW;
  private used = 0;
  private roundStart = 0;
  private lastSent = Number.NEGATIVE_INFINITY;
  /** The window fills the path: it limits no more. */
  private open = false;

  /** Bytes that may leave now. Call it when nothing is leaving. */
  allowance(now: number, roundTrip: number, rto: number): number {
    // RFC 5681 §4.1: after an idle time of one RTO the path is unknown again.
    if (now - this.lastSent > rto) this.restart(now);
    if (this.open) return Number.POSITIVE_INFINITY;
    if (this.used > 0 && now >= this.nextRound(roundTrip)) this.endRound(roundTrip);
    return this.open ? Number.POSITIVE_INFINITY : this.window - this.used;
  }

  /** When the next window may leave. */
  nextRound(roundTrip: number): number {
    return this.roundStart + roundTrip;
  }

  /** So many bytes begin to leave. */
  begin(now: number, bytes: number): void {
    if (this.used === 0) this.roundStart = now;
    this.used += bytes;
    this.lastSent = now;
  }

  /** They have left. */
  done(now: number): void {
    this.lastSent = now;
  }

  /** RFC 5681 §3.1: a loss halves the window, to two segments at the least. */
  lost(now: number): void {
    this.window = Math.max(2 * SEGMENT, this.window / 2);
    this.startRound(now);
  }

  private restart(now: number): void {
    this.window = INITIAL_WINDOW;
    this.startRound(now);
  }

  private startRound(now: number): void {
    this.open = false;
    this.used = 0;
    this.roundStart = now;
  }

  /** All of the round was acknowledged: the window grows by as much (RFC 5681 §3.1). */
  private endRound(roundTrip: number): void {
    const full = this.used >= this.window;
    // A window that takes longer than a round trip to leave holds nothing back any more.
    if (full && this.lastSent >= this.nextRound(roundTrip)) this.open = true;
    this.window += this.used;
    this.used = 0;
  }
}
