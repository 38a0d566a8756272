/** Proxies in a simulated world: what goes on and what does not, tunnels, loops, and what fails. */
import { beforeEach, describe, expect, test } from 'vitest';
import { HttpCache } from '../cache/index.ts';
import { type Handler, serveHttp } from '../http/index.ts';
import { fromUtf8, utf8 } from '../lib/bytes.ts';
import { NetworkError } from '../lib/errors.ts';
import { ByteReader, type Host, type Lookup } from '../net/index.ts';
import { World } from '../net/sim/index.ts';
import { type ProxyOptions, serveProxy } from './server.ts';

let world: World;
let origin: Host;
let edge: Host;
let alice: Host;
let lookup: Lookup;

beforeEach(() => {
  world = new World({ seed: 'proxy', strict: true });
  origin = world.host('origin');
  edge = world.host('edge');
  alice = world.host('alice');
  world.links({ latency: 5 });
  lookup = async (name) => {
    if (name === 'www.a') return [origin.address];
    if (name === 'edge') return [edge.address];
    throw new NetworkError('unreachable', `there is no ${name}`);
  };
});

const serve = (handler: Handler, port = 80) =>
  world.run(serveHttp(origin, { handler, port, serverName: '' }));
const proxy = (options: ProxyOptions = {}) =>
  world.run(serveProxy(edge, { lookup, name: 'edge', port: 8080, ...options }));

/** Says something to the proxy and reads until it ends. */
async function talk(text: string, ...more: readonly string[]): Promise<string> {
  const connection = await alice.network.connect({ address: edge.address, port: 8080 });
  const reader = new ByteReader(connection);
  connection.write(utf8(text));
  for (const piece of more) connection.write(utf8(piece));
  const all = fromUtf8(await reader.readAll());
  reader.end();
  return all;
}

const asks = (text: string, ...more: readonly string[]): Promise<string> =>
  world.run(talk(text, ...more));

/** Answers with the request as it came. */
const mirror: Handler = async ({ method, target, version, headers, body }) => {
  const text = await body.text();
  const trailers = [...body.trailers].map(([name, value]) => `${name}: ${value}`);
  const lines = [...headers].map(([name, value]) => `${name}: ${value}`);
  return {
    status: 200,
    body: [`${method} ${target} HTTP/${version}`, ...lines, '', text, ...trailers].join('\n'),
  };
};

const CLOSE = 'Connection: close\r\n';

