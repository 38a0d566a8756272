/** Real clients through our proxy, real origins behind it: curl, wget, Node's fetch, Chromium; nginx and Apache. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HttpCache } from '../../src/cache/index.ts';
import { type Handler, HttpClient, serveHttp } from '../../src/http/index.ts';
import { NetworkError } from '../../src/lib/errors.ts';
import { type Server, seededRandom } from '../../src/net/index.ts';
import { type RealHost, realHost } from '../../src/net/real/index.ts';
import { type ProxyOptions, serveProxy } from '../../src/proxy/index.ts';
import { launchChromium } from '../browser/chromium.ts';
import { describeWith } from '../peer.ts';
import { run, TOPLAYER } from '../run.ts';

const BIG = seededRandom('proxy').bytes(3_000_000);
let host: RealHost;
let origin: Server;
let asked = 0;
const open: { close(options?: { graceMs?: number }): Promise<void> }[] = [];

const site: Handler = async ({ path, method, body, headers }) => {
  asked++;
  if (path === '/echo')
    return { status: 200, headers: { 'X-Method': method }, body: await body.bytes() };
  if (path === '/big')
    return { status: 200, headers: { 'Cache-Control': 'max-age=60', ETag: '"big"' }, body: BIG };
  if (path === '/seen')
    return { status: 200, body: `host ${headers.get('Host')} via ${headers.get('Via')}` };
  return {
    status: 200,
    headers: { 'Cache-Control': 'max-age=60', 'Content-Type': 'text/html' },
    body: `<h1>page ${path}</h1>`,
  };
};

/** Names of the sites, all of them on this machine. */
const lookup = async (name: string): Promise<string[]> => {
  if (name.endsWith('.test')) return ['127.0.0.1'];
  throw new NetworkError('unreachable', `there is no ${name}`);
};

async function proxy(options: ProxyOptions = {}): Promise<number> {
  const server = await serveProxy(host, { port: 0, lookup, ...options });
  open.push(server);
  return server.local.port;
}

beforeAll(async () => {
  host = realHost();
  origin = await serveHttp(host, { port: 0, handler: site });
});

afterAll(async () => {
  for (const server of [...open, origin]) await server.close({ graceMs: 0 });
  await host.close();
});

const curl = (at: number, ...args: string[]): ReturnType<typeof run> =>
  run('curl', [
    '-sS',
    '--max-time',
    '10',
    '--noproxy',
    '',
    '-x',
    `http://127.0.0.1:${at}`,
    ...args,
  ]);

describeWith(['curl'], 'curl through the proxy', () => {
  test('pages, kept pages, uploads, big bodies, ranges', async () => {
    const at = await proxy({ cache: new HttpCache(host, { targets: [] }) });
    const url = `http://www.test:${origin.local.port}`;
    const first = await curl(at, '-i', `${url}/a`);
    expect(first.out).toMatch(
      /^HTTP\/1.1 200 OK\r\n[\s\S]*Cache-Status: toplayer; fwd=uri-miss[\s\S]*page \/a/,
    );
    const before = asked;
    expect((await curl(at, '-i', `${url}/a`)).out).toMatch(
      /Cache-Status: toplayer; hit; ttl=\d+\r\n/,
    );
    expect(asked).toBe(before);
    expect((await curl(at, '-d', 'hello', `${url}/echo`)).out).toBe('hello');
    const chunked = await curl(at, '-T', '-', '-H', 'Expect: 100-continue', `${url}/echo`);
    expect(chunked.status).toBe(0);
    expect((await curl(at, '-o', '/dev/null', '-w', '%{size_download}', `${url}/big`)).out).toBe(
      '3000000',
    );
    const part = await curl(
      at,
      '-o',
      '/dev/null',
      '-w',
      '%{http_code} %{size_download}',
      '-r',
      '100-199',
      `${url}/big`,
    );
    expect(part.out).toBe('206 100');
  });

  test('a tunnel (-p), and errors that say their cause', async () => {
    const at = await proxy();
    const url = `http://www.test:${origin.local.port}`;
    expect((await curl(at, '-p', `${url}/seen`)).out).toBe(
      `host www.test:${origin.local.port} via undefined`,
    );
    expect((await curl(at, `${url}/seen`)).out).toMatch(/via 1.1 toplayer-[0-9a-f]{8}$/);
    expect((await curl(at, '-i', 'http://nowhere.invalid/')).out).toMatch(
      /^HTTP\/1.1 502 [\s\S]*there is no nowhere/,
    );
    expect((await curl(at, '-i', 'http://127.0.0.1:1/')).out).toMatch(
      /^HTTP\/1.1 502 [\s\S]*nobody listens there/,
    );
    expect((await curl(at, '-i', 'http://192.0.2.1/')).out).toMatch(
      /^HTTP\/1.1 403 [\s\S]*192.0.2.1:80 is not asked from here/,
    );
    const refused = await curl(at, '-p', 'http://127.0.0.1:1/');
    expect(refused.err).toContain('502');
  });

  test('by the command line, with its log, its purge and its statistics', async () => {
    const child = spawn(TOPLAYER, [
      'proxy',
      '--port',
      '0',
      '--reverse',
      `http://127.0.0.1:${origin.local.port}`,
      '--log',
      '--json',
    ]);
    const line = await new Promise<string>((resolve) =>
      child.stderr.once('data', (data) => resolve(String(data))),
    );
    let out = '';
    child.stdout.on('data', (data) => {
      out += data;
    });
    const base = /http:\/\/127.0.0.1:\d+/.exec(line)?.[0] ?? '';
    for (let i = 0; i < 2; i++) await run('curl', ['-s', '--noproxy', '*', `${base}/c`]);
    const purged = await run(TOPLAYER, [
      'proxy',
      'purge',
      `${base}/`,
      '--prefix',
      '--proxy',
      base.slice(7),
    ]);
    expect(purged).toEqual({ status: 0, out: '1 response let go\n', err: '' });
    child.kill('SIGINT');
    await new Promise((resolve) => child.once('close', resolve));
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toMatch(
      /"GET \/c HTTP\/1.1" 200 \d+ "-" "curl\/[\d.]+" fwd=uri-miss; fwd-status=200; ttl=59; stored$/,
    );
    expect(lines[1]).toMatch(/ hit; ttl=\d+$/);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      requests: 2,
      hits: 1,
      misses: 1,
      hitRatio: 0.5,
      entries: 0,
    });
  });
});

