/** One suite for every store of sessions. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memorySessionStore, type SessionEntry, type SessionStore } from '../sessions/index.ts';
import { sqliteSessionStore } from './index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toplayer-sessions-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const entry = (id: string, more: Partial<SessionEntry> = {}): SessionEntry => ({
  id,
  created: 1_767_225_600_000.5,
  seen: 1_767_225_600_001,
  expires: 1_798_761_600_000,
  data: { looked: ['kettle', 'lamp “bright” 😀'], basket: { book: 2 }, user: null },
  ...more,
});

const KINDS: { kind: string; make: () => SessionStore & { close?(): void } }[] = [
  { kind: 'memory', make: memorySessionStore },
  { kind: 'SQLite', make: () => sqliteSessionStore(join(folder, 'sessions.sqlite')) },
];

describe.each(KINDS)('a store in $kind', ({ make }) => {
  it('keeps, replaces and removes', async () => {
    const store = make();
    expect([await store.load('a'), await store.entries(9)]).toEqual([undefined, []]);
    await store.save(entry('a'));
    await store.save(entry('a', { data: {} }));
    expect(await store.load('a')).toEqual(entry('a', { data: {} }));
    await store.save(entry('b'), 'a');
    expect([await store.load('a'), await store.load('b')]).toEqual([undefined, entry('b')]);
    await store.remove('b');
    await store.remove('none');
    expect(await store.entries(9)).toEqual([]);
    store.close?.();
  });

  it('tells those seen last first, and prunes the others', async () => {
    const store = make();
    for (const seen of [3, 1, 5, 2, 4])
      await store.save(entry(`v${seen}`, { seen, expires: seen * 10 }));
    const ids = async (limit: number) => (await store.entries(limit)).map(({ id }) => id);
    expect(await ids(2)).toEqual(['v5', 'v4']);
    await store.prune(20, 99);
    expect(await ids(9)).toEqual(['v5', 'v4', 'v3']);
    await store.prune(0, 2);
    expect(await ids(9)).toEqual(['v5', 'v4']);
    store.close?.();
  });

  it('is not changed by what happens to an entry afterwards', async () => {
    const store = make();
    const data = { basket: { book: 1 } };
    await store.save(entry('a', { data }));
    data.basket.book = 7;
    expect((await store.load('a'))?.data).toEqual({ basket: { book: 1 } });
    store.close?.();
  });
});

it('an SQLite file has everything again after it was closed, and no text does it harm', async () => {
  const file = join(folder, 'sessions.sqlite');
  const store = sqliteSessionStore(file);
  await store.save(entry("'; DROP TABLE session; --"));
  store.close();
  const again = sqliteSessionStore(file);
  expect(await again.load("'; DROP TABLE session; --")).toEqual(entry("'; DROP TABLE session; --"));
  again.close();
});
