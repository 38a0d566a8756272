import { beforeEach, describe, expect, test } from 'vitest';
import { Sealer } from '../auth/index.ts';
import { CookieJar } from '../cookies/index.ts';
import { chain, type Handler, HttpClient, serveHttp } from '../http/index.ts';
import { utf8 } from '../lib/bytes.ts';
import { type Deferred, deferred } from '../lib/deferred.ts';
import { calendar, sleep } from '../net/index.ts';
import { type SimHost, World } from '../net/sim/index.ts';
import { type SessionsOptions, sessionOf, sessions } from './sessions.ts';
import { memorySessionStore } from './store.ts';
import type { SessionStore } from './types.ts';

const DAY = 86_400_000;
const EPOCH = Date.UTC(2026, 0, 1);

let store: SessionStore;
let gate: Deferred<void>;
let notes: string[];
beforeEach(() => {
  store = memorySessionStore();
  gate = deferred();
  notes = [];
});

/** Does what the path says, and tells the visitor's count. */
const site: Handler = async (request) => {
  const session = sessionOf(request);
  const count = () => Number(session.get('count') ?? 0);
  if (request.path === '/renew') session.renew();
  if (request.path === '/forget') session.remove();
  if (request.path === '/large') session.set('large', 'x'.repeat(20_000));
  if (request.path === '/wait') await gate.promise;
  if (request.path !== '/see') session.set('count', count() + 1);
  return { status: 200, body: `${session.isNew ? 'new' : 'known'} ${count()}` };
};

interface Scene {
  readonly alice: SimHost;
  readonly jar: CookieJar;
  readonly base: string;
  /** The text of the answer. */
  get(path: string, cookie?: string): Promise<string>;
}

async function play<T>(
  options: Partial<SessionsOptions>,
  talk: (scene: Scene) => Promise<T>,
): Promise<T> {
  const world = new World({ seed: 'sessions', epoch: EPOCH });
  const [alice, server] = [world.host('alice'), world.host('shop')];
  const link = sessions({ store, ...options });
  const handler: Handler = (request, context) => {
    const note = (text: string) => notes.push(text);
    return chain(link, site)(request, { ...context, host: context.host, note });
  };
  const run = async (): Promise<T> => {
    await serveHttp(server, { handler });
    const jar = new CookieJar({ now: () => calendar(alice.clock) });
    const base = `http://${server.address}`;
    const get = async (path: string, cookie?: string): Promise<string> => {
      const client = new HttpClient(alice, cookie === undefined ? { cookies: jar } : {});
      const headers = cookie === undefined ? {} : { Cookie: cookie };
      const response = await client.request({ url: base + path, headers });
      return response.body.text();
    };
    return talk({ alice, jar, get, base });
  };
  return world.run(run());
}

