/** The store keeps within its bounds, and keeps what is used. */
import { expect, test } from 'vitest';
import { EPOCH } from '../../../test/cache/stage.ts';
import { HeaderList } from '../../lib/ordered-headers.ts';
import { below, seededRandom } from '../../net/index.ts';
import { StoredResponse } from '../stored-response.ts';
import { MemoryStore } from './memory-store.ts';

function response(
  url: string,
  size: number,
  fields: Record<string, string> = {},
  varyKey = '',
): StoredResponse {
  const headers = HeaderList.from({ 'Cache-Control': 'max-age=100', Date: 'x', ...fields });
  const head = { version: '1.1' as const, status: 200, reason: '', headers };
  const moments = { requestedAt: EPOCH, receivedAt: EPOCH };
  const stored = new StoredResponse(
    { url, head, moments, vary: [], varyKey },
    { targets: [], malformedAge: 'ignore' },
  );
  stored.size = size;
  stored.segments = [{ start: 0, bytes: new Uint8Array(size) }];
  return stored;
}

test('random use stays within the bound, and every count is right', () => {
  const random = seededRandom('store');
  const store = new MemoryStore({ capacity: 20_000 });
  for (let i = 0; i < 5000; i++) {
    const url = `u${below(random, 60)}`;
    const known = store.get(url)[0];
    if (known && below(random, 3) === 0) store.remove(known);
    else if (known) known.visited = true;
    else store.put(response(url, below(random, 3000), { 'Cache-Tag': `t${below(random, 5)}` }));
    expect(store.bytes).toBeLessThanOrEqual(20_000);
  }
  const all = [...store.all()];
  expect(all).toHaveLength(store.count);
  expect(all.reduce((sum, one) => sum + one.bytes, 0)).toBe(store.bytes);
  const tagged = [0, 1, 2, 3, 4].flatMap((tag) => [...store.tagged(`t${tag}`)]);
  expect(new Set(tagged)).toEqual(new Set(all));
  for (const one of all) store.remove(one);
  expect([store.bytes, store.count, [...store.tagged('t0')].length]).toEqual([0, 0, 0]);
});

test('what is used stays, whatever passes by once', () => {
  const store = new MemoryStore({ capacity: 30_000 });
  store.put(response('often', 1000));
  for (let i = 0; i < 500; i++) {
    store.put(response(`once ${i}`, 1000));
    const [often] = store.get('often');
    expect(often).toBeDefined();
    if (often) often.visited = true;
  }
  expect(store.evicted).toBeGreaterThan(400);
});

test('one that is larger than its share is not kept, and lets nothing go', () => {
  const store = new MemoryStore({ capacity: 20_000, largestShare: 0.25 });
  store.put(response('small', 1000));
  expect(store.put(response('large', 6000))).toBe(false);
  expect([...store.all()].map(({ url }) => url)).toEqual(['small']);
});

test('the same selecting key replaces, another stands beside it, up to a limit', () => {
  const store = new MemoryStore();
  store.put(response('u', 10, {}, 'a'));
  store.put(response('u', 20, {}, 'b'));
  store.put(response('u', 30, {}, 'a'));
  expect(store.get('u').map(({ size }) => size)).toEqual([30, 20]);
  for (let i = 0; i < 100; i++) store.put(response('u', 1, {}, `k${i}`));
  expect(store.get('u')).toHaveLength(64);
  expect(store.count).toBe(64);
});

test('bodies on their way in count too', () => {
  const store = new MemoryStore({ capacity: 10_000 });
  store.put(response('u', 1000));
  expect([store.reserve(9000), store.count]).toEqual([true, 0]);
  expect(store.reserve(2000)).toBe(false);
  store.release(9000);
  expect(store.bytes).toBe(0);
});
