import type { Clock, Timer } from '../types.ts';

/** The machine's own time, which several hosts of one internet may share. */
export type RealClock = Clock;

/** The longest delay that setTimeout keeps; longer waits are made of several. */
const LONGEST = 2 ** 31 - 1;

/** A clock that starts at 0 now. */
export function realClock(): RealClock {
  const start = performance.now();
  const now = () => performance.now() - start;
  return {
    epoch: performance.timeOrigin + start,
    now,
    setTimer: (ms, fire) => new RealTimer(now, now() + Math.max(0, ms), fire),
  };
}

/** Fires at its time or after, never before: setTimeout alone may be a fraction early. */
class RealTimer implements Timer {
  private readonly now: () => number;
  private readonly due: number;
  private readonly fire: () => void;
  private handle: NodeJS.Timeout | NodeJS.Immediate;

  constructor(now: () => number, due: number, fire: () => void) {
    this.now = now;
    this.due = due;
    this.fire = fire;
    this.handle = this.arm();
  }

  cancel(): void {
    clearTimeout(this.handle as NodeJS.Timeout);
    clearImmediate(this.handle as NodeJS.Immediate);
  }

  /** What is due now comes after the events that are there already. */
  private arm(): NodeJS.Timeout | NodeJS.Immediate {
    if (this.now() >= this.due) return setImmediate(this.fire);
    const wait = Math.min(LONGEST, Math.ceil(this.due - this.now()));
    return setTimeout(() => {
      if (this.now() >= this.due) this.fire();
      else this.handle = this.arm();
    }, wait);
  }
}

/** One host's view of a shared clock: when the host stops, its timers stop with it. */
export class HostClock implements Clock {
  readonly epoch: number;
  private readonly shared: Clock;
  private readonly timers = new Set<Timer>();
  private stopped = false;

  constructor(shared: Clock) {
    this.shared = shared;
    this.epoch = shared.epoch;
  }

  now(): number {
    return this.shared.now();
  }

  setTimer(ms: number, fire: () => void): Timer {
    if (this.stopped) return { cancel() {} };
    const inner = this.shared.setTimer(ms, () => {
      this.timers.delete(timer);
      fire();
    });
    const timer: Timer = {
      cancel: () => {
        this.timers.delete(timer);
        inner.cancel();
      },
    };
    this.timers.add(timer);
    return timer;
  }

  stop(): void {
    this.stopped = true;
    for (const timer of [...this.timers]) timer.cancel();
  }
}
