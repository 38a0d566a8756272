/** Real programs on our server, and our client on a real server: curl and Node's own HTTP. */
import { createServer, type Server as NodeServer, request as nodeRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  chain,
  eventStream,
  fromWeb,
  type Handler,
  HttpClient,
  serveHttp,
  staticFiles,
} from '../../src/http/index.ts';
import { utf8 } from '../../src/lib/bytes.ts';
import { type Server, seededRandom } from '../../src/net/index.ts';
import { type RealHost, realHost } from '../../src/net/real/index.ts';
import { describeWith } from '../peer.ts';
import { run } from '../run.ts';

const BIG = seededRandom('interop').bytes(2_000_000);
let host: RealHost;
let server: Server;
let base: string;

const routes: Handler = chain(
  (next) => async (request, context) => {
    if (request.path === '/echo') {
      const body = await request.body.bytes();
      return { status: 200, headers: { 'X-Method': request.method }, body };
    }
    if (request.path === '/stream') {
      return {
        status: 200,
        body: (async function* () {
          for (let i = 0; i < 5; i++) yield `line ${i}\n`;
        })(),
      };
    }
    if (request.path === '/refuse') return { status: 403, body: 'no' };
    if (request.path === '/events') return eventStream(threeEvents);
    if (request.path.startsWith('/web')) return web(request, context);
    return next(request, context);
  },
  staticFiles(),
);

const web = fromWeb(Request, async (request) => {
  const text = await request.text();
  return Response.json({ url: request.url, method: request.method, text });
});

function threeEvents(stream: { send(m: { data: string }): boolean; end(): void }): () => void {
  for (const data of ['one', 'two\nlines', 'three']) stream.send({ data });
  stream.end();
  return () => {};
}

beforeAll(async () => {
  host = realHost();
  await host.files.write('/index.html', utf8('<h1>home</h1>'));
  await host.files.write('/ten.txt', utf8('0123456789'));
  await host.files.write('/big.bin', BIG);
  server = await serveHttp(host, { port: 0, handler: routes });
  base = `http://127.0.0.1:${server.local.port}`;
});

afterAll(async () => {
  await server.close({ graceMs: 0 });
  await host.close();
});

