/** Many equal requests, one request to the origin; bodies that stream to all, and clients that leave. */
import { describe, expect, test } from 'vitest';
import { Reader, type Reply, Stage, settled } from '../../test/cache/stage.ts';
import { utf8 } from '../lib/bytes.ts';
import { NetworkError } from '../lib/errors.ts';
import { NO_HEADERS } from '../lib/ordered-headers.ts';
import { FINISH_LIMIT } from './defaults.ts';

const FRESH = { 'Cache-Control': 'max-age=100' };

/** An origin whose answers the test lets go. */
function held(stage: Stage): ((reply: Reply | Promise<Reply>) => void)[] {
  const waiting: ((reply: Reply | Promise<Reply>) => void)[] = [];
  stage.reply = () => new Promise((resolve) => waiting.push(resolve));
  return waiting;
}

describe('one request for many', () => {
  test('all get what one has asked for', async () => {
    const stage = new Stage();
    const origin = held(stage);
    const all = Promise.all([1, 2, 3].map(() => stage.get('/')));
    await settled();
    expect(stage.asked).toHaveLength(1);
    origin[0]?.({ headers: FRESH, body: 'x' });
    const answers = await all;
    expect(answers.map(({ text }) => text)).toEqual(['x', 'x', 'x']);
    expect(answers.map(({ why }) => why)).toEqual([
      'fwd=uri-miss; fwd-status=200; ttl=100; stored',
      'fwd=uri-miss; ttl=100; collapsed',
      'fwd=uri-miss; ttl=100; collapsed',
    ]);
    expect(stage.statistics).toMatchObject({ requests: 3, misses: 1, collapsed: 2, hits: 0 });
    expect(stage.statistics.hitRatio).toBeCloseTo(2 / 3);
  });

  test('also while stale: one validation', async () => {
    const stage = new Stage();
    stage.reply = () => ({ headers: { 'Cache-Control': 'max-age=2', ETag: '"a"' }, body: 'x' });
    await stage.get('/');
    stage.pass(3);
    const origin = held(stage);
    const all = Promise.all([1, 2, 3].map(() => stage.get('/')));
    await settled();
    expect(origin).toHaveLength(1);
    origin[0]?.({ status: 304, headers: { ETag: '"a"' } });
    expect((await all).map(({ text }) => text)).toEqual(['x', 'x', 'x']);
    expect(stage.asked).toHaveLength(2);
  });

  test('what turns out not to be shared sends all on at once, and nobody waits the next time', async () => {
    const stage = new Stage();
    const origin = held(stage);
    const all = Promise.all([1, 2, 3].map(() => stage.get('/')));
    await settled();
    origin[0]?.({ headers: { 'Cache-Control': 'private' }, body: 'one' });
    await settled();
    expect(origin).toHaveLength(3);
    origin[1]?.({ body: 'two' });
    origin[2]?.({ body: 'three' });
    const answers = await all;
    expect(answers.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
    expect(answers[1]?.why).toContain('collapsed=?0');
    const later = Promise.all([1, 2].map(() => stage.get('/')));
    await settled();
    expect(origin).toHaveLength(5);
    for (const release of origin) release({ body: 'x' });
    await later;
    stage.pass(61);
    const again = Promise.all([1, 2].map(() => stage.get('/')));
    await settled();
    expect(origin).toHaveLength(6);
    origin[5]?.({ headers: FRESH });
    await again;
  });

  test('another variant than the one that came is asked for once', async () => {
    const stage = new Stage();
    const origin = held(stage);
    const first = stage.get('/', { Foo: '1' });
    const others = [stage.get('/', { Foo: '2' }), stage.get('/', { Foo: '2' })];
    await settled();
    origin[0]?.({ headers: { ...FRESH, Vary: 'Foo' }, body: '1' });
    await settled();
    expect(origin).toHaveLength(2);
    origin[1]?.({ headers: { ...FRESH, Vary: 'Foo' }, body: '2' });
    expect((await first).text).toBe('1');
    for (const other of others) expect((await other).text).toBe('2');
  });

  test('a failure is everybody’s', async () => {
    const stage = new Stage();
    const origin = held(stage);
    const all = [1, 2, 3].map(() => stage.get('/').catch((error: NetworkError) => error.code));
    await settled();
    origin[0]?.(Promise.reject(new NetworkError('refused', 'no')));
    expect(await Promise.all(all)).toEqual(['NET_REFUSED', 'NET_REFUSED', 'NET_REFUSED']);
    expect(stage.asked).toHaveLength(1);
  });

  test('the one that asked may leave: the others still get it', async () => {
    const stage = new Stage();
    const origin = held(stage);
    const leaver = new AbortController();
    const first = stage.open('/', {}, { signal: leaver.signal }) as Promise<never>;
    first.catch(() => undefined);
    const second = stage.get('/');
    await settled();
    leaver.abort(new NetworkError('aborted', 'gone'));
    origin[0]?.({ headers: FRESH, body: 'x' });
    expect((await second).text).toBe('x');
  });

  test('alone, its leaving ends the request', async () => {
    const stage = new Stage();
    const origin = held(stage);
    const leaver = new AbortController();
    const first = Promise.resolve(stage.open('/', {}, { signal: leaver.signal })).catch(
      () => 'given up',
    );
    await settled();
    leaver.abort();
    origin[0]?.({ headers: FRESH, body: 'x' });
    expect(await first).toBe('given up');
    expect(stage.statistics.entries).toBe(0);
  });

  test('no-cache does not wait for what was asked before it', async () => {
    const stage = new Stage();
    const origin = held(stage);
    const all = [stage.get('/'), stage.get('/', { 'Cache-Control': 'no-cache' })];
    await settled();
    expect(origin).toHaveLength(2);
    for (const release of origin) release({ headers: FRESH });
    await Promise.all(all);
  });
});

describe('while the body comes', () => {
  async function streaming(
    headers: Record<string, string> = FRESH,
    length?: number,
    capacity?: number,
  ) {
    const stage = new Stage(capacity === undefined ? {} : { capacity });
    stage.reply = () => ({ headers, stream: true, length });
    const first = new Reader().read(await stage.open('/'));
    const push = (text: string): void => stage.streams[0]?.push(utf8(text));
    return { stage, first, push, end: () => stage.streams[0]?.finish(NO_HEADERS) };
  }

  test('a later client gets what has come at once, and the rest as it comes', async () => {
    const { stage, first, push, end } = await streaming();
    push('one ');
    expect(first.text).toBe('one ');
    const answer = await stage.open('/');
    const second = new Reader().read(answer);
    expect(second.text).toBe('one ');
    push('two');
    expect([first.text, second.text]).toEqual(['one two', 'one two']);
    end();
    expect(await Promise.all([first.over, second.over])).toEqual([true, true]);
    expect((await stage.get('/')).text).toBe('one two');
    expect(stage.asked).toHaveLength(1);
  });

  test('a slow client does not hold up a fast one', async () => {
    const { stage, first, push, end } = await streaming();
    first.blocked = true;
    push('one ');
    const second = new Reader().read(await stage.open('/'));
    push('two');
    expect([first.text, second.text]).toEqual(['one ', 'one two']);
    end();
    expect(await second.over).toBe(true);
    first.unblock();
    expect(first.text).toBe('one two');
    expect(await first.over).toBe(true);
  });

  test('a body that breaks off breaks off for all, and is not stored', async () => {
    const { stage, first, push } = await streaming();
    push('one');
    const second = new Reader().read(await stage.open('/'));
    stage.streams[0]?.fail(new NetworkError('reset', 'gone'));
    expect(await Promise.all([first.over, second.over])).toEqual([false, false]);
    expect(stage.statistics).toMatchObject({ entries: 0, bytesStored: 0 });
  });

  test('one that has broken off before anybody was told is an error', async () => {
    const stage = new Stage();
    stage.reply = () => ({
      headers: { ...FRESH, ETag: '"a"' },
      stream: true,
      length: 10,
      broken: 'abc',
    });
    await expect(stage.get('/')).rejects.toThrow('gone');
    expect(stage.cache.view()).toMatchObject([{ complete: false }]);
  });

  test('what outgrows the store goes on, unstored, at the pace of the client', async () => {
    const { stage, first, push, end } = await streaming(FRESH, undefined, 8000);
    push('x'.repeat(1500));
    push('y'.repeat(1500));
    expect(stage.statistics.bytesStored).toBe(0);
    first.blocked = true;
    for (let i = 0; i < 70; i++) push('z'.repeat(1000));
    expect(stage.streams[0]?.flowing).toBe(false);
    first.unblock();
    expect(stage.streams[0]?.flowing).toBe(true);
    end();
    expect(await first.over).toBe(true);
    expect(first.text).toHaveLength(3000 + 70_000);
    expect(stage.statistics.entries).toBe(0);
  });

  test('what announces more than may be stored is passed on', async () => {
    const { stage, first } = await streaming(FRESH, 5000, 8000);
    first.leave();
    expect(stage.streams[0]?.done).toBe(true);
    expect(stage.cache.view()).toEqual([]);
  });

  test('when nobody waits, little is fetched to its end and much is not', async () => {
    for (const [length, stored] of [
      [FINISH_LIMIT, 1],
      [FINISH_LIMIT + 10, 0],
    ] as const) {
      const { stage, first, push, end } = await streaming(FRESH, length);
      push('abc');
      first.leave();
      push('x'.repeat(length - 3));
      end();
      expect([length, stage.statistics.entries]).toEqual([length, stored]);
    }
  });

  test('a range of what is still coming', async () => {
    const { stage, push, end } = await streaming(FRESH, 10);
    push('0123');
    const response = await stage.open('/', { Range: 'bytes=2-5' });
    const part = new Reader().read(response);
    expect([response.status, part.text]).toEqual([206, '23']);
    push('456789');
    expect(part.text).toBe('2345');
    end();
    expect(await part.over).toBe(true);
  });

  test('purged while it comes, it is not stored', async () => {
    const { stage, first, push, end } = await streaming();
    push('one');
    expect(stage.cache.purge({ url: 'http://a.example/' })).toBe(1);
    end();
    expect(await first.over).toBe(true);
    expect(stage.statistics).toMatchObject({ entries: 0, bytesStored: 0 });
    stage.reply = () => ({ body: 'x' });
    expect((await stage.get('/')).why).toContain('fwd=uri-miss');
  });
});
