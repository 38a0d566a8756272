/** Purging, listing, counting. */
import { expect, test } from 'vitest';
import { Stage } from '../../test/cache/stage.ts';

async function filled(): Promise<Stage> {
  const stage = new Stage();
  stage.reply = ({ target }) => ({
    headers: {
      'Cache-Control': 'max-age=100',
      ETag: '"a"',
      'Cache-Tag': target.startsWith('/shop') ? 'shop, all' : 'all',
      'Content-Type': 'text/plain',
    },
    body: target,
  });
  for (const path of ['/', '/shop/1', '/shop/2', '/news']) await stage.get(path);
  return stage;
}

const urls = (stage: Stage): string[] =>
  stage.cache.view().map(({ url }) => url.replace('http://a.example', ''));

test('by URL, by prefix and by tag', async () => {
  const stage = await filled();
  expect(stage.cache.purge({ url: 'http://a.example/news' })).toBe(1);
  expect(stage.cache.purge({ url: 'http://a.example/none' })).toBe(0);
  expect(urls(stage)).toEqual(['/shop/2', '/shop/1', '/']);
  expect(stage.cache.purge({ tag: 'shop' })).toBe(2);
  expect(urls(stage)).toEqual(['/']);
  expect(stage.cache.purge({ prefix: 'http://a.example/' })).toBe(1);
  expect(stage.statistics).toMatchObject({ entries: 0, bytesStored: 0 });
});

test('softly: what is purged is validated, and used again after a 304', async () => {
  const stage = await filled();
  expect(stage.cache.purge({ tag: 'all' }, { soft: true })).toBe(4);
  expect(stage.cache.view().every(({ invalid }) => invalid)).toBe(true);
  stage.reply = () => ({ status: 304, headers: { ETag: '"a"' } });
  const { text, why } = await stage.get('/');
  expect([text, why]).toEqual(['/', 'fwd=stale; fwd-status=304; ttl=100; detail=invalidated']);
  expect((await stage.get('/')).why).toMatch(/^hit/);
});

test('a listing that a page can show', async () => {
  const stage = await filled();
  stage.pass(10);
  await stage.get('/shop/1');
  const [, , one] = stage.cache.view();
  expect(one).toMatchObject({
    url: 'http://a.example/shop/1',
    vary: '',
    status: 200,
    type: 'text/plain',
    complete: true,
    age: 10,
    freshFor: 90,
    invalid: false,
    hits: 1,
    tags: ['shop', 'all'],
  });
  expect(stage.statistics).toMatchObject({
    requests: 5,
    hits: 1,
    misses: 4,
    entries: 4,
    hitRatio: 0.2,
    bytesSaved: 7,
  });
});
