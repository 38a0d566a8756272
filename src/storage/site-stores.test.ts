/** One suite for every store of a web site. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type CounterStore,
  memoryCounterStore,
  memorySessionStore,
  type SessionEntry,
  type SessionStore,
} from '../sessions/index.ts';
import { sqliteSiteStore } from './index.ts';

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

interface Kind {
  readonly kind: string;
  make(): {
    readonly sessions: SessionStore;
    readonly counters: CounterStore;
    close?(): void;
  };
}

const KINDS: Kind[] = [
  {
    kind: 'memory',
    make: () => ({ sessions: memorySessionStore(), counters: memoryCounterStore() }),
  },
  { kind: 'SQLite', make: () => sqliteSiteStore(join(folder, 'site.sqlite')) },
];

describe.each(KINDS)('a store in $kind', ({ make }) => {
  it('keeps, replaces and removes', async () => {
    const { sessions: store, close } = make();
    expect([await store.load('a'), await store.entries(9)]).toEqual([undefined, []]);
    await store.save(entry('a'));
    await store.save(entry('a', { data: {} }));
    expect(await store.load('a')).toEqual(entry('a', { data: {} }));
    await store.save(entry('b'), 'a');
    expect([await store.load('a'), await store.load('b')]).toEqual([undefined, entry('b')]);
    await store.remove('b');
    await store.remove('none');
    expect(await store.entries(9)).toEqual([]);
    close?.();
  });

  it('tells those seen last first, and prunes the others', async () => {
    const { sessions: store, close } = make();
    for (const seen of [3, 1, 5, 2, 4])
      await store.save(entry(`v${seen}`, { seen, expires: seen * 10 }));
    const ids = async (limit: number) => (await store.entries(limit)).map(({ id }) => id);
    expect(await ids(2)).toEqual(['v5', 'v4']);
    await store.prune(20, 99);
    expect(await ids(9)).toEqual(['v5', 'v4', 'v3']);
    await store.prune(0, 2);
    expect(await ids(9)).toEqual(['v5', 'v4']);
    close?.();
  });

  it('is not changed by what happens to an entry afterwards', async () => {
    const { sessions: store, close } = make();
    const data = { basket: { book: 1 } };
    await store.save(entry('a', { data }));
    data.basket.book = 7;
    expect((await store.load('a'))?.data).toEqual({ basket: { book: 1 } });
    close?.();
  });

  it('counts upwards only', async () => {
    const { counters, close } = make();
    const steps = [5, 5, 4, 6, -1, 7];
    const taken: boolean[] = [];
    for (const step of steps) taken.push(await counters.advance('alice', step));
    expect(taken).toEqual([true, false, false, true, false, true]);
    expect([await counters.advance('bob', 0), await counters.advance('bob', 0)]).toEqual([
      true,
      false,
    ]);
    close?.();
  });
});

it('an SQLite file has everything again after it was closed, and no text does it harm', async () => {
  const file = join(folder, 'site.sqlite');
  const id = "'; DROP TABLE session; --";
  const first = sqliteSiteStore(file);
  await first.sessions.save(entry(id));
  await first.counters.advance(id, 3);
  first.close();
  const again = sqliteSiteStore(file);
  expect(await again.sessions.load(id)).toEqual(entry(id));
  expect(await again.counters.advance(id, 3)).toBe(false);
  again.close();
});