describe('what is passed on (RFC 9110 §7.6)', () => {
  test('the request line in origin form, Host made anew, nothing of this hop', async () => {
    await serve(mirror, 8000);
    await proxy();
    const answer = await asks(
      'GET http://WWW.a:8000/a?b HTTP/1.1\r\nHost: other\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\n' +
        'Proxy-Connection: close\r\nProxy-Authorization: Basic eA==\r\nTE: gzip\r\nUpgrade: x\r\nAuthorization: kept\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    const [, asked] = answer.split('\r\n\r\n') as [string, string];
    expect(asked.trimEnd().split('\n')).toEqual([
      'GET /a?b HTTP/1.1',
      'Host: www.a:8000',
      'Authorization: kept',
      'Via: 1.1 edge',
    ]);
  });

  test('bodies of known length, in chunks, and their trailers', async () => {
    await serve(mirror);
    await proxy();
    const head = `POST http://www.a/ HTTP/1.1\r\nHost: www.a\r\n${CLOSE}`;
    expect(await asks(`${head}Content-Length: 5\r\n\r\nhello`)).toMatch(
      /\nContent-Length: 5\n\nhello\r?\n?$/,
    );
    const chunked = await asks(
      `${head}Transfer-Encoding: chunked\r\n\r\n`,
      '2\r\nhe\r\n',
      '3\r\nllo\r\n0\r\nT: u\r\n\r\n',
    );
    expect(chunked).toMatch(/\nTransfer-Encoding: chunked\n\nhello\nT: u/);
    expect(await asks(`${head}Content-Length: 0\r\n\r\n`)).toContain('\nContent-Length: 0\n');
  });

  test('answers without what was between origin and proxy; trailers and interim answers with the rest', async () => {
    await serve((_, context) => {
      context.interim(103, [['Link', '</a.css>; rel=preload']]);
      return {
        status: 200,
        headers: [
          ['Keep-Alive', 'x'],
          ['Proxy-Authenticate', 'x'],
          ['A', '1'],
        ],
        body: {
          start(writer) {
            writer.write('he');
            writer.write('llo');
            writer.end([['T', 'u']]);
          },
        },
      };
    });
    await proxy();
    const answer = await asks(`GET http://www.a/ HTTP/1.1\r\nHost: www.a\r\n${CLOSE}\r\n`);
    expect(answer).toMatch(
      /^HTTP\/1.1 103 Early Hints\r\nLink: <\/a.css>; rel=preload\r\n\r\nHTTP\/1.1 200 OK\r\n/,
    );
    expect(answer).toContain('\r\nA: 1\r\nVia: 1.1 edge\r\n');
    expect(answer).not.toMatch(/Keep-Alive|Proxy-Authenticate/);
    expect(answer).toMatch(/hello|he\r\n3\r\nllo/);
    expect(answer).toMatch(/\r\n0\r\nT: u\r\n\r\n$/);
  });

  test('100 (Continue) is the origin’s to say', async () => {
    await serve(async ({ headers, body }) => {
      if (headers.has('X-No')) return { status: 413, body: 'no' };
      return { status: 200, body: await body.text() };
    });
    await proxy();
    const head = `POST http://www.a/ HTTP/1.1\r\nHost: www.a\r\n${CLOSE}Expect: 100-continue\r\nContent-Length: 2\r\n`;
    const patient = async (): Promise<string> => {
      const connection = await alice.network.connect({ address: edge.address, port: 8080 });
      const reader = new ByteReader(connection);
      connection.write(utf8(`${head}\r\n`));
      const said = await reader.readLine();
      connection.write(utf8('hi'));
      return said + fromUtf8(await reader.readAll());
    };
    const began = world.now;
    expect(await world.run(patient())).toMatch(
      /^HTTP\/1.1 100 Continue\r\nHTTP\/1.1 200 OK\r\n[\s\S]*\r\n\r\nhi$/,
    );
    expect(world.now - began).toBeLessThan(500);
    expect(await asks(`${head}X-No: 1\r\n\r\n`)).toMatch(/^HTTP\/1.1 413 /);
  });

  test('who asks, where the origin is to know', async () => {
    await serve(mirror);
    await proxy({ forwarded: 'both' });
    const answer = await asks(
      `GET http://www.a/ HTTP/1.1\r\nHost: www.a\r\n${CLOSE}X-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Host: evil\r\n\r\n`,
    );
    expect(answer).toContain(`\nX-Forwarded-For: 9.9.9.9, ${alice.address}\n`);
    expect(answer).toContain('\nX-Forwarded-Host: www.a\n');
    expect(answer).toContain(`\nForwarded: for=${alice.address};host=www.a;proto=http`);
  });

  test('what two readers could read in two ways goes nowhere', async () => {
    let asked = 0;
    await serve(() => {
      asked++;
      return { status: 200 };
    });
    await proxy();
    const bad = [
      'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n',
      'Content-Length: 5\r\nContent-Length: 6\r\n',
      'Transfer-Encoding: chunked, identity\r\n',
      'Content-Length : 5\r\n',
      'X: a\nY: b\r\n',
      ' folded\r\n',
    ];
    for (const field of bad) {
      expect(
        await asks(`POST http://www.a/ HTTP/1.1\r\nHost: www.a\r\n${field}\r\n0\r\n\r\n`),
      ).toMatch(/^HTTP\/1.1 (400|501) /);
    }
    expect(asked).toBe(0);
  });
});

describe('loops and ends of the way', () => {
  test('a request that comes back is 508', async () => {
    await proxy();
    const answer = await asks(`GET http://edge:8080/ HTTP/1.1\r\nHost: edge\r\n${CLOSE}\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 508 Loop Detected\r\n[\s\S]*Via: 1.1 edge/);
    const looped = await asks(
      `GET http://www.a/ HTTP/1.1\r\nHost: www.a\r\nVia: 1.0 x, 1.1 edge (y)\r\n${CLOSE}\r\n`,
    );
    expect(looped).toMatch(/^HTTP\/1.1 508 Loop Detected\r\n/);
  });

  test('two proxies before each other find out', async () => {
    await proxy({ reverse: `http://${edge.address}:8080`, cache: new HttpCache(edge) });
    expect(await asks(`GET / HTTP/1.1\r\nHost: x\r\n${CLOSE}\r\n`)).toMatch(/^HTTP\/1.1 508 /);
  });

  test('Max-Forwards', async () => {
    await serve(mirror);
    await proxy();
    const trace = await asks(
      `TRACE http://www.a/ HTTP/1.1\r\nHost: www.a\r\nMax-Forwards: 0\r\nCookie: secret\r\n${CLOSE}\r\n`,
    );
    expect(trace).toMatch(
      /Content-Type: message\/http\r\n[\s\S]*\r\n\r\nTRACE http:\/\/www.a\/ HTTP\/1.1\r\n/,
    );
    expect(trace).not.toContain('secret');
    const options = await asks(
      `OPTIONS http://www.a HTTP/1.1\r\nHost: www.a\r\nMax-Forwards: 1\r\n${CLOSE}\r\n`,
    );
    expect(options).not.toContain('Max-Forwards: 1');
    expect(options).toMatch(/OPTIONS \* HTTP\/1.1\n[\s\S]*Max-Forwards: 0/);
  });

  test('what is no URL is told what this is', async () => {
    await proxy();
    expect(await asks(`GET / HTTP/1.1\r\nHost: x\r\n${CLOSE}\r\n`)).toMatch(
      /400 Bad Request[\s\S]*This is a proxy/,
    );
    expect(await asks(`GET ftp://www.a/ HTTP/1.1\r\nHost: x\r\n${CLOSE}\r\n`)).toMatch(
      /^HTTP\/1.1 501 /,
    );
  });
});

describe('origins that fail', () => {
  const get = (url: string) => asks(`GET ${url} HTTP/1.1\r\nHost: x\r\n${CLOSE}\r\n`);

  test('refused, unknown, silent: each with its status and its reason', async () => {
    await world.run(origin.network.listen({ port: 81 }, () => {}));
    await proxy({ timeoutMs: 3000 });
    expect(await get('http://www.a:82/')).toMatch(
      /^HTTP\/1.1 502 [\s\S]*www.a:82 could not be reached: /,
    );
    expect(await get('http://nobody/')).toMatch(/^HTTP\/1.1 502 [\s\S]*there is no nobody/);
    expect(await get('http://www.a:81/')).toMatch(/^HTTP\/1.1 504 [\s\S]*did not answer in time/);
  });

  test('one that does not speak HTTP', async () => {
    await world.run(
      origin.network.listen({ port: 81 }, (connection) => {
        connection.attach({
          onData: () => connection.write(utf8('SSH-2.0-x\r\n\r\n')),
          onClose() {},
        });
      }),
    );
    await proxy();
    expect(await get('http://www.a:81/')).toMatch(/^HTTP\/1.1 502 [\s\S]*is not HTTP/);
  });

  test('a body that breaks off never looks whole', async () => {
    await serve((_, { host }) => ({
      status: 200,
      body: {
        length: 10,
        start(writer) {
          writer.write('half');
          host.clock.setTimer(100, () => writer.abort());
        },
      },
    }));
    await proxy({ cache: new HttpCache(edge) });
    await expect(get('http://www.a/')).rejects.toThrow(/reset/);
  });
});

describe('tunnels', () => {
  const echo = (): Promise<unknown> =>
    origin.network.listen({ port: 7 }, (connection) => {
      connection.attach({
        onData: (bytes) => connection.write(bytes),
        onEnd: () => connection.end(),
        onClose() {},
      });
    });

  test('CONNECT to any name and port, bytes both ways, half-closes too', async () => {
    await world.run(echo());
    await proxy();
    const said = async (): Promise<string> => {
      const connection = await alice.network.connect({ address: edge.address, port: 8080 });
      const reader = new ByteReader(connection);
      connection.write(utf8('CONNECT www.a:7 HTTP/1.1\r\nHost: www.a:7\r\n\r\nearly '));
      expect(await reader.readLine()).toBe('HTTP/1.1 200 Connection Established');
      while ((await reader.readLine()) !== '') {}
      connection.write(utf8('bird'));
      connection.end();
      return fromUtf8(await reader.readAll());
    };
    expect(await world.run(said())).toBe('early bird');
    await world.run();
    expect(world.netstat()).not.toContain('ESTABLISHED');
  });

  test('is always answered', async () => {
    await proxy();
    const connect = (to: string): Promise<string> =>
      asks(`CONNECT ${to} HTTP/1.1\r\nHost: x\r\n${CLOSE}\r\n`);
    expect(await connect('www.a:9')).toMatch(/^HTTP\/1.1 502 [\s\S]*www.a:9 could not be reached/);
    expect(await connect('nobody:80')).toMatch(/^HTTP\/1.1 502 [\s\S]*there is no nobody/);
    world.partition('edge', 'origin');
    const began = world.now;
    expect(await connect('www.a:7')).toMatch(/^HTTP\/1.1 504 /);
    expect(world.now - began).toBeLessThan(16_000);
  });

  test('a quiet one ends', async () => {
    await world.run(echo());
    await proxy();
    const began = world.now;
    await world.run(talk('CONNECT www.a:7 HTTP/1.1\r\nHost: www.a:7\r\n\r\n').catch(() => ''));
    expect(world.now - began).toBeGreaterThan(14 * 60_000);
    expect(world.now - began).toBeLessThan(16 * 60_000);
  });

  test('another protocol, where the origin agrees (RFC 9110 §7.8)', async () => {
    await serve(({ headers }) => {
      if (headers.get('Upgrade') !== 'echo') return { status: 200, body: 'plain' };
      return {
        status: 101,
        headers: [['Upgrade', 'echo']],
        takeover({ connection, early }) {
          connection.attach({
            onData: (bytes) => connection.write(bytes),
            onEnd: () => connection.end(),
            onClose() {},
          });
          connection.write(early);
          connection.resume();
        },
      };
    });
    await proxy({ cache: new HttpCache(edge) });
    const said = async (): Promise<string> => {
      const connection = await alice.network.connect({ address: edge.address, port: 8080 });
      const reader = new ByteReader(connection);
      connection.write(
        utf8(
          'GET http://www.a/ HTTP/1.1\r\nHost: www.a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n',
        ),
      );
      expect(await reader.readLine()).toBe('HTTP/1.1 101 Switching Protocols');
      const fields: (string | null)[] = [];
      for (let line = await reader.readLine(); line !== ''; line = await reader.readLine())
        fields.push(line);
      expect(fields).toEqual(
        expect.arrayContaining(['Upgrade: echo', 'Connection: upgrade', 'Via: 1.1 edge']),
      );
      connection.write(utf8('hello'));
      connection.end();
      return fromUtf8(await reader.readAll());
    };
    expect(await world.run(said())).toBe('hello');
    const refused = await asks(
      `GET http://www.a/ HTTP/1.1\r\nHost: www.a\r\nConnection: Upgrade, close\r\nUpgrade: other\r\n\r\n`,
    );
    expect(refused).toMatch(/^HTTP\/1.1 200 OK[\s\S]*plain$/);
  });
});

describe('with a cache', () => {
  test('the trace tells why', async () => {
    const notes: string[] = [];
    const trace = {
      on: true,
      emit: (event: { kind: string; text?: string; spec?: string }) => {
        if (event.kind === 'note' && event.text) notes.push(`${event.text} (${event.spec})`);
      },
    };
    await serve(page);
    const server = serveProxy(
      {
        ...edge,
        name: 'edge',
        address: edge.address,
        network: edge.network,
        clock: edge.clock,
        random: edge.random,
        files: edge.files,
        trace,
      },
      {
        port: 8080,
        reverse: 'http://www.a',
        lookup,
        cache: new HttpCache({ ...edge, clock: edge.clock, random: edge.random, trace } as Host),
      },
    );
    await world.run(server);
    await get('/x');
    await get('/x');
    expect(notes.filter((note) => /^the origin|^hit/.test(note))).toEqual([
      'the origin is asked: nothing is stored of this URL (RFC 9111 §4)',
      'hit: a stored response is fresh, 0 s of 60 s (max-age) (RFC 9111 §4.2)',
    ]);
  });

  const page: Handler = ({ path }) => ({
    status: 200,
    headers: [
      ['Cache-Control', 'max-age=60'],
      ['Cache-Tag', 'all'],
    ],
    body: `page ${path}`,
  });
  const get = (path: string, more = '') =>
    asks(`GET ${path} HTTP/1.1\r\nHost: www.a\r\n${CLOSE}${more}\r\n`);

  test('before one origin: the second comes from here', async () => {
    await serve(page);
    await proxy({ reverse: 'http://www.a', cache: new HttpCache(edge) });
    expect(await get('/x')).toMatch(
      /Cache-Status: toplayer; fwd=uri-miss; fwd-status=200; ttl=59; stored\r\n/,
    );
    expect(await get('/x')).toMatch(
      /Age: 0\r\nCache-Status: toplayer; hit; ttl=59\r\n[\s\S]*page \/x$/,
    );
  });

  test('for all: in absolute form', async () => {
    await serve(page);
    await proxy({ cache: new HttpCache(edge, { targets: [] }) });
    await get('http://www.a/x');
    expect(await get('http://WWW.A:80/x')).toContain('toplayer; hit');
  });

  test('Host is kept, or rewritten', async () => {
    await serve(mirror);
    const server = await proxy({ reverse: 'http://www.a' });
    expect(await asks(`GET / HTTP/1.1\r\nHost: shop\r\n${CLOSE}\r\n`)).toContain('\nHost: shop\n');
    await world.run(server.close({ graceMs: 0 }));
    await proxy({ reverse: 'http://www.a', hostField: 'rewrite' });
    expect(await asks(`GET / HTTP/1.1\r\nHost: shop\r\n${CLOSE}\r\n`)).toMatch(
      /\nHost: www.a\n[\s\S]*X-Forwarded-Host: shop/,
    );
  });

  test('PURGE, by URL, prefix and tag, and only from where it may come', async () => {
    await serve(page);
    await proxy({
      reverse: 'http://www.a',
      cache: new HttpCache(edge),
      mayPurge: (address) => address === alice.address,
    });
    const purge = (path: string, more = '') =>
      asks(`PURGE ${path} HTTP/1.1\r\nHost: www.a\r\n${CLOSE}${more}\r\n`);
    for (const path of ['/a/1', '/a/2', '/b']) await get(path);
    expect(await purge('/b')).toContain('{"purged":1,"soft":false}');
    expect(await purge('/a/', 'Purge-Scope: prefix\r\nPurge-Mode: soft\r\n')).toContain(
      '{"purged":2,"soft":true}',
    );
    expect(await get('/a/1')).toContain('fwd=stale');
    expect(await purge('/', 'Cache-Tag: all, none\r\n')).toContain('{"purged":2,"soft":false}');
    expect(await get('/a/1')).toContain('fwd=uri-miss');
  });

  test('PURGE from elsewhere is 403', async () => {
    await proxy({ reverse: 'http://www.a', cache: new HttpCache(edge), mayPurge: () => false });
    expect(await asks(`PURGE / HTTP/1.1\r\nHost: www.a\r\n${CLOSE}\r\n`)).toMatch(
      /^HTTP\/1.1 403 /,
    );
  });
});
