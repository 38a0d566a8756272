/** The times that textbooks compute, to the microsecond. */
import { expect, test } from 'vitest';
import { deferred } from '../../lib/deferred.ts';
import { TraceBus, type TraceEvent } from '../../trace/index.ts';
import { ByteReader } from '../byte-reader.ts';
import { type SimHost, World } from './index.ts';

function memoryTrace(): { trace: TraceBus; events: TraceEvent[] } {
  const trace = new TraceBus();
  const events: TraceEvent[] = [];
  trace.subscribe((event) => void events.push(event));
  return { trace, events };
}

const R = 100;
const C = 10e6;
const OBJECT = 10_000;

interface Page {
  readonly world: World;
  readonly client: SimHost;
  readonly server: SimHost;
}

/** A request is one byte that takes no time: the client's access has no limit upwards. */
async function page(options: { slowStart?: boolean } = {}): Promise<Page> {
  const world = new World({ seed: 1, strict: true });
  const client = world.host('client', { latency: R / 2, down: C });
  const server = world.host('server', options);
  await server.network.listen({ port: 80 }, (connection) => {
    connection.attach({
      onData: (requests) => {
        for (const size of requests) connection.write(new Uint8Array(size * 1000));
      },
      onEnd: () => connection.end(),
      onClose() {},
    });
  });
  return { world, client, server };
}

/** One object on a connection of its own. */
async function fetchAlone({ client, server }: Page, kilobytes = 10): Promise<void> {
  const reader = new ByteReader(
    await client.network.connect({ address: server.address, port: 80 }),
  );
  reader.connection.write(new Uint8Array([kilobytes]));
  await reader.readExactly(1000 * kilobytes);
  reader.end();
}

const objectMs = (OBJECT * 8000) / C;

test('non-persistent connections, one after the other: (N+1)(2R + O/C)', async () => {
  const at = await page();
  const load = async () => {
    for (let i = 0; i < 11; i++) await fetchAlone(at);
    return at.world.now;
  };
  expect(await at.world.run(load())).toBeCloseTo(11 * (2 * R + objectMs), 6);
});

test('non-persistent, six at a time: 2R + O/C + ceil(N/k)2R + N O/C', async () => {
  const at = await page();
  const load = async () => {
    await fetchAlone(at);
    for (const count of [6, 4]) {
      await Promise.all(Array.from({ length: count }, () => fetchAlone(at)));
    }
    return at.world.now;
  };
  expect(await at.world.run(load())).toBeCloseTo(688, 6);
});

test('persistent without pipelining: R + (N+1)(R + O/C)', async () => {
  const { world, client, server } = await page();
  const load = async () => {
    const reader = new ByteReader(
      await client.network.connect({ address: server.address, port: 80 }),
    );
    for (let i = 0; i < 11; i++) {
      reader.connection.write(new Uint8Array([10]));
      await reader.readExactly(OBJECT);
    }
    return world.now;
  };
  expect(await world.run(load())).toBeCloseTo(1288, 6);
});

test('persistent with pipelining: R + R + O/C + R + N O/C', async () => {
  const { world, client, server } = await page();
  const load = async () => {
    const reader = new ByteReader(
      await client.network.connect({ address: server.address, port: 80 }),
    );
    reader.connection.write(new Uint8Array([10]));
    await reader.readExactly(OBJECT);
    reader.connection.write(new Uint8Array(10).fill(10));
    await reader.readExactly(10 * OBJECT);
    return world.now;
  };
  expect(await world.run(load())).toBeCloseTo(388, 6);
});

/** 2R + O/C and the waits at the end of each window that leaves faster than its acknowledgements come. */
function slowStartMs(bytes: number): number {
  const rate = C / 8000;
  let waits = 0;
  for (let window = 14_600, sent = 14_600; sent < bytes; window *= 2, sent += window) {
    waits += Math.max(0, R - window / rate);
  }
  return 2 * R + bytes / rate + waits;
}

test.each([
  [100, 445],
  [250, 0],
  [10, 208],
])('slow start: %i kB take %i ms', async (kilobytes, about) => {
  const at = await page({ slowStart: true });
  const load = async () => {
    await fetchAlone(at, kilobytes);
    return at.world.now;
  };
  const took = await at.world.run(load());
  expect(took).toBeCloseTo(slowStartMs(1000 * kilobytes), 6);
  if (about > 0) expect(Math.round(took)).toBe(about);
});

test('slow start: a megabyte takes 1.225 s', async () => {
  const { world, client, server } = await page({ slowStart: true });
  await server.network.listen({ port: 81 }, (connection) => connection.write(new Uint8Array(1e6)));
  const load = async () => {
    const reader = new ByteReader(
      await client.network.connect({ address: server.address, port: 81 }),
    );
    await reader.readExactly(1e6);
    return world.now;
  };
  // Here the server speaks at once, and the request's round trip is saved.
  expect((await world.run(load())) + R).toBeCloseTo(slowStartMs(1e6), 6);
  expect(Math.round(slowStartMs(1e6))).toBe(1225);
});

