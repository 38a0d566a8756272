/** What a resolver remembers, as it is shown: counted down here between two looks at it. */
import type { CacheEntryView } from '../../../src/internet/dashboard/api.ts';
import { compareNames } from './tree.ts';

export type CacheOrder = 'name' | 'left';

/** Seconds that are left of an entry, `elapsed` ms after it was looked at; never below 0. */
export function leftAfter({ left }: CacheEntryView, elapsed: number): number {
  return Math.max(0, Math.ceil(left - elapsed / 1_000));
}

/** The share of its lifetime that is left, 0 to 1. */
export function shareLeft({ ttl }: CacheEntryView, left: number): number {
  return ttl > 0 ? Math.min(1, left / ttl) : 0;
}

/** What holds all words of `text`, in order. */
export function shownEntries(
  entries: readonly CacheEntryView[],
  text: string,
  order: CacheOrder,
): readonly CacheEntryView[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return entries
    .filter((entry) => words.every((word) => textOf(entry).includes(word)))
    .sort((a, b) => (order === 'left' && a.left - b.left) || compareEntries(a, b));
}

function textOf({ name, type, denial, data, source, stale }: CacheEntryView): string {
  return [name, type ?? '', denial ?? '', ...data, source, stale ? 'stale' : '']
    .join(' ')
    .toLowerCase();
}

function compareEntries(a: CacheEntryView, b: CacheEntryView): number {
  return compareNames(a.name, b.name) || ((a.type ?? '') < (b.type ?? '') ? -1 : 1);
}

/** `57 s`, `4 min 12 s`, `23 h 59 min 57 s`. */
export function lifetimeText(seconds: number): string {
  const [hours, minutes, rest] = [
    Math.floor(seconds / 3600),
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  if (seconds < 60) return `${seconds} s`;
  const tail = `${String(rest).padStart(2, '0')} s`;
  if (hours === 0) return `${minutes} min ${tail}`;
  return `${hours} h ${String(minutes).padStart(2, '0')} min ${tail}`;
}

/** A round lifetime without its zeros: `24 h`, `5 min`. */
export function ttlText(seconds: number): string {
  if (seconds % 3600 === 0 && seconds > 0) return `${seconds / 3600} h`;
  if (seconds % 60 === 0 && seconds > 0) return `${seconds / 60} min`;
  return lifetimeText(seconds);
}
