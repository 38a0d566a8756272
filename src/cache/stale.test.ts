/** Stale responses: asked about, used meanwhile, or instead of an error (RFC 9111 §4.2.4, §4.3, RFC 5861). */
import { describe, expect, test } from 'vitest';
import { type Reply, Stage, settled } from '../../test/cache/stage.ts';
import { NetworkError } from '../lib/errors.ts';

const OLD = 'Wed, 31 Dec 2025 00:00:00 GMT';

/** Stored, then three seconds pass. */
async function staged(first: Reply, next: Stage['reply']): Promise<Stage> {
  const stage = new Stage();
  stage.reply = (head, count) => (count === 1 ? first : next(head, count));
  await stage.get('/');
  stage.pass(3);
  return stage;
}

describe('validation (§4.3)', () => {
  test('asks with the stored validators, and serves what is stored after 304', async () => {
    const headers = {
      'Cache-Control': 'max-age=2',
      ETag: '"a"',
      'Last-Modified': OLD,
      A: '1',
      B: '1',
    };
    const stage = await staged({ headers, body: 'stored' }, () => ({
      status: 304,
      headers: { ETag: '"a"', A: '2', 'Cache-Control': 'max-age=50', 'Content-Encoding': 'x' },
    }));
    const { status, text, why, headers: given } = await stage.get('/');
    expect(stage.asked[1]?.headers.get('If-None-Match')).toBe('"a"');
    expect(stage.asked[1]?.headers.get('If-Modified-Since')).toBe(OLD);
    expect([status, text, why]).toEqual([200, 'stored', 'fwd=stale; fwd-status=304; ttl=50']);
    // §3.2: new values, old ones that were not named, and nothing that the stored bytes depend on.
    const values = ['A', 'B', 'Content-Encoding', 'Age'].map((name) => given.get(name));
    expect(values).toEqual(['2', '1', undefined, '0']);
    stage.pass(40);
    expect((await stage.get('/')).headers.get('Age')).toBe('40');
    expect(stage.asked).toHaveLength(2);
    expect(stage.statistics).toMatchObject({ hits: 1, validated: 1, misses: 1 });
  });

  test('a full answer takes the place of what was stored', async () => {
    const headers = { 'Cache-Control': 'max-age=2', ETag: '"a"' };
    const stage = await staged({ headers, body: 'old' }, () => ({
      headers: { ...headers, ETag: '"b"' },
      body: 'new',
    }));
    expect((await stage.get('/')).text).toBe('new');
    expect((await stage.get('/')).text).toBe('new');
    expect(stage.statistics.entries).toBe(1);
  });

  test('one that may not be stored lets the old one go', async () => {
    const stage = await staged(
      { headers: { 'Cache-Control': 'max-age=2', ETag: '"a"' }, body: 'old' },
      () => ({ headers: { 'Cache-Control': 'no-store' }, body: 'secret' }),
    );
    expect((await stage.get('/')).text).toBe('secret');
    expect(stage.statistics.entries).toBe(0);
  });

  test('the client’s tags and ours go together, and the 304 is answered as the client needs it', async () => {
    const headers = { 'Cache-Control': 'max-age=2', ETag: '"a"' };
    const cases = [
      ['"q"', '"a"', 200],
      ['"q"', '"q"', 304],
      ['"a"', '"a"', 304],
    ] as const;
    for (const [own, current, status] of cases) {
      const stage = await staged({ headers, body: 'stored' }, () => ({
        status: 304,
        headers: { ETag: current },
      }));
      const answer = await stage.get('/', { 'If-None-Match': own });
      expect(answer.status).toBe(status);
      expect(stage.asked[1]?.headers.get('If-None-Match')).toBe(own === '"a"' ? '"a"' : '"q", "a"');
    }
  });

  test('variants are asked about together, and the 304 tells which', async () => {
    const stage = new Stage();
    const vary = { 'Cache-Control': 'max-age=100', Vary: 'Foo' };
    stage.reply = ({ headers }) => {
      const foo = headers.get('Foo');
      return foo === '3'
        ? { status: 304, headers: { ...vary, ETag: '"1"' } }
        : { headers: { ...vary, ETag: `"${foo}"` }, body: `variant ${foo}` };
    };
    await stage.get('/', { Foo: '1' });
    await stage.get('/', { Foo: '2' });
    expect((await stage.get('/', { Foo: '3' })).text).toBe('variant 1');
    expect(stage.asked[2]?.headers.get('If-None-Match')).toBe('"2", "1"');
  });

  test('a 304 that calls it otherwise changes nothing but its age', async () => {
    const stage = await staged(
      { headers: { 'Cache-Control': 'max-age=2', ETag: '"a"', A: '1' }, body: 'stored' },
      () => ({ status: 304, headers: { ETag: '"b"', A: '2', 'Cache-Control': 'max-age=99' } }),
    );
    const { headers } = await stage.get('/');
    expect([headers.get('ETag'), headers.get('A')]).toEqual(['"a"', '1']);
    expect((await stage.get('/')).why).toMatch(/^hit/);
    stage.pass(3);
    await stage.get('/');
    expect(stage.asked).toHaveLength(3);
  });

  test('a 304 that is about nothing stored is asked again without conditions', async () => {
    const stage = new Stage();
    const vary = { 'Cache-Control': 'max-age=100', Vary: 'Foo' };
    stage.reply = ({ headers }, count) => {
      if (count <= 2) return { headers: { ...vary, ETag: `"${count}"` }, body: 'x' };
      return headers.has('If-None-Match')
        ? { status: 304, headers: { ETag: '"lost"' } }
        : { headers: vary, body: 'whole' };
    };
    for (const foo of ['1', '2']) await stage.get('/', { Foo: foo });
    expect((await stage.get('/', { Foo: '3' })).text).toBe('whole');
    expect(stage.asked[3]?.headers.has('If-None-Match')).toBe(false);
  });
});

