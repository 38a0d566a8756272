/** Peers that are slow, greedy, gone or false, in the simulated world. */
import { expect, test } from 'vitest';
import { fromLatin1, latin1 } from '../lib/bytes.ts';
import { type Connection, type Host, type Server, sleep } from '../net/index.ts';
import { World } from '../net/sim/index.ts';
import { HttpClient } from './client.ts';
import { type HttpServerOptions, serveHttp } from './server.ts';
import type { Handler, Outcome } from './types.ts';

interface Stage {
  readonly world: World;
  readonly alice: Host;
  readonly host: Host;
  readonly server: Server;
}

async function stage(handler: Handler, options: Partial<HttpServerOptions> = {}): Promise<Stage> {
  const world = new World({ seed: 'adverse', strict: true });
  const [host, alice] = [world.host('server'), world.host('alice')];
  world.link(host, alice, { latency: 5 });
  const server = await world.run(serveHttp(host, { handler, ...options }));
  return { world, alice, host, server };
}

/** A client of bare bytes. */
class Wire {
  text = '';
  ended = false;
  closed = false;
  readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
    connection.attach({
      onData: (bytes) => {
        this.text += fromLatin1(bytes);
      },
      onEnd: () => {
        this.ended = true;
      },
      onClose: () => {
        this.closed = true;
      },
    });
  }

  say(text: string): boolean {
    return this.connection.write(latin1(text));
  }

  get statuses(): string[] {
    return [...this.text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => match[1] as string);
  }
}

async function wire({ world, alice, host }: Stage): Promise<Wire> {
  const to = { address: host.address, port: 80 };
  return new Wire(await world.run(alice.network.connect(to)));
}

const ok: Handler = () => ({ status: 200, body: 'x' });

test('an upload that the handler does not read is held back at the sender', async () => {
  const set = await stage(() => new Promise(() => {}), { bodyLimit: 1e9 });
  const client = await wire(set);
  client.say('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n');
  let written = 0;
  for (let i = 0; i < 500; i++) {
    if (client.connection.buffered < 65_536) {
      client.connection.write(new Uint8Array(65_536));
      written += 65_536;
    }
    await set.world.runUntil(set.world.now + 100);
  }
  expect(written).toBeLessThan(2_000_000);
  expect(client.closed).toBe(false);
});