describeWith(['wget'], 'wget through the proxy', () => {
  test('a page', async () => {
    const at = await proxy({ cache: new HttpCache(host) });
    const args = [
      '-qO-',
      '-e',
      'use_proxy=yes',
      '-e',
      `http_proxy=127.0.0.1:${at}`,
      '-e',
      'no_proxy=',
    ];
    const { out, status } = await run('wget', [...args, `http://www.test:${origin.local.port}/w`]);
    expect([status, out]).toEqual([0, '<h1>page /w</h1>']);
  });
});

describe("Node's fetch with proxy settings", () => {
  test('sends CONNECT, for plain http too, and gets its pages', async () => {
    const at = await proxy();
    const url = `http://www.test:${origin.local.port}`;
    const script = `const r = await fetch('${url}/echo', { method: 'POST', body: 'hi' }); console.log(r.status, await r.text());
      await fetch('http://127.0.0.1:1/').catch((error) => console.log('refused', error.cause?.message ?? error.message));`;
    const env = {
      ...process.env,
      NODE_USE_ENV_PROXY: '1',
      HTTP_PROXY: `http://127.0.0.1:${at}`,
      http_proxy: `http://127.0.0.1:${at}`,
      NO_PROXY: '',
      no_proxy: '',
    };
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { env });
    let out = '';
    child.stdout.on('data', (data) => {
      out += data;
    });
    await new Promise((resolve) => child.once('close', resolve));
    expect(out).toMatch(/^200 hi\nrefused /);
  });
});

/** Starts a server of the system on a free port and waits until it answers. */
async function startPeer(
  start: (port: number, folder: string) => ChildProcess,
): Promise<{ port: number; folder: string; child: ChildProcess }> {
  const folder = mkdtempSync(join(tmpdir(), 'toplayer-peer-'));
  mkdirSync(join(folder, 'html'));
  writeFileSync(join(folder, 'html', 'a.txt'), 'from a file');
  writeFileSync(join(folder, 'html', 'big.bin'), BIG);
  const long = new Date(Date.now() - 100 * 86_400_000);
  for (const name of ['a.txt', 'big.bin']) utimesSync(join(folder, 'html', name), long, long);
  const port = await new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address() as { port: number };
      probe.close(() => resolve(free));
    });
  });
  const child = start(port, folder);
  for (let tries = 0; tries < 100; tries++) {
    const answers = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () =>
        resolve(false),
      );
      socket.on('connect', () => socket.destroy());
    });
    if (answers) return { port, folder, child };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the peer did not start');
}

function nginx(port: number, folder: string): ChildProcess {
  const config = `daemon off; master_process off; pid ${folder}/pid; error_log stderr; events {}
    http { access_log off; client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
      server { listen 127.0.0.1:${port}; root ${folder}/html; gzip off; location /vary { add_header Vary X-Lang; add_header Cache-Control max-age=60; return 200 "$http_x_lang"; } } }`;
  writeFileSync(join(folder, 'nginx.conf'), config);
  return spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
}

