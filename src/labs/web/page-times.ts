/** A page in the ways of the course, loaded by the real client and server, beside the formulas. */
import { HttpClient, serveHttp } from '../../http/index.ts';
import { World } from '../../net/sim/index.ts';
import { loadPage, type Page, type PageMode, waterfall } from '../../page/index.ts';
import { type PageFormula, pageFormula, slowStartFormula } from './page-formulas.ts';

export interface PageTimesOptions {
  readonly seed: string;
  readonly rttMs?: number;
  /** Bits a second. */
  readonly rate?: number;
  readonly objects?: number;
  /** Bytes of the base file and of each object. */
  readonly size?: number;
  readonly connections?: number;
  readonly slowStart?: boolean;
}

export const PAGE_TIMES_DEFAULTS: Required<Omit<PageTimesOptions, 'seed'>> = {
  rttMs: 100,
  rate: 10e6,
  objects: 10,
  size: 10_000,
  connections: 6,
  slowStart: false,
};

/** What TCP may send before the first acknowledgement (RFC 6928). */
export const FIRST_WINDOW = 14_600;

export interface PageTimesRow {
  readonly mode: PageMode;
  /** With the bytes of the files alone; undefined where the course has no closed form. */
  readonly formula: PageFormula | undefined;
  /** The same with the heads of the answers, which take time too. */
  readonly withHeadsMs: number | undefined;
  readonly measuredMs: number;
  readonly page: Page;
}

/** In the order of the course. */
const MODES: readonly PageMode[] = ['serial', 'parallel', 'persistent', 'pipelined'];

/** Loads the page in each way, each in a world of its own. */
export async function comparePageModes(options: PageTimesOptions): Promise<PageTimesRow[]> {
  const all = { ...PAGE_TIMES_DEFAULTS, ...options };
  const rows: PageTimesRow[] = [];
  for (const mode of MODES) rows.push(await measure(all, mode));
  return rows;
}

type Options = Required<PageTimesOptions>;

async function measure(options: Options, mode: PageMode): Promise<PageTimesRow> {
  const world = new World({ seed: `${options.seed} ${mode}`, strict: true });
  // The course counts the way of the answers: requests are short, and the way up has no limit.
  const client = world.host('client', { latency: options.rttMs / 2, down: options.rate });
  const server = world.host('server', { slowStart: options.slowStart });
  const load = async (): Promise<Page> => {
    await serveHttp(server, { handler: siteOf(options) });
    const http = new HttpClient(client, { connectionsPerOrigin: options.connections });
    const { connections } = options;
    const page = await loadPage(http, `http://${server.address}/`, { mode, connections });
    http.close();
    return page;
  };
  const page = await world.run(load());
  return { mode, page, measuredMs: page.totalMs, ...computed(options, mode, page) };
}

function siteOf({ objects, size }: Options): Parameters<typeof serveHttp>[1]['handler'] {
  const images = Array.from({ length: objects }, (_, i) => `<img src="/${i + 1}.png" alt="">`);
  const html = `<!DOCTYPE html><title>A page</title>${images.join('')}`;
  const base = { status: 200, headers: { 'Content-Type': 'text/html' }, body: html.padEnd(size) };
  const headers = { 'Content-Type': 'image/png' };
  const image = { status: 200, headers, body: new Uint8Array(size) };
  return ({ path }) => (path === '/' ? base : image);
}

function computed(
  options: Options,
  mode: PageMode,
  { page, objects }: Page,
): Pick<PageTimesRow, 'formula' | 'withHeadsMs'> {
  const heads = [page, ...objects].map(({ exchange }) => exchange?.headBytes ?? 0);
  const [baseHead = 0, objectHead = 0] = heads;
  const sizes = { baseBytes: page.bytes, objectBytes: objects[0]?.bytes ?? 0 };
  if (options.slowStart) return slowStarts(options, mode, sizes, [baseHead, objectHead]);
  const formula = pageFormula(mode, { ...options, ...sizes });
  const withHeads = pageFormula(mode, {
    ...options,
    baseBytes: sizes.baseBytes + baseHead,
    objectBytes: sizes.objectBytes + objectHead,
  });
  return { formula, withHeadsMs: withHeads?.ms };
}

/** Connections that begin anew have a closed form; those that go on depend on what went before. */
function slowStarts(
  options: Options,
  mode: PageMode,
  { baseBytes, objectBytes }: { baseBytes: number; objectBytes: number },
  [baseHead, objectHead]: readonly [number, number],
): Pick<PageTimesRow, 'formula' | 'withHeadsMs'> {
  if (mode !== 'serial') return { formula: undefined, withHeadsMs: undefined };
  const sum = (base: number, object: number): number =>
    slowStartFormula(options, base, FIRST_WINDOW).ms +
    options.objects * slowStartFormula(options, object, FIRST_WINDOW).ms;
  const { text } = slowStartFormula(options, objectBytes, FIRST_WINDOW);
  return {
    formula: { text: `(N+1)(${text})`, ms: sum(baseBytes, objectBytes) },
    withHeadsMs: sum(baseBytes + baseHead, objectBytes + objectHead),
  };
}

const NAMES: Readonly<Record<PageMode, string>> = {
  browser: 'as browsers do',
  serial: 'a connection each, one by one',
  parallel: 'a connection each, in parallel',
  persistent: 'one kept connection',
  pipelined: 'one kept connection, pipelined',
};

/** Formula and measurement side by side, in seconds. */
export function pageTimesTable(
  rows: readonly PageTimesRow[],
  { bars = false }: { readonly bars?: boolean } = {},
): string {
  const seconds = (ms: number | undefined): string =>
    ms === undefined ? '-' : (ms / 1000).toFixed(4);
  const head = `${'way'.padEnd(32)}${'formula'.padEnd(40)}${'computed'.padStart(10)}${'with heads'.padStart(12)}${'measured'.padStart(10)}`;
  const lines = rows.map(
    ({ mode, formula, withHeadsMs, measuredMs }) =>
      `${NAMES[mode].padEnd(32)}${(formula?.text ?? 'no closed form').padEnd(40)}${seconds(formula?.ms).padStart(10)}${seconds(withHeadsMs).padStart(12)}${seconds(measuredMs).padStart(10)}`,
  );
  const more = bars ? rows.flatMap(({ mode, page }) => ['', NAMES[mode], waterfall(page)]) : [];
  const about =
    'R round trip, O/C transmission of an object, N objects beside the base file, k connections; times in seconds';
  return [head, ...lines, '', about, ...more, ''].join('\n');
}
