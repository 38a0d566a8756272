/** What a client sees of the cache, on a clock moved by hand: one table for each part of RFC 9111. */
import { describe, expect, test } from 'vitest';
import { type Got, type Reply, Stage } from '../../test/cache/stage.ts';

const FRESH = { 'Cache-Control': 'max-age=100' };

/** Asks twice, with `seconds` between, and tells how the second was answered. */
async function twice(
  reply: Reply,
  first: Record<string, string> = {},
  second: Record<string, string> = {},
  seconds = 3,
): Promise<Got & { readonly asked: number }> {
  const stage = new Stage();
  stage.reply = (_, count) => (count === 1 ? reply : { ...FRESH_REPLY, body: 'second' });
  await stage.get('/', first);
  stage.pass(seconds);
  return { ...(await stage.get('/', second)), asked: stage.asked.length };
}

const FRESH_REPLY: Reply = { headers: FRESH };

describe('what is stored and reused (§3, §4.2)', () => {
  const stored: readonly (readonly [string, Reply])[] = [
    ['max-age', { headers: { 'Cache-Control': 'max-age=100' } }],
    ['quoted, upper case', { headers: { 'Cache-Control': 'MAX-AGE="100"' } }],
    ['beyond 2^31', { headers: { 'Cache-Control': 'max-age=99999999999' } }],
    ['s-maxage before max-age', { headers: { 'Cache-Control': 'max-age=1, s-maxage=100' } }],
    ['max-age before Expires', { headers: { 'Cache-Control': 'max-age=100', Expires: '0' } }],
    ['Expires', { headers: { Expires: 'Thu, 01 Jan 2026 01:00:00 GMT' } }],
    ['Expires in other case', { headers: { Expires: 'THU, 01 JAN 2026 01:00:00 gmt' } }],
    ['by guess', { headers: { 'Last-Modified': 'Wed, 31 Dec 2025 00:00:00 GMT' } }],
    [
      '404 by guess',
      { status: 404, headers: { 'Last-Modified': 'Wed, 31 Dec 2025 00:00:00 GMT' } },
    ],
    [
      'public, any status',
      {
        status: 599,
        headers: { 'Cache-Control': 'public', 'Last-Modified': 'Wed, 31 Dec 2025 00:00:00 GMT' },
      },
    ],
    ['any status with a lifetime', { status: 503, headers: FRESH }],
    ['Set-Cookie', { headers: { ...FRESH, 'Set-Cookie': 'a=b' } }],
    [
      'must-understand over no-store',
      { headers: { 'Cache-Control': 'no-store, must-understand, max-age=100' } },
    ],
    ['an Age that is no number is ignored (§5.1)', { headers: { ...FRESH, Age: 'old' } }],
    ['the first Age counts (§5.1)', { headers: { ...FRESH, Age: '0, 700' } }],
    [
      'CDN-Cache-Control over no-store',
      { headers: { 'Cache-Control': 'no-store', 'CDN-Cache-Control': 'max-age=100' } },
    ],
    [
      'CDN-Cache-Control over Expires',
      { headers: { Expires: '0', 'CDN-Cache-Control': 'max-age=100' } },
    ],
    [
      'a broken CDN-Cache-Control counts for nothing',
      { headers: { ...FRESH, 'CDN-Cache-Control': 'no-store,' } },
    ],
    ['an empty one neither', { headers: { ...FRESH, 'CDN-Cache-Control': '' } }],
  ];
  test.each(stored)('%s', async (_, reply) => {
    const { asked, why, headers } = await twice({ body: 'first', ...reply });
    expect(asked).toBe(1);
    expect(why).toMatch(/^hit; ttl=\d+$/);
    expect(Number(headers.get('Age'))).toBeGreaterThanOrEqual(3);
  });

  const asked: readonly (readonly [string, Reply])[] = [
    ['nothing said, nothing to validate by', {}],
    ['no-store', { headers: { 'Cache-Control': 'max-age=100, no-store' } }],
    ['private', { headers: { 'Cache-Control': 'max-age=100, private' } }],
    ['no-cache', { headers: { 'Cache-Control': 'max-age=100, No-Cache' } }],
    [
      'max-age=0',
      { headers: { 'Cache-Control': 'max-age=0', Expires: 'Thu, 01 Jan 2026 01:00:00 GMT' } },
    ],
    ['a negative number', { headers: { 'Cache-Control': 'max-age=-100' } }],
    ['single quotes', { headers: { 'Cache-Control': "max-age='100'" } }],
    ['within a quoted extension', { headers: { 'Cache-Control': 'max-age=1, x="max-age=100"' } }],
    ['a short s-maxage', { headers: { 'Cache-Control': 's-maxage=1, max-age=100' } }],
    ['the first of two', { headers: { 'Cache-Control': 'max-age=1, max-age=100' } }],
    ['Expires in the past', { headers: { Expires: 'Thu, 01 Jan 2025 01:00:00 GMT' } }],
    ['Expires in another zone', { headers: { Expires: 'Thu, 01 Jan 2026 01:00:00 CET' } }],
    ['old already', { headers: { ...FRESH, Age: '100' } }],
    ['a Date of long ago', { headers: { ...FRESH, Date: 'Wed, 31 Dec 2025 00:00:00 GMT' } }],
    [
      '201 by guess',
      { status: 201, headers: { 'Last-Modified': 'Wed, 31 Dec 2025 00:00:00 GMT' } },
    ],
    [
      'must-understand with an unknown status',
      { status: 599, headers: { 'Cache-Control': 'max-age=100, must-understand' } },
    ],
    ['Vary: *', { headers: { ...FRESH, Vary: 'a, *' } }],
    ['CDN no-store', { headers: { ...FRESH, 'CDN-Cache-Control': 'no-store' } }],
    ['CDN no-cache', { headers: { ...FRESH, 'CDN-Cache-Control': 'no-cache, max-age=100' } }],
    ['CDN private', { headers: { ...FRESH, 'CDN-Cache-Control': 'private' } }],
    ['CDN short', { headers: { ...FRESH, 'CDN-Cache-Control': 'max-age=1' } }],
    [
      'CDN with a string for a number',
      { headers: { ...FRESH, 'CDN-Cache-Control': 'max-age="100"' } },
    ],
  ];
  test.each(asked)('not: %s', async (_, reply) => {
    expect((await twice({ body: 'first', ...reply })).asked).toBe(2);
  });

  test('an authorised answer is shared only where the origin says so (§3.5)', async () => {
    const authorised = { Authorization: 'Basic eDp5' };
    for (const [value, count] of [
      ['max-age=100', 2],
      ['max-age=100, public', 1],
      ['s-maxage=100', 1],
      ['max-age=100, must-revalidate', 1],
    ] as const) {
      expect((await twice({ headers: { 'Cache-Control': value } }, authorised)).asked).toBe(count);
    }
  });

  test('fields that are named are not kept (§3.1, §5.2.2.4)', async () => {
    const reply = {
      headers: {
        'Cache-Control': 'max-age=100, no-cache="a"',
        a: '1',
        b: '2',
        Connection: 'c',
        c: '3',
        'Proxy-Authenticate': 'x',
      },
    };
    const { headers } = await twice(reply);
    expect(
      ['a', 'b', 'c', 'Connection', 'Proxy-Authenticate'].map((name) => headers.get(name)),
    ).toEqual([undefined, '2', undefined, undefined, undefined]);
  });
});

