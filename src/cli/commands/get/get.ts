import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { Credentials, requestAs } from '../../../auth/index.ts';
import type {
  CallOptions,
  ClientRequest,
  ClientResponse,
  HttpClient,
} from '../../../http/index.ts';
import { concat, utf8 } from '../../../lib/bytes.ts';
import { UsageError } from '../../../lib/errors.ts';
import type { HeaderField } from '../../../lib/ordered-headers.ts';
import type { Host } from '../../../net/index.ts';
import { loadPage } from '../../../page/index.ts';
import { takeSeat } from '../../seat.ts';
import type { CliTools } from '../../tools.ts';
import {
  type ClientFlags,
  clientOptions,
  openClient,
  type Place,
  withScheme,
} from './client-flags.ts';
import { resumed, saveBody } from './save.ts';
import { answerObject, headText, requestText } from './show.ts';

interface GetFlags extends ClientFlags {
  readonly include?: true;
  readonly head?: true;
  readonly request?: string;
  readonly data?: readonly string[];
  readonly uploadFile?: string;
  readonly range?: string;
  readonly user?: string;
  readonly digest?: true;
  readonly output?: string;
  readonly remoteName?: true;
  readonly continue?: true;
  readonly location?: true;
  readonly fail?: true;
  readonly http1_0?: true;
  readonly json?: true;
  readonly trace?: true;
  readonly verbose?: true;
  readonly bytes?: true;
}

export function registerGet(program: Command, tools: CliTools): void {
  const command = program
    .command('get')
    .description('ask for a URL over HTTP, with the habits of curl')
    .argument('<url>', 'http://NAME/PATH or https://...; without a scheme, http:// is meant')
    .option('-i, --include', 'show the head of the answer too')
    .option('-I, --head', 'ask for the head only')
    .option('-X, --request <method>', 'the method (default: GET, or POST with -d)')
    .option(
      '-d, --data <text>',
      'the body; @FILE for that of a file; several are joined by &',
      data,
    )
    .option('-T, --upload-file <file>', 'PUT this file')
    .option('-r, --range <from-to>', 'only these bytes, such as 0-99, 100- or -5', range)
    .option(
      '-u, --user <name:password>',
      'who asks: by Digest where the server offers it, else by Basic',
    )
    .option('--digest', 'with -u: never by Basic, which shows the password on the way')
    .option('-L, --location', 'follow redirections')
    .option('-o, --output <file>', 'write the body to a file')
    .option('-O, --remote-name', 'write the body to a file named as in the URL')
    .option('-C, --continue', 'with -o or -O: get only what the file does not have yet')
    .option('-f, --fail', 'say nothing but the status when it is 400 or above')
    .option('-0, --http1.0', 'ask in HTTP/1.0');
  clientOptions(command)
    .option('--json', 'status, head and times as one JSON object')
    .option('--trace', 'show every message of it, objects too (from the first user unless --from)')
    .option('-v, --verbose', 'show both heads; with --trace, the fields of each message')
    .option('--bytes', 'with --trace: the bytes of each message')
    .addHelpText(
      'after',
      `
Exits with 1 when the status is 400 or above. "toplayer page URL" gets a page with its objects.

Examples:
  toplayer get www.campus.edu
  toplayer get -i http://www.campus.edu/missing.html
  toplayer get -I -H 'If-Modified-Since: Sat, 01 Jan 2028 00:00:00 GMT' www.campus.edu
  toplayer get -r 0-4 www.campus.edu
  toplayer get -c jar -b jar -L http://www.shop.com/
  toplayer get -u ann:secret --digest http://127.0.0.1:8000/
  toplayer get -x 127.20.1.81:8080 http://www.news.org/ -i
  toplayer get -d name=ann -d city=rome http://127.0.0.1:8000/form
  toplayer get http://www.campus.edu/ --from alice --trace`,
    )
    .action(async (url: string, flags: GetFlags) => {
      process.exitCode = await runAnywhere(tools, withScheme(url), flags);
    });
}

