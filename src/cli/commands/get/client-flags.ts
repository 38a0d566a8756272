/** What `get` and `page` have in common: how they ask, with which cookies, through whom, whom they trust. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { authorityFolder, CERTIFICATE_FILE } from '../../../ca/index.ts';
import { CookieJar } from '../../../cookies/index.ts';
import { HttpClient, type HttpClientOptions, type ProxyChoice } from '../../../http/index.ts';
import { base64 } from '../../../lib/base64.ts';
import { utf8 } from '../../../lib/bytes.ts';
import { type Endpoint, parseEndpoint } from '../../../lib/endpoint.ts';
import { UsageError } from '../../../lib/errors.ts';
import type { HeaderField } from '../../../lib/ordered-headers.ts';
import { calendar, type Host, type Lookup } from '../../../net/index.ts';
import { realCodings } from '../../../net/real/index.ts';
import { seconds } from '../../options.ts';
import type { CliTools } from '../../tools.ts';

export interface ClientFlags {
  readonly header?: readonly HeaderField[];
  readonly userAgent?: string;
  readonly referer?: string;
  readonly proxy?: ProxyChoice;
  readonly cookie?: string;
  readonly cookieJar?: string;
  readonly thirdParty: boolean;
  readonly compressed?: true;
  readonly cacert?: string;
  readonly insecure?: true;
  readonly connect?: Endpoint;
  readonly timeout?: number;
  readonly from?: string;
}

/** Adds the options that both commands know. */
export function clientOptions(command: Command): Command {
  return command
    .option('-H, --header <line>', 'a header field, "Name: value"; may be repeated', field)
    .option('-A, --user-agent <text>', 'who asks')
    .option('-e, --referer <url>', 'the page that the request comes from')
    .option('-x, --proxy <[http://][user:password@]host:port>', 'ask this proxy', proxy)
    .option('-b, --cookie <pairs|file>', 'send these cookies, "a=1; b=2", or those of a file')
    .option('-c, --cookie-jar <file>', 'write the cookies there afterwards, as cookies.txt')
    .option('--no-third-party', 'no cookies of sites that are embedded in others')
    .option('--compressed', 'ask for brotli or gzip, and undo them')
    .option('--cacert <file>', 'trust these authorities too, in PEM')
    .option('-k, --insecure', 'trust every certificate')
    .option('--connect <host:port>', 'ask this address, whatever the URL says', endpoint)
    .option('-m, --timeout <seconds>', 'how long an answer may take', seconds)
    .option('--from <host>', 'as the user at this host of the running internet');
}

/** http:// is meant where no scheme is given. */
export function withScheme(url: string): string {
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

function proxy(text: string): ProxyChoice {
  const url = URL.parse(withScheme(text));
  if (url?.protocol !== 'http:') throw new InvalidArgumentError('expected host:port of a proxy.');
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const pair = [url.username, url.password].map(decodeURIComponent).join(':');
  const authorization = url.username === '' ? {} : { authorization: `Basic ${base64(utf8(pair))}` };
  return { hostname, port: Number(url.port || 80), ...authorization };
}

/** Where the command asks from; the user there may be set to a proxy. */
export interface Place {
  readonly host: Host;
  readonly lookup: Lookup;
  readonly proxy?: Endpoint | undefined;
}

/** A client after the flags; `close` keeps its cookies where that is asked for. */
export interface FlaggedClient {
  readonly client: HttpClient;
  /** What is said with every request. */
  readonly headers: readonly HeaderField[];
  close(): Promise<void>;
}

export async function openClient(
  tools: CliTools,
  { host, lookup, proxy: own }: Place,
  flags: ClientFlags,
  more: HttpClientOptions = {},
): Promise<FlaggedClient> {
  const jar = await openJar(tools, host, flags);
  const authorities = await trusted(flags);
  const chosen = flags.proxy ?? (own && { hostname: own.address, port: own.port });
  const client = new HttpClient(host, {
    lookup,
    secure: { authorities, ...(flags.insecure && { verify: false }) },
    ...(flags.connect && { connect: flags.connect }),
    ...(chosen && { proxy: chosen }),
    ...(flags.userAgent !== undefined && { userAgent: flags.userAgent }),
    ...(flags.compressed && { codings: realCodings }),
    ...(jar && { cookies: jar }),
    ...more,
  });
  return {
    client,
    headers: spoken(flags),
    async close() {
      client.close();
      if (jar && flags.cookieJar !== undefined) await writeFile(flags.cookieJar, jar.save());
    },
  };
}

function spoken({ header = [], referer, cookie }: ClientFlags): readonly HeaderField[] {
  const headers: HeaderField[] = [...header];
  if (referer !== undefined) headers.push(['Referer', referer]);
  if (cookie?.includes('=')) headers.push(['Cookie', cookie]);
  return headers;
}

/** Cookies are kept only where a file is named, as with curl. */
async function openJar(
  tools: CliTools,
  host: Host,
  { cookie, cookieJar, thirdParty }: ClientFlags,
): Promise<CookieJar | undefined> {
  const file = cookie?.includes('=') ? undefined : cookie;
  if (file === undefined && cookieJar === undefined) return undefined;
  const jar = new CookieJar({
    now: () => calendar(host.clock),
    thirdParty: thirdParty ? 'allow' : 'block',
    legacySameSite: true,
    onDecision: (decision) => {
      if (decision.kind !== 'refused') return;
      tools.note(`cookie ${decision.name} refused: ${decision.why} (${decision.spec})`);
    },
  });
  // A jar that is to be written need not be there at the first time.
  const none = file === cookieJar ? '' : undefined;
  const text = file === undefined ? '' : await readFile(file, 'utf8').catch(() => none);
  if (text === undefined) throw new UsageError(`there is no file of cookies ${file}`);
  for (const { line, message } of jar.load(text)) tools.note(`${file}:${line}: ${message}`);
  return jar;
}

/** The internet's own authority, where there is one, and those that are named. */
async function trusted({ cacert }: ClientFlags): Promise<string[]> {
  const own = await readFile(join(authorityFolder(), CERTIFICATE_FILE), 'utf8').catch(() => '');
  if (cacert === undefined) return own === '' ? [] : [own];
  const named = await readFile(cacert, 'utf8').catch(() => undefined);
  if (named === undefined) throw new UsageError(`there is no file of certificates ${cacert}`);
  return own === '' ? [named] : [own, named];
}
