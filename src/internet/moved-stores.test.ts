import { expect, it } from 'vitest';
import type { Domain } from '../registration/index.ts';
import { movedStores } from './moved-stores.ts';
import { memoryStores } from './registration.ts';

const DOMAIN: Domain = {
  name: 'books.com',
  handle: 'D1-COM',
  registrant: { name: 'Ann' },
  registrar: 'course',
  created: 0,
  updated: 0,
  expires: 1,
  nameServers: [{ name: 'ns.books.com', addresses: ['127.20.9.9', '127.200.9.9', '::1'] }],
  locks: [],
  authCode: 'x',
};

it('what was kept in one network is found in another, and back', async () => {
  const stores = memoryStores();
  const here = movedStores(stores, '127.20', '127.21');
  await stores.registry('com.').commit({ revision: 1, put: [DOMAIN], remove: [] });
  await stores.hosting('a').set('books.com', ['127.20.1.1'], 1);
  const { domains } = await here.registry('com.').load();
  expect(domains[0]?.nameServers[0]?.addresses).toEqual(['127.21.9.9', '127.200.9.9', '::1']);
  expect((await here.hosting('a').load())[0]?.addresses).toEqual(['127.21.1.1']);
  await here.registry('com.').commit({ revision: 2, put: domains, remove: [] });
  await here.hosting('a').set('books.com', ['127.21.1.1'], 1);
  expect(await stores.registry('com.').load()).toEqual({ domains: [DOMAIN], revision: 2 });
  expect((await stores.hosting('a').load())[0]?.addresses).toEqual(['127.20.1.1']);
  expect(movedStores(stores, '127.20', '127.20')).toBe(stores);
});