test('after an idle time a connection starts slowly again', async () => {
  const { world, client, server } = await page({ slowStart: true });
  const load = async () => {
    const reader = new ByteReader(
      await client.network.connect({ address: server.address, port: 80 }),
    );
    const times: number[] = [];
    for (const pause of [0, 0, 1000]) {
      await new Promise<void>((resolve) => client.clock.setTimer(pause, resolve));
      const start = world.now;
      reader.connection.write(new Uint8Array([100]));
      await reader.readExactly(100_000);
      times.push(Math.round(world.now - start));
    }
    return times;
  };
  // The second time the window has grown enough; after a second of silence it is the first one's again.
  expect(await world.run(load())).toEqual([345, 180, 345]);
});

test('two downloads share a link, and the one that is left takes all', async () => {
  const { trace, events } = memoryTrace();
  const world = new World({ seed: 1, trace });
  const client = world.host('client', { down: 8e6 });
  const server = world.host('server');
  await server.network.listen({ port: 1 }, (c) => c.write(new Uint8Array(50_000)));
  await server.network.listen({ port: 2 }, (c) => c.write(new Uint8Array(25_000)));
  for (const port of [1, 2]) {
    const connecting = client.network.connect({ address: server.address, port });
    connecting.then(
      (c) => c.attach({ onData() {}, onClose() {} }),
      () => {},
    );
  }
  await world.run();
  const received = events.filter((event) => event.kind === 'receive');
  // 1,000 bytes a millisecond: each has 500 until the smaller is whole at 50 ms, the larger then has 25,000 to go.
  expect(received.map((event) => [event.from.port, event.at, event.bytes?.length])).toEqual([
    [2, expect.closeTo(50, 6), 25_000],
    [1, expect.closeTo(75, 6), 50_000],
  ]);
});

test('big writes arrive in pieces, each when its last byte has', async () => {
  const { trace, events } = memoryTrace();
  const world = new World({ seed: 1, trace });
  const client = world.host('client', { latency: 10 });
  const server = world.host('server', { up: 8e6, latency: 20 });
  await server.network.listen({ port: 1 }, (c) => c.write(new Uint8Array(150_000)));
  const connecting = client.network.connect({ address: server.address, port: 1 });
  const attached = deferred<void>();
  connecting
    .then((c) => c.attach({ onData() {}, onClose() {} }))
    .then(attached.resolve, attached.reject);
  await world.run(attached.promise);
  await world.run();
  const received = events.filter((event) => event.kind === 'receive');
  expect(received.map((event) => [event.at, event.bytes?.length])).toEqual([
    [expect.closeTo(60 + 65.536, 6), 65_536],
    [expect.closeTo(60 + 131.072, 6), 65_536],
    [expect.closeTo(60 + 150, 6), 18_928],
  ]);
});

test('a rate that changes under way changes the time that is left', async () => {
  const world = new World({ seed: 1 });
  const client = world.host('client');
  const server = world.host('server', { up: 8e6 });
  await server.network.listen({ port: 1 }, (c) => c.write(new Uint8Array(60_000)));
  const load = async () => {
    const reader = new ByteReader(
      await client.network.connect({ address: server.address, port: 1 }),
    );
    client.clock.setTimer(30, () => world.slow(server, { up: 4e6 }));
    await reader.readExactly(60_000);
    return world.now;
  };
  expect(await world.run(load())).toBeCloseTo(90, 6);
});

test('a rate that is given later holds for connections that are open, and is taken off again', async () => {
  const world = new World({ seed: 1 });
  const client = world.host('client');
  const server = world.host('server');
  await server.network.listen({ port: 1 }, (c) => {
    c.attach({ onData: () => void c.write(new Uint8Array(50_000)), onClose() {} });
  });
  const load = async () => {
    const reader = new ByteReader(
      await client.network.connect({ address: server.address, port: 1 }),
    );
    const times: number[] = [];
    for (const rate of [undefined, { up: 8e6 }, { down: 4e6 }, { up: Infinity, down: Infinity }]) {
      if (rate) world.slow(rate.down === undefined ? server : client, rate);
      if (rate?.up === Infinity) world.slow(server, rate);
      const start = world.now;
      await reader.write(new Uint8Array(1));
      await reader.readExactly(50_000);
      times.push(Math.round(world.now - start));
    }
    return times;
  };
  expect(await world.run(load())).toEqual([0, 50, 100, 0]);
});

test('the receive window limits a path without a rate, and never one that has a rate', async () => {
  const bytes = 8 * 1024 * 1024;
  const times: number[] = [];
  for (const options of [{}, { up: 800e6 }, { receiveBuffer: 4 * 1024 * 1024 }]) {
    const world = new World({ seed: 1 });
    const client = world.host('client', { latency: 100, ...options });
    const server = world.host('server', options);
    await server.network.listen({ port: 1 }, (c) => void c.write(new Uint8Array(bytes)));
    const load = async () => {
      const to = { address: server.address, port: 1 };
      await new ByteReader(await client.network.connect(to)).readExactly(bytes);
      return world.now - 200;
    };
    times.push(await world.run(load()));
  }
  // Eight windows of 1 MiB: seven round trips of 200 ms. At 100,000 bytes a millisecond: 83.88 ms. Two windows of 4 MiB.
  expect(times).toEqual([1400, expect.closeTo(83.886, 3), 200]);
});
