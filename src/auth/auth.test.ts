/** Servers and clients of Digest and Basic, in virtual time. */
import { describe, expect, test } from 'vitest';
import {
  chain,
  type Handler,
  HttpClient,
  type Link,
  type Response,
  serveHttp,
} from '../http/index.ts';
import { type SimHost, World } from '../net/sim/index.ts';
import { Credentials, requestAs } from './client.ts';
import { basicAuth } from './handlers/basic-auth.ts';
import { type DigestAuthOptions, digestAuth } from './handlers/digest-auth.ts';
import { identityOf } from './handlers/identity.ts';
import { digestUsers } from './machine/digest.ts';
import type { AuthFailure } from './types.ts';

const USERS = digestUsers('shop', { alice: 'tea for two', 'Jäsøn "J" Doe': 'x' });
const failures: AuthFailure[] = [];

const secret: Handler = async (request) => {
  const who = identityOf(request);
  return { status: 200, body: `${who?.name} by ${who?.scheme}: ${await request.body.text()}` };
};

interface Scene {
  readonly world: World;
  readonly host: SimHost;
  readonly client: HttpClient;
  readonly url: string;
  credentials(user: string, password: string, schemes?: ('digest' | 'basic')[]): Credentials;
}

/** Runs `talk` with a server behind `link`. */
async function play<T>(
  link: Link,
  talk: (scene: Scene) => Promise<T>,
  handler = secret,
): Promise<T> {
  failures.length = 0;
  const world = new World({ seed: 'auth', epoch: Date.UTC(2026, 0, 1) });
  const [host, server] = [world.host('alice'), world.host('shop')];
  const run = async (): Promise<T> => {
    await serveHttp(server, { handler: chain(link, handler) });
    const client = new HttpClient(host);
    const credentials: Scene['credentials'] = (user, password, schemes = ['digest']) =>
      new Credentials({ user, password, schemes, random: host.random });
    return talk({ world, host, client, url: `http://${server.address}/door?x=1`, credentials });
  };
  return world.run(run());
}

const digest = (more: Partial<DigestAuthOptions> = {}): Link =>
  digestAuth({
    realm: 'shop',
    users: USERS,
    onFailure: (failure) => failures.push(failure),
    ...more,
  });

