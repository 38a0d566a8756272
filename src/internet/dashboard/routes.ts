/** What the dashboard's server answers below /api/. */
import type { Request, Response } from '../../http/index.ts';
import { base64 } from '../../lib/base64.ts';
import { endpointText } from '../../lib/endpoint.ts';
import { AppError, UsageError } from '../../lib/errors.ts';
import type { Clock } from '../../net/index.ts';
import { PAGE_MODES } from '../../page/index.ts';
import { type Command, statusOf } from '../../registration/index.ts';
import {
  type LadderOptions,
  ladder,
  ladderLine,
  type Message,
  messageLine,
} from '../../trace/index.ts';
import { load, pingHost, resolve, toRegistrar } from '../actions.ts';
import { readHostsFile, writeHostsFile } from '../hosts-file.ts';
import type { Internet } from '../internet.ts';
import type {
  HostsFileView,
  LoadView,
  LookupView,
  MessagesView,
  MessageView,
  PingView,
  RegistrationView,
} from './api.ts';
import { exportFile } from './exports.ts';
import { Live } from './live.ts';
import { cacheView, flushCache, namesView, zoneText } from './names.ts';
import { hostView, internetView } from './view.ts';

const HOSTS_FILE = /^\/hosts\/([^/]+)\/hosts-file$/;

/** Bodies of requests are small objects. */
const BODY_LIMIT = 64 * 1024;

type Fields = Readonly<Record<string, unknown>>;

export class Api {
  private readonly internet: Internet;
  private readonly live: Live;

  constructor(internet: Internet, clock: Clock) {
    this.internet = internet;
    this.live = new Live(internet, clock);
  }

  /** Every answer, errors too, is JSON, unless a file or a stream was asked for. */
  async answer(request: Request): Promise<Response> {
    try {
      const path = request.path.slice('/api'.length);
      const query = new URL(request.url).search;
      if (request.method === 'GET') return await this.get(path, parameters(query), request);
      if (request.method === 'POST') return await this.post(path, await fields(request));
      return failure(405, new UsageError(`${request.method} is not understood here`));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return failure(error instanceof UsageError ? 400 : (statusOf(error) ?? 502), error);
    }
  }

  close(): void {
    this.live.close();
  }

  private get(
    path: string,
    query: ReadonlyMap<string, string>,
    request: Request,
  ): Response | Promise<Response> {
    const { recorder } = this.internet;
    const message = /^\/messages\/(\d+)$/.exec(path);
    const file = /^\/export\/(\w+)$/.exec(path);
    if (path === '/internet') return json(internetView(this.internet));
    if (path === '/messages') return json(this.messages(number(query.get('after'))));
    if (message) return this.message(Number(message[1]));
    if (path === '/names') return json(namesView(this.internet));
    const zone = /^\/zones\/([^/]*)$/.exec(path);
    if (zone) return this.zone(decodeURIComponent(zone[1] ?? '') || '.');
    const cache = /^\/caches\/([^/]+)$/.exec(path);
    if (cache) return json(cacheView(this.internet, decodeURIComponent(cache[1] ?? '')));
    const hosts = HOSTS_FILE.exec(path);
    if (hosts) return this.hostsFile(decodeURIComponent(hosts[1] ?? ''));
    if (path === '/events') {
      const after = request.headers.get('Last-Event-ID') ?? query.get('after');
      return this.live.answer(number(after));
    }
    if (path === '/ladder') return this.ladder(query);
    const exported = file && exportFile(recorder.recording(), file[1] ?? '');
    return exported ?? failure(404, new UsageError(`there is nothing at ${request.path}`));
  }

  private zone(origin: string): Response {
    const found = zoneText(this.internet, origin);
    return found === undefined
      ? failure(404, new UsageError(`nobody serves ${origin}`))
      : text(found);
  }

  private messages(after: number): MessagesView {
    const messages = this.internet.recorder.messages().filter((message) => message.id > after);
    return { messages: messages.map(messageLine), now: this.internet.ground.clock.now() };
  }

  private message(id: number): Response {
    const message = this.internet.recorder.message(id);
    if (!message) return failure(404, new UsageError(`message ${id} is not kept any more`));
    const view: MessageView = {
      line: messageLine(message),
      fromEndpoint: endpointText(message.from),
      toEndpoint: endpointText(message.to),
      startedAt: message.startedAt,
      fields: message.fields(),
      bytes: base64(message.bytes),
    };
    return json(view);
  }

  private ladder(query: ReadonlyMap<string, string>): Response {
    const { recorder } = this.internet;
    const after = number(query.get('after'));
    const options: LadderOptions = {
      colour: query.has('colour'),
      notes: query.has('notes'),
      fields: query.has('fields'),
      bytes: query.has('bytes'),
      width: number(query.get('width')) || 100,
    };
    const past = recorder.messages().filter((message) => message.id > after);
    if (!query.has('follow')) return text(ladder(past, options));
    return stream('text/plain; charset=utf-8', {
      start: (writer) => {
        const tell = (message: Message) => writer.write(ladderLine(message, options));
        past.forEach(tell);
        writer.onClose(recorder.watch({ onMessage: tell }));
      },
    });
  }

