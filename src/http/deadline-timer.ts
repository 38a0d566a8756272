/**
 * One timer for all the deadlines of a connection. A deadline that moves on costs nothing: the timer
 * fires early and is set again.
 */
import type { Clock, Timer } from '../net/index.ts';

export class DeadlineTimer {
  private readonly clock: Clock;
  private readonly fire: (now: number) => void;
  private timer: Timer | undefined;
  private setFor = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, fire: (now: number) => void) {
    this.clock = clock;
    this.fire = fire;
  }

  /** Makes sure that `fire` is called at the deadline or before. */
  arm(deadline: number | undefined, now: number): void {
    if (deadline === undefined || deadline >= this.setFor) return;
    this.timer?.cancel();
    this.setFor = deadline;
    this.timer = this.clock.setTimer(Math.max(0, deadline - now), () => {
      this.setFor = Number.POSITIVE_INFINITY;
      this.fire(this.clock.now());
    });
  }

  cancel(): void {
    this.timer?.cancel();
    // Nothing is armed any more.
    this.setFor = Number.NEGATIVE_INFINITY;
  }
}
