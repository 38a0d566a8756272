import { writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { CONNECTIONS_PER_ORIGIN, reasonFor } from '../../../http/index.ts';
import { UsageError } from '../../../lib/errors.ts';
import { type SavedObject, savePage } from '../../../mime/index.ts';
import { calendar } from '../../../net/index.ts';
import {
  harOf,
  loadPage,
  PAGE_MODES,
  type Page,
  type PageContent,
  type PageMode,
  type PageObject,
  waterfall,
} from '../../../page/index.ts';
import { takeSeat } from '../../seat.ts';
import type { CliTools } from '../../tools.ts';
import { VERSION } from '../../version.ts';
import {
  type ClientFlags,
  clientOptions,
  openClient,
  type Place,
  withScheme,
} from './client-flags.ts';

interface Way {
  readonly mode: PageMode;
  readonly connections: number;
}

interface PageFlags extends ClientFlags {
  readonly mode?: Way;
  readonly waterfall?: true;
  readonly har?: string;
  readonly mhtml?: string;
  readonly json?: true;
}

export function registerPage(program: Command, tools: CliTools): void {
  const command = program
    .command('page')
    .description('get a page with everything that it names, and show the times')
    .argument('<url>', 'http://NAME/PATH or https://...; without a scheme, http:// is meant')
    .option(
      '--mode <way>',
      'browser[=6] (default), serial, parallel[=6], persistent or pipelined',
      way,
    )
    .option('--waterfall', 'each object on one axis of time')
    .option('--har <file>', "write a HAR file, which browsers' developer tools open");
  command.option(
    '--mhtml <file>',
    'save the page with its objects as one file, which browsers open',
  );
  clientOptions(command)
    .option('--json', 'the page as one JSON object')
    .addHelpText(
      'after',
      `
The ways to get the objects of a page:
  browser     several kept connections, as browsers do
  serial      a connection for each object, one after the other
  parallel    a connection for each object, several at a time
  persistent  one kept connection, one object after the other
  pipelined   one kept connection, all requests at once
"toplayer experiment pages" compares them on a simulated path with the course's formulas.
Exits with 1 when anything is missing.

Examples:
  toplayer page www.campus.edu --waterfall
  toplayer page www.campus.edu --mode pipelined
  toplayer page www.campus.edu --mhtml campus.mhtml
  toplayer page --mode parallel=3 --har campus.har www.campus.edu --from bob`,
    )
    .action(async (url: string, flags: PageFlags) => {
      process.exitCode = await runPage(tools, withScheme(url), flags);
    });
}

function way(text: string): Way {
  const [name, count] = text.split('=');
  const mode = PAGE_MODES.find((one) => one === name);
  const connections = count === undefined ? CONNECTIONS_PER_ORIGIN : Number(count);
  const counted = mode === 'browser' || mode === 'parallel';
  const fits = count === undefined || (counted && /^\d{1,3}$/.test(count) && connections > 0);
  if (mode && fits) return { mode, connections };
  throw new InvalidArgumentError(
    'expected browser, serial, parallel, persistent or pipelined; browser=4 and parallel=4 say how many connections.',
  );
}

async function runPage(tools: CliTools, url: string, flags: PageFlags): Promise<number> {
  const seat = flags.from === undefined ? undefined : await takeSeat(tools, flags.from);
  const place: Place = seat ?? { host: tools.host(), lookup: tools.lookup() };
  const { mode, connections } = flags.mode ?? way('browser');
  const more = { connectionsPerOrigin: connections };
  const { client, close } = await openClient(tools, place, flags, more);
  const startedAt = calendar(place.host.clock);
  const contents: PageContent[] = [];
  try {
    const page = await loadPage(client, url, {
      mode,
      connections,
      signal: tools.signal,
      ...(flags.timeout !== undefined && { timeoutMs: flags.timeout }),
      ...(flags.mhtml !== undefined && { onContent: (content) => contents.push(content) }),
    });
    if (flags.mhtml !== undefined) {
      const objects = pageFirst(contents, page);
      const { random: luck } = place.host;
      await writeFile(
        flags.mhtml,
        savePage({ title: page.title, objects }, { now: startedAt, luck }),
      );
      tools.note(`${flags.mhtml}: ${objects.length} parts`);
    }
    if (flags.har !== undefined) {
      const har = harOf(page, { startedAt, version: VERSION });
      await writeFile(flags.har, `${JSON.stringify(har, null, 2)}\n`);
      tools.note(`${flags.har}: ${page.objects.length + 1} entries`);
    }
    tools.out(flags.json ? `${JSON.stringify(page)}\n` : pageText(page, flags.waterfall ?? false));
    return page.ok ? 0 : 1;
  } finally {
    await close();
    await seat?.leave();
  }
}

/** The page, which came first, under the URL that its references are relative to; then what it names, in its order. */
function pageFirst([first, ...rest]: readonly PageContent[], page: Page): SavedObject[] {
  if (!first) throw new UsageError('the page did not come well: there is nothing to save');
  const order = new Map(page.objects.map(({ url }, i) => [url, i]));
  const at = ({ url }: PageContent): number => order.get(url) ?? order.size;
  return [{ ...first, url: page.url }, ...rest.sort((a, b) => at(a) - at(b))];
}

/** A line for each object, with the time it took and when it came; or the waterfall. */
export function pageText(page: Page, drawn = false): string {
  const all = [page.page, ...page.objects];
  const width = process.stdout.columns ?? 100;
  const rows = drawn ? `${waterfall(page, { width })}` : all.map(objectLine).join('');
  const failed = all.filter(({ status }) => status < 200 || status > 299).length;
  const count = `${page.objects.length} object${page.objects.length === 1 ? '' : 's'}`;
  const end = failed === 0 ? '' : `, ${failed} failed`;
  const total = `${page.totalBytes} bytes in ${page.totalMs.toFixed(1)} ms`;
  return `${page.title || page.url}\n${rows}${count}, ${total}${end}\n`;
}

function objectLine(object: PageObject): string {
  const took = (object.endMs - object.startMs).toFixed(1).padStart(8);
  const at = object.startMs.toFixed(1).padStart(8);
  const status = object.error ?? `${object.status} ${reasonFor(object.status)}`;
  const connection = object.timings?.reused === false ? ' (new connection)' : '';
  return `${at} +${took} ms  ${String(object.bytes).padStart(8)} B  ${status}  ${object.url}${connection}\n`;
}