  private async post(path: string, body: Fields): Promise<Response> {
    const host = /^\/hosts\/([^/]+)\/(stop|start)$/.exec(path);
    if (host) return this.switchHost(decodeURIComponent(host[1] ?? ''), host[2] === 'start');
    const hosts = HOSTS_FILE.exec(path);
    if (hosts) return this.hostsFile(decodeURIComponent(hosts[1] ?? ''), body);
    const cache = /^\/caches\/([^/]+)\/flush$/.exec(path);
    if (cache) {
      const name = typeof body['name'] === 'string' ? body['name'] : undefined;
      return json(flushCache(this.internet, decodeURIComponent(cache[1] ?? ''), name));
    }
    const before = this.internet.recorder.newest;
    const site = /^\/registrars\/([^/]+)$/.exec(path);
    if (site) {
      const command = object(body, 'command') as unknown as Command;
      const answer = await toRegistrar(this.user(body), decodeURIComponent(site[1] ?? ''), command);
      return json({ answer, after: before } satisfies RegistrationView);
    }
    if (path === '/load') {
      const mode = PAGE_MODES.find((one) => one === body['mode']);
      const page = await load(this.user(body), string(body, 'url'), mode ? { mode } : {});
      return json({ page, after: before } satisfies LoadView);
    }
    if (path === '/lookup') {
      const addresses = await resolve(this.user(body), string(body, 'name'));
      return json({ addresses, after: before } satisfies LookupView);
    }
    if (path === '/ping') {
      const to = string(body, 'to');
      const target = this.internet.scenario.hosts[to]?.address ?? to;
      const count = typeof body['count'] === 'number' ? { count: body['count'] } : {};
      return json({
        summary: await pingHost(this.user(body), target, count),
        after: before,
      } satisfies PingView);
    }
    if (path === '/clear') {
      this.internet.recorder.clear();
      this.live.clear();
      return json({});
    }
    return failure(404, new UsageError(`there is nothing at /api${path}`));
  }

  /** Gives the list of names of a host, after it was replaced where a new one is given. */
  private async hostsFile(name: string, body?: Fields): Promise<Response> {
    const { files } = this.internet.user(name).host;
    const text = body?.['text'];
    if (body && typeof text !== 'string') throw new UsageError('expected "text", a text');
    if (typeof text === 'string') await writeHostsFile(files, text);
    return json({ text: await readHostsFile(files) } satisfies HostsFileView);
  }

  private async switchHost(name: string, on: boolean): Promise<Response> {
    if (on) await this.internet.startHost(name);
    else await this.internet.stopHost(name);
    return json(hostView(this.internet, this.internet.host(name)));
  }

  private user(body: Fields) {
    return this.internet.user(string(body, 'host'));
  }
}

function string(body: Fields, name: string): string {
  const value = body[name];
  if (typeof value !== 'string' || value === '') throw new UsageError(`expected "${name}", a text`);
  return value;
}

function object(body: Fields, name: string): Fields {
  const value = body[name];
  if (isFields(value)) return value;
  throw new UsageError(`expected "${name}", an object`);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function number(text: string | undefined | null): number {
  return Math.max(0, Number.parseInt(text ?? '0', 10) || 0);
}

function parameters(search: string): ReadonlyMap<string, string> {
  const pairs = search.replace(/^\?/, '').split('&');
  return new Map(
    pairs.map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return [decodeURIComponent(name), decodeURIComponent(value)];
    }),
  );
}

/** The JSON object of a POST. Another site's form can't send that type without being asked first. */
async function fields(request: Request): Promise<Fields> {
  if (!request.headers.get('Content-Type')?.startsWith('application/json')) {
    throw new UsageError('expected Content-Type: application/json');
  }
  const body = await request.body.text({ limit: BODY_LIMIT });
  try {
    const value: unknown = JSON.parse(body);
    if (isFields(value)) return value;
  } catch (cause) {
    throw new UsageError('expected a JSON object', { cause });
  }
  throw new UsageError('expected a JSON object');
}

const NO_STORE = { 'Cache-Control': 'no-store' };

function json(value: unknown): Response {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json', ...NO_STORE },
    body: JSON.stringify(value),
  };
}

function text(body: string): Response {
  return {
    status: 200,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', ...NO_STORE },
    body,
  };
}

function stream(type: string, body: NonNullable<Response['body']>): Response {
  return { status: 200, headers: { 'Content-Type': type, ...NO_STORE }, body };
}

function failure(status: number, error: AppError): Response {
  const { code, message, spec } = error;
  return { ...json({ error: { code, message, ...(spec && { spec }) } }), status };
}