describeWith(['curl'], 'curl on our server', () => {
  const curl = async (...args: string[]): Promise<string> => {
    const outcome = await run('curl', ['-sS', '--max-time', '10', '--noproxy', '*', ...args]);
    expect(outcome.err).toBe('');
    return outcome.out;
  };

  test('a page', async () => {
    expect(await curl(`${base}/`)).toBe('<h1>home</h1>');
  });

  test('one connection for three', async () => {
    const format = '%{num_connects} %{http_code} %{local_port}\n';
    const out = await curl(
      '-o',
      '/dev/null',
      '-w',
      format,
      `${base}/`,
      '-o',
      '/dev/null',
      `${base}/ten.txt`,
      '-o',
      '/dev/null',
      `${base}/none`,
    );
    const lines = out
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    expect(lines.map(([connects, code]) => `${connects} ${code}`)).toEqual([
      '1 200',
      '0 200',
      '0 404',
    ]);
    expect(new Set(lines.map(([, , port]) => port)).size).toBe(1);
  });

  test('ranges', async () => {
    expect(await curl('-r', '2-4', `${base}/ten.txt`)).toBe('234');
    expect(await curl('-r', '-2', `${base}/ten.txt`)).toBe('89');
    expect(
      await curl('-o', '/dev/null', '-w', '%{http_code}', '-r', '20-', `${base}/ten.txt`),
    ).toBe('416');
    expect(await curl('-r', '0-1,8-9', `${base}/ten.txt`)).toMatch(
      /bytes 0-1\/10\r\n\r\n01[\s\S]*bytes 8-9\/10\r\n\r\n89/,
    );
  });

  test('conditions', async () => {
    const head = await curl('-I', `${base}/ten.txt`);
    const tag = /^ETag: (.*)\r$/m.exec(head)?.[1] as string;
    const date = /^Last-Modified: (.*)\r$/m.exec(head)?.[1] as string;
    const status = (...args: string[]): Promise<string> =>
      curl('-o', '/dev/null', '-w', '%{http_code} %{size_download}', ...args, `${base}/ten.txt`);
    expect(await status('-H', `If-None-Match: ${tag}`)).toBe('304 0');
    expect(await status('-z', date)).toBe('304 0');
    expect(await status('-H', `If-Unmodified-Since: ${date}`)).toBe('200 10');
    expect(await status('-H', 'If-Match: "other"')).toMatch(/^412/);
  });

  test('HEAD', async () => {
    expect(await curl('-I', `${base}/big.bin`)).toMatch(
      /^HTTP\/1.1 200 OK\r\n[\s\S]*Content-Length: 2000000\r\n/,
    );
  });

  test('uploads: with a length after 100 (Continue), in chunks, and of a form', async () => {
    const file = Buffer.from(BIG).toString('base64');
    const send = async (...args: string[]): Promise<boolean> =>
      (await run('curl', ['-sS', '--data-binary', '@-', ...args, `${base}/echo`], file)).out ===
      file;
    expect(await send('-H', 'Expect: 100-continue')).toBe(true);
    expect(await send('-H', 'Transfer-Encoding: chunked')).toBe(true);
    expect(await send('-X', 'PUT')).toBe(true);
    expect(await curl('-d', 'a=b', `${base}/echo`)).toBe('a=b');
  });

  test('an upload that nobody wants ends soon', async () => {
    const out = await curl(
      '-o',
      '/dev/null',
      '-w',
      '%{http_code} %{size_upload}',
      '-H',
      'Expect: 100-continue',
      '-d',
      'x'.repeat(100_000),
      `${base}/refuse`,
    );
    expect(out).toBe('403 0');
  });

  test('chunks for HTTP/1.1, the close for HTTP/1.0', async () => {
    const lines = [0, 1, 2, 3, 4].map((n) => `line ${n}\n`).join('');
    expect(await curl('-i', `${base}/stream`)).toMatch(
      /^HTTP\/1.1 200 OK\r\n[\s\S]*Transfer-Encoding: chunked\r\n/,
    );
    expect(await curl(`${base}/stream`)).toBe(lines);
    const old = await curl('-i', '--http1.0', `${base}/stream`);
    expect(old).not.toContain('Transfer-Encoding');
    expect(old).toContain('Connection: close');
    expect(old.endsWith(`\r\n\r\n${lines}`)).toBe(true);
    expect(await curl('--http1.0', `${base}/ten.txt`)).toBe('0123456789');
  });

  test('server-sent events', async () => {
    const expected = 'data: one\n\ndata: two\ndata: lines\n\ndata: three\n\n';
    expect(await curl('-N', `${base}/events`)).toBe(expected);
  });

  test('a handler of the web platform', async () => {
    const out = JSON.parse(await curl('-d', 'hello', `${base}/web?a=b`));
    expect(out).toEqual({ url: `${base}/web?a=b`, method: 'POST', text: 'hello' });
  });

  test('a path with dot segments', async () => {
    expect(
      await curl('--path-as-is', '-o', '/dev/null', '-w', '%{http_code}', `${base}/../etc/passwd`),
    ).toBe('400');
  });
});

/** What a server says to bytes typed by hand. */
function typed(text: string, port: number = server.local.port): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let out = '';
    socket.setEncoding('latin1').on('data', (data) => {
      out += data;
    });
    socket.on('end', () => resolve(out)).on('error', reject);
  });
}

describe('by hand, through a plain socket', () => {
  test('three pipelined requests are answered in order', async () => {
    const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
    const out = await typed(
      `${get('/ten.txt')}${get('/none')}${get('/')}GET /big.bin HTTP/1.0\r\n\r\n`,
    );
    expect(out.match(/HTTP\/1.1 \d+/g)).toEqual([
      'HTTP/1.1 200',
      'HTTP/1.1 404',
      'HTTP/1.1 200',
      'HTTP/1.1 200',
    ]);
    expect(out.slice(-BIG.length)).toBe(Buffer.from(BIG).toString('latin1'));
  });

  test('a hundred pipelined requests', async () => {
    const get = 'GET /ten.txt HTTP/1.1\r\nHost: a\r\n\r\n';
    const last = 'GET /ten.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    expect((await typed(get.repeat(99) + last)).match(/0123456789/g)).toHaveLength(100);
  });

  test('line feeds alone', async () => {
    expect(await typed('GET /ten.txt HTTP/1.1\nHost: a\nConnection: close\n\n')).toMatch(
      /^HTTP\/1.1 200 OK\r\n[\s\S]*0123456789$/,
    );
  });

  test.each([
    ['GET / HTTP/1.1\r\n\r\n', '400 Bad Request', 'Host is missing (RFC 9112'],
    ['GET /\r\n\r\n', '400 Bad Request', 'has no version'],
    [
      'GET / HTTP/3.0\r\nHost: a\r\n\r\n',
      '505 HTTP Version Not Supported',
      'HTTP/3.0 is not spoken',
    ],
    [`GET /${'a'.repeat(9000)} HTTP/1.1\r\n`, '414 URI Too Long', 'longer than 8192 bytes'],
    [
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
      '400 Bad Request',
      'two lengths',
    ],
    [
      'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n',
      '413 Content Too Large',
      '16777216 bytes',
    ],
    [
      'GET / HTTP/1.1\r\nHost: a\r\nExpect: wonders\r\nConnection: close\r\n\r\n',
      '417 Expectation Failed',
      'wonders',
    ],
    [
      'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      '405 Method Not Allowed',
      'only GET, HEAD, OPTIONS',
    ],
    ['BREW / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', '501 Not Implemented', 'BREW'],
    ['\x16\x03\x01', '400 Bad Request', 'This is TLS'],
  ])('%j', async (text, status, why) => {
    const out = await typed(text);
    expect(out).toMatch(new RegExp(`^HTTP/1.1 ${status}\r\n`));
    expect(out).toContain('Connection: close\r\n');
    expect(out).toContain(why);
  });
});

