/**
 * The deadlines of all conversations of a server, on one timer. A deadline that moves on costs
 * nothing: it is looked at when the timer fires.
 */
import type { Clock, Timer } from '../net/index.ts';
import { DEADLINE_GRAIN_MS } from './defaults.ts';

export interface Timed {
  /** When it wants to be woken, if nothing happens until then. */
  readonly deadline: number | undefined;
  wake(now: number): void;
}

export class Deadlines {
  private readonly clock: Clock;
  private readonly watched = new Set<Timed>();
  private timer: Timer | undefined;
  private setFor = Number.POSITIVE_INFINITY;
  private lookedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  add(timed: Timed, now: number): void {
    this.watched.add(timed);
    this.moved(timed.deadline, now);
  }

  delete(timed: Timed): void {
    this.watched.delete(timed);
    if (this.watched.size === 0) this.stop();
  }

  /** A deadline has changed: makes sure that it is looked at in time. */
  moved(deadline: number | undefined, now: number): void {
    if (deadline === undefined || deadline >= this.setFor) return;
    this.stop();
    // Many deadlines close to each other are looked at together.
    const due = Math.max(deadline, this.lookedAt + DEADLINE_GRAIN_MS);
    this.setFor = due;
    this.timer = this.clock.setTimer(Math.max(0, due - now), () => this.look());
  }

  private look(): void {
    const now = this.clock.now();
    this.setFor = Number.POSITIVE_INFINITY;
    this.lookedAt = now;
    let next = Number.POSITIVE_INFINITY;
    for (const timed of this.watched) {
      if ((timed.deadline ?? Number.POSITIVE_INFINITY) <= now) timed.wake(now);
      const { deadline } = timed;
      if (deadline !== undefined && deadline < next && this.watched.has(timed)) next = deadline;
    }
    if (next < Number.POSITIVE_INFINITY) this.moved(next, now);
  }

  private stop(): void {
    this.timer?.cancel();
    this.setFor = Number.POSITIVE_INFINITY;
  }
}
