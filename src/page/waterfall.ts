/** A page load as text: each object on one axis of time, with what it waited for. */
import { grouped } from '../http/index.ts';
import type { Page, PageObject } from './load-page.ts';

export interface WaterfallOptions {
  /** Columns of the terminal; default 100. */
  readonly width?: number;
}

/** What an object is waiting for, and how that is drawn. */
const PHASES = [
  ['name', '·'],
  ['connect', '-'],
  ['wait', '░'],
  ['receive', '█'],
] as const;

type Phase = (typeof PHASES)[number][0];

export const WATERFALL_LEGEND: string = PHASES.map(([phase, mark]) => `${mark} ${phase}`).join(
  '   ',
);

/** The lines of a page load, with an axis above. */
export function waterfall(page: Page, { width = 100 }: WaterfallOptions = {}): string {
  const all = [page.page, ...page.objects];
  const names = all.map(({ url }) => shortName(url, page.url));
  const nameWidth = Math.min(40, Math.max(6, ...names.map((name) => name.length)));
  const bars = Math.max(20, width - nameWidth - 30);
  const end = `${page.totalMs.toFixed(1)} ms`;
  const axis = `0${end.padStart(bars - 1)}`;
  const head = `${'object'.padEnd(nameWidth)} status     bytes        ms  ${axis}`;
  const lines = all.map((object, i) => {
    const name = clipped(names[i] as string, nameWidth).padEnd(nameWidth);
    const status = (object.status === 0 ? 'failed' : String(object.status)).padStart(6);
    const bytes = grouped(object.bytes).padStart(9);
    const took = (object.endMs - object.startMs).toFixed(1).padStart(9);
    return `${name} ${status} ${bytes} ${took}  ${bar(object, page.totalMs, bars)}`.trimEnd();
  });
  return [head, ...lines, '', `${WATERFALL_LEGEND}`, ''].join('\n');
}

/** The times of an object, from its start on the page's own clock. */
export function phasesOf(object: PageObject): readonly (readonly [Phase | 'blocked', number])[] {
  const { timings, startMs, endMs } = object;
  if (!timings) return [['wait', endMs - startMs]];
  const { nameMs, connectMs, waitMs, receiveMs } = timings;
  const blocked = Math.max(0, endMs - startMs - nameMs - connectMs - waitMs - receiveMs);
  return [
    ['blocked', blocked],
    ['name', nameMs],
    ['connect', connectMs],
    ['wait', waitMs],
    ['receive', receiveMs],
  ];
}

function bar(object: PageObject, totalMs: number, width: number): string {
  const scale = (ms: number): number => Math.round((ms / Math.max(totalMs, 0.001)) * width);
  let at = object.startMs;
  let text = ' '.repeat(scale(at));
  for (const [phase, ms] of phasesOf(object)) {
    const mark = PHASES.find(([name]) => name === phase)?.[1] ?? ' ';
    const from = scale(at);
    at += ms;
    text += mark.repeat(Math.max(0, scale(at) - from));
  }
  // Too quick to be seen is not the same as not there.
  return text.trim() === '' ? `${text}▏` : text;
}

/** The path on the page's own site, the host too on others. */
function shortName(url: string, pageUrl: string): string {
  const { origin, host, pathname, search } = new URL(url);
  return origin === new URL(pageUrl).origin ? pathname + search : host + pathname + search;
}

function clipped(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
