/** `http serve`, `ca`, `get`, `page` and the experiments of the Web, as a user calls them. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toplayer } from '../run.ts';

const run = promisify(execFile);
const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
const folder = mkdtempSync(join(tmpdir(), 'toplayer-web-cli-'));
const site = join(folder, 'site');
const children: ChildProcess[] = [];

beforeAll(() => {
  mkdirSync(site);
  writeFileSync(join(site, 'index.html'), '<title>A site</title><img src="a.svg">');
  writeFileSync(join(site, 'a.svg'), '<svg xmlns="http://www.w3.org/2000/svg"></svg>');
});

afterAll(async () => {
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(
    children.map((child) => child.exitCode ?? new Promise((f) => child.once('exit', f))),
  );
  rmSync(folder, { recursive: true });
});

/** Starts `http serve` on a free port; gives its URL and what it has written so far. */
async function serve(...flags: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, 'http', 'serve', '--port', '0', ...flags, site]);
  children.push(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (data) => {
    said.out += data;
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (data) => {
      said.err += data;
      const found = /^(https?:\/\/\S+)\/ serves/m.exec(said.err);
      if (found) resolve(found[1] as string);
    });
    child.once('exit', () => reject(new Error(said.err)));
  });
  return { url, child, said };
}

async function curl(...args: readonly string[]): Promise<string> {
  return (await run('curl', ['-s', '--max-time', '10', ...args])).stdout;
}

describe('http serve', () => {
  it('serves, logs, and stops in good order', async () => {
    const { url, child, said } = await serve('--log', '--cors', '--cache-control', 'max-age=60');
    const head = await curl('-I', `${url}/a.svg`);
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(head).toContain('Access-Control-Allow-Origin: *');
    expect(head).toContain('Cache-Control: max-age=60');
    child.kill('SIGINT');
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
    expect(said.out).toMatch(/"HEAD \/a\.svg HTTP\/1\.1" 200/);
  });

  it('fails and delays where it is told to', async () => {
    const failing = await serve('--fail', '503:100%', '--delay', '1 ms-5 ms');
    const answer = await curl('-i', `${failing.url}/`);
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toContain('Retry-After: 1');
  });

  it('speaks TLS with a certificate that `ca` vouches for', async () => {
    const { url } = await serve('--tls', '--spa');
    const { out } = await toplayer('ca', 'path');
    const page = await curl('--cacert', out.trim(), `${url}/some/route`);
    expect(page).toContain('<title>A site</title>');
  });

  it.each([
    [['--fail', '200:10%'], 'expected a status and a share, such as 503:10%'],
    [['--delay', 'soon'], 'expected a duration such as "300 ms"'],
  ])('says what is wrong with %j', async (flags, words) => {
    const { status, err } = await toplayer('http', 'serve', ...flags, site);
    expect(status).toBe(2);
    expect(err).toContain(words);
  });
});

describe('ca', () => {
  it('describes itself, and issues certificates', async () => {
    const { out } = await toplayer('ca');
    expect(out).toMatch(/valid +\d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d\nSHA-256 +([0-9A-F]{2}:){31}/);
    const name = join(folder, 'issued');
    await toplayer('ca', 'issue', 'mail.test', '127.0.0.1', '--out', name);
    const { stdout } = await run('openssl', [
      'x509',
      '-in',
      `${name}.pem`,
      '-noout',
      '-ext',
      'subjectAltName',
    ]);
    expect(stdout).toContain('DNS:mail.test, IP Address:127.0.0.1');
    const bad = await toplayer('ca', 'issue', 'no name');
    expect([bad.status, bad.err]).toEqual([2, expect.stringContaining('not a name')]);
  });
});

describe('page', () => {
  it('draws, and writes a HAR file', async () => {
    const { url } = await serve();
    const har = join(folder, 'page.har');
    const { out, status } = await toplayer(
      'page',
      '--waterfall',
      '--mode',
      'pipelined',
      '--har',
      har,
      url,
    );
    expect(status).toBe(0);
    expect(out).toMatch(/^A site\nobject +status[\s\S]*\/a\.svg +200[\s\S]*1 object, \d+ bytes in/);
    const { log } = JSON.parse(readFileSync(har, 'utf8'));
    expect([log.version, log.entries.length, log.pages[0].title]).toEqual(['1.2', 2, 'A site']);
    for (const { timings, request, response } of log.entries) {
      expect(timings).toMatchObject({ send: 0, wait: expect.any(Number) });
      expect([request.method, response.status]).toEqual(['GET', 200]);
    }
  });

  it('knows its ways only', async () => {
    const { status, err } = await toplayer('page', '--mode', 'serial=3', 'a.test');
    expect(status).toBe(2);
    expect(err).toContain('expected browser, serial, parallel, persistent or pipelined');
  });
});

describe('experiments', () => {
  it('pages: formula and measurement side by side', async () => {
    const { out } = await toplayer('experiment', 'pages');
    for (const computed of ['2.2880', '0.6880', '1.2880', '0.3880'])
      expect(out).toContain(computed);
  });

  it('access-link: as JSON too', async () => {
    const { out } = await toplayer('experiment', 'access-link', '--requests', '200', '--json');
    expect(JSON.parse(out).map(({ hitRatio }: { hitRatio: number }) => hitRatio)).toEqual([
      0, 0.4, 0.8,
    ]);
  });
});