describe('what the client demands (§5.2.1)', () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ['max-age=100', 'no-cache', 2],
    ['max-age=100', 'max-age=2', 2],
    ['max-age=100', 'max-age=5', 1],
    ['max-age=100', 'min-fresh=98', 2],
    ['max-age=100', 'min-fresh=90', 1],
    ['max-age=100', 'no-store', 2],
    ['max-age=1', 'max-stale', 1],
    ['max-age=1', 'max-stale=1', 2],
    ['max-age=1', 'max-stale=5', 1],
    ['max-age=1, must-revalidate', 'max-stale', 2],
    ['s-maxage=1', 'max-stale', 2],
    ['max-age=100', 'only-if-cached', 1],
  ];
  test.each(cases)('%s, asked with %s: %i requests', async (response, request, count) => {
    const { asked } = await twice(
      { headers: { 'Cache-Control': response } },
      {},
      { 'Cache-Control': request },
    );
    expect(asked).toBe(count);
  });

  test('only-if-cached with nothing stored is 504', async () => {
    const stage = new Stage();
    const { status, why } = await stage.get('/', { 'Cache-Control': 'only-if-cached' });
    expect([status, why, stage.asked.length]).toEqual([504, '', 0]);
  });
});

describe('selection (§4.1)', () => {
  const cases: readonly (readonly [string, string, string, number])[] = [
    ['Foo', '1', '1', 1],
    ['Foo', '1', '2', 2],
    ['Foo', '1,2', ' 1 ,  2', 1],
    ['Foo', 'a', 'A', 2],
    ['Accept-Language', 'en, de', 'DE,en', 1],
    ['Accept-Language', 'en, de;q=0.5', 'en;q=0.5, de', 2],
    ['Accept-Encoding', 'gzip, br', 'br ; q=1.0, gzip', 1],
  ];
  test.each(cases)('Vary: %s, %s then %s', async (name, first, second, count) => {
    const { asked, why } = await twice(
      { headers: { ...FRESH, Vary: name } },
      { [name]: first },
      { [name]: second },
    );
    expect(asked).toBe(count);
    if (count === 2) expect(why).toContain('fwd=vary-miss');
  });

  test('a field that is missing matches only where it is missing', async () => {
    expect((await twice({ headers: { ...FRESH, Vary: 'Foo' } }, {}, { Foo: '' })).asked).toBe(2);
    expect((await twice({ headers: { ...FRESH, Vary: 'Foo' } })).asked).toBe(1);
  });

  test('two variants live side by side, other URLs beside them', async () => {
    const stage = new Stage();
    stage.reply = ({ headers, target }) => ({
      headers: { ...FRESH, Vary: 'Foo' },
      body: `${target} ${headers.get('Foo')}`,
    });
    for (const round of [1, 2]) {
      expect((await stage.get('/', { Foo: '1' })).text).toBe('/ 1');
      expect((await stage.get('/', { Foo: '2' })).text).toBe('/ 2');
      expect((await stage.get('/?a', { Foo: '2' })).text).toBe('/?a 2');
      expect((await stage.get('/', { Foo: '2' }, { host: 'b.example' })).text).toBe('/ 2');
      expect(stage.asked).toHaveLength(4);
      expect(stage.statistics.hits).toBe(round === 1 ? 0 : 4);
    }
  });

  test('one that says what it varies by goes before a newer one that does not', async () => {
    const stage = new Stage();
    stage.reply = ({ headers }) =>
      headers.get('Foo') === '1'
        ? { headers: { ...FRESH, Vary: 'Foo' }, body: 'for 1' }
        : { headers: FRESH, body: 'for all' };
    await stage.get('/', { Foo: '1' });
    stage.pass(1);
    await stage.get('/', { Foo: '2' });
    expect((await stage.get('/', { Foo: '1' })).text).toBe('for 1');
    expect((await stage.get('/', { Foo: '3' })).text).toBe('for all');
    expect(stage.asked).toHaveLength(2);
  });

  test('host names in any case, and the usual port, are one key', async () => {
    const stage = new Stage();
    stage.reply = () => FRESH_REPLY;
    await stage.get('/', {}, { host: 'A.example:80' });
    expect((await stage.get('/')).why).toMatch(/^hit/);
    expect((await stage.get('http://A.EXAMPLE/')).why).toMatch(/^hit/);
    expect((await stage.get('/', {}, { host: 'a.example:81' })).why).toMatch(/^fwd=uri-miss/);
  });
});