describe('Digest', () => {
  test.each<[string, Partial<DigestAuthOptions>, string]>([
    ['SHA-256', {}, 'alice'],
    ['SHA-512-256', { algorithms: ['SHA-512-256', 'MD5'] }, 'alice'],
    ['MD5', { algorithms: ['MD5'] }, 'alice'],
    ['auth-int', { qop: ['auth-int'] }, 'alice'],
    ['a hidden name', { userhash: true }, 'Jäsøn "J" Doe'],
    ['a name beyond ASCII', {}, 'Jäsøn "J" Doe'],
  ])('with %s lets in who knows the password, and proves itself', async (_, options, user) => {
    await play(digest(options), async ({ client, url, credentials }) => {
      const keys = credentials(user, user === 'alice' ? 'tea for two' : 'x');
      const request = { url, method: 'POST', body: 'hello' };
      const first = await client.request(request);
      expect(first.status).toBe(401);
      const authorization = keys.answer(first.headers.all('WWW-Authenticate'), request) ?? '';
      expect(authorization).not.toContain('tea');
      const headers = { Authorization: authorization };
      const response = await client.request({ ...request, headers });
      const body = await response.body.bytes();
      expect(new TextDecoder().decode(body)).toBe(`${user} by digest: hello`);
      const info = response.headers.get('Authentication-Info');
      expect(keys.check(info, request, body)).toBe(true);
      expect(keys.check(info?.replace(/rspauth="./, 'rspauth="x'), request, body)).toBe(false);
      expect(keys.check(undefined, request, body)).toBeUndefined();
    });
    expect(failures).toEqual([]);
  });

  test('asks once, and knows the client from then on', async () => {
    await play(digest(), async ({ client, url, credentials }) => {
      const keys = credentials('alice', 'tea for two');
      const statuses: (string | undefined)[] = [];
      for (let i = 0; i < 3; i++) {
        const { status, headers } = await requestAs(client, keys, { url });
        statuses.push(`${status} ${/nc=\d+/.exec(headers.get('Authentication-Info') ?? '')?.[0]}`);
      }
      expect(statuses).toEqual(['200 nc=00000001', '200 nc=00000002', '200 nc=00000003']);
    });
  });

  test('a wrong password, an unknown user: the same answer, and after five a wait', async () => {
    await play(digest(), async ({ client, host, url, credentials }) => {
      const statuses: number[] = [];
      for (let i = 0; i < 7; i++) {
        const response = await requestAs(client, credentials('alice', 'coffee'), { url });
        statuses.push(response.status);
        if (response.status === 429) expect(response.headers.get('Retry-After')).toBe('60');
      }
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
      expect((await requestAs(client, credentials('bob', 'x'), { url })).status).toBe(401);
      await new Promise<void>((resolve) => host.clock.setTimer(60_000, resolve));
      expect((await requestAs(client, credentials('alice', 'tea for two'), { url })).status).toBe(
        200,
      );
    });
    expect(failures.map(({ why }) => why)).toEqual([
      ...Array(5).fill('wrong password'),
      ...Array(2).fill('too many attempts'),
      'unknown user',
    ]);
  });

  test('a nonce that has become old is exchanged without asking the user', async () => {
    await play(digest({ nonceLifetimeMs: 1000 }), async ({ client, host, url, credentials }) => {
      const keys = credentials('alice', 'tea for two');
      expect((await requestAs(client, keys, { url })).status).toBe(200);
      await new Promise<void>((resolve) => host.clock.setTimer(5000, resolve));
      expect((await requestAs(client, keys, { url })).status).toBe(200);
    });
    expect(failures.map(({ why }) => why)).toEqual(['stale nonce']);
  });

  test('a recorded request is worth nothing', async () => {
    await play(digest(), async ({ client, url, credentials }) => {
      const keys = credentials('alice', 'tea for two');
      const challenges = (await client.get(url)).headers.all('WWW-Authenticate');
      const Authorization = keys.answer(challenges, { url, method: 'GET' }) ?? '';
      const ask = (request: { method?: string; url: string }) =>
        client.request({ ...request, headers: { Authorization } });
      expect((await ask({ url })).status).toBe(200);
      const again = await ask({ url });
      expect([again.status, again.headers.get('WWW-Authenticate')]).toEqual([
        401,
        expect.stringContaining('stale=true'),
      ]);
      expect((await ask({ url, method: 'DELETE' })).status).toBe(401);
      expect((await ask({ url: `${url}&admin=1` })).status).toBe(400);
    });
    expect(failures.map(({ why }) => why)).toEqual(['replay', 'wrong password']);
  });

  test('a body that was changed on the way is noticed with auth-int', async () => {
    await play(digest({ qop: ['auth-int'] }), async ({ client, url, credentials }) => {
      const keys = credentials('alice', 'tea for two');
      const challenges = (await client.get(url)).headers.all('WWW-Authenticate');
      const Authorization = keys.answer(challenges, { url, method: 'POST', body: 'pay 1' }) ?? '';
      const pay = (body: string) =>
        client.request({ url, method: 'POST', body, headers: { Authorization } });
      expect((await pay('pay 1000')).status).toBe(401);
      expect((await pay('pay 1')).status).toBe(200);
    });
  });

  test('a nonce of somebody else, and what can not be read', async () => {
    await play(digest(), async ({ client, url, credentials }) => {
      const keys = credentials('alice', 'tea for two');
      const own = 'Digest realm="shop", nonce="bm9uY2U", qop="auth", algorithm=SHA-256';
      const Authorization = keys.answer([own], { url, method: 'GET' }) ?? '';
      expect((await client.request({ url, headers: { Authorization } })).status).toBe(401);
      const broken = await client.request({ url, headers: { Authorization: 'Digest x' } });
      expect([broken.status, await broken.body.text()]).toEqual([
        400,
        expect.stringContaining('RFC 7616 §3.4'),
      ]);
    });
  });

  test('an answer that is on its way has no proof with auth-int, and has one with auth', async () => {
    const stream: Handler = (): Response => ({
      status: 200,
      body: (async function* () {
        yield 'piece';
      })(),
    });
    for (const [qop, proved] of [
      ['auth-int', false],
      ['auth', true],
    ] as const) {
      await play(
        digest({ qop: [qop] }),
        async ({ client, url, credentials }) => {
          const response = await requestAs(client, credentials('alice', 'tea for two'), { url });
          expect(response.headers.has('Authentication-Info')).toBe(proved);
        },
        stream,
      );
    }
  });
});

describe('a client', () => {
  test('takes the first challenge that it can answer, and no password in the open unless told', async () => {
    await play(digest(), async ({ url, credentials }) => {
      const digestOnly = credentials('alice', 'x');
      const both = credentials('alice', 'x', ['digest', 'basic']);
      const request = { url, method: 'GET' };
      const basic = 'Basic realm="a"';
      const strange = 'Digest realm="a", nonce="n", qop="auth", algorithm=SHA-999';
      const old = 'Digest realm="a", nonce="n"';
      const good =
        'Digest realm="a", nonce="n", qop="auth-int", algorithm=SHA-256-sess, opaque="o"';
      expect(digestOnly.answer([basic], request)).toBeUndefined();
      expect(digestOnly.answer([strange, old], request)).toBeUndefined();
      expect(both.answer([strange, basic], request)).toBe('Basic YWxpY2U6eA==');
      expect(both.answer([strange, good, basic], request)).toMatch(
        /^Digest username="alice", .*algorithm=SHA-256-sess,.*qop=auth-int,.*opaque="o"$/,
      );
    });
  });
});

describe('Basic', () => {
  const basic = (more: { overPlain?: boolean } = { overPlain: true }): Link =>
    basicAuth({
      realm: 'shop',
      check: (name, password) => name === 'alice' && password === 'tea: for two',
      onFailure: (failure) => failures.push(failure),
      ...more,
    });

  test('lets in, and not', async () => {
    await play(basic(), async ({ client, url, credentials }) => {
      const ask = async (user: string, password: string) => {
        const response = await requestAs(client, credentials(user, password, ['basic']), { url });
        return [response.status, await response.body.text()];
      };
      expect(await ask('alice', 'tea: for two')).toEqual([200, 'alice by basic: ']);
      expect(await ask('alice', 'coffee')).toEqual([401, expect.stringContaining('do not fit')]);
      expect((await client.get(url)).headers.get('WWW-Authenticate')).toBe(
        'Basic realm="shop", charset="UTF-8"',
      );
      const broken = await client.request({ url, headers: { Authorization: 'Basic !' } });
      expect(broken.status).toBe(400);
      for (let i = 0; i < 4; i++) await ask('alice', 'coffee');
      expect(await ask('alice', 'tea: for two')).toEqual([
        429,
        expect.stringContaining('Too many'),
      ]);
    });
  });

  test('is not spoken where anybody can listen', async () => {
    await play(basic({}), async ({ client, url }) => {
      const response = await client.get(url);
      expect([response.status, response.headers.has('WWW-Authenticate')]).toEqual([403, false]);
    });
  });
});
