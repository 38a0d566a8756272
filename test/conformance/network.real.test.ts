import { Worker } from 'node:worker_threads';
import { deferred } from '../../src/lib/deferred.ts';
import type { Endpoint } from '../../src/lib/endpoint.ts';
import {
  mappedPlan,
  type PortPlan,
  type RealHost,
  realClock,
  realHost,
} from '../../src/net/real/index.ts';
import type { TraceEvent } from '../../src/trace/index.ts';
import type { Laboratory } from './laboratory.ts';
import { networkSuite } from './network-suite.ts';

networkSuite('the real network', async () => realLaboratory());

networkSuite('the real network, all hosts at one address', async () =>
  realLaboratory(mappedPlan(carry)),
);

/** As on a machine with one loopback address: 127.0.0.1 carries the hosts of the laboratory. */
function carry(at: Endpoint): Endpoint {
  return at.address.startsWith('127.0.7.') ? { address: '127.0.0.1', port: 0 } : at;
}

/** Listens, and then never looks at its socket again: what doesn't fit its queue of two gets no answer. */
const SILENT_LISTENER = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    parentPort.once('message', () => process.exit());
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });
`;

async function realLaboratory(ports?: PortPlan): Promise<Laboratory> {
  const events: TraceEvent[] = [];
  const trace = { on: true, emit: (event: TraceEvent) => void events.push(event) };
  const clock = realClock();
  const host = (name: string, address: string): RealHost =>
    realHost({ name, address, trace, clock, ...(ports ? { ports } : {}) });
  const hosts = [
    host('alice', '127.0.7.1'),
    host('bob', '127.0.7.2'),
    host('carol', '127.0.7.3'),
  ] as const;
  const helper = realHost({ name: 'helper', ...(ports ? { ports } : {}) });
  const workers: Worker[] = [];
  return {
    hosts,
    events,
    run: (work) => work,
    async silent(): Promise<Endpoint> {
      const worker = new Worker(SILENT_LISTENER, { eval: true });
      workers.push(worker);
      const port = deferred<number>();
      worker.once('message', port.resolve);
      worker.once('error', port.reject);
      const to = { address: '127.0.0.1', port: await port.promise };
      await helper.network.connect(to);
      await helper.network.connect(to);
      return to;
    },
    async close() {
      await Promise.all([...hosts, helper].map((one) => one.close()));
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
