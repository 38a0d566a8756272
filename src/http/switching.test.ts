/** Connections that leave HTTP, requests that are passed on as they are, and pipelines. */
import { describe, expect, test } from 'vitest';
import { fromUtf8, utf8 } from '../lib/bytes.ts';
import { HeaderList } from '../lib/ordered-headers.ts';
import type { Host } from '../net/index.ts';
import { realHost } from '../net/real/index.ts';
import { World } from '../net/sim/index.ts';
import { HttpClient } from './client.ts';
import { serveHttp } from './server.ts';
import type { Handler, RequestHead, Switched } from './types.ts';

/** The same story on both networks. */
function onBoth(name: string, story: (client: Host, server: Host) => Promise<void>): void {
  test(`${name} (real)`, async () => {
    const host = realHost();
    await story(host, host);
    await host.close();
  });
  test(`${name} (simulated)`, async () => {
    const world = new World({ seed: 9 });
    const [alice, bob] = [world.host('alice', { latency: 10 }), world.host('bob')];
    await world.run(story(alice, bob));
  });
}

/** Sends back what it gets, in capitals. */
function echo({ connection, early }: Switched): void {
  const shout = (bytes: Uint8Array): void => {
    connection.write(utf8(fromUtf8(bytes).toUpperCase()));
  };
  connection.attach({ onData: shout, onEnd: () => connection.end(), onClose: () => {} });
  if (early.length > 0) shout(early);
  connection.resume();
}

/** Says something to the other side, and hears all it says until it ends. */
function talk({ connection, early }: Switched, words: string): Promise<string> {
  let heard = fromUtf8(early);
  return new Promise((resolve) => {
    connection.attach({
      onData: (bytes) => {
        heard += fromUtf8(bytes);
      },
      onClose: () => resolve(heard),
    });
    connection.resume();
    connection.write(utf8(words));
    connection.end();
  });
}

const tunnel: Handler = (request) =>
  request.method === 'CONNECT'
    ? { status: 200, takeover: echo }
    : { status: 101, headers: { Upgrade: 'shout' }, takeover: echo };

function headOf(method: string, target: string, fields: Record<string, string>): RequestHead {
  return { method, target, version: '1.1', headers: HeaderList.from(fields) };
}

describe('leaving HTTP', () => {
  onBoth('CONNECT gives a connection with no framing in the head', async (from, at) => {
    const server = await serveHttp(at, { port: 0, handler: tunnel });
    const { address, port } = { address: at.address, port: server.local.port };
    const client = new HttpClient(from);
    const head = headOf('CONNECT', 'far.test:25', { Host: 'far.test:25' });
    const response = await client.forward(head, { scheme: 'http', hostname: address, port });
    expect(response.status).toBe(200);
    expect([...response.headers].map(([name]) => name)).toEqual(['Date', 'Server']);
    expect(await talk(response.switched as Switched, 'hello')).toBe('HELLO');
    await server.close();
  });

  onBoth('101 after Upgrade, and the server closes in good order', async (from, at) => {
    const server = await serveHttp(at, { port: 0, handler: tunnel });
    const client = new HttpClient(from);
    const url = `http://${at.address}:${server.local.port}/`;
    const headers = { Connection: 'upgrade', Upgrade: 'shout' };
    const response = await client.request({ url, headers });
    expect(response.status).toBe(101);
    expect(response.headers.get('Connection')).toBe('upgrade');
    expect(await talk(response.switched as Switched, 'x')).toBe('X');
    await server.close();
  });

  onBoth('101 that nobody asked for is refused by the client', async (from, at) => {
    const server = await serveHttp(at, { port: 0, handler: tunnel });
    const asked = new HttpClient(from).get(`http://${at.address}:${server.local.port}/`);
    await expect(asked).rejects.toMatchObject({ code: 'HTTP_UNEXPECTED' });
    await server.close({ graceMs: 0 });
  });

  test('101 without one who takes over is a fault of the handler: 500', async () => {
    const host = realHost();
    const faults: unknown[] = [];
    const server = await serveHttp(host, {
      port: 0,
      handler: () => ({ status: 101 }),
      onError: (error) => faults.push(error),
    });
    const response = await new HttpClient(host).get(`http://127.0.0.1:${server.local.port}/`);
    expect(response.status).toBe(500);
    expect(faults).toHaveLength(1);
    await host.close();
  });
});