describe('a visitor', () => {
  test('is new once, and known a week later', async () => {
    await play({}, async ({ get, jar, alice }) => {
      expect(await get('/count')).toBe('new 1');
      expect(await get('/count')).toBe('known 2');
      const [cookie] = jar.all();
      expect(cookie).toMatchObject({ name: 'id', path: '/', httpOnly: true, sameSite: 'lax' });
      await sleep(alice.clock, 7 * DAY);
      expect(await get('/see')).toBe('known 2');
      const [entry] = await store.entries(9);
      expect(entry).toMatchObject({ id: cookie?.value, created: EPOCH, data: { count: 2 } });
      expect(entry?.seen).toBeGreaterThanOrEqual(EPOCH + 7 * DAY);
    });
  });

  test('is forgotten after 30 days without a visit, and in any case after a year', async () => {
    await play({}, async ({ get, alice }) => {
      await get('/count');
      for (let month = 0; month < 14; month++) {
        await sleep(alice.clock, 29 * DAY);
        expect(await get('/see')).toMatch(month === 12 ? /^new/ : /^known/);
      }
      await sleep(alice.clock, 31 * DAY);
      expect(await get('/see')).toBe('new 0');
    });
  });

  test('whose time is over is not known by a cookie that somebody kept', async () => {
    await play({}, async ({ get, jar, alice }) => {
      await get('/count');
      const kept = `id=${jar.all()[0]?.value}`;
      await sleep(alice.clock, 29 * DAY);
      expect(await get('/see', kept)).toBe('known 1');
      await sleep(alice.clock, 31 * DAY);
      expect(await get('/see', kept)).toBe('new 0');
    });
  });

  test('who asks to be forgotten is', async () => {
    await play({}, async ({ get, jar }) => {
      await get('/count');
      await get('/forget');
      expect([jar.all(), await store.entries(9)]).toEqual([[], []]);
      expect(await get('/see')).toBe('new 0');
    });
  });

  test('without a cookie of ours gets one of ours: a planted one is not taken over', async () => {
    await play({}, async ({ get, jar, base }) => {
      jar.set(base, `id=${'a'.repeat(32)}`);
      expect(await get('/count')).toBe('new 1');
      expect(jar.all()[0]?.value).not.toBe('a'.repeat(32));
      for (const value of ['', 'x', '../..', `${'A'.repeat(32)}`, "' OR 1=1"]) {
        expect(await get('/see', `id=${value}`)).toBe('new 0');
      }
    });
  });

  test('has another identifier after it was renewed, and the old one is worth nothing', async () => {
    await play({}, async ({ get, jar }) => {
      await get('/count');
      const old = jar.all()[0]?.value;
      expect(await get('/renew')).toBe('known 2');
      expect(jar.all()[0]?.value).not.toBe(old);
      expect(await get('/see')).toBe('known 2');
      expect(await get('/see', `id=${old}`)).toBe('new 0');
    });
  });

  test('who does two things at once loses neither', async () => {
    await play({}, async ({ get }) => {
      await get('/count');
      const slow = get('/wait');
      await get('/count');
      await get('/count');
      gate.resolve();
      expect(await slow).toBe('known 4');
      expect((await store.entries(9))[0]?.data).toEqual({ count: 4 });
    });
  });

  test('may be remembered with 16 KiB, not more', async () => {
    await play({}, async ({ get }) => {
      await get('/count');
      expect(await get('/large')).toContain('413');
      expect(await get('/see')).toBe('known 1');
    });
  });

  test('may be one of whom nothing is kept', async () => {
    await play({ without: ({ headers }) => headers.has('Cookie') }, async ({ get, jar }) => {
      expect(await get('/count', 'no=thanks')).toBe('new 1');
      expect([jar.all(), await store.entries(9)]).toEqual([[], []]);
    });
  });
});

test('reading is no reason to write, but for the time once a minute', async () => {
  let writes = 0;
  const { save } = store;
  const counting: SessionStore['save'] = (...args) => {
    writes++;
    return save(...args);
  };
  store = { ...store, save: counting };
  await play({ store }, async ({ get, alice }) => {
    await get('/see');
    for (let i = 0; i < 10; i++) await get('/see');
    expect(writes).toBe(1);
    await sleep(alice.clock, 60_000);
    await get('/see');
    expect(writes).toBe(2);
  });
});

test.each(['signed', 'encrypted'] as const)(
  'a cookie %s is not believed when it was changed',
  async (mode) => {
    let now = () => 0;
    let count = 0;
    const keys = [{ id: 'k', secret: utf8('0123456789abcdef') }];
    const luck = (length: number) => new Uint8Array(length).fill(count++);
    const sealer = new Sealer({ keys, purpose: 'id', mode, now: () => now(), luck });
    await play({ sealer }, async ({ get, jar, alice }) => {
      now = () => calendar(alice.clock);
      await get('/count');
      const { value = '' } = jar.all()[0] ?? {};
      const [entry] = await store.entries(9);
      expect(value.startsWith(mode === 'signed' ? 's.k.' : 'e.k.')).toBe(true);
      expect(await get('/see')).toBe('known 1');
      expect(await get('/see', `id=${value.slice(0, -2)}AA`)).toBe('new 0');
      expect(await get('/see', `id=${entry?.id}`)).toBe('new 0');
      expect(notes).toEqual([
        'the cookie id is not believed: changed',
        'the cookie id is not believed: malformed',
      ]);
    });
  },
);

test('caches are told that the answer is for one alone', async () => {
  await play({}, async ({ alice, base }) => {
    const client = new HttpClient(alice);
    const response = await client.get(`${base}/see`);
    expect(response.headers.get('Cache-Control')).toBe('private');
  });
});

test('strangers by the thousand do not fill the store', async () => {
  await play({ entriesLimit: 50 }, async ({ get }) => {
    for (let i = 0; i < 301; i++) await get('/see', 'id=x');
    expect((await store.entries(999)).length).toBeLessThanOrEqual(150);
  });
});
