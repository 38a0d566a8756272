/** A site on a disk in memory, asked over the loopback. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { utf8 } from '../../lib/bytes.ts';
import { type Server, seededRandom } from '../../net/index.ts';
import { type RealHost, realHost } from '../../net/real/index.ts';
import type { ClientResponse } from '../attempt.ts';
import { HttpClient } from '../client.ts';
import type { ClientRequest } from '../client-target.ts';
import { serveHttp } from '../server.ts';
import { staticFiles } from './static-files.ts';

const BIG = seededRandom('big').bytes(300_000);
let host: RealHost;
let server: Server;
let client: HttpClient;
const notes: string[] = [];
const trace = {
  on: true,
  emit(event: { kind: string; text?: string }): void {
    if (event.kind === 'note' && event.text) notes.push(event.text);
  },
};

beforeAll(async () => {
  host = realHost({ trace });
  const { files } = host;
  for (const folder of ['/site', '/site/sub', '/site/list', '/site/.well-known', '/other']) {
    await files.makeDirectory(folder);
  }
  await files.write('/site/index.html', utf8('<h1>home</h1>'));
  await files.write('/site/sub/index.html', utf8('<h1>sub</h1>'));
  await files.write('/site/hello.txt', utf8('0123456789'));
  await files.write('/site/list/a & b.txt', utf8('x'));
  await files.write('/site/.secret', utf8('x'));
  await files.write('/site/.well-known/x.txt', utf8('known'));
  await files.write('/site/big.bin', BIG);
  await files.write('/other/passwd', utf8('x'));
  server = await serveHttp(host, {
    port: 0,
    handler: staticFiles({ root: '/site' }),
    onError: (error) => expect.fail(String(error)),
  });
  client = new HttpClient(host, { connect: server.local });
});

afterAll(async () => {
  client.close();
  await server.close({ graceMs: 0 });
  await host.close();
});

function ask(
  path: string,
  headers: Record<string, string> = {},
  more: Partial<ClientRequest> = {},
): Promise<ClientResponse> {
  return client.request({ url: `http://site${path}`, headers, ...more }, { redirect: 'manual' });
}

const textOf = async (response: Promise<ClientResponse>): Promise<string> =>
  (await response).body.text();

describe('files', () => {
  test('have a type, a length, a date and a tag', async () => {
    const response = await ask('/hello.txt');
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('Content-Length')).toBe('10');
    expect(response.headers.get('Accept-Ranges')).toBe('bytes');
    expect(response.headers.get('ETag')).toMatch(/^"[0-9a-f]{16}"$/);
    expect(response.headers.get('Last-Modified')).toMatch(/GMT$/);
    expect(await response.body.text()).toBe('0123456789');
  });

  test('big ones come whole, in pieces', async () => {
    const response = await ask('/big.bin');
    expect(response.body.length).toBe(BIG.length);
    expect(Buffer.compare(await response.body.bytes(), BIG)).toBe(0);
  });

  test.each(['/hello.txt', '/big.bin'])('HEAD %s says what GET says', async (path) => {
    const head = await ask(path, {}, { method: 'HEAD' });
    const get = await ask(path);
    await get.body.bytes();
    const fields = (r: ClientResponse): [string, string][] =>
      [...r.headers].filter(([name]) => name !== 'Date') as [string, string][];
    expect(fields(head)).toEqual(fields(get));
    expect(await head.body.text()).toBe('');
  });

  test('directories: the index, a redirection to the slash, a listing', async () => {
    expect(await textOf(ask('/'))).toBe('<h1>home</h1>');
    expect(await textOf(ask('/sub/'))).toBe('<h1>sub</h1>');
    const redirect = await ask('/sub?a=b');
    expect([redirect.status, redirect.headers.get('Location')]).toEqual([301, '/sub/?a=b']);
    const listing = await textOf(ask('/list/'));
    expect(listing).toContain('<a href="./a%20%26%20b.txt">a &amp; b.txt</a>');
    expect(listing).toContain('<a href="../">');
  });

  test('a changed file is seen, and its tag is another', async () => {
    await host.files.write('/site/change.txt', utf8('one'));
    const first = await ask('/change.txt');
    expect(await first.body.text()).toBe('one');
    await host.files.write('/site/change.txt', utf8('other'));
    await new Promise<void>((resolve) => void host.clock.setTimer(510, resolve));
    const second = await ask('/change.txt');
    expect(await second.body.text()).toBe('other');
    expect(second.headers.get('ETag')).not.toBe(first.headers.get('ETag'));
  });

  test('a missing page offers the nearest names', async () => {
    const response = await ask('/helo.txt');
    expect(response.status).toBe(404);
    expect(await response.body.text()).toContain('<a href="/hello.txt">hello.txt</a>');
    expect(notes).toContain('404: no such file; nearest are hello.txt');
    expect(await textOf(ask('/sub/indx.html'))).toContain('href="/sub/index.html"');
    expect(await textOf(ask('/sbu/index.html'))).toContain('href="/sub/"');
  });
});

describe('nothing leads out', () => {
  test.each([
    ['/../other/passwd', 400],
    ['/%2e%2e/other/passwd', 400],
    ['/sub/../../other/passwd', 400],
    ['/..%2fother/passwd', 404],
    ['/sub%2findex.html', 404],
    ['/sub%5cindex.html', 404],
    ['/hello.txt%00.html', 400],
    ['/%ff', 400],
    ['/%', 400],
    ['//hello.txt', 404],
    ['/.secret', 404],
    ['/%2esecret', 404],
    ['/hello.txt/', 404],
    ['/hello.txt/x', 404],
    ['/.well-known/x.txt', 200],
  ])('%s is %d', async (path, status) => {
    const reader = await rawGet(path);
    expect(reader).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  /** Without a URL parser that would tidy the path up. */
  async function rawGet(path: string): Promise<string> {
    const connection = await host.network.connect(server.local);
    return new Promise((resolve) => {
      let text = '';
      connection.attach({
        onData: (bytes) => {
          text += new TextDecoder().decode(bytes);
        },
        onEnd: () => connection.end(),
        onClose: () => resolve(text),
      });
      connection.write(utf8(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`));
    });
  }
});

test('other methods', async () => {
  const post = await ask('/hello.txt', {}, { method: 'POST', body: 'x' });
  expect([post.status, post.headers.get('Allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  const brew = await ask('/hello.txt', {}, { method: 'BREW' });
  expect(brew.status).toBe(501);
  const options = await ask('/hello.txt', {}, { method: 'OPTIONS' });
  expect([options.status, options.headers.get('Allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
});

describe('conditions, in the order of RFC 9110 §13.2.2', () => {
  const OLD = 'Sun, 06 Nov 1994 08:49:37 GMT';
  const LATER = 'Fri, 01 Jan 2100 00:00:00 GMT';
  test.each<[string, Record<string, string>, number]>([
    ['the same tag', { 'If-None-Match': 'TAG' }, 304],
    ['the same tag, weak', { 'If-None-Match': 'W/TAG' }, 304],
    ['one of several tags', { 'If-None-Match': '"a", TAG,' }, 304],
    ['any tag', { 'If-None-Match': '*' }, 304],
    ['another tag', { 'If-None-Match': '"a"' }, 200],
    ['another tag outweighs a date', { 'If-None-Match': '"a"', 'If-Modified-Since': LATER }, 200],
    ['not modified since', { 'If-Modified-Since': 'DATE' }, 304],
    ['modified since', { 'If-Modified-Since': OLD }, 200],
    ['a date that is none', { 'If-Modified-Since': 'yesterday' }, 200],
    ['the tag demanded', { 'If-Match': 'TAG' }, 200],
    ['any tag demanded', { 'If-Match': '*' }, 200],
    ['a weak tag demanded', { 'If-Match': 'W/TAG' }, 412],
    ['another tag demanded', { 'If-Match': '"a"' }, 412],
    ['unmodified since', { 'If-Unmodified-Since': 'DATE' }, 200],
    ['modified after all', { 'If-Unmodified-Since': OLD }, 412],
    ['a tag outweighs an old date', { 'If-Match': 'TAG', 'If-Unmodified-Since': OLD }, 200],
    ['demanded, and the same', { 'If-Match': 'TAG', 'If-None-Match': 'TAG' }, 304],
    ['failed before not modified', { 'If-Match': '"a"', 'If-None-Match': 'TAG' }, 412],
  ])('%s', async (_, headers, status) => {
    const now = await ask('/hello.txt');
    await now.body.text();
    const fill = (value: string): string =>
      value
        .replace('TAG', now.headers.get('ETag') ?? '')
        .replace('DATE', now.headers.get('Last-Modified') ?? '');
    const filled = Object.entries(headers).map(([name, value]) => [name, fill(value)]);
    const response = await ask('/hello.txt', Object.fromEntries(filled));
    expect(response.status).toBe(status);
    if (status === 304) expect(response.headers.get('ETag')).toBe(now.headers.get('ETag'));
    await response.body.text();
  });

  test('are explained in the trace', async () => {
    const { headers, body } = await ask('/hello.txt');
    await body.text();
    await ask('/hello.txt', { 'If-None-Match': headers.get('ETag') ?? '' });
    expect(notes.at(-1)).toBe('304: the ETag that the client sent is still the current one');
  });
});

describe('ranges', () => {
  test.each<[string, number, string | undefined, string]>([
    ['bytes=0-3', 206, 'bytes 0-3/10', '0123'],
    ['bytes=4-', 206, 'bytes 4-9/10', '456789'],
    ['bytes=-3', 206, 'bytes 7-9/10', '789'],
    ['bytes=-99', 206, 'bytes 0-9/10', '0123456789'],
    ['bytes=8-99', 206, 'bytes 8-9/10', '89'],
    ['BYTES=0-0', 206, 'bytes 0-0/10', '0'],
    ['bytes=0-1,2-3', 206, 'bytes 0-3/10', '0123'],
    ['bytes=0-1,99-', 206, 'bytes 0-1/10', '01'],
    ['bytes=10-', 416, 'bytes */10', ''],
    ['bytes=-0', 416, 'bytes */10', ''],
    ['bytes=3-2', 200, undefined, '0123456789'],
    ['bytes=a-b', 200, undefined, '0123456789'],
    ['bytes=', 200, undefined, '0123456789'],
    ['lines=0-3', 200, undefined, '0123456789'],
    [`bytes=${'0-0,'.repeat(40)}1-1`, 200, undefined, '0123456789'],
  ])('%s is %d', async (range, status, field, text) => {
    const response = await ask('/hello.txt', { Range: range });
    expect(response.status).toBe(status);
    expect(response.headers.get('Content-Range')).toBe(field);
    if (status !== 416) expect(await response.body.text()).toBe(text);
  });

  test.each(['/hello.txt', '/big.bin'])('several of %s', async (path) => {
    const whole = await (await ask(path)).body.bytes();
    const response = await ask(path, { Range: 'bytes=0-2,-2' });
    expect(response.status).toBe(206);
    const type = response.headers.get('Content-Type') ?? '';
    const boundary = /^multipart\/byteranges; boundary=(\w+)$/.exec(type)?.[1];
    const body = Buffer.from(await response.body.bytes()).toString('latin1');
    const parts = body.split(`\r\n--${boundary}`);
    expect(parts).toHaveLength(4);
    expect(parts[1]).toContain(`Content-Range: bytes 0-2/${whole.length}\r\n`);
    expect(parts[1]?.slice(-3)).toBe(Buffer.from(whole.subarray(0, 3)).toString('latin1'));
    expect(parts[2]?.slice(-2)).toBe(Buffer.from(whole.subarray(-2)).toString('latin1'));
    expect(parts[3]).toBe('--\r\n');
  });

  test('a range of a big file', async () => {
    const response = await ask('/big.bin', { Range: 'bytes=70000-270000' });
    expect(Buffer.compare(await response.body.bytes(), BIG.subarray(70_000, 270_001))).toBe(0);
  });

  test('If-Range', async () => {
    const now = await ask('/hello.txt');
    await now.body.text();
    const range = { Range: 'bytes=0-1' };
    const tag = now.headers.get('ETag') ?? '';
    expect((await ask('/hello.txt', { ...range, 'If-Range': tag })).status).toBe(206);
    expect((await ask('/hello.txt', { ...range, 'If-Range': `W/${tag}` })).status).toBe(200);
    expect((await ask('/hello.txt', { ...range, 'If-Range': '"a"' })).status).toBe(200);
  });

  test('HEAD has none', async () => {
    const response = await ask('/hello.txt', { Range: 'bytes=0-1' }, { method: 'HEAD' });
    expect([response.status, response.headers.get('Content-Length')]).toEqual([200, '10']);
  });
});