test('a client that pipelines and does not read is answered no further', async () => {
  let answered = 0;
  const set = await stage(() => {
    answered++;
    return { status: 200, body: new Uint8Array(10_000) };
  });
  const client = await wire(set);
  client.connection.pause();
  for (let i = 0; i < 5000; i++) client.say('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await set.world.runUntil(set.world.now + 5000);
  expect(answered).toBeLessThan(200);
  client.connection.resume();
  await set.world.runUntil(() => answered === 5000);
});

test('a client that stops reading for good is given up', async () => {
  const outcomes: Outcome[] = [];
  const set = await stage((_, context) => {
    context.onFinished((outcome) => outcomes.push(outcome));
    return {
      status: 200,
      body: (async function* () {
        for (;;) yield new Uint8Array(10_000);
      })(),
    };
  });
  const client = await wire(set);
  client.connection.pause();
  client.say('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await set.world.runUntil(set.world.now + 130_000);
  expect(outcomes).toMatchObject([{ status: 200, complete: false }]);
});

test('a body that stops coming ends in 408', async () => {
  const set = await stage(async (request) => ({ status: 200, body: await request.body.bytes() }));
  const client = await wire(set);
  client.say('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello');
  await set.world.runUntil(set.world.now + 40_000);
  expect(client.statuses).toEqual(['408']);
  expect(client.ended).toBe(true);
});

test('a slow handler is not the fault of the client', async () => {
  const set = await stage(async (request, { host }) => {
    await sleep(host.clock, 100_000);
    return { status: 200, body: await request.body.bytes() };
  });
  const client = await wire(set);
  client.say('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello');
  await set.world.runUntil(set.world.now + 110_000);
  expect(client.statuses).toEqual(['200']);
});

test('a half-close: answers under way are finished, endless ones are given up', async () => {
  let closedAt = 0;
  const set = await stage((request) => {
    if (request.path === '/') return { status: 200, body: 'x' };
    return {
      status: 200,
      body: {
        start(writer) {
          writer.onClose(() => {
            closedAt = set.world.now;
          });
        },
      },
    };
  });
  const short = await wire(set);
  short.say('GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n');
  short.connection.end();
  const endless = await wire(set);
  endless.say('GET /endless HTTP/1.1\r\nHost: a\r\n\r\n');
  endless.connection.end();
  const began = set.world.now;
  await set.world.runUntil(set.world.now + 10_000);
  expect(short.statuses).toEqual(['200', '200']);
  expect(short.closed).toBe(true);
  expect(closedAt - began).toBeGreaterThan(1900);
  expect(closedAt - began).toBeLessThan(2100);
});

test('a body that nobody wanted: what has come is skipped, for more the connection ends', async () => {
  const set = await stage(ok);
  const small = await wire(set);
  small.say(
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.1\r\nHost: a\r\n\r\n',
  );
  await set.world.runUntil(set.world.now + 1000);
  expect(small.statuses).toEqual(['200', '200']);
  const large = await wire(set);
  large.say('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999\r\n\r\nhello');
  await set.world.runUntil(set.world.now + 1000);
  expect(large.statuses).toEqual(['200']);
  expect(large.ended).toBe(true);
});

test('a server that stops: idle connections end, the rest is waited for', async () => {
  const set = await stage(async (_, { host }) => {
    await sleep(host.clock, 1000);
    return { status: 200, body: 'x' };
  });
  const [idle, busy] = [await wire(set), await wire(set)];
  busy.say('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await set.world.runUntil(set.world.now + 100);
  const stopped = set.server.close();
  await set.world.runUntil(set.world.now + 100);
  expect([idle.ended, busy.ended]).toEqual([true, false]);
  idle.connection.end();
  await set.world.runUntil(set.world.now + 2000);
  expect(busy.statuses).toEqual(['200']);
  expect(busy.text).toContain('Connection: close\r\n');
  busy.connection.end();
  await set.world.run(stopped);
});

test('a limit on requests is said before it is reached', async () => {
  const set = await stage(ok, { maxRequests: 2 });
  const client = await wire(set);
  client.say('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(3));
  await set.world.runUntil(set.world.now + 100);
  expect(client.statuses).toEqual(['200', '200']);
  expect(client.text.match(/Connection: close/g)).toHaveLength(1);
});

test('a body that stops coming under an answer that has begun: the answer goes on', async () => {
  const set = await stage((_, { host }) => ({
    status: 200,
    body: {
      start(writer) {
        writer.write('begin');
        host.clock.setTimer(50_000, () => writer.end());
      },
    },
  }));
  const client = await wire(set);
  client.say('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhello');
  const before = set.world.events;
  await set.world.runUntil(set.world.now + 55_000);
  expect(set.world.events - before).toBeLessThan(100);
  expect(client.text).toMatch(/begin\r\n0\r\n\r\n$/);
  expect(client.ended).toBe(true);
});

test('what a handler leaves behind and throws ends its connection, not the server', async () => {
  const errors: unknown[] = [];
  const fail = (): never => {
    throw new Error('mine');
  };
  const set = await stage(
    (request) => {
      if (request.path === '/sink') request.body.attach({ onData: fail, onEnd() {}, onError() {} });
      if (request.path === '/sink') return new Promise(() => {});
      if (request.path === '/start') return { status: 200, body: { start: fail } };
      if (request.path === '/close') {
        return {
          status: 200,
          body: {
            start(writer) {
              writer.onClose(fail);
              writer.end();
            },
          },
        };
      }
      return { status: 200, body: 'x' };
    },
    { onError: (error) => errors.push((error as Error).message) },
  );
  for (const path of ['/sink', '/start', '/close']) {
    const client = await wire(set);
    client.say(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx`);
    await set.world.runUntil(set.world.now + 100);
  }
  expect(errors).toEqual(['mine', 'mine', 'mine']);
  const client = await wire(set);
  client.say('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await set.world.runUntil(set.world.now + 100);
  expect(client.statuses).toEqual(['200']);
});

/** A server of bare bytes: each piece is said in answer to one request. */
async function falseServer(
  ...answers: readonly string[]
): Promise<{ world: World; client: HttpClient; url: string; opened: () => number }> {
  const world = new World({ seed: 'adverse', strict: true });
  const [host, alice] = [world.host('server'), world.host('alice')];
  world.link(host, alice, { latency: 5 });
  const rest = [...answers];
  let opened = 0;
  await world.run(
    host.network.listen({ port: 80 }, (connection) => {
      opened++;
      connection.attach({
        onData: () => void connection.write(latin1(rest.shift() ?? '')),
        onEnd: () => connection.end(),
        onClose() {},
      });
    }),
  );
  const client = new HttpClient(alice);
  return { world, client, url: `http://${host.address}/`, opened: () => opened };
}

const answer = (body: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

test('an answer that nobody asked for never becomes the answer to the next request', async () => {
  const set = await falseServer(answer('one') + answer('poison'), answer('two'));
  const text = (): Promise<string> => set.client.get(set.url).then(({ body }) => body.text());
  expect(await set.world.run(text())).toBe('one');
  expect(await set.world.run(text())).toBe('two');
  expect(set.opened()).toBe(2);
});

test('nor does one that comes while the connection rests', async () => {
  const world = new World({ seed: 'late', strict: true });
  const [host, alice] = [world.host('server'), world.host('alice')];
  const opened: Connection[] = [];
  await world.run(
    host.network.listen({ port: 80 }, (connection) => {
      const body = opened.push(connection) === 1 ? 'one' : 'two';
      connection.attach({
        onData: () => void connection.write(latin1(answer(body))),
        onClose() {},
      });
    }),
  );
  const client = new HttpClient(alice);
  const get = (): Promise<string> =>
    client.get(`http://${host.address}/`).then(({ body }) => body.text());
  expect(await world.run(get())).toBe('one');
  opened[0]?.write(latin1(answer('poison')));
  await world.runUntil(world.now + 10);
  expect(await world.run(get())).toBe('two');
});

test.each([
  ['not HTTP at all', 'SSH-2.0-x\r\n\r\n', 'HTTP_BAD_VERSION'],
  [
    'two lengths',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    'HTTP_TWO_LENGTHS',
  ],
  ['a switch unasked', 'HTTP/1.1 101 Switching Protocols\r\n\r\n', 'HTTP_UNEXPECTED'],
])('%s is an error with a code', async (_, text, code) => {
  const set = await falseServer(text);
  await expect(set.world.run(set.client.get(set.url))).rejects.toMatchObject({ code });
});

test('a reader that waits holds the server back', async () => {
  const world = new World({ seed: 'slow reader', strict: true });
  const [host, alice] = [world.host('server'), world.host('alice')];
  world.link(host, alice, { latency: 5 });
  let made = 0;
  const handler: Handler = () => ({
    status: 200,
    body: (async function* () {
      for (; made < 1000; made++) yield new Uint8Array(50_000);
    })(),
  });
  await world.run(serveHttp(host, { handler }));
  const client = new HttpClient(alice);
  const { body } = await world.run(client.get(`http://${host.address}/`));
  await world.runUntil(world.now + 5000);
  expect(made).toBeLessThan(40);
  const bytes = await world.run(body.bytes());
  expect(bytes).toHaveLength(50_000_000);
});