describe('the client’s own conditions (§4.3.2)', () => {
  const headers = {
    ...FRESH,
    ETag: '"a"',
    'Last-Modified': 'Wed, 31 Dec 2025 00:00:00 GMT',
    'Content-Type': 'text/plain',
  };
  const cases: readonly (readonly [Record<string, string>, number])[] = [
    [{ 'If-None-Match': '"a"' }, 304],
    [{ 'If-None-Match': '"x", W/"a"' }, 304],
    [{ 'If-None-Match': '*' }, 304],
    [{ 'If-None-Match': '"x"' }, 200],
    [{ 'If-None-Match': '"x"', 'If-Modified-Since': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 200],
    [{ 'If-Modified-Since': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 304],
    [{ 'If-Modified-Since': 'Tue, 30 Dec 2025 00:00:00 GMT' }, 200],
    [{ 'If-Modified-Since': 'yesterday' }, 200],
  ];
  test.each(cases)('%j: %i', async (conditions, status) => {
    const answer = await twice({ headers, body: 'first' }, {}, conditions);
    expect([answer.asked, answer.status]).toEqual([1, status]);
    expect(answer.headers.get('ETag')).toBe('"a"');
    expect(answer.text).toBe(status === 304 ? '' : 'first');
    expect(answer.headers.has('Content-Type')).toBe(status === 200);
  });

  test('without Last-Modified, Date is compared', async () => {
    const since = { 'If-Modified-Since': 'Thu, 01 Jan 2026 00:00:00 GMT' };
    expect((await twice({ headers: FRESH }, {}, since)).status).toBe(304);
  });

  test('with nothing stored they go to the origin as they are, and If-Match always does', async () => {
    const stage = new Stage();
    stage.reply = ({ headers: asked }) =>
      asked.has('If-None-Match') ? { status: 304 } : { headers, body: 'x' };
    expect((await stage.get('/', { 'If-None-Match': '"q"' })).status).toBe(304);
    await stage.get('/');
    await stage.get('/', { 'If-Match': '"a"' });
    expect(
      stage.asked.map((head) => head.headers.get('If-None-Match') ?? head.headers.get('If-Match')),
    ).toEqual(['"q"', undefined, '"a"']);
  });
});
