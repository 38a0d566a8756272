/** A scenario run from a seed on the simulated network. */
import type { Files } from '../../net/index.ts';
import { Internet } from '../internet.ts';
import type { Scenario } from '../scenario/types.ts';
import { runScripts, type StepOutcome } from '../script.ts';
import { SimGround } from './ground.ts';

export interface SimulatedRunOptions {
  /** Stops at this virtual time; default: when nothing is left to do. */
  readonly untilMs?: number;
  readonly onFailure?: (outcome: StepOutcome & { readonly error: string }) => void;
}

export interface SimulatedRun {
  /** How many events the loop ran. */
  readonly events: number;
  /** The virtual time at the end. */
  readonly untilMs: number;
  /** Equal for equal runs. */
  readonly hash: string;
}

export class SimulatedInternet {
  readonly internet: Internet;
  readonly ground: SimGround;

  /** `record: false` for long runs: nothing is kept, and there is no hash. */
  constructor(
    file: { readonly scenario: Scenario; readonly content: Files },
    seed: string,
    { record = true }: { readonly record?: boolean } = {},
  ) {
    this.ground = new SimGround(file.scenario, seed, record);
    const { content } = file;
    this.internet = new Internet(file.scenario, { ground: this.ground, content, record });
  }

  /** Starts all hosts, and runs until `action` has ended. */
  async play<T>(action: (internet: Internet) => Promise<T>): Promise<T> {
    await this.start();
    return this.ground.world.run(action(this.internet));
  }

  /** Starts all hosts, plays their scripts. */
  async run(options: SimulatedRunOptions = {}): Promise<SimulatedRun> {
    const { world } = this.ground;
    await this.start();
    const told = ({ error, ...outcome }: StepOutcome) => {
      if (error !== undefined) options.onFailure?.({ ...outcome, error });
    };
    const scripts = runScripts(this.internet, told);
    if (options.untilMs === undefined) {
      await world.run(scripts);
    } else {
      await world.runUntil(options.untilMs);
    }
    return { events: world.events, untilMs: world.now, hash: world.hash };
  }

  private async start(): Promise<void> {
    await this.ground.world.run(this.internet.start());
    this.ground.connect();
  }
}
