import {
  type LinkOptions,
  type SimHostOptions,
  World,
  type WorldOptions,
} from '../../src/net/sim/index.ts';
import type { TraceEvent } from '../../src/trace/index.ts';
import type { Laboratory } from './laboratory.ts';
import { networkSuite } from './network-suite.ts';

networkSuite('a simulated network without limits', async () => simLaboratory({}));

networkSuite('a simulated network with rates and latencies', async () =>
  simLaboratory({ up: 20e6, down: 100e6, latency: 5 }, { jitter: 3 }),
);

networkSuite('a simulated network with slow start', async () =>
  simLaboratory({ up: 50e6, latency: 10, slowStart: true }),
);

networkSuite('a simulated network drained by turns, as in a browser', async () =>
  simLaboratory({ latency: 1 }, {}, { drain: 'turns', strict: false }),
);

function simLaboratory(
  access: SimHostOptions,
  links: LinkOptions = {},
  options: Partial<WorldOptions> = {},
): Laboratory {
  const events: TraceEvent[] = [];
  const trace = { on: true, emit: (event: TraceEvent) => void events.push(event) };
  const world = new World({ seed: 1, trace, strict: true, ...options });
  world.links(links);
  const hosts = [
    world.host('alice', access),
    world.host('bob', access),
    world.host('carol', access),
  ] as const;
  return {
    hosts,
    events,
    run: (work) => world.run(work),
    async silent() {
      const nowhere = world.host('nowhere');
      world.crash(nowhere);
      return { address: nowhere.address, port: 1 };
    },
    async close() {},
  };
}
