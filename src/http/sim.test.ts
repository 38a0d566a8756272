/** The same server and client in a simulated world: times by the course's formulas, faults, one seed. */
import { expect, test } from 'vitest';
import { utf8 } from '../lib/bytes.ts';
import type { Host } from '../net/index.ts';
import { World } from '../net/sim/index.ts';
import { HttpClient, type HttpClientOptions } from './client.ts';
import { staticFiles } from './handlers/static-files.ts';
import { type HttpServerOptions, serveHttp } from './server.ts';

interface Stage {
  readonly world: World;
  readonly client: HttpClient;
  readonly server: Host;
}

/** Two hosts 10 ms apart. */
async function stage(
  options: Partial<HttpServerOptions> = {},
  clientOptions: HttpClientOptions = {},
): Promise<Stage> {
  const world = new World({ seed: 'http', strict: true, hash: true });
  const server = world.host('server');
  const alice = world.host('alice');
  world.link(server, alice, { latency: 10 });
  await server.files.write('/index.html', utf8('x'.repeat(1000)));
  await server.files.write('/big.bin', new Uint8Array(1_000_000));
  const handler = staticFiles();
  await world.run(serveHttp(server, { handler, ...options }));
  const lookup = async (): Promise<readonly string[]> => [server.address];
  return { world, server, client: new HttpClient(alice, { lookup, ...clientOptions }) };
}

test('a first object costs two round trips, the next one', async () => {
  const { world, client } = await stage();
  const get = async (): Promise<number> => {
    const began = world.now;
    const response = await client.get('http://www/');
    expect(await response.body.text()).toHaveLength(1000);
    return world.now - began;
  };
  expect(await world.run(get())).toBeCloseTo(40, 6);
  expect(await world.run(get())).toBeCloseTo(20, 6);
  const { timings } = await world.run(client.get('http://www/', { fresh: true }));
  expect(timings).toMatchObject({ nameMs: 0, connectMs: 20, waitMs: 20, reused: false });
});

test('while a connection is open a further one asks nobody for the name', async () => {
  let lookups = 0;
  const { world, client, server } = await stage();
  const { address } = server;
  const lookup = async (): Promise<readonly string[]> => {
    lookups++;
    return [address];
  };
  const counting = new HttpClient(client.host, { lookup });
  const get = async (): Promise<number> =>
    (await counting.get('http://www/')).body.bytes().then((b) => b.length);
  await world.run(get());
  await world.run(Promise.all([get(), get(), get()]));
  expect(lookups).toBe(1);
  await world.run();
  await world.run(get());
  expect(lookups).toBe(2);
});

test('big bodies come whole, streams too', async () => {
  const { world, client } = await stage();
  const bytes = await world.run(client.get('http://www/big.bin').then((r) => r.body.bytes()));
  expect(bytes).toHaveLength(1_000_000);
});

test('pushed events arrive as they are made, and the client going away is seen', async () => {
  const times: number[] = [];
  let closed = 0;
  const { world, client } = await stage({
    handler: (_, { host }) => ({
      status: 200,
      body: {
        start(writer) {
          let timer = host.clock.setTimer(100, function tick() {
            writer.write('tick');
            timer = host.clock.setTimer(100, tick);
          });
          writer.onClose(() => {
            closed = world.now;
            timer.cancel();
          });
        },
      },
    }),
  });
  const listen = async (): Promise<void> => {
    const { body } = await client.get('http://www/');
    for await (const piece of body) {
      if (piece.length > 0) times.push(world.now);
      if (times.length === 3) break;
    }
  };
  await world.run(listen());
  await world.run();
  expect(times).toEqual([140, 240, 340].map((ms) => expect.closeTo(ms, 6)));
  expect(closed).toBeGreaterThan(340);
  expect(closed).toBeLessThan(500);
});

test('a person who does not finish a request gets 408 after a minute', async () => {
  const { world, server } = await stage();
  const alice = world.host('bob');
  const talk = async (): Promise<string> => {
    const connection = await alice.network.connect({ address: server.address, port: 80 });
    let text = '';
    return new Promise((resolve) => {
      connection.attach({
        onData: (bytes) => {
          text += new TextDecoder().decode(bytes);
        },
        onEnd: () => connection.end(),
        onClose: () => resolve(text),
      });
      connection.write(utf8('GET / HTTP/1.1\r\nHo'));
    });
  };
  expect(await world.run(talk())).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n/);
  expect(world.now).toBeGreaterThanOrEqual(60_000);
  expect(world.now).toBeLessThan(60_100);
});

test('an idle connection is let go by the client first, and by the server without one', async () => {
  const { world, client } = await stage();
  await world.run(client.get('http://www/').then((r) => r.body.text()));
  await world.run();
  expect(world.netstat()).not.toContain('alice');
  expect(world.now).toBeLessThan(62_000);
});

test('a partition while an answer comes: the body fails in bounded time', async () => {
  const { world, client } = await stage();
  world.slow('server', { up: 800_000 });
  const get = async (): Promise<string> => {
    const { body } = await client.get('http://www/big.bin');
    world.partition('server', 'alice');
    return body.bytes().then(
      () => 'whole',
      (error: { code: string }) => error.code,
    );
  };
  expect(await world.run(get())).toBe('NET_TIMEOUT');
  expect(world.now).toBeLessThan(120_000);
});

test('the same seed gives the same run', async () => {
  const run = async (): Promise<string> => {
    const { world, client } = await stage({}, { idleMs: 100 });
    const urls = ['', 'big.bin', 'none', 'index.html'];
    const get = async (path: string): Promise<number> =>
      (await (await client.get(`http://www/${path}`)).body.bytes()).length;
    await world.run(Promise.all(urls.map(get)));
    await world.run();
    return world.hash;
  };
  expect(await run()).toBe(await run());
});