function apache(port: number, folder: string): ChildProcess {
  const modules = '/usr/lib/apache2/modules';
  const loads = ['mpm_event', 'authz_core', 'dir', 'headers'].map(
    (name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`,
  );
  const config = [
    ...loads,
    `ServerRoot ${folder}`,
    `PidFile ${folder}/pid`,
    'ServerName localhost',
    `Listen 127.0.0.1:${port}`,
    `ErrorLog ${folder}/log`,
    `DocumentRoot ${folder}/html`,
    'Header set Vary X-Lang "expr=%{REQUEST_URI} == \'/vary\'"',
    `<Directory ${folder}/html>`,
    'Require all granted',
    '</Directory>',
  ];
  writeFileSync(join(folder, 'httpd.conf'), `${config.join('\n')}\n`);
  return spawn('apache2', ['-X', '-f', join(folder, 'httpd.conf')], { stdio: 'ignore' });
}

for (const [name, start] of [
  ['nginx', nginx],
  ['apache2', apache],
] as const) {
  describeWith([name], `${name} as the origin`, () => {
    let peer: Awaited<ReturnType<typeof startPeer>>;
    let base: string;
    let client: HttpClient;
    beforeAll(async () => {
      peer = await startPeer(start);
      const at = await proxy({
        reverse: `http://127.0.0.1:${peer.port}`,
        cache: new HttpCache(host),
      });
      base = `http://127.0.0.1:${at}`;
      client = new HttpClient(host);
    });
    afterAll(() => {
      client.close();
      peer.child.kill('SIGTERM');
      rmSync(peer.folder, { recursive: true, force: true });
    });

    async function get(
      path: string,
      headers: Record<string, string> = {},
    ): Promise<{ status: number; text: string; why: string }> {
      const response = await client.request({ url: base + path, headers });
      return {
        status: response.status,
        text: await response.body.text(),
        why: response.headers.get('Cache-Status') ?? '',
      };
    }

    test('its files are kept by guess, and its validators hold', async () => {
      expect((await get('/a.txt')).why).toContain('stored');
      expect(await get('/a.txt')).toMatchObject({
        text: 'from a file',
        why: expect.stringContaining('hit'),
      });
      expect((await get('/a.txt', { 'Cache-Control': 'no-cache' })).why).toContain(
        'fwd=request; fwd-status=304',
      );
      writeFileSync(join(peer.folder, 'html', 'a.txt'), 'another file');
      expect(await get('/a.txt', { 'Cache-Control': 'no-cache' })).toMatchObject({
        text: 'another file',
        why: expect.stringContaining('fwd-status=200'),
      });
    });

    test('parts of a big file are joined and completed', async () => {
      expect((await get('/big.bin', { Range: 'bytes=0-999999' })).status).toBe(206);
      const whole = await client.request({ url: `${base}/big.bin` });
      const bytes = await whole.body.bytes();
      expect(whole.headers.get('Cache-Status')).toContain('fwd=partial; fwd-status=206');
      expect(Buffer.compare(bytes, BIG)).toBe(0);
      expect((await get('/big.bin', { Range: 'bytes=2999990-' })).why).toContain('hit');
      expect(statSync(join(peer.folder, 'html', 'big.bin')).size).toBe(BIG.length);
    });

    test('404 and 304 pass', async () => {
      expect((await get('/none')).status).toBe(404);
      const { headers } = await client.request({ url: `${base}/big.bin`, method: 'HEAD' });
      expect((await get('/big.bin', { 'If-None-Match': headers.get('ETag') ?? '' })).status).toBe(
        304,
      );
    });
  });
}

describeWith(['chromium'], 'Chromium through the proxy', () => {
  test('visits sites by name, and the second visit comes from the cache', async () => {
    const cache = new HttpCache(host, { targets: [] });
    const at = await proxy({ cache });
    const browser = await launchChromium();
    try {
      for (const visit of ['fwd=uri-miss', 'hit']) {
        const context = await browser.newContext({ proxy: { server: `http://127.0.0.1:${at}` } });
        const page = await context.newPage();
        const response = await page.goto(`http://www.test:${origin.local.port}/chrome`);
        expect(await page.textContent('h1')).toBe('page /chrome');
        expect(response?.headers()['cache-status']).toContain(visit);
        await context.close();
      }
    } finally {
      await browser.close();
    }
    expect(cache.statistics().hits).toBeGreaterThan(0);
  }, 60_000);
});
