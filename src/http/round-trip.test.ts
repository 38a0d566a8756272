/** Client and server together, over the loopback. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { latin1 } from '../lib/bytes.ts';
import { HeaderList } from '../lib/ordered-headers.ts';
import { type Server, seededRandom } from '../net/index.ts';
import { type RealHost, realHost } from '../net/real/index.ts';
import type { TraceEvent } from '../trace/index.ts';
import { HttpClient } from './client.ts';
import { type HttpServerOptions, serveHttp } from './server.ts';
import type { Outcome, Response } from './types.ts';

let host: RealHost;
let server: Server;
let client: HttpClient;
let base: string;
const errors: unknown[] = [];
const notes: TraceEvent[] = [];
const trace = {
  on: true,
  emit(event: TraceEvent): void {
    if (event.kind === 'note') notes.push(event);
  },
};

beforeEach(() => {
  host = realHost({ trace });
  errors.length = 0;
  notes.length = 0;
});

afterEach(async () => {
  client?.close();
  await server?.close({ graceMs: 0 });
  await host.close();
});

async function start(
  handler: HttpServerOptions['handler'],
  options: Partial<HttpServerOptions> = {},
): Promise<void> {
  const onError = (error: unknown): void => void errors.push(error);
  server = await serveHttp(host, { port: 0, onError, ...options, handler });
  client = new HttpClient(host);
  base = `http://127.0.0.1:${server.local.port}`;
}

describe('messages', () => {
  test('a request and its answer', async () => {
    await start((request) => ({
      status: 200,
      headers: { 'Content-Type': 'text/plain', 'X-Seen': request.headers.get('x-mine') ?? '' },
      body: `${request.method} ${request.path} ${request.query} ${request.hostname}`,
    }));
    const response = await client.request({ url: `${base}/a%20b?c=d`, headers: { 'X-Mine': 'é' } });
    expect(response).toMatchObject({ status: 200, reason: 'OK', version: '1.1' });
    expect(response.headers.get('X-Seen')).toBe('é');
    expect(response.headers.get('Date')).toMatch(/GMT$/);
    expect(await response.body.text()).toBe('GET /a%20b c=d 127.0.0.1');
  });

  test.each([0, 1, 16_384, 16_385, 3_000_000])(
    'a body of %d bytes there and back',
    async (size) => {
      await start(async (request) => ({ status: 200, body: await request.body.bytes() }));
      const sent = seededRandom(size).bytes(size);
      const response = await client.request({ url: base, body: sent });
      expect(response.body.length).toBe(size);
      expect(Buffer.compare(await response.body.bytes(), sent)).toBe(0);
    },
  );

  test('streams both ways, in chunks', async () => {
    await start((request) => ({ status: 200, body: request.body }));
    async function* pieces(): AsyncGenerator<Uint8Array | string> {
      for (let i = 0; i < 200; i++) yield i % 2 ? `piece ${i};` : seededRandom(i).bytes(5000);
    }
    const response = await client.request({ url: base, method: 'POST', body: pieces() });
    expect(response.headers.get('Transfer-Encoding')).toBe('chunked');
    let expected = 0;
    for await (const piece of pieces()) expected += piece.length;
    let size = 0;
    for await (const piece of response.body) size += piece.length;
    expect(size).toBe(expected);
  });

  test('HEAD has the length and no body; 204 and 304 have none', async () => {
    await start((request): Response => {
      if (request.path === '/204') return { status: 204 };
      if (request.path === '/304') return { status: 304, headers: { ETag: '"a"' } };
      return { status: 200, body: 'hello' };
    });
    const head = await client.request({ url: base, method: 'HEAD' });
    expect(head.headers.get('Content-Length')).toBe('5');
    expect(await head.body.text()).toBe('');
    for (const status of [204, 304]) {
      const response = await client.get(`${base}/${status}`);
      expect(response.status).toBe(status);
      expect(response.headers.has('Content-Length')).toBe(false);
      expect(await response.body.text()).toBe('');
    }
  });

  test('a source that HEAD does not need is let go', async () => {
    let returned = false;
    const next = async (): Promise<IteratorResult<string>> => ({ done: true, value: undefined });
    const over = async (): ReturnType<typeof next> => {
      returned = true;
      return next();
    };
    const body = { length: 7, [Symbol.asyncIterator]: () => ({ next, return: over }) };
    await start(() => ({ status: 200, body }));
    const response = await client.request({ url: base, method: 'HEAD' });
    expect(response.headers.get('Content-Length')).toBe('7');
    expect(returned).toBe(true);
  });

  test('what a handler may not say is left out', async () => {
    await start(() => ({
      status: 200,
      headers: [
        ['Content-Length', '99'],
        ['Transfer-Encoding', 'gzip'],
        ['Connection', 'x'],
      ],
      body: 'hello',
    }));
    const response = await client.get(base);
    expect(response.headers.all('Content-Length')).toEqual(['5']);
    expect(response.headers.has('Transfer-Encoding')).toBe(false);
    expect(await response.body.text()).toBe('hello');
  });

  test('a header that would split the answer becomes 500', async () => {
    await start(() => ({ status: 200, headers: { 'X-A': 'a\r\nSet-Cookie: b' }, body: '' }));
    const response = await client.get(base);
    expect(response.status).toBe(500);
    expect(errors).toMatchObject([{ code: 'HTTP_BAD_FIELD', side: 'local' }]);
  });

  test('a handler that throws becomes 500 and tells nothing', async () => {
    await start(async () => {
      throw new Error('secret');
    });
    const response = await client.get(base);
    expect(response.status).toBe(500);
    expect(await response.body.text()).not.toContain('secret');
    expect(errors).toMatchObject([{ message: 'secret' }]);
  });

  test('a body that is too large becomes 413', async () => {
    await start(async (request) => ({ status: 200, body: await request.body.bytes() }), {
      bodyLimit: 1000,
    });
    const response = await client.request({ url: base, body: new Uint8Array(1001) });
    expect(response.status).toBe(413);
    expect(await response.body.text()).toContain('RFC 9110 §15.5.14');
  });
});

describe('a frozen answer', () => {
  test('is the same on every way of asking', async () => {
    const headers = new HeaderList([['X-A', 'b']]);
    const frozen = Object.freeze({ status: 200, headers, body: latin1('hello') });
    await start(() => frozen);
    const seen: string[] = [];
    for (const method of ['GET', 'GET', 'HEAD', 'POST', 'GET']) {
      const response = await client.request({ url: base, method });
      const length = response.headers.get('Content-Length');
      seen.push(`${method} ${length} ${response.headers.get('X-A')} ${await response.body.text()}`);
    }
    expect(seen).toEqual([
      'GET 5 b hello',
      'GET 5 b hello',
      'HEAD 5 b ',
      'POST 5 b hello',
      'GET 5 b hello',
    ]);
    const last = await client.request({ url: base, headers: { Connection: 'close' } });
    expect(last.headers.get('Connection')).toBe('close');
    expect(await last.body.text()).toBe('hello');
  });
});

describe('streaming answers', () => {
  test('pushed events come one by one, and the server sees the client go', async () => {
    let gone: (() => void) | undefined;
    const left = new Promise<void>((resolve) => {
      gone = resolve;
    });
    let push: ((text: string) => void) | undefined;
    let aborted = false;
    await start((_, context) => {
      const { signal } = context;
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return {
        status: 200,
        headers: { 'Content-Type': 'text/event-stream' },
        body: {
          start(writer) {
            push = (text) => writer.write(`data: ${text}\n\n`);
            writer.onClose(() => gone?.());
            push('first');
          },
        },
      };
    });
    const { body } = await client.get(base);
    const reader = body[Symbol.asyncIterator]();
    expect(new TextDecoder().decode((await reader.next()).value)).toBe('data: first\n\n');
    push?.('second');
    expect(new TextDecoder().decode((await reader.next()).value)).toBe('data: second\n\n');
    await reader.return?.();
    await left;
    expect(aborted).toBe(true);
  });

  test('a slow reader slows the source down', async () => {
    let made = 0;
    let returned = false;
    await start(() => ({
      status: 200,
      body: (async function* () {
        try {
          for (;;) {
            made++;
            yield new Uint8Array(65_536);
          }
        } finally {
          returned = true;
        }
      })(),
    }));
    const { body } = await client.get(base);
    const reader = body[Symbol.asyncIterator]();
    await reader.next();
    const before = made;
    await new Promise<void>((resolve) => void host.clock.setTimer(50, resolve));
    const later = made;
    await new Promise<void>((resolve) => void host.clock.setTimer(50, resolve));
    expect(made).toBe(later);
    expect(made).toBeLessThan(before + 400);
    await reader.return?.();
    while (!returned) await new Promise<void>((resolve) => void host.clock.setTimer(1, resolve));
  });

  test('a source that fails breaks the answer off; it never looks whole', async () => {
    await start(() => ({
      status: 200,
      body: (async function* () {
        yield 'begin';
        throw new Error('disk');
      })(),
    }));
    const { body } = await client.get(base);
    await expect(body.text()).rejects.toMatchObject({
      code: expect.stringMatching(/^(NET|HTTP)_/),
    });
    expect(errors).toMatchObject([{ message: 'disk' }]);
  });

  test('more or less than the announced length breaks the answer off', async () => {
    await start((request) => ({
      status: 200,
      body: {
        length: 5,
        start(writer) {
          writer.write(request.path === '/less' ? 'abc' : 'abcdefg');
          writer.end();
        },
      },
    }));
    for (const path of ['/less', '/more']) {
      const whole = client.get(base + path).then(({ body }) => body.text());
      await expect(whole).rejects.toMatchObject({ code: expect.stringMatching(/^(NET|HTTP)_/) });
    }
  });

  test('the outcome is told once', async () => {
    const outcomes: Outcome[] = [];
    await start((_, context) => {
      context.onFinished((outcome) => outcomes.push(outcome));
      return { status: 201, body: 'hello' };
    });
    await (await client.get(base)).body.text();
    expect(outcomes).toMatchObject([{ status: 201, bytes: 5, complete: true }]);
  });
});

describe('connections', () => {
  test('are used again, and said so', async () => {
    await start(() => ({ status: 200, body: 'x' }));
    const first = await client.get(base);
    await first.body.text();
    const second = await client.get(base);
    await second.body.text();
    expect([first.timings.reused, second.timings.reused]).toEqual([false, true]);
    expect(second.local).toEqual(first.local);
    expect(notes.map((note) => note.text)).toEqual([
      'a new connection: none to 127.0.0.1 was idle',
      'the connection is used again',
    ]);
    expect(notes[0]).toMatchObject({ spec: 'RFC 9112 §9.3', from: first.local, to: first.remote });
  });

  test('are not more than allowed', async () => {
    let now = 0;
    let most = 0;
    await start(async () => {
      most = Math.max(most, ++now);
      await new Promise<void>((resolve) => void host.clock.setTimer(5, resolve));
      now--;
      return { status: 200, body: 'x' };
    });
    const all = Array.from({ length: 20 }, async () => (await client.get(base)).body.text());
    expect(await Promise.all(all)).toEqual(Array.from({ length: 20 }, () => 'x'));
    expect(most).toBe(6);
  });

  test('a stale one is noticed, and the request made once more', async () => {
    await start(() => ({ status: 200, body: 'x' }), { maxRequests: 1_000 });
    await (await client.get(base)).body.text();
    const { port } = server.local;
    await server.close({ graceMs: 0 });
    server = await serveHttp(host, { port, handler: () => ({ status: 200, body: 'y' }) });
    expect(await (await client.get(base)).body.text()).toBe('y');
  });

  test('a closed port is refused', async () => {
    await start(() => ({ status: 200 }));
    await server.close();
    await expect(client.get(base)).rejects.toMatchObject({ code: 'NET_REFUSED' });
  });

  test('no answer in time', async () => {
    await start(() => new Promise(() => {}));
    await expect(client.get(base, { timeoutMs: 20 })).rejects.toMatchObject({
      code: 'NET_TIMEOUT',
    });
  });

  test('aborted while waiting', async () => {
    const controller = new AbortController();
    await start(() => {
      controller.abort();
      return new Promise(() => {});
    });
    const call = client.get(base, { signal: controller.signal });
    await expect(call).rejects.toMatchObject({ code: 'NET_ABORTED' });
  });

  test('a server that stops lets answers under way finish', async () => {
    let stopping: Promise<void> | undefined;
    await start(async () => {
      stopping = server.close();
      return { status: 200, body: 'last' };
    });
    const response = await client.get(base);
    expect(response.headers.get('Connection')).toBe('close');
    expect(await response.body.text()).toBe('last');
    await stopping;
  });
});

describe('redirections', () => {
  test.each([
    [301, 'GET', ''],
    [302, 'GET', ''],
    [303, 'GET', ''],
    [307, 'POST', 'form'],
    [308, 'POST', 'form'],
  ])('%d makes POST a %s', async (status, method, body) => {
    await start(async (request): Promise<Response> => {
      if (request.path === '/') return { status, headers: { Location: 'there?x' } };
      return {
        status: 200,
        body: `${request.method} ${request.target} ${await request.body.text()}`,
      };
    });
    const response = await client.request({ url: `${base}/`, body: 'form' });
    expect(response.url).toBe(`${base}/there?x`);
    expect(response.redirects).toEqual([`${base}/`]);
    expect(await response.body.text()).toBe(`${method} /there?x ${body}`);
  });

  test('a circle is left', async () => {
    await start(() => ({ status: 302, headers: { Location: '/' } }));
    await expect(client.get(base)).rejects.toMatchObject({ code: 'HTTP_REDIRECTS' });
  });

  test('are left alone where asked', async () => {
    await start(() => ({ status: 302, headers: { Location: '/' } }));
    expect((await client.get(base, { redirect: 'manual' })).status).toBe(302);
  });
});
