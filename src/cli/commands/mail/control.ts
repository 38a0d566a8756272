/** Asking a mail server: by its API, or, while none runs, in its folder. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type Handler, HeaderList, HttpClient, type Response } from '../../../http/index.ts';
import { runningInternets } from '../../../internet/real/registry.ts';
import { fromUtf8, utf8 } from '../../../lib/bytes.ts';
import { AppError, NetworkError, UsageError } from '../../../lib/errors.ts';
import type { CliTools } from '../../tools.ts';

/** Where `toplayer mail serve` has its API, unless it is told otherwise. */
export const API_PORT = 8025;

/** The file of a mail server's folder. */
export const MAIL_FILE = 'mail.sqlite';

export interface ControlFlags {
  readonly api?: string;
  readonly data?: string;
}

export function controlOptions(command: Command): Command {
  return command
    .option(
      '--api <where>',
      `a server's API: a URL, or a host of the running internet (default: http://127.0.0.1:${API_PORT})`,
    )
    .option('--data <folder>', 'the folder of a server that is not running');
}

export interface Control {
  /** Throws AppError with what the server said. */
  ask<T>(method: string, path: string, body?: unknown): Promise<T>;
  bytes(method: string, path: string, body?: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

export async function controlOf(tools: CliTools, flags: ControlFlags): Promise<Control> {
  return flags.data === undefined ? overHttp(tools, flags.api) : inFolder(tools, flags.data);
}

interface MailHostName {
  readonly host: string;
  readonly hostname: string;
}

interface Answer {
  readonly status: number;
  readonly body: Uint8Array;
}

type Call = (
  method: string,
  path: string,
  type: string | undefined,
  body: Uint8Array | undefined,
) => Promise<Answer>;

function control(call: Call, close: () => Promise<void>): Control {
  const checked = async (...words: Parameters<Call>): Promise<Uint8Array> => {
    const { status, body } = await call(...words);
    if (status < 400) return body;
    throw errorOf(status, body);
  };
  return {
    async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
      const sent = body === undefined ? undefined : utf8(JSON.stringify(body));
      const type = sent && 'application/json';
      return JSON.parse(fromUtf8(await checked(method, path, type, sent))) as T;
    },
    bytes: (method, path, body) => checked(method, path, body && 'message/rfc822', body),
    close,
  };
}

function errorOf(status: number, body: Uint8Array): AppError {
  try {
    const { error } = JSON.parse(fromUtf8(body)) as { error: { code: string; message: string } };
    return new AppError(error.code, error.message);
  } catch (cause) {
    return new AppError('MAIL_API', `the server answered ${status}`, { cause });
  }
}

async function overHttp(tools: CliTools, where: string | undefined): Promise<Control> {
  const client = new HttpClient(tools.host(), { lookup: async (address) => [address] });
  const base = await apiUrl(client, where);
  const call: Call = async (method, path, type, body) => {
    const headers = type === undefined ? {} : { 'Content-Type': type };
    const request = { method, url: `${base}${path}`, headers, ...(body && { body }) };
    const { status, body: said } = await client.request(request).catch((error: unknown) => {
      if (!(error instanceof NetworkError) || error.kind !== 'refused') throw error;
      const hint = '"toplayer mail serve" starts one; --data FOLDER looks into its folder';
      throw new UsageError(`no mail server answers at ${base}: ${hint}`, { cause: error });
    });
    return { status, body: await said.bytes({ limit: Number.MAX_SAFE_INTEGER }) };
  };
  return control(call, async () => client.close());
}

/** A host's name, in short or whole, is one of the running internet, whose dashboard knows its mail. */
async function apiUrl(client: HttpClient, where: string | undefined): Promise<string> {
  if (where === undefined) return `http://127.0.0.1:${API_PORT}/api`;
  if (where.startsWith('http://')) return `${where.replace(/\/+$/, '').replace(/\/api$/, '')}/api`;
  const [internet] = runningInternets();
  if (!internet) throw new UsageError(`no internet is running that has a host ${where}`);
  const api = `${internet.dashboard}api/mail`;
  const { body } = await client.request({ url: api });
  const { hosts } = JSON.parse(await body.text()) as { hosts: MailHostName[] };
  const found = hosts.find(({ host, hostname }) => where === host || where === hostname);
  if (found) return `${api}/${encodeURIComponent(found.host)}`;
  const known = hosts.map(({ host }) => host).join(', ');
  throw new UsageError(`${where} has no mail in the running internet: ${known} have`);
}

async function inFolder(tools: CliTools, folder: string): Promise<Control> {
  const file = join(folder, MAIL_FILE);
  if (!existsSync(file))
    throw new UsageError(`${folder} is no folder of a mail server: it has no ${MAIL_FILE}`);
  // Whole servers, which a question to a running one doesn't wait for.
  const { MailHost, mailApi } = await import('../../../mailhost/index.ts');
  const { sqliteRelayTables } = await import('../../../storage/index.ts');
  const host = tools.host();
  const tables = sqliteRelayTables(file);
  const nowhere = async (): Promise<never> => {
    throw new NetworkError('unreachable', 'the server is not running');
  };
  const mail = await MailHost.open(host, {
    ...tables,
    domains: ['localhost'],
    lookup: { mx: nowhere, addresses: nowhere },
    paused: true,
  });
  const api = mailApi(host, mail);
  const call: Call = async (method, path, type, body) => {
    const answer = await api(requestOf(method, `/api${path}`, type, body), CONTEXT);
    return { status: answer.status, body: bodyOf(answer) };
  };
  return control(call, async () => {
    await mail.close();
    tables.close();
  });
}

type Request = Parameters<Handler>[0];
const CONTEXT = {} as Parameters<Handler>[1];

/** A request that never was on a wire. */
function requestOf(
  method: string,
  target: string,
  type: string | undefined,
  body: Uint8Array = new Uint8Array(0),
): Request {
  const [path = '', query = ''] = target.split('?');
  const headers = new HeaderList(type === undefined ? [] : [['Content-Type', type]]);
  const read = { bytes: async () => body, text: async () => fromUtf8(body) };
  const url = `http://localhost${target}`;
  return { method, target, path, query, headers, url, body: read } as unknown as Request;
}

function bodyOf({ body }: Response): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return utf8(typeof body === 'string' ? body : '');
}
