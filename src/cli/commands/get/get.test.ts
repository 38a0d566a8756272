import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basicAuth, digestAuth, digestUsers, identityOf } from '../../../auth/index.ts';
import { type Handler, serveHttp, staticFiles } from '../../../http/index.ts';
import { fromUtf8, utf8 } from '../../../lib/bytes.ts';
import type { Server } from '../../../net/index.ts';
import { type RealHost, realHost } from '../../../net/real/index.ts';
import { loadPage } from '../../../page/index.ts';
import type { CliTools } from '../../tools.ts';
import { type ClientFlags, openClient } from './client-flags.ts';
import { runGet } from './get.ts';
import { pageText } from './page.ts';

let host: RealHost;
let server: Server;
let folder: string;

const site = staticFiles();
const secret: Handler = (request) => ({
  status: 200,
  body: `welcome, ${identityOf(request)?.name}`,
});
const users = digestUsers('class', { ann: 'kettle' });
const byDigest = digestAuth({ realm: 'class', users })(secret);
const byBasic = basicAuth({
  realm: 'class',
  check: (user, password) => user === 'ann' && password === 'kettle',
  overPlain: true,
})(secret);
const handler: Handler = async (request, context) => {
  if (request.path === '/echo') {
    const body = await request.body.text();
    const said = [...request.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
    return { status: 200, body: `${request.method} HTTP/${request.version}\n${said}\n\n${body}` };
  }
  if (request.path === '/set') return { status: 200, headers: { 'Set-Cookie': 'a=1; Max-Age=60' } };
  if (request.path === '/digest') return byDigest(request, context);
  if (request.path === '/basic') return byBasic(request, context);
  if (request.path === '/moved') return { status: 302, headers: { Location: '/a.txt' } };
  return site(request, context);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'toplayer-get-'));
  host = realHost();
  await host.files.write('/index.html', utf8('<title>Campus</title><img src=a.png>'));
  await host.files.write('/a.png', new Uint8Array(10));
  await host.files.write('/a.txt', utf8('0123456789'));
  server = await serveHttp(host, { port: 0, handler });
});

afterAll(async () => {
  await server.close({ graceMs: 0 });
  await host.close();
  await rm(folder, { recursive: true });
});

const lookup = async (): Promise<readonly string[]> => ['127.0.0.1'];

function recorded() {
  let out = '';
  const notes: string[] = [];
  const tools = {
    out: (text: string | Uint8Array) => {
      out += typeof text === 'string' ? text : fromUtf8(text);
    },
    note: (line: string) => notes.push(line),
    signal: new AbortController().signal,
  } as unknown as CliTools;
  return { tools, notes, out: () => out };
}

/** Runs the command; gives its exit status and what it wrote. */
async function get(path: string, flags: Partial<Parameters<typeof runGet>[3]> = {}) {
  const { tools, notes, out } = recorded();
  const url = `http://www.campus.edu:${server.local.port}${path}`;
  const status = await runGet(tools, { host, lookup }, url, { thirdParty: true, ...flags });
  return { status, out: out(), notes };
}

