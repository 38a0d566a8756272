/** How long a connection waits for what, with one timer. */
import type { Clock, Timer } from '../net/index.ts';

export class Patience {
  private readonly clock: Clock;
  private readonly onLate: () => void;
  private deadline = Number.POSITIVE_INFINITY;
  private armedFor = Number.POSITIVE_INFINITY;
  private timer: Timer | undefined;
  private isOver = false;

  constructor(clock: Clock, onLate: () => void) {
    this.clock = clock;
    this.onLate = onLate;
  }

  /** From now on; infinite waits for ever. */
  wait(ms: number): void {
    this.deadline = this.clock.now() + ms;
    if (this.deadline < this.armedFor) this.arm();
  }

  end(): void {
    this.isOver = true;
    this.timer?.cancel();
  }

  /** The timer looks whether the deadline has moved on: it is not set anew for each command. */
  private arm(): void {
    this.timer?.cancel();
    this.armedFor = this.deadline;
    if (this.isOver || this.deadline === Number.POSITIVE_INFINITY) return;
    this.timer = this.clock.setTimer(Math.max(0, this.deadline - this.clock.now()), () => {
      if (this.clock.now() < this.deadline) {
        this.arm();
        return;
      }
      this.armedFor = Number.POSITIVE_INFINITY;
      this.onLate();
    });
  }
}