describe('stale-while-revalidate (RFC 5861 §3)', () => {
  const headers = { 'Cache-Control': 'max-age=2, stale-while-revalidate=10' };

  test('is answered at once while the origin is asked, once', async () => {
    let release: (reply: Reply) => void = () => {};
    const slow = new Promise<Reply>((resolve) => {
      release = resolve;
    });
    const stage = await staged({ headers, body: 'old' }, () => slow);
    const one = await stage.get('/', { Cookie: 'c=1' });
    expect([one.text, one.why]).toEqual(['old', 'hit; ttl=-1; detail=stale-while-revalidate']);
    expect((await stage.get('/')).text).toBe('old');
    expect(stage.asked).toHaveLength(2);
    release({ headers, body: 'new' });
    await settled();
    expect((await stage.get('/')).text).toBe('new');
    expect(stage.statistics).toMatchObject({ hits: 3, staleHits: 2 });
  });

  test('beyond its window the client waits', async () => {
    const stage = await staged({ headers, body: 'old' }, () => ({ headers, body: 'new' }));
    stage.pass(9.5);
    expect((await stage.get('/')).text).toBe('new');
  });

  test('a refresh that fails is forgotten, one that hangs is given up', async () => {
    const stage = await staged({ headers, body: 'old' }, () =>
      Promise.reject(new NetworkError('refused', 'no')),
    );
    expect((await stage.get('/')).text).toBe('old');
    await settled();
    expect((await stage.get('/')).text).toBe('old');
    expect(stage.asked).toHaveLength(3);
  });

  test.each(['must-revalidate', 'proxy-revalidate', 'no-cache'])(
    'not with %s',
    async (directive) => {
      const value = `${headers['Cache-Control']}, ${directive}`;
      const stage = await staged(
        { headers: { 'Cache-Control': value, ETag: '"a"' }, body: 'old' },
        () => ({ body: 'new' }),
      );
      expect((await stage.get('/')).text).toBe('new');
    },
  );
});

describe('instead of an error (§4.2.4, RFC 5861 §4)', () => {
  const refused = (): Promise<Reply> =>
    Promise.reject(new NetworkError('refused', 'nobody listens'));
  const cases: readonly (readonly [string, 'refused' | 500 | 501 | 503, boolean])[] = [
    ['max-age=2', 'refused', true],
    ['max-age=2', 503, false],
    ['max-age=2, stale-if-error=60', 'refused', true],
    ['max-age=2, stale-if-error=60', 503, true],
    ['max-age=2, stale-if-error=60', 500, true],
    ['max-age=2, stale-if-error=60', 501, false],
    ['max-age=2, stale-if-error=1', 'refused', true],
    ['max-age=1, stale-if-error=1', 503, false],
    ['max-age=1, stale-if-error=1', 'refused', false],
    ['max-age=2, s-maxage=2', 'refused', false],
  ];
  test.each(cases)('%s and %s: %s', async (value, failure, used) => {
    const stage = await staged(
      { headers: { 'Cache-Control': value, 'Last-Modified': OLD }, body: 'old' },
      () => (failure === 'refused' ? refused() : { status: failure, body: 'failed' }),
    );
    const answer = stage.get('/').catch((error: NetworkError) => error.code);
    if (used) expect(await answer).toMatchObject({ status: 200, text: 'old' });
    else if (failure === 'refused') expect(await answer).toBe('NET_REFUSED');
    else expect(await answer).toMatchObject({ status: failure, text: 'failed' });
  });

  test('must-revalidate makes it 504', async () => {
    const stage = await staged(
      { headers: { 'Cache-Control': 'max-age=2, must-revalidate' }, body: 'old' },
      refused,
    );
    const { status, text } = await stage.get('/');
    expect(status).toBe(504);
    expect(text).toContain('nobody listens');
  });

  test('the client may allow it too', async () => {
    const stage = await staged({ headers: { 'Cache-Control': 'max-age=2' }, body: 'old' }, () => ({
      status: 503,
    }));
    expect((await stage.get('/', { 'Cache-Control': 'stale-if-error=5' })).text).toBe('old');
  });

  test('not for more than a day', async () => {
    const stage = await staged({ headers: { 'Cache-Control': 'max-age=2' }, body: 'old' }, refused);
    stage.pass(86_400);
    await expect(stage.get('/')).rejects.toThrow('nobody listens');
  });

  test('what was invalidated is not used', async () => {
    const stage = await staged(
      { headers: { 'Cache-Control': 'max-age=200', ETag: '"a"' }, body: 'old' },
      refused,
    );
    stage.cache.purge({ url: 'http://a.example/' }, { soft: true });
    await expect(stage.get('/')).rejects.toThrow('nobody listens');
  });
});