describe("Node's own client on our server", () => {
  test('keeps its connection', async () => {
    const { Agent } = await import('node:http');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number>();
    for (let i = 0; i < 3; i++) {
      const text = await new Promise<string>((resolve, reject) => {
        const request = nodeRequest(`${base}/echo`, { method: 'POST', agent }, (response) => {
          ports.add(response.socket.localPort as number);
          let body = '';
          response.setEncoding('utf8').on('data', (data) => {
            body += data;
          });
          response.on('end', () => resolve(body));
        });
        request.on('error', reject);
        request.write('hel');
        request.end('lo');
      });
      expect(text).toBe('hello');
    }
    expect(ports.size).toBe(1);
    agent.destroy();
  });

  test('fetch', async () => {
    const response = await fetch(`${base}/big.bin`);
    expect(Buffer.compare(Buffer.from(await response.arrayBuffer()), BIG)).toBe(0);
  });
});

describe("our client on Node's server", () => {
  let node: NodeServer;
  let url: string;
  let client: HttpClient;

  beforeAll(async () => {
    node = createServer((request, response) => {
      if (request.url === '/early') response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      if (request.url === '/trailers') {
        response.writeHead(200, { Trailer: 'X-Sum' });
        response.write('body');
        response.addTrailers({ 'X-Sum': '4' });
        response.end();
        return;
      }
      if (request.url === '/cut') {
        response.writeHead(200, { 'Content-Length': '10' });
        response.write('cut');
        response.socket?.destroy();
        return;
      }
      if (request.url === '/once') response.setHeader('Connection', 'close');
      request.pipe(response);
    });
    await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(node.address() as AddressInfo).port}`;
    client = new HttpClient(host);
  });

  afterAll(async () => {
    client.close();
    await new Promise((resolve) => node.close(resolve));
  });

  test.each([0, 5, 100_000])('a body of %d bytes there and back', async (size) => {
    const body = BIG.subarray(0, size);
    const response = await client.request({ url: `${url}/`, body });
    expect(Buffer.compare(await response.body.bytes(), body)).toBe(0);
  });

  test('keeps the connection, unless the server says close', async () => {
    const reused: boolean[] = [];
    for (const path of ['/', '/', '/once', '/']) {
      const response = await client.get(url + path);
      await response.body.bytes();
      reused.push(response.timings.reused);
    }
    expect(reused.slice(1)).toEqual([true, true, false]);
  });

  test('trailers and early hints', async () => {
    const hints: (string | undefined)[] = [];
    const response = await client.get(`${url}/trailers`);
    expect(await response.body.text()).toBe('body');
    expect([...response.body.trailers]).toEqual([['X-Sum', '4']]);
    const early = await client.get(`${url}/early`, {
      onInterim: (head) => hints.push(head.headers.get('Link')),
    });
    await early.body.text();
    expect(hints).toEqual(['</a.css>; rel=preload']);
  });

  test('a body that is cut off is an error', async () => {
    const response = client.get(`${url}/cut`).then(({ body }) => body.text());
    await expect(response).rejects.toMatchObject({
      code: expect.stringMatching(/NET_RESET|HTTP_INCOMPLETE/),
    });
  });
});
