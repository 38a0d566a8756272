import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { authorityFolder, CERTIFICATE_FILE, keptAuthority } from '../../ca/index.ts';
import {
  accessLog,
  chain,
  cors,
  delayed,
  type Failing,
  failing,
  type HttpServerOptions,
  type Link,
  redirectResponse,
  serveHttp,
  staticFiles,
} from '../../http/index.ts';
import { type Address, endpointText } from '../../lib/endpoint.ts';
import { parseDuration } from '../../lib/units.ts';
import type { Host, Server } from '../../net/index.ts';
import { realCodings, realFiles } from '../../net/real/index.ts';
import { hostFor } from '../exposed.ts';
import { port } from '../options.ts';
import type { CliTools } from '../tools.ts';
import { untilStopped } from '../until-stopped.ts';

interface ServeFlags {
  readonly port: number;
  readonly address?: Address;
  readonly log?: true;
  readonly listing: boolean;
  readonly dotfiles?: true;
  readonly index: string;
  readonly spa?: true;
  readonly cors?: true;
  readonly corsOrigin: readonly string[];
  readonly cacheControl?: string;
  readonly compress: boolean;
  readonly delay?: readonly [number, number];
  readonly fail: readonly Failing[];
  readonly tls?: true;
  readonly tlsName: readonly string[];
  readonly redirectPort?: number;
  readonly expose?: true;
}

export function registerHttp(program: Command, tools: CliTools): void {
  program
    .command('http')
    .description('a web server')
    .command('serve')
    .description('serve the files of a folder over HTTP')
    .argument('[folder]', 'the folder', '.')
    .option('--port <n>', 'the port; 0 takes a free one', port, 8000)
    .option('--address <address>', 'the address to listen at (default: 127.0.0.1)')
    .option('--log', 'a line for each answer, in the Combined Log Format')
    .option('--index <name>', 'what stands for a folder', 'index.html')
    .option('--no-listing', 'no listing of folders without an index')
    .option('--dotfiles', 'also serve names with a leading dot')
    .option('--spa', 'the index of the folder answers for pages that are not there')
    .option('--cors', 'pages of all other origins may read')
    .option('--cors-origin <origin>', 'pages of this origin may read; may be repeated', list, [])
    .option('--cache-control <value>', 'said of every file, such as "no-cache" or "max-age=60"')
    .option('--no-compress', 'no brotli and gzip for clients that ask for them')
    .option('--delay <time>', 'answer later, by "300 ms" or by "100 ms-2 s"', delay)
    .option(
      '--fail <status:share>',
      'fail a share of the requests, as 503:10%; 0:1% breaks off; may be repeated',
      fault,
      [],
    )
    .option('--tls', "speak TLS, with a certificate of the internet's own authority")
    .option('--tls-name <name>', 'a further name for the certificate; may be repeated', list, [])
    .option('--redirect-port <n>', 'with --tls: send plain HTTP from this port there', port)
    .option('--expose', 'permit an address that others can reach')
    .addHelpText(
      'after',
      `
Nothing outside the folder is served, whatever is asked and wherever links lead. Files are compared
with the disk when the last look is half a second old; ETag, Last-Modified and ranges are answered.

Examples:
  toplayer http serve site
  toplayer http serve --port 8080 --log --cors site
  toplayer http serve dist --spa --cache-control no-cache
  toplayer http serve --delay "100 ms-2 s" --fail 503:10% site
  toplayer http serve --tls --port 8443 --redirect-port 8080 site
  curl --cacert "$(toplayer ca path)" https://localhost:8443/`,
    )
    .action((folder: string, flags: ServeFlags) => runServe(tools, folder, flags));
}

function list(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function delay(text: string): readonly [number, number] {
  const [least, most = least] = text.split(/(?<=s|\d)\s*-\s*(?=\d)/).map(parseDuration);
  if (least !== undefined && most !== undefined && most >= least) return [least, most];
  throw new InvalidArgumentError('expected a duration such as "300 ms", or "100 ms-2 s".');
}

function fault(text: string, before: readonly Failing[]): readonly Failing[] {
  const match = /^(\d{1,3}):(\d{1,3}(?:\.\d+)?)\s*%$/.exec(text);
  const [status, share] = [Number(match?.[1]), Number(match?.[2]) / 100];
  if (match && share <= 1 && (status === 0 || (status >= 400 && status <= 599))) {
    return [...before, { status, share }];
  }
  throw new InvalidArgumentError('expected a status and a share, such as 503:10%.');
}

async function runServe(tools: CliTools, folder: string, flags: ServeFlags): Promise<void> {
  const root = resolve(folder);
  const base = hostFor(tools, flags.expose);
  const host: Host = { ...base, files: realFiles(root) };
  const options: HttpServerOptions = {
    port: flags.port,
    handler: handlerOf(tools, flags),
    onError: (error) => tools.note(error instanceof Error ? error.message : String(error)),
    ...(flags.address && { address: flags.address }),
  };
  const servers: Server[] = [await serveHttp(host, { ...options, ...(await secureOf(flags)) })];
  const [{ local }] = servers as [Server];
  const scheme = flags.tls ? 'https' : 'http';
  tools.note(`${scheme}://${endpointText(local)}/ serves ${root}; Ctrl-C stops it`);
  if (flags.tls) tools.note(`clients must trust ${authorityFolder()}/${CERTIFICATE_FILE}`);
  if (flags.tls && flags.redirectPort !== undefined) {
    servers.push(await redirecting(host, options, flags.redirectPort, local.port));
  }
  await untilStopped(tools);
  await Promise.all(servers.map((server) => server.close({ graceMs: 1000 })));
}

function handlerOf(tools: CliTools, flags: ServeFlags): HttpServerOptions['handler'] {
  const site = staticFiles({
    index: flags.index,
    listing: flags.listing,
    dotfiles: flags.dotfiles ?? false,
    ...(flags.spa && { fallback: flags.index }),
    ...(flags.cacheControl !== undefined && { cacheControl: flags.cacheControl }),
    ...(flags.compress && { codings: realCodings }),
  });
  const links: Link[] = [];
  if (flags.log) links.push(accessLog((line) => tools.out(`${line}\n`)));
  if (flags.delay) links.push(delayed(flags.delay));
  links.push(...flags.fail.map(failing));
  if (flags.cors) links.push(cors());
  else if (flags.corsOrigin.length > 0) links.push(cors({ origins: flags.corsOrigin }));
  return chain(...links, site);
}

async function secureOf(flags: ServeFlags): Promise<Pick<HttpServerOptions, 'secure'>> {
  if (!flags.tls) return {};
  const authority = await keptAuthority(authorityFolder());
  const names = ['localhost', flags.address ?? '127.0.0.1', ...flags.tlsName];
  const certificate = await authority.issue(names);
  return { secure: { certificateFor: () => certificate } };
}

/** Plain HTTP that only sends on to the secure port (RFC 9110 §15.4.9). */
function redirecting(
  host: Host,
  options: HttpServerOptions,
  from: number,
  to: number,
): Promise<Server> {
  const handler: HttpServerOptions['handler'] = (request) =>
    redirectResponse(`https://${request.hostname}:${to}${request.target}`, 308);
  return serveHttp(host, { ...options, port: from, handler });
}