function data(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function range(text: string): string {
  if (/^(\d+-\d*|-\d+)(,(\d+-\d*|-\d+))*$/.test(text)) return text;
  throw new InvalidArgumentError('expected bytes such as 0-99, 100- or -5.');
}

/** From this machine, or from a host of the internet. */
async function runAnywhere(tools: CliTools, url: string, flags: GetFlags): Promise<number> {
  if (flags.from === undefined && !flags.trace) {
    return runGet(tools, { host: tools.host(), lookup: tools.lookup() }, url, flags);
  }
  const seat = await takeSeat(tools, flags.from);
  try {
    if (!flags.trace) return await runGet(tools, seat, url, flags);
    const { client, close } = await openClient(tools, seat, flags);
    const page = await loadPage(client, url, { signal: tools.signal });
    await close();
    const { verbose = false, bytes = false } = flags;
    const width = process.stdout.columns ?? 160;
    tools.out(await seat.ladder({ colour: tools.colour, fields: verbose, bytes, width }));
    return page.ok ? 0 : 1;
  } finally {
    await seat.leave();
  }
}

/** Asks, and shows the answer; gives the exit status. */
export async function runGet(
  tools: CliTools,
  place: Place,
  url: string,
  flags: GetFlags,
): Promise<number> {
  const { client, headers, close } = await openClient(tools, place, flags);
  const file = fileOf(url, flags);
  const part = await resumed(file, flags.continue ?? false);
  try {
    const request = await requestOf(url, flags, [...headers, ...part.headers]);
    const response = await ask(client, place.host, request, flags, {
      redirect: flags.location ? 'follow' : 'manual',
      signal: tools.signal,
      onInterim: (head) => flags.verbose && tools.note(headText(head, '< ').trimEnd()),
      ...(flags.timeout !== undefined && { timeoutMs: flags.timeout }),
    });
    if (flags.verbose) tools.note(requestText(response.request) + headText(response, '< '));
    await show(tools, response, flags, file, part.have);
    return response.status >= 400 ? 1 : 0;
  } finally {
    await close();
  }
}

/** With a name and a password, the challenge of the server is answered (RFC 9110 §11.6). */
function ask(
  client: HttpClient,
  { random }: Host,
  request: ClientRequest & { readonly body?: Uint8Array },
  flags: GetFlags,
  options: CallOptions,
): Promise<ClientResponse> {
  if (flags.user === undefined) return client.request(request, options);
  const colon = flags.user.indexOf(':');
  if (colon < 0) throw new UsageError('-u needs NAME:PASSWORD');
  const [user, password] = [flags.user.slice(0, colon), flags.user.slice(colon + 1)];
  const schemes = flags.digest ? (['digest'] as const) : (['digest', 'basic'] as const);
  const credentials = new Credentials({ user, password, random, schemes });
  return requestAs(client, credentials, request, options);
}

async function show(
  tools: CliTools,
  response: ClientResponse,
  flags: GetFlags,
  file: string | undefined,
  have: number,
): Promise<void> {
  if (flags.fail && response.status >= 400) {
    response.body.cancel();
    tools.note(`${response.url}: ${response.status} ${response.reason}`);
    return;
  }
  if (file !== undefined) {
    const bytes = await saveBody(tools, response, file, have);
    if (flags.json) tools.out(`${JSON.stringify(answerObject(response, bytes))}\n`);
    return;
  }
  if (flags.json) {
    const bytes = await response.body.bytes();
    tools.out(`${JSON.stringify(answerObject(response, bytes.length))}\n`);
    return;
  }
  if (flags.include || flags.head) tools.out(headText(response));
  for await (const piece of response.body) tools.out(piece);
}

function fileOf(url: string, flags: GetFlags): string | undefined {
  if (flags.output !== undefined) return flags.output;
  if (!flags.remoteName) return undefined;
  const name = decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '');
  if (name !== '' && !/[/\\\0]/.test(name)) return name;
  throw new UsageError(`${url} names no file: say -o FILE`);
}

async function requestOf(
  url: string,
  flags: GetFlags,
  headers: readonly HeaderField[],
): Promise<ClientRequest & { readonly body?: Uint8Array }> {
  const fields = [...headers];
  const has = (name: string): boolean => fields.some(([own]) => own.toLowerCase() === name);
  if (flags.range !== undefined) fields.push(['Range', `bytes=${flags.range}`]);
  const body = await bodyOf(flags);
  if (flags.data && !has('content-type')) {
    fields.push(['Content-Type', 'application/x-www-form-urlencoded']);
  }
  const method = flags.request ?? methodOf(flags);
  return {
    url,
    headers: fields,
    ...(method !== undefined && { method }),
    ...(body && { body }),
    ...(flags.http1_0 && { version: '1.0' as const }),
  };
}

function methodOf(flags: GetFlags): string | undefined {
  if (flags.head) return 'HEAD';
  return flags.uploadFile === undefined ? undefined : 'PUT';
}

async function bodyOf({ data, uploadFile }: GetFlags): Promise<Uint8Array | undefined> {
  if (uploadFile !== undefined) return fileBytes(uploadFile);
  if (!data) return undefined;
  const parts: Uint8Array[] = [];
  for (const text of data) {
    if (parts.length > 0) parts.push(utf8('&'));
    parts.push(text.startsWith('@') ? await fileBytes(text.slice(1)) : utf8(text));
  }
  return concat(parts);
}

async function fileBytes(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch(() => undefined);
  if (!bytes) throw new UsageError(`there is no file ${path}`);
  return new Uint8Array(bytes);
}
