import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveHttp, staticFiles } from '../../http/index.ts';
import { utf8 } from '../../lib/bytes.ts';
import type { Server } from '../../net/index.ts';
import { type RealHost, realHost } from '../../net/real/index.ts';
import { getPage, pageText } from './get.ts';

let host: RealHost;
let server: Server;

beforeAll(async () => {
  host = realHost();
  await host.files.write('/index.html', utf8('<title>Campus</title><img src=a.png>'));
  await host.files.write('/a.png', new Uint8Array(10));
  server = await serveHttp(host, { port: 0, handler: staticFiles() });
});

afterAll(async () => {
  await server.close({ graceMs: 0 });
  await host.close();
});

const lookup = async (): Promise<readonly string[]> => ['127.0.0.1'];

test('one answer', async () => {
  const url = `http://www.campus.edu:${server.local.port}/a.png`;
  const result = await getPage(host, lookup, url);
  expect(result).toMatchObject({ kind: 'answer', response: { status: 200 } });
  expect(result.kind === 'answer' && result.bytes.length).toBe(10);
});

test('a page with its objects, from another address than the URL says', async () => {
  const options = { objects: true, serial: true, connect: server.local };
  const result = await getPage(host, lookup, 'http://www.campus.edu/', options);
  if (result.kind !== 'page') throw new Error('not a page');
  expect(pageText(result.page)).toMatch(
    /^Campus\n.* 36 B {2}200 OK {2}http:\/\/www.campus.edu\/ \(new connection\)\n.* 10 B {2}200 OK {2}http:\/\/www.campus.edu\/a.png\n1 object, 46 bytes in [\d.]+ ms\n$/,
  );
});
