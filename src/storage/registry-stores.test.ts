/** One suite for every store of a registry, and of a registrar. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Domain,
  type HostingStore,
  memoryHostingStore,
  memoryRegistryStore,
  type RegistryStore,
} from '../registration/index.ts';
import { sqliteHostingStore, sqliteRegistryStore, sqliteStores } from './index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toplayer-storage-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const domain = (name: string, more: Partial<Domain> = {}): Domain => ({
  name,
  handle: 'D1-COM',
  registrant: { name: 'Ann “the author” 😀', email: 'ann@books.com' },
  registrar: 'course',
  created: 1_767_225_600_000,
  updated: 1_767_225_600_001,
  expires: 1_798_761_600_000,
  nameServers: [{ name: `ns.${name}`, addresses: ['127.0.0.1', '::1'] }],
  locks: ['clientHold'],
  authCode: 'secret',
  ...more,
});

interface Kind {
  readonly kind: string;
  registry(): RegistryStore & { close?(): void };
  hosting(): HostingStore & { close?(): void };
}

const KINDS: Kind[] = [
  { kind: 'memory', registry: memoryRegistryStore, hosting: memoryHostingStore },
  {
    kind: 'SQLite',
    registry: () => sqliteRegistryStore(join(folder, 'registry.sqlite')),
    hosting: () => sqliteHostingStore(join(folder, 'hosting.sqlite')),
  },
];

describe.each(KINDS)('a store in $kind', ({ registry, hosting }) => {
  it('of a registry is empty at first', async () => {
    const store = registry();
    expect(await store.load()).toEqual({ domains: [], revision: 0 });
    store.close?.();
  });

  it('keeps what was put, replaced and removed, and the revision', async () => {
    const store = registry();
    const [books, maps] = [domain('books.com'), domain('maps.com', { deleted: 5 })];
    await store.commit({ revision: 1, put: [books, maps], remove: [] });
    const later = { ...maps, registrar: 'other' };
    await store.commit({ revision: 2, put: [later], remove: ['books.com', 'none.com'] });
    expect(await store.load()).toEqual({ domains: [later], revision: 2 });
    store.close?.();
  });

  it('of a registrar keeps addresses and serials', async () => {
    const store = hosting();
    await store.set('books.com', ['127.0.0.1'], 1);
    await store.set('maps.com', ['::1'], 1);
    await store.set('books.com', [], 2);
    expect(await store.load()).toEqual([
      { name: 'books.com', addresses: [], serial: 2 },
      { name: 'maps.com', addresses: ['::1'], serial: 1 },
    ]);
    store.close?.();
  });
});

describe('an SQLite file', () => {
  it('has everything again after it was closed', async () => {
    const stores = sqliteStores(join(folder, 'new'));
    await stores.registry('com.').commit({ revision: 3, put: [domain('a.com')], remove: [] });
    await stores.hosting('www.registrar').set('a.com', ['127.0.0.1'], 1);
    stores.close();
    expect(await stores.registry('com.').load()).toEqual({
      domains: [domain('a.com')],
      revision: 3,
    });
    expect(await stores.registry('edu.').load()).toEqual({ domains: [], revision: 0 });
    expect(await stores.hosting('www.registrar').load()).toHaveLength(1);
    stores.close();
  });

  it("is one process's; a second user is told so", () => {
    const file = join(folder, 'registry.sqlite');
    const store = sqliteRegistryStore(file);
    expect(() => sqliteRegistryStore(file)).toThrow(/another process has it open/);
    store.close();
  });

  it('of a newer version, and what is none, are refused with the reason', () => {
    const file = join(folder, 'registry.sqlite');
    sqliteRegistryStore(file).close();
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => sqliteRegistryStore(file)).toThrow(
      /written by a newer toplayer: its schema is 99/,
    );
    expect(() => sqliteRegistryStore(folder)).toThrow(/can't be used: unable to open/);
  });

  it('commits all of a change or nothing', async () => {
    const store = sqliteRegistryStore(join(folder, 'registry.sqlite'));
    await store.commit({ revision: 1, put: [domain('a.com')], remove: [] });
    const broken = { revision: Number.NaN, put: [domain('b.com')], remove: ['a.com'] };
    await expect(store.commit(broken)).rejects.toThrow();
    expect(await store.load()).toEqual({ domains: [domain('a.com')], revision: 1 });
    store.close();
  });
});
