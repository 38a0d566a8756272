/** Proxies in a simulated world: what goes on and what does not, loops, and what fails. */
import { beforeEach, describe, expect, test } from 'vitest';
import { mirror, ProxyStage } from '../../test/proxy/stage.ts';
import { HttpCache } from '../cache/index.ts';
import { fromUtf8, utf8 } from '../lib/bytes.ts';
import { ByteReader } from '../net/index.ts';

let stage: ProxyStage;
beforeEach(() => {
  stage = new ProxyStage();
});

const CLOSE = 'Connection: close\r\n';

describe('what is passed on (RFC 9110 §7.6)', () => {
  test('the request line in origin form, Host made anew, nothing of this hop', async () => {
    await stage.serve(mirror, 8000);
    await stage.proxy();
    const answer = await stage.asks(
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
    await stage.serve(mirror);
    await stage.proxy();
    const head = `POST http://www.a/ HTTP/1.1\r\nHost: www.a\r\n${CLOSE}`;
    expect(await stage.asks(`${head}Content-Length: 5\r\n\r\nhello`)).toMatch(
      /\nContent-Length: 5\n\nhello\r?\n?$/,
    );
    const chunked = await stage.asks(
      `${head}Transfer-Encoding: chunked\r\n\r\n`,
      '2\r\nhe\r\n',
      '3\r\nllo\r\n0\r\nT: u\r\n\r\n',
    );
    expect(chunked).toMatch(/\nTransfer-Encoding: chunked\n\nhello\nT: u/);
    expect(await stage.asks(`${head}Content-Length: 0\r\n\r\n`)).toContain('\nContent-Length: 0\n');
  });

  test('answers without what was between origin and proxy; trailers and interim answers with the rest', async () => {
    await stage.serve((_, context) => {
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
    await stage.proxy();
    const answer = await stage.asks(`GET http://www.a/ HTTP/1.1\r\nHost: www.a\r\n${CLOSE}\r\n`);
    expect(answer).toMatch(
      /^HTTP\/1.1 103 Early Hints\r\nLink: <\/a.css>; rel=preload\r\n\r\nHTTP\/1.1 200 OK\r\n/,
    );
    expect(answer).toContain('\r\nA: 1\r\nVia: 1.1 edge\r\n');
    expect(answer).not.toMatch(/Keep-Alive|Proxy-Authenticate/);
    expect(answer).toMatch(/hello|he\r\n3\r\nllo/);
    expect(answer).toMatch(/\r\n0\r\nT: u\r\n\r\n$/);
  });

  test('100 (Continue) is the origin’s to say', async () => {
    await stage.serve(async ({ headers, body }) => {
      if (headers.has('X-No')) return { status: 413, body: 'no' };
      return { status: 200, body: await body.text() };
    });
    await stage.proxy();
    const head = `POST http://www.a/ HTTP/1.1\r\nHost: www.a\r\n${CLOSE}Expect: 100-continue\r\nContent-Length: 2\r\n`;
    const patient = async (): Promise<string> => {
      const connection = await stage.alice.network.connect({
        address: stage.edge.address,
        port: 8080,
      });
      const reader = new ByteReader(connection);
      connection.write(utf8(`${head}\r\n`));
      const said = await reader.readLine();
      connection.write(utf8('hi'));
      return said + fromUtf8(await reader.readAll());
    };
    const began = stage.world.now;
    expect(await stage.world.run(patient())).toMatch(
      /^HTTP\/1.1 100 Continue\r\nHTTP\/1.1 200 OK\r\n[\s\S]*\r\n\r\nhi$/,
    );
    expect(stage.world.now - began).toBeLessThan(500);
    expect(await stage.asks(`${head}X-No: 1\r\n\r\n`)).toMatch(/^HTTP\/1.1 413 /);
  });

  test('who asks, where the origin is to know', async () => {
    await stage.serve(mirror);
    await stage.proxy({ forwarded: 'both' });
    const answer = await stage.asks(
      `GET http://www.a/ HTTP/1.1\r\nHost: www.a\r\n${CLOSE}X-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Host: evil\r\n\r\n`,
    );
    expect(answer).toContain(`\nX-Forwarded-For: 9.9.9.9, ${stage.alice.address}\n`);
    expect(answer).toContain('\nX-Forwarded-Host: www.a\n');
    expect(answer).toContain(`\nForwarded: for=${stage.alice.address};host=www.a;proto=http`);
  });

  test('what two readers could read in two ways goes nowhere', async () => {
    let asked = 0;
    await stage.serve(() => {
      asked++;
      return { status: 200 };
    });
    await stage.proxy();
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
        await stage.asks(`POST http://www.a/ HTTP/1.1\r\nHost: www.a\r\n${field}\r\n0\r\n\r\n`),
      ).toMatch(/^HTTP\/1.1 (400|501) /);
    }
    expect(asked).toBe(0);
  });
});

describe('loops and ends of the way', () => {
  test('a request that comes back is 508', async () => {
    await stage.proxy();
    const answer = await stage.asks(`GET http://edge:8080/ HTTP/1.1\r\nHost: edge\r\n${CLOSE}\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 508 Loop Detected\r\n[\s\S]*Via: 1.1 edge/);
    const looped = await stage.asks(
      `GET http://www.a/ HTTP/1.1\r\nHost: www.a\r\nVia: 1.0 x, 1.1 edge (y)\r\n${CLOSE}\r\n`,
    );
    expect(looped).toMatch(/^HTTP\/1.1 508 Loop Detected\r\n/);
  });

  test('two proxies before each other find out', async () => {
    await stage.proxy({
      reverse: `http://${stage.edge.address}:8080`,
      cache: new HttpCache(stage.edge),
    });
    expect(await stage.asks(`GET / HTTP/1.1\r\nHost: x\r\n${CLOSE}\r\n`)).toMatch(
      /^HTTP\/1.1 508 /,
    );
  });

  test('Max-Forwards', async () => {
    await stage.serve(mirror);
    await stage.proxy();
    const trace = await stage.asks(
      `TRACE http://www.a/ HTTP/1.1\r\nHost: www.a\r\nMax-Forwards: 0\r\nCookie: secret\r\n${CLOSE}\r\n`,
    );
    expect(trace).toMatch(
      /Content-Type: message\/http\r\n[\s\S]*\r\n\r\nTRACE http:\/\/www.a\/ HTTP\/1.1\r\n/,
    );
    expect(trace).not.toContain('secret');
    const options = await stage.asks(
      `OPTIONS http://www.a HTTP/1.1\r\nHost: www.a\r\nMax-Forwards: 1\r\n${CLOSE}\r\n`,
    );
    expect(options).not.toContain('Max-Forwards: 1');
    expect(options).toMatch(/OPTIONS \* HTTP\/1.1\n[\s\S]*Max-Forwards: 0/);
  });

  test('what is no URL is told what this is', async () => {
    await stage.proxy();
    expect(await stage.asks(`GET / HTTP/1.1\r\nHost: x\r\n${CLOSE}\r\n`)).toMatch(
      /400 Bad Request[\s\S]*This is a proxy/,
    );
    expect(await stage.asks(`GET ftp://www.a/ HTTP/1.1\r\nHost: x\r\n${CLOSE}\r\n`)).toMatch(
      /^HTTP\/1.1 501 /,
    );
  });
});

describe('origins that fail', () => {
  const get = (url: string) => stage.asks(`GET ${url} HTTP/1.1\r\nHost: x\r\n${CLOSE}\r\n`);

  test('refused, unknown, silent: each with its status and its reason', async () => {
    await stage.world.run(stage.origin.network.listen({ port: 81 }, () => {}));
    await stage.proxy({ timeoutMs: 3000 });
    expect(await get('http://www.a:82/')).toMatch(
      /^HTTP\/1.1 502 [\s\S]*www.a:82 could not be reached: /,
    );
    expect(await get('http://nobody/')).toMatch(/^HTTP\/1.1 502 [\s\S]*there is no nobody/);
    expect(await get('http://www.a:81/')).toMatch(/^HTTP\/1.1 504 [\s\S]*did not answer in time/);
  });

  test('one that does not speak HTTP', async () => {
    await stage.world.run(
      stage.origin.network.listen({ port: 81 }, (connection) => {
        connection.attach({
          onData: () => connection.write(utf8('SSH-2.0-x\r\n\r\n')),
          onClose() {},
        });
      }),
    );
    await stage.proxy();
    expect(await get('http://www.a:81/')).toMatch(/^HTTP\/1.1 502 [\s\S]*is not HTTP/);
  });

  test('a body that breaks off never looks whole', async () => {
    await stage.serve((_, { host }) => ({
      status: 200,
      body: {
        length: 10,
        start(writer) {
          writer.write('half');
          host.clock.setTimer(100, () => writer.abort());
        },
      },
    }));
    await stage.proxy({ cache: new HttpCache(stage.edge) });
    await expect(get('http://www.a/')).rejects.toThrow(/reset/);
  });
});
