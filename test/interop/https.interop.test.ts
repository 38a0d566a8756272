/** TLS judged by openssl, curl, wget and Node; a browser that reaches every site through the campus's proxy. */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Authority, newAuthority } from '../../src/ca/index.ts';
import { bringUp } from '../../src/cli/bring-up.ts';
import { readScenario } from '../../src/cli/scenario-file.ts';
import { HttpClient, serveHttp, staticFiles } from '../../src/http/index.ts';
import type { Internet } from '../../src/internet/index.ts';
import { utf8 } from '../../src/lib/bytes.ts';
import { type RealHost, realCodings, realHost } from '../../src/net/real/index.ts';
import { launchChromium } from '../browser/chromium.ts';
import { describeWith } from '../peer.ts';

const run = promisify(execFile);
let folder: string;
let trusted: string;
let host: RealHost;
let port: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'toplayer-https-'));
  const authority = await Authority.open(await newAuthority('test', Date.now()), Date.now);
  trusted = join(folder, 'authority.pem');
  writeFileSync(trusted, authority.certificate);
  const names = new Map<string, Awaited<ReturnType<Authority['issue']>>>();
  for (const name of ['a.test', 'b.test']) names.set(name, await authority.issue([name]));
  host = realHost();
  await host.files.write('/page.txt', utf8('a page over TLS\n'.repeat(1_000)));
  const certificateFor = (name = 'a.test') => names.get(name);
  const handler = staticFiles({ codings: realCodings });
  const server = await serveHttp(host, { port: 0, handler, secure: { certificateFor } });
  port = server.local.port;
});

afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

describeWith(['openssl', 'curl'], 'TLS and its peers', () => {
  test('openssl s_client: TLS 1.3, the certificate of the name that is asked for, verified', async () => {
    for (const name of ['a.test', 'b.test']) {
      const child = spawn('openssl', [
        ...['s_client', '-connect', `127.0.0.1:${port}`, '-servername', name],
        ...['-verify_hostname', name, '-CAfile', trusted, '-alpn', 'http/1.1'],
      ]);
      let said = '';
      child.stdout.on('data', (data) => {
        said += data;
        if (said.includes('Verify return code')) child.stdin.end('Q\n');
      });
      await new Promise((resolve) => child.once('close', resolve));
      expect(said).toContain('Verify return code: 0 (ok)');
      expect(said).toContain(`subject=CN = ${name}`);
      expect(said).toContain('ALPN protocol: http/1.1');
      expect(said).toMatch(/TLSv1\.3/);
    }
  });

  test('curl, with brotli or gzip and kept connections', async () => {
    const { stdout } = await run('curl', [
      ...['-s', '--cacert', trusted, '--compressed', '--max-time', '10'],
      ...['--resolve', `b.test:${port}:127.0.0.1`, '-w', '%{http_code} %{num_connects}\n'],
      ...['-o', '/dev/null', '-o', '/dev/null'],
      ...[`https://b.test:${port}/page.txt`, `https://b.test:${port}/page.txt`],
    ]);
    expect(stdout).toBe('200 1\n200 0\n');
  });

  test('curl refuses another name and another authority', async () => {
    const url = (name: string) => [
      `--resolve`,
      `${name}:${port}:127.0.0.1`,
      `https://${name}:${port}/`,
    ];
    const ask = (...args: string[]) => run('curl', ['-s', '--max-time', '10', ...args]);
    await expect(
      ask('--cacert', trusted, ...url('a.test'), '-o', '/dev/null'),
    ).resolves.toBeDefined();
    await expect(ask(...url('a.test'))).rejects.toMatchObject({ code: 60 });
    await expect(ask('--cacert', trusted, ...url('c.test'))).rejects.toMatchObject({ code: 35 });
  });

  test('our client at a server of openssl', async () => {
    const authority = await Authority.open(await newAuthority('peer', Date.now()), Date.now);
    const { chain, key } = await authority.issue(['peer.test']);
    writeFileSync(join(folder, 'peer.pem'), chain);
    writeFileSync(join(folder, 'peer-key.pem'), key);
    const child = spawn('openssl', [
      ...['s_server', '-accept', '127.0.0.1:0', '-www'],
      ...['-cert', join(folder, 'peer.pem'), '-key', join(folder, 'peer-key.pem')],
    ]);
    const at = await new Promise<number>((resolve, reject) => {
      child.stdout.on('data', (data) => {
        const found = /ACCEPT \S+:(\d+)/.exec(String(data));
        if (found) resolve(Number(found[1]));
      });
      child.once('exit', () => reject(new Error('openssl ended')));
    });
    const secure = { authorities: [authority.certificate] };
    const client = new HttpClient(host, { secure, connect: { address: '127.0.0.1', port: at } });
    const response = await client.get('https://peer.test/');
    expect(await response.body.text()).toContain('TLSv1.3');
    await expect(client.get('https://other.test/')).rejects.toMatchObject({ code: 'NET_INSECURE' });
    client.close();
    child.kill();
  });
});

describeWith(['chromium'], 'Chromium', () => {
  test('a browser that is set to the campus proxy reaches every site by its name', async () => {
    const internet: Internet = await bringUp(await readScenario('default'));
    const plan = internet.host('proxy.campus').plan;
    const at = internet.ground.carrier({ address: plan.address, port: 8080 }, 'tcp');
    const browser = await launchChromium([
      `--proxy-server=http://${at.address}:${at.port}`,
      '--proxy-bypass-list=<-loopback>',
    ]);
    try {
      const context = await browser.newContext({ ignoreHTTPSErrors: true });
      const page = await context.newPage();
      const titles: Record<string, string> = {};
      for (const url of SITES) {
        const response = await page.goto(url);
        expect([url, response?.status()]).toEqual([url, 200]);
        titles[url] = await page.title();
      }
      expect(titles).toEqual(
        Object.fromEntries(SITES.map((url) => [url, expect.stringMatching(/./)])),
      );
      expect(page.url()).toBe('https://portal.campus.edu/');
      const before = internet.proxyCache('proxy.campus')?.statistics();
      await (await context.newPage()).goto('http://www.news.org/');
      const after = internet.proxyCache('proxy.campus')?.statistics();
      expect(after?.requests).toBeGreaterThan(before?.requests ?? 0);
      expect(internet.proxyCache('proxy.campus')?.view().length).toBeGreaterThan(10);
    } finally {
      await browser.close();
      await internet.close();
    }
  });
});

/** The last one sends the browser on to TLS. */
const SITES = [
  'http://www.campus.edu/',
  'http://www.college.edu/',
  'http://www.shop.com/',
  'http://www.news.org/',
  'http://www.ads.com/',
  'http://www.registrar.com/',
  'https://www.news.org/',
  'https://www.shop.com/',
  'http://portal.campus.edu/',
];
