/** What a proxy keeps, as it is shown: counted down here between two looks at it. */
import type { ProxyView } from '../../../src/internet/dashboard/api-web.ts';

export type ProxyEntry = ProxyView['entries'][number];

export type EntryOrder = 'url' | 'fresh' | 'hits';

/** Seconds that it is still fresh, `elapsed` ms after it was looked at; below 0 it is stale. */
export function freshAfter({ freshFor }: ProxyEntry, elapsed: number): number {
  return freshFor - Math.floor(elapsed / 1_000);
}

export function ageAfter({ age }: ProxyEntry, elapsed: number): number {
  return age + Math.floor(elapsed / 1_000);
}

/** The share of its lifetime that is left, 0 to 1. */
export function shareFresh(entry: ProxyEntry, elapsed: number): number {
  const { lifetime } = entry;
  return lifetime > 0 ? Math.min(1, Math.max(0, freshAfter(entry, elapsed) / lifetime)) : 0;
}

/** What holds all words of `text`, in order. */
export function shownEntries(
  entries: readonly ProxyEntry[],
  text: string,
  order: EntryOrder,
): readonly ProxyEntry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return entries
    .filter((entry) => words.every((word) => textOf(entry).includes(word)))
    .sort((a, b) => compare(a, b, order) || (a.url < b.url ? -1 : a.url > b.url ? 1 : 0));
}

function textOf({ url, type = '', tags, vary, status }: ProxyEntry): string {
  return [url, type, vary, status, ...tags].join(' ').toLowerCase();
}

/** What is fresh for the shortest time first; what was used most first. */
function compare(a: ProxyEntry, b: ProxyEntry, order: EntryOrder): number {
  if (order === 'hits') return b.hits - a.hits;
  return order === 'fresh' ? a.freshFor - b.freshFor : 0;
}

/** One representation of a URL among those that Vary tells apart. */
export function entryKey({ url, vary, storedAt }: ProxyEntry): string {
  return `${url} ${vary} ${storedAt}`;
}
