/** A framework of the (Request) => Response convention on our server, asked by curl. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveApplication } from '../../examples/hono-application.ts';
import { type RealHost, realHost } from '../../src/net/real/index.ts';

const run = promisify(execFile);
let host: RealHost;
let base: string;

beforeAll(async () => {
  host = realHost();
  const { local } = await serveApplication(host, 0);
  base = `http://127.0.0.1:${local.port}`;
});

afterAll(() => host.close());

async function curl(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('curl', ['-s', '--max-time', '10', ...args]);
  return stdout;
}

test('a route with a parameter', async () => {
  expect(JSON.parse(await curl(`${base}/hello/ann`))).toEqual({ hello: 'ann' });
});

test('a form', async () => {
  const said = await curl('-w', ' %{http_code}', '-d', 'city=Rome', `${base}/form`);
  expect(said).toBe('You come from Rome. 201');
});

test('an answer that is streamed', async () => {
  expect(await curl('-i', `${base}/count`)).toMatch(/chunked[\s\S]*\r\n\r\n1\n2\n3\n$/i);
});

test('HEAD, and what is not there', async () => {
  expect(await curl('-I', `${base}/hello/ann`)).toMatch(/^HTTP\/1\.1 200 OK/);
  expect(await curl('-w', '%{http_code}', `${base}/none`)).toBe('404 Not Found404');
});