describe('forward', () => {
  onBoth('sends the head as it is, streams the body and its trailers', async (from, at) => {
    const seen: unknown[] = [];
    const handler: Handler = async (request) => {
      const text = await request.body.text();
      seen.push([...request.headers], text, request.body.trailers.get('Digest'));
      return { status: 200, headers: { Date: 'Thu, 01 Jan 1970 00:00:01 GMT', Server: 'other' } };
    };
    const server = await serveHttp(at, { port: 0, handler });
    const origin = { scheme: 'http' as const, hostname: at.address, port: server.local.port };
    async function* pieces(): AsyncGenerator<string> {
      yield 'one ';
      yield 'two';
    }
    const body = Object.assign(pieces(), { trailers: HeaderList.from({ Digest: 'x' }) });
    const fields = { Host: 'shop.test', 'Transfer-Encoding': 'chunked', Via: '1.1 me' };
    const client = new HttpClient(from);
    const response = await client.forward(headOf('POST', '/', fields), origin, { body });
    expect(seen).toEqual([Object.entries(fields), 'one two', 'x']);
    expect([...response.headers]).toEqual([
      ['Date', 'Thu, 01 Jan 1970 00:00:01 GMT'],
      ['Server', 'other'],
      ['Content-Length', '0'],
    ]);
    client.close();
    await server.close();
  });

  onBoth('a body that is not as long as announced breaks the connection', async (from, at) => {
    const got: unknown[] = [];
    const handler: Handler = async (request) => {
      got.push(await request.body.text());
      return { status: 200 };
    };
    const server = await serveHttp(at, { port: 0, handler });
    const origin = { scheme: 'http' as const, hostname: at.address, port: server.local.port };
    async function* pieces(): AsyncGenerator<string> {
      yield 'abc';
    }
    const body = Object.assign(pieces(), { length: 5 });
    const head = headOf('POST', '/', { Host: 'x', 'Content-Length': '5' });
    const sent = new HttpClient(from).forward(head, origin, { body });
    await expect(sent).rejects.toMatchObject({ code: 'HTTP_BAD_LENGTH' });
    await server.close();
    expect(got).toEqual([]);
  });
});

describe('pipeline', () => {
  onBoth('all requests on one connection, answers in order', async (from, at) => {
    const remotes = new Set<number>();
    const handler: Handler = (request, { remote }) => {
      remotes.add(remote.port);
      return { status: 200, body: request.path };
    };
    const server = await serveHttp(at, { port: 0, handler });
    const base = `http://${at.address}:${server.local.port}`;
    const client = new HttpClient(from);
    const urls = ['/a', '/b', '/c'].map((path) => ({ url: base + path }));
    const answers = await client.pipeline(urls);
    const texts = await Promise.all(answers.map(async (answer) => (await answer).body.text()));
    expect(texts).toEqual(['/a', '/b', '/c']);
    expect(remotes.size).toBe(1);
    client.close();
    await server.close();
  });

  onBoth('what a closing server leaves unanswered is asked again', async (from, at) => {
    const remotes: number[] = [];
    const handler: Handler = (request, { remote }) => {
      remotes.push(remote.port);
      return { status: 200, headers: { Connection: 'close' }, body: request.path };
    };
    const server = await serveHttp(at, { port: 0, handler });
    const base = `http://${at.address}:${server.local.port}`;
    const client = new HttpClient(from);
    const answers = await client.pipeline(['/a', '/b', '/c'].map((path) => ({ url: base + path })));
    const texts = await Promise.all(answers.map(async (answer) => (await answer).body.text()));
    expect(texts).toEqual(['/a', '/b', '/c']);
    expect(new Set(remotes).size).toBe(3);
    client.close();
    await server.close();
  });
});
