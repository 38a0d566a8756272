import { writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { type ClientResponse, HttpClient, reasonFor } from '../../http/index.ts';
import { type Endpoint, endpointText, parseEndpoint } from '../../lib/endpoint.ts';
import { UsageError } from '../../lib/errors.ts';
import type { HeaderField } from '../../lib/ordered-headers.ts';
import type { Host, Lookup } from '../../net/index.ts';
import { loadPage, type Page, type PageObject } from '../../page/index.ts';
import { seconds } from '../options.ts';
import { type Seat, takeSeat } from '../seat.ts';
import type { CliTools } from '../tools.ts';

/** What to ask, and how. */
export interface GetOptions {
  readonly method?: string;
  readonly headers?: readonly HeaderField[];
  readonly body?: string;
  /** Asks this endpoint, whatever the URL says. */
  readonly connect?: Endpoint;
  /** Gets what the page names too. */
  readonly objects?: boolean;
  readonly serial?: boolean;
  readonly follow?: boolean;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** One answer with its body, or a page with its objects. */
export type GetResult =
  | { readonly kind: 'answer'; readonly response: ClientResponse; readonly bytes: Uint8Array }
  | { readonly kind: 'page'; readonly page: Page };

/** Gets a URL from any host: the core of `toplayer get`. */
export async function getPage(
  host: Host,
  lookup: Lookup,
  url: string,
  options: GetOptions = {},
): Promise<GetResult> {
  const { connect, signal, timeoutMs } = options;
  const client = new HttpClient(host, { lookup, ...(connect && { connect }) });
  const call = { ...(signal && { signal }), ...(timeoutMs !== undefined && { timeoutMs }) };
  try {
    if (options.objects) {
      const objects = options.serial ? 'serial' : 'parallel';
      return { kind: 'page', page: await loadPage(client, url, { ...call, objects }) };
    }
    const { method, headers, body } = options;
    const response = await client.request(
      {
        url,
        ...(method !== undefined && { method }),
        ...(headers && { headers }),
        ...(body !== undefined && { body }),
      },
      { ...call, redirect: options.follow === false ? 'manual' : 'follow' },
    );
    return { kind: 'answer', response, bytes: await response.body.bytes() };
  } finally {
    client.close();
  }
}

interface Flags {
  readonly include?: true;
  readonly head?: true;
  readonly request?: string;
  readonly header?: readonly HeaderField[];
  readonly data?: string;
  readonly output?: string;
  readonly connect?: Endpoint;
  readonly objects?: true;
  readonly serial?: true;
  readonly follow: boolean;
  readonly timeout?: number;
  readonly json?: true;
  readonly from?: string;
  readonly trace?: true;
  readonly verbose?: true;
  readonly bytes?: true;
}

export function registerGet(program: Command, tools: CliTools): void {
  program
    .command('get')
    .description('get a URL over HTTP, or a page with everything that it names')
    .argument('<url>', 'http://NAME/PATH; without a scheme, http:// is meant')
    .option('-i, --include', 'show the head of the answer too')
    .option('-I, --head', 'ask for the head only')
    .option('-X, --request <method>', 'the method (default: GET, or POST with -d)')
    .option('-H, --header <line>', 'a header field, "Name: value"; may be repeated', field)
    .option('-d, --data <text>', 'the body')
    .option('-o, --output <file>', 'write the body to a file')
    .option('--connect <host:port>', 'ask this address, whatever the URL says', endpoint)
    .option('--objects', 'also get pictures, styles and scripts, and show the times')
    .option('--serial', 'with --objects: one after another on one connection')
    .option('--no-follow', 'show a redirection instead of following it')
    .option('--timeout <seconds>', 'how long an answer may take', seconds)
    .option('--json', 'status, head and times as one JSON object')
    .option('--from <host>', 'as the user at this host of the running internet')
    .option(
      '--trace',
      'show every message of it (gets the objects too, from the first user unless --from)',
    )
    .option('-v, --verbose', 'with --trace: the fields of each message, and why it was sent')
    .option('-x, --bytes', 'with --trace: its bytes')
    .addHelpText(
      'after',
      `
Exits with 1 when the status is 400 or above.

Examples:
  toplayer get www.campus.edu
  toplayer get -i http://www.campus.edu/missing.html
  toplayer get --objects www.campus.edu
  toplayer get --connect 127.0.0.1:8000 www.campus.edu
  toplayer get http://www.campus.edu/ --from alice --trace`,
    )
    .action(async (url: string, flags: Flags) => {
      process.exitCode = await runAnywhere(tools, withScheme(url), flags);
    });
}

function withScheme(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `http://${url}`;
}

function field(line: string, before: readonly HeaderField[] = []): readonly HeaderField[] {
  const colon = line.indexOf(':');
  if (colon <= 0) throw new InvalidArgumentError('expected "Name: value".');
  return [...before, [line.slice(0, colon), line.slice(colon + 1).trim()]];
}

function endpoint(text: string): Endpoint {
  try {
    return parseEndpoint(text, 80);
  } catch (error) {
    if (error instanceof UsageError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

/** From this machine, or from a host of the internet. */
async function runAnywhere(tools: CliTools, url: string, flags: Flags): Promise<number> {
  if (flags.from === undefined && !flags.trace) {
    return runGet(tools, { host: tools.host(), lookup: tools.lookup() }, url, flags);
  }
  const seat = await takeSeat(tools, flags.from);
  try {
    if (!flags.trace) return await runGet(tools, seat, url, flags);
    const silent: CliTools = { ...tools, out() {} };
    const status = await runGet(silent, seat, url, { ...flags, objects: true });
    const { verbose = false, bytes = false } = flags;
    const width = process.stdout.columns ?? 160;
    tools.out(await seat.ladder({ colour: tools.colour, fields: verbose, bytes, width }));
    return status;
  } finally {
    await seat.leave();
  }
}

type Place = Pick<Seat, 'host' | 'lookup'>;

async function runGet(tools: CliTools, place: Place, url: string, flags: Flags): Promise<number> {
  const method = flags.head ? 'HEAD' : flags.request;
  const result = await getPage(place.host, place.lookup, url, {
    headers: flags.header ?? [],
    follow: flags.follow,
    objects: flags.objects ?? false,
    serial: flags.serial ?? false,
    signal: tools.signal,
    ...(method !== undefined && { method }),
    ...(flags.data !== undefined && { body: flags.data }),
    ...(flags.connect && { connect: flags.connect }),
    ...(flags.timeout !== undefined && { timeoutMs: flags.timeout }),
  });
  if (result.kind === 'page') {
    tools.out(flags.json ? `${JSON.stringify(result.page)}\n` : pageText(result.page));
    return result.page.ok ? 0 : 1;
  }
  await showAnswer(tools, result.response, result.bytes, flags);
  return result.response.status >= 400 ? 1 : 0;
}

async function showAnswer(
  tools: CliTools,
  response: ClientResponse,
  bytes: Uint8Array,
  flags: Flags,
): Promise<void> {
  if (flags.output !== undefined) {
    await writeFile(flags.output, bytes);
    tools.note(`${flags.output}: ${bytes.length} bytes`);
  }
  if (flags.json) {
    tools.out(`${JSON.stringify(answerObject(response, bytes.length))}\n`);
    return;
  }
  if (flags.include || flags.head) tools.out(headText(response));
  if (flags.output === undefined) tools.out(bytes);
}

/** The head as it was said, for people: a line each. */
function headText({ version, status, reason, headers }: ClientResponse): string {
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\n`).join('');
  return `HTTP/${version} ${status} ${reason}\n${lines}\n`;
}

function answerObject(response: ClientResponse, bytes: number): unknown {
  const { url, version, status, reason, headers, redirects, timings, remote } = response;
  const fields = [...headers];
  const from = endpointText(remote);
  return { url, version, status, reason, bytes, remote: from, redirects, timings, headers: fields };
}

/** A line for each object, with the time it took and when it came. */
export function pageText(page: Page): string {
  const all = [page.page, ...page.objects];
  const rows = all.map(objectLine).join('');
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