describe('get', () => {
  test('the body, and the head with -i', async () => {
    expect(await get('/a.txt')).toMatchObject({ status: 0, out: '0123456789' });
    const { out } = await get('/a.txt', { include: true });
    expect(out).toMatch(/^HTTP\/1\.1 200 OK\nDate: [\s\S]*Content-Length: 10\n\n0123456789$/);
  });

  test('-I asks for the head only', async () => {
    const { out } = await get('/a.txt', { head: true });
    expect(out).toMatch(/^HTTP\/1\.1 200 OK\n[\s\S]*Content-Length: 10\n\n$/);
  });

  test('-f: a status of 400 or above is told and nothing else', async () => {
    const { status, out, notes } = await get('/none', { fail: true });
    expect([status, out]).toEqual([1, '']);
    expect(notes[0]).toMatch(/\/none: 404 Not Found$/);
  });

  test('-r: a part', async () => {
    expect((await get('/a.txt', { range: '2-4' })).out).toBe('234');
  });

  test('-L follows, without it the redirection is shown', async () => {
    expect((await get('/moved', { include: true })).out).toMatch(/^HTTP\/1\.1 302 Found/);
    expect((await get('/moved', { location: true })).out).toBe('0123456789');
  });

  test('-d, -H, -A, -e, -X and -0 make the request', async () => {
    const file = join(folder, 'body');
    await writeFile(file, 'c=3');
    const { out } = await get('/echo', {
      data: ['a=1', 'b=2', `@${file}`],
      header: [['X-Own', 'yes']],
      userAgent: 'me',
      referer: 'http://a/',
      request: 'PATCH',
      http1_0: true,
    });
    expect(out).toContain('PATCH HTTP/1.0\n');
    for (const line of ['X-Own: yes', 'User-Agent: me', 'Referer: http://a/']) {
      expect(out).toContain(line);
    }
    expect(out).toContain('application/x-www-form-urlencoded');
    expect(out).toMatch(/\n\na=1&b=2&c=3$/);
  });

  test('-T uploads a file by PUT', async () => {
    const file = join(folder, 'upload');
    await writeFile(file, 'content');
    const { out } = await get('/echo', { uploadFile: file });
    expect(out).toMatch(/^PUT HTTP\/1\.1\n[\s\S]*\n\ncontent$/);
  });

  test('-u answers a challenge, by Basic only where that is not forbidden', async () => {
    const user = 'ann:kettle';
    expect((await get('/digest', { user })).out).toBe('welcome, ann');
    expect((await get('/basic', { user })).out).toBe('welcome, ann');
    expect((await get('/basic', { user, digest: true })).status).toBe(1);
    expect((await get('/digest', { user: 'ann:teapot' })).status).toBe(1);
    await expect(get('/digest', { user: 'ann' })).rejects.toThrow('-u needs NAME:PASSWORD');
  });

  test('-o writes a file, -C goes on with it', async () => {
    const file = join(folder, 'a.txt');
    await writeFile(file, '0123');
    const { notes } = await get('/a.txt', { output: file, continue: true });
    expect(notes).toEqual([`${file}: 10 bytes, 6 of them new`]);
    expect(await readFile(file, 'utf8')).toBe('0123456789');
    const again = await get('/a.txt', { output: file, continue: true });
    expect(again.notes).toEqual([`${file}: nothing is missing, 10 bytes`]);
    await get('/a.txt', { output: file });
    expect(await readFile(file, 'utf8')).toBe('0123456789');
  });

  test('-c keeps cookies in a file, -b sends them', async () => {
    const jar = join(folder, 'cookies.txt');
    await get('/set', { cookie: jar, cookieJar: jar });
    expect(await readFile(jar, 'utf8')).toMatch(/www\.campus\.edu\tFALSE\t\/\tFALSE\t\d+\ta\t1/);
    expect((await get('/echo', { cookie: jar })).out).toContain('Cookie: a=1');
    expect((await get('/echo', { cookie: 'x=9; y=8' })).out).toContain('Cookie: x=9; y=8');
    await expect(get('/echo', { cookie: 'nofile' })).rejects.toThrow('no file of cookies nofile');
  });

  test('-v shows both heads', async () => {
    const { notes } = await get('/a.txt', { verbose: true });
    expect(notes[0]).toMatch(/^> GET \/a\.txt HTTP\/1\.1\n[\s\S]*\n>\n< HTTP\/1\.1 200 OK\n/);
  });

  test('--json', async () => {
    const { out } = await get('/a.txt', { json: true });
    expect(JSON.parse(out)).toMatchObject({ status: 200, bytes: 10, timings: { reused: false } });
    expect(JSON.parse(out).headers[0][0]).toBe('Date');
  });
});

test('a page with its objects, from another address than the URL says', async () => {
  const flags: ClientFlags = { thirdParty: true, connect: server.local };
  const { client, close } = await openClient(recorded().tools, { host, lookup }, flags);
  const page = await loadPage(client, 'http://www.campus.edu/', { mode: 'persistent' });
  await close();
  expect(pageText(page)).toMatch(
    /^Campus\n.* 36 B {2}200 OK {2}http:\/\/www.campus.edu\/ \(new connection\)\n.* 10 B {2}200 OK {2}http:\/\/www.campus.edu\/a.png\n1 object, 46 bytes in [\d.]+ ms\n$/,
  );
  expect(pageText(page, true)).toMatch(/█|░|▏/);
});
