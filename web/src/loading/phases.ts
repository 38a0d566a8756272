/** What the objects of a page waited for, and the axis that they are drawn on. */
import type { LoadView } from '../../../src/internet/dashboard/api.ts';

export type Page = LoadView['page'];
export type PageObject = Page['page'];

export const PHASES = ['name', 'connect', 'wait', 'receive'] as const;

export type Phase = (typeof PHASES)[number];

export interface Span {
  readonly phase: Phase;
  /** Since the page was begun, in ms. */
  readonly from: number;
  readonly to: number;
}

/** Its phases one after the other up to its end; before them it waited for a connection to be free. */
export function spansOf({ timings, startMs, endMs }: PageObject): readonly Span[] {
  if (!timings) return [{ phase: 'wait', from: startMs, to: endMs }];
  const lengths = PHASES.map((phase) => timings[`${phase}Ms`]);
  let at = Math.max(startMs, endMs - lengths.reduce((sum, ms) => sum + ms, 0));
  return PHASES.flatMap((phase, index) => {
    const from = at;
    at += lengths[index] ?? 0;
    return at > from ? [{ phase, from, to: at }] : [];
  });
}

/** Round numbers on an axis from 0: 1, 2 or 5 of some power of ten, at most `most` of them beside 0. */
export function ticksOf(total: number, most: number): readonly number[] {
  if (!(total > 0)) return [0];
  const least = total / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10) * power;
  return Array.from({ length: Math.floor(total / step) + 1 }, (_, index) => index * step);
}

/** The page itself, then its objects. */
export function allOf(page: Page): readonly PageObject[] {
  return [page.page, ...page.objects];
}

/** The path of an object; its host too where that is another than the page's own. */
export function shortName(url: string, pageUrl: string): string {
  const { origin, host, pathname, search } = new URL(url);
  if (url === pageUrl && pathname === '/') return host;
  return `${origin === new URL(pageUrl).origin ? '' : host}${pathname}${search}`;
}
