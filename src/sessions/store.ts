import type { CounterStore, SessionEntry, SessionStore } from './types.ts';

/** Keeps entries as long as the object lives. */
export function memorySessionStore(): SessionStore {
  const entries = new Map<string, SessionEntry>();
  const bySeen = () => [...entries.values()].sort((a, b) => b.seen - a.seen);
  return {
    async load(id) {
      return entries.get(id);
    },
    async save(entry, replaces) {
      if (replaces !== undefined) entries.delete(replaces);
      // A copy: what a handler changes later is kept only when it is saved.
      entries.set(entry.id, { ...entry, data: structuredCopy(entry.data) });
    },
    async remove(id) {
      entries.delete(id);
    },
    async entries(limit) {
      return bySeen().slice(0, limit);
    },
    async prune(now, keep) {
      for (const { id, expires } of entries.values()) if (expires <= now) entries.delete(id);
      for (const { id } of bySeen().slice(keep)) entries.delete(id);
    },
  };
}

function structuredCopy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** Keeps counters as long as the object lives. */
export function memoryCounterStore(): CounterStore {
  const counters = new Map<string, number>();
  return {
    async advance(name, value) {
      if (value <= (counters.get(name) ?? Number.NEGATIVE_INFINITY)) return false;
      counters.set(name, value);
      return true;
    },
  };
}
