/** What changes or ends what is stored: unsafe methods, HEAD (RFC 9111 §4.3.5, §4.4). */
import { describe, expect, test } from 'vitest';
import { type Reply, Stage } from '../../test/cache/stage.ts';

const FRESH = { 'Cache-Control': 'max-age=100' };
const FRESH_REPLY: Reply = { headers: FRESH };

describe('invalidation (§4.4)', () => {
  test('by unsafe methods that succeed, and nothing else', async () => {
    for (const [method, status, count] of [
      ['POST', 200, 3],
      ['M-SEARCH', 302, 3],
      ['DELETE', 500, 2],
      ['OPTIONS', 200, 2],
    ] as const) {
      const stage = new Stage();
      stage.reply = ({ method: asked }) => (asked === 'GET' ? FRESH_REPLY : { status });
      await stage.get('/');
      await stage.get('/', {}, { method, body: 'x' });
      await stage.get('/');
      expect([method, stage.asked.length]).toEqual([method, count]);
    }
  });

  test('Location and Content-Location of the same origin only', async () => {
    const stage = new Stage();
    stage.reply = ({ method }) =>
      method === 'GET'
        ? FRESH_REPLY
        : { headers: { Location: '/made', 'Content-Location': 'http://b.example/made' } };
    await stage.get('/made');
    await stage.get('/made', {}, { host: 'b.example' });
    await stage.get('/', {}, { method: 'POST', body: 'x' });
    expect((await stage.get('/made')).why).toContain('fwd=');
    expect((await stage.get('/made', {}, { host: 'b.example' })).why).toMatch(/^hit/);
  });

  test('an answer that was on its way meanwhile is not stored', async () => {
    const stage = new Stage();
    let release: (reply: Reply) => void = () => {};
    stage.reply = ({ method }) =>
      method === 'GET'
        ? new Promise((resolve) => {
            release = resolve;
          })
        : {};
    const reading = stage.get('/');
    await stage.get('/', {}, { method: 'PUT', body: 'new' });
    release({ ...FRESH_REPLY, body: 'old' });
    expect((await reading).why).toContain('detail=invalidated');
    expect(stage.statistics.entries).toBe(0);
  });

  test('a POST that reads as GET is stored (RFC 9110 §9.3.3)', async () => {
    const stage = new Stage();
    stage.reply = ({ method }) => ({
      headers: { ...FRESH, 'Content-Location': '/' },
      body: method,
    });
    await stage.get('/', {}, { method: 'POST', body: 'x' });
    expect((await stage.get('/')).text).toBe('POST');
  });
});

describe('HEAD (§4.3.5)', () => {
  test('is answered from a stored GET, with its length', async () => {
    const stage = new Stage();
    stage.reply = () => ({ ...FRESH_REPLY, body: 'hello' });
    await stage.get('/');
    const { status, text, headers } = await stage.get('/', {}, { method: 'HEAD' });
    expect([status, text, headers.get('Content-Length')]).toEqual([200, '', '5']);
  });

  test('of the same representation freshens, of another makes stale', async () => {
    for (const [length, hit] of [
      ['5', true],
      ['6', false],
    ] as const) {
      const stage = new Stage();
      stage.reply = ({ method }) =>
        method === 'GET'
          ? { headers: { 'Cache-Control': 'max-age=2', A: '1' }, body: 'hello' }
          : { headers: { ...FRESH, A: '2', 'Content-Length': length } };
      await stage.get('/');
      stage.pass(3);
      await stage.get('/', {}, { method: 'HEAD' });
      const { why, headers } = await stage.get('/');
      expect([why.startsWith('hit'), headers.get('A')]).toEqual([hit, hit ? '2' : '1']);
    }
  });
});

test('a GET with a body is no business of the cache', async () => {
  const stage = new Stage();
  stage.reply = () => FRESH_REPLY;
  const fat = () => stage.get('/', { 'Content-Length': '3' }, { body: 'abc' });
  expect((await fat()).why).toContain('fwd=bypass');
  await stage.get('/');
  await fat();
  expect([stage.asked.length, stage.statistics.entries, stage.statistics.passed]).toEqual([
    3, 1, 2,
  ]);
});

test('bytes are counted as they come and go', async () => {
  const stage = new Stage();
  stage.reply = ({ target }) => ({ headers: target === '/' ? FRESH : {}, body: '0123456789' });
  for (let i = 0; i < 2; i++) {
    await stage.get('/');
    await stage.get('/x');
  }
  await stage.get('/', { Range: 'bytes=0-2' });
  await stage.get('/', {}, { method: 'HEAD' });
  expect(stage.statistics).toMatchObject({ bytesFromOrigin: 30, bytesSaved: 13, hits: 3 });
});

test('a fresh hit is answered at once, with the same answer for a second', async () => {
  const stage = new Stage();
  stage.reply = () => ({ ...FRESH_REPLY, body: 'x' });
  await stage.get('/');
  stage.pass(1.5);
  const one = stage.open('/');
  expect('then' in one).toBe(false);
  expect(Object.isFrozen(one)).toBe(true);
  stage.pass(0.4);
  expect(stage.open('/')).toBe(one);
  stage.pass(0.2);
  const other = stage.open('/');
  expect(other).not.toBe(one);
  stage.pass(97.8);
  expect('then' in stage.open('/')).toBe(false);
  stage.pass(0.1);
  expect('then' in stage.open('/')).toBe(true);
});
