import { expect, test } from 'vitest';
import { below, fraction, seededRandom } from '../random.ts';
import type { Random } from '../types.ts';
import { Flow, fillLevels, Link, Sharing } from './max-min.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** Raises all rates together and freezes what meets a limit: the definition, step by step. */
function waterLevel(flows: readonly Flow[]): Map<Flow, number> {
  const rates = new Map(flows.map((flow) => [flow, 0]));
  const open = new Set(flows);
  const linksOf = (flow: Flow) => [flow.up, flow.down].filter((link) => link !== undefined);
  while (open.size > 0) {
    let step = NEVER;
    const left = (link: Link) =>
      link.capacity - link.flows.reduce((sum, flow) => sum + (rates.get(flow) ?? 0), 0);
    for (const flow of open) {
      for (const link of linksOf(flow)) {
        step = Math.min(step, left(link) / link.flows.filter((one) => open.has(one)).length);
      }
    }
    for (const flow of open) rates.set(flow, (rates.get(flow) ?? 0) + step);
    for (const flow of [...open]) {
      const full = linksOf(flow).some((link) => left(link) <= 1e-9 * link.capacity);
      if (full) open.delete(flow);
    }
  }
  return rates;
}

function randomLinks(random: Random, count: number): (Link | undefined)[] {
  return Array.from({ length: count }, () =>
    below(random, 10) === 0 ? undefined : new Link(1 + below(random, 5) * 10 + fraction(random)),
  );
}

function randomFlow(random: Random, ups: (Link | undefined)[], downs: (Link | undefined)[]): Flow {
  for (;;) {
    const flow = new Flow(ups[below(random, ups.length)], downs[below(random, downs.length)]);
    if (flow.up || flow.down) return flow;
  }
}

const setRate = (flow: Flow, rate: number) => {
  flow.rate = rate;
};

for (let seed = 1; seed <= 40; seed++) {
  test(`shares max-min fairly while flows come, go and links change (seed ${seed})`, () => {
    const random = seededRandom(seed);
    const hosts = 2 + below(random, 12);
    const [ups, downs] = [randomLinks(random, hosts), randomLinks(random, hosts)];
    const sharing = new Sharing();
    const flows: Flow[] = [];
    for (let round = 0; round < 25; round++) {
      for (let i = below(random, 6); i >= 0; i--) {
        const flow = randomFlow(random, ups, downs);
        flows.push(flow);
        sharing.add(flow);
      }
      for (let i = below(random, 5); i > 0 && flows.length > 1; i--) {
        sharing.remove(flows.splice(below(random, flows.length), 1)[0] as Flow);
      }
      const link = ups[below(random, hosts)];
      if (link) link.capacity = 1 + 20 * fraction(random);
      sharing.changed(link);
      sharing.settle(setRate);
      const truth = waterLevel(flows);
      for (const flow of flows) expect(flow.rate / (truth.get(flow) ?? 0)).toBeCloseTo(1, 6);
    }
    expect(sharing.fillings).toBe(0);
  });

  test(`the full filling agrees (seed ${seed})`, () => {
    const random = seededRandom(`fill ${seed}`);
    const [ups, downs] = [randomLinks(random, 6), randomLinks(random, 6)];
    const sharing = new Sharing();
    const flows = Array.from({ length: 30 }, () => randomFlow(random, ups, downs));
    for (const flow of flows) sharing.add(flow);
    fillLevels([...ups, ...downs].filter((link) => link !== undefined));
    const truth = waterLevel(flows);
    for (const flow of flows) {
      const rate = Math.min(flow.up?.level ?? NEVER, flow.down?.level ?? NEVER);
      expect(rate / (truth.get(flow) ?? 0)).toBeCloseTo(1, 6);
    }
  });
}

test('when the relaxation takes too long, a full filling takes over', () => {
  const random = seededRandom('impatient');
  const [ups, downs] = [randomLinks(random, 6), randomLinks(random, 6)];
  const sharing = new Sharing(0);
  const flows: Flow[] = [];
  for (let round = 1; round <= 20; round++) {
    const flow = randomFlow(random, ups, downs);
    flows.push(flow);
    sharing.add(flow);
    sharing.settle(setRate);
    const truth = waterLevel(flows);
    for (const one of flows) expect(one.rate / (truth.get(one) ?? 0)).toBeCloseTo(1, 6);
  }
  expect(sharing.fillings).toBeGreaterThan(10);
});

test('the textbook case: one flow over two links, and one more over each', () => {
  const [a, b] = [new Link(1), new Link(2)];
  const sharing = new Sharing();
  const flows = [new Flow(a, b), new Flow(a, undefined), new Flow(undefined, b)];
  for (const flow of flows) sharing.add(flow);
  sharing.settle(setRate);
  expect(flows.map((flow) => flow.rate)).toEqual([0.5, 0.5, 1.5]);
});
