/** Fair sharing under churn: 1,000 hosts with 4 uploads each; each step ends one flow and begins another. */
import { below, fraction, seededRandom } from '../src/net/index.ts';
import { Flow, fillLevels, Link, Sharing } from '../src/net/sim/max-min.ts';
import { type Bench, cpuSeconds, median, type Result } from './bench.ts';

const HOSTS = 1_000;
const UPLOADS = 4;
const STEPS = 200_000;

type Rates = readonly [up: () => number, down: () => number];

interface Outcome {
  readonly eventsPerSecond: number;
  readonly solvesPerStep: number;
  readonly fillings: number;
  /** The largest deviation of a rate from the full filling. */
  readonly error: number;
}

function churn(seed: number, rates: (random: () => number) => Rates, apart: boolean): Outcome {
  const random = seededRandom(seed);
  const [up, down] = rates(() => fraction(random));
  const ups = Array.from({ length: HOSTS }, () => new Link(up()));
  const downs = Array.from({ length: HOSTS }, () => new Link(down()));
  const sharing = new Sharing();
  const pick = () => downs[below(random, HOSTS)];
  const set = (flow: Flow, rate: number) => {
    flow.rate = rate;
  };
  const flows = ups.flatMap((link) =>
    Array.from({ length: UPLOADS }, () => new Flow(link, pick())),
  );
  for (const flow of flows) sharing.add(flow);
  sharing.settle(set);
  const [start, solved] = [cpuSeconds(), sharing.solves];
  for (let step = 0; step < STEPS; step++) {
    const at = below(random, flows.length);
    const ended = flows[at] as Flow;
    sharing.remove(ended);
    if (apart) sharing.settle(set);
    const begun = new Flow(ended.up, pick());
    flows[at] = begun;
    sharing.add(begun);
    sharing.settle(set);
  }
  const seconds = cpuSeconds() - start;
  return {
    eventsPerSecond: (2 * STEPS) / seconds,
    solvesPerStep: (sharing.solves - solved) / STEPS,
    fillings: sharing.fillings,
    error: deviation(flows, [...ups, ...downs]),
  };
}

function deviation(flows: readonly Flow[], links: readonly Link[]): number {
  fillLevels(links.filter((link) => link.flows.length > 0));
  const exact = (flow: Flow) => Math.min(flow.up?.level ?? Infinity, flow.down?.level ?? Infinity);
  return Math.max(...flows.map((flow) => Math.abs(flow.rate / exact(flow) - 1)));
}

const MBIT = 125;

const asymmetric = (r: () => number): Rates => [
  () => MBIT * (1 + 19 * r()),
  () => MBIT * (25 + 175 * r()),
];
const symmetric = (r: () => number): Rates => [
  () => MBIT * (1 + 99 * r()),
  () => MBIT * (1 + 99 * r()),
];

/** A place that is free is filled in the same instant, as in a swarm; or end and beginning lie apart. */
const CASES: readonly (readonly [string, (random: () => number) => Rates, boolean])[] = [
  ['up 1-20, down 25-200 Mbit/s', asymmetric, false],
  ['up 1-20, down 25-200 Mbit/s, apart', asymmetric, true],
  ['up and down 1-100 Mbit/s', symmetric, false],
  ['up and down 1-100 Mbit/s, apart', symmetric, true],
];

const bench: Bench = {
  name: 'sharing',
  async run(): Promise<readonly Result[]> {
    return CASES.map(([name, rates, apart]) => {
      const outcomes = [1, 2, 3].map((seed) => churn(seed, rates, apart));
      const error = Math.max(...outcomes.map((one) => one.error));
      const solves = median(outcomes.map((one) => one.solvesPerStep)).toFixed(1);
      const fillings = outcomes.reduce((sum, one) => sum + one.fillings, 0);
      if (error > 1e-6) throw new Error(`${name}: rates are wrong by ${error}`);
      return {
        name,
        unit: 'events/CPU-s',
        ours: median(outcomes.map((one) => one.eventsPerSecond)),
        ...(apart ? {} : { goal: 400_000 }),
        note: `error ${error.toExponential(0)}, ${solves} solves a step, ${fillings} fillings`,
      };
    });
  },
};

export { bench };
