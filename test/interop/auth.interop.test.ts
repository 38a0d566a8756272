/** curl signs in at our server; our client signs in at Apache. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type AuthFailure,
  basicAuth,
  Credentials,
  credentialHash,
  digestAuth,
  digestUsers,
  identityOf,
  requestAs,
} from '../../src/auth/index.ts';
import { chain, type Handler, HttpClient, serveHttp } from '../../src/http/index.ts';
import type { Server } from '../../src/net/index.ts';
import { type RealHost, realHost } from '../../src/net/real/index.ts';
import { describeWith } from '../peer.ts';
import { freePort, listening } from '../port.ts';
import { run } from '../run.ts';

const USERS = digestUsers('shop', { alice: 'tea for two', Jürgen: 'Käse' });

describeWith(['curl'], 'curl on our server', () => {
  let host: RealHost;
  let server: Server;
  const failures: AuthFailure[] = [];

  beforeAll(async () => {
    host = realHost();
    const onFailure = (failure: AuthFailure) => failures.push(failure);
    const hello: Handler = async (request) => ({
      status: 200,
      body: `${identityOf(request)?.name} ${request.method} ${await request.body.text()}`,
    });
    const doors: Readonly<Record<string, Handler>> = {
      '/sha256': chain(digestAuth({ realm: 'shop', users: USERS, onFailure }), hello),
      '/both': chain(
        digestAuth({ realm: 'shop', users: USERS, algorithms: ['SHA-256', 'MD5'] }),
        hello,
      ),
      '/md5': chain(digestAuth({ realm: 'shop', users: USERS, algorithms: ['MD5'] }), hello),
      '/int': chain(digestAuth({ realm: 'shop', users: USERS, qop: ['auth-int'] }), hello),
      '/once': chain(
        digestAuth({ realm: 'shop', users: USERS, nonceLifetimeMs: -1, onFailure }),
        hello,
      ),
      '/hidden': chain(digestAuth({ realm: 'shop', users: USERS, userhash: true }), hello),
      '/basic': chain(
        basicAuth({
          realm: 'shop',
          overPlain: true,
          check: (name, word) => `${name}:${word}` === 'alice:tea',
        }),
        hello,
      ),
    };
    server = await serveHttp(host, {
      port: 0,
      handler: (request, context) => doors[request.path]?.(request, context) ?? { status: 404 },
    });
  });
  afterAll(async () => {
    await server.close({ graceMs: 0 });
    await host.close();
  });

  const curl = async (path: string, user: string, ...words: string[]) => {
    const url = `http://127.0.0.1:${server.local.port}${path}`;
    const options = [
      '-sS',
      '--max-time',
      '10',
      '--noproxy',
      '*',
      '-u',
      user,
      '-w',
      ' %{http_code}',
    ];
    return (await run('curl', [...options, ...words, url])).out;
  };

  test.each(['/sha256', '/both', '/md5', '/hidden'])('signs in at %s', async (path) => {
    expect(await curl(path, 'alice:tea for two', '--digest')).toBe('alice GET  200');
    expect(await curl(path, 'alice:tea for two', '--anyauth')).toBe('alice GET  200');
    expect(await curl(path, 'Jürgen:Käse', '--digest')).toBe('Jürgen GET  200');
    expect(await curl(path, 'alice:coffee', '--digest')).toMatch(/do not fit[\s\S]* 401$/);
  });

  test('sends a body once it is let in', async () => {
    expect(await curl('/sha256', 'alice:tea for two', '--digest', '-d', 'a=b')).toBe(
      'alice POST a=b 200',
    );
  });

  test('is told when its nonce is stale, and does not go round in circles', async () => {
    failures.length = 0;
    expect(await curl('/once', 'alice:tea for two', '--digest')).toMatch(/ 401$/);
    expect(new Set(failures.map(({ why }) => why))).toEqual(new Set(['stale nonce']));
  });

  test('shows its password where it is asked to', async () => {
    expect(await curl('/basic', 'alice:tea')).toBe('alice GET  200');
    expect(await curl('/basic', 'alice:tea', '--anyauth')).toBe('alice GET  200');
    expect(await curl('/basic', 'alice:coffee')).toMatch(/ 401$/);
  });
});

describeWith(['apache2'], 'our client at Apache', () => {
  const folder = mkdtempSync(join(tmpdir(), 'toplayer-apache-'));
  let host: RealHost;
  let apache: ReturnType<typeof spawn>;
  let base: string;

  beforeAll(async () => {
    const port = await freePort();
    base = `http://127.0.0.1:${port}`;
    // Apache's workers are somebody else, and must be able to look into it.
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, 'site'));
    writeFileSync(join(folder, 'site', 'index.html'), 'inside\n');
    const line = `alice:shop:${credentialHash('MD5', 'alice', 'shop', 'tea for two')}\n`;
    writeFileSync(join(folder, 'users'), line);
    writeFileSync(join(folder, 'apache.conf'), configuration(folder, port));
    apache = spawn('apache2', ['-X', '-f', join(folder, 'apache.conf')], { stdio: 'ignore' });
    host = realHost();
    await listening(port, apache);
  });
  afterAll(async () => {
    apache.kill('SIGTERM');
    await once(apache, 'close');
    await host.close();
    rmSync(folder, { recursive: true });
  });

  test('is let in with the password, and not without', async () => {
    const client = new HttpClient(host);
    const sign = (password: string) =>
      new Credentials({ user: 'alice', password, random: host.random });
    const keys = sign('tea for two');
    for (let i = 0; i < 3; i++) {
      const request = { url: `${base}/?page=${i}` };
      const response = await requestAs(client, keys, request);
      expect([response.status, await response.body.text()]).toEqual([200, 'inside\n']);
      expect(response.headers.get('Authentication-Info')).toContain('rspauth=');
    }
    expect((await requestAs(client, sign('coffee'), { url: `${base}/` })).status).toBe(401);
    client.close();
  });
});

function configuration(folder: string, port: number): string {
  const modules = [
    'mpm_event',
    'authn_core',
    'authn_file',
    'authz_core',
    'authz_user',
    'auth_digest',
    'dir',
  ];
  const load = modules.map(
    (name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`,
  );
  return `ServerName localhost
${load.join('\n')}
Listen 127.0.0.1:${port}
PidFile ${folder}/pid
ErrorLog ${folder}/error.log
DefaultRuntimeDir ${folder}
DocumentRoot ${folder}/site
User www-data
Group www-data
<Location "/">
  DirectoryIndex index.html
  AuthType Digest
  AuthName "shop"
  AuthDigestProvider file
  AuthUserFile ${folder}/users
  Require valid-user
</Location>
`;
}
