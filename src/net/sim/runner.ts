/** Drives a loop: events, and between them the jobs of promises, until there is a reason to stop. */
import { settledCount } from '../../lib/deferred.ts';
import { SLICE_MS } from './defaults.ts';
import { drainNow, nextTurn, wallClock } from './drain.ts';
import { forbidRealWorld } from './guard.ts';
import type { Loop } from './loop.ts';

/** When a run is over. */
export interface Goal {
  /** Events after this time are left for later. */
  readonly until: number;
  /** True when there is nothing more to wait for; asked after each event. */
  done(): boolean;
}

export interface RunnerOptions {
  readonly strict: boolean;
  /** `turns` drains by turns of the platform's event loop, as in browsers; the order of events is the same. */
  readonly drain: 'now' | 'turns';
  /** Adds to what a host threw: where and when. */
  explain(error: unknown): unknown;
}

/** Events between two looks at the wall clock. */
const LOOK_EVERY = 64;

const NEVER = Number.POSITIVE_INFINITY;

export class Runner {
  private readonly loop: Loop;
  private readonly options: RunnerOptions;
  private readonly drain: (() => void) | undefined;
  private running = false;
  private failure: { error: unknown } | undefined;
  /** No promise job can be waiting: none was settled, nothing has happened since the last drain. */
  private drained = false;
  private seen = -1;

  constructor(loop: Loop, options: RunnerOptions) {
    this.loop = loop;
    this.options = options;
    this.drain = options.drain === 'now' ? drainNow : undefined;
  }

  get isRunning(): boolean {
    return this.running;
  }

  /** Stops the run that is under way, or the next one, with an error. */
  fail(error: unknown): void {
    this.failure ??= { error };
  }

  /** Runs until the goal is reached; true, or false when no events were left before. */
  run(goal: Goal): Promise<boolean> {
    this.running = true;
    // What the caller did before may have settled promises, whoever counted.
    this.drained = false;
    return new Promise<boolean>((resolve, reject) => {
      const slice = () => {
        const restore = this.options.strict ? forbidRealWorld() : undefined;
        try {
          const end = this.slice(goal);
          if (end === undefined) nextTurn(slice);
          else this.stop(() => resolve(end));
        } catch (error) {
          this.stop(() => reject(this.options.explain(error)));
        } finally {
          restore?.();
        }
      };
      // A drain inside a promise job does nothing: each slice starts from a task of its own.
      nextTurn(slice);
    });
  }

  private stop(tell: () => void): void {
    this.running = false;
    this.failure = undefined;
    tell();
  }

  /** Works for a while: true or false when the run is over, undefined when it wants another turn. */
  private slice(goal: Goal): boolean | undefined {
    const start = wallClock();
    for (let count = 1; ; ) {
      const step = this.next(goal);
      if (step === 'turn') return undefined;
      if (step === 'again') continue;
      if (step !== 'fire') return step === 'reached';
      this.drained = false;
      this.loop.fire();
      if (++count % LOOK_EVERY === 0 && wallClock() - start > SLICE_MS) return undefined;
    }
  }

  private next(goal: Goal): Step {
    const { loop } = this;
    if (settledCount() !== this.seen) return this.drainJobs();
    if (this.failure) throw this.failure.error;
    if (goal.done()) return 'reached';
    if (loop.next <= loop.now) return 'fire';
    if (!this.drained) return this.drainJobs();
    if (loop.endInstant()) return 'again';
    if (loop.next === NEVER || loop.next > goal.until) return this.rest(goal);
    loop.moveTo(loop.next);
    return 'fire';
  }

  private rest(goal: Goal): Step {
    if (goal.until === NEVER) return 'over';
    this.loop.moveTo(goal.until);
    return 'reached';
  }

  /** Runs what waits for promises, now or, where that takes one, in a turn of the platform. */
  private drainJobs(): Step {
    this.drained = true;
    this.seen = settledCount();
    if (!this.drain) return 'turn';
    this.drain();
    this.seen = settledCount();
    return 'again';
  }
}

/** What is to be done next: an event, another look, a turn for the platform; or the run is over. */
type Step = 'fire' | 'again' | 'turn' | 'reached' | 'over';
