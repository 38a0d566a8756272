/** What the dashboard's server answers below /api/. */
import type { Request, Response } from '../../http/index.ts';
import { base64 } from '../../lib/base64.ts';
import { endpointText } from '../../lib/endpoint.ts';
import { AppError, UsageError } from '../../lib/errors.ts';
import type { Clock } from '../../net/index.ts';
import { type Command, statusOf } from '../../registration/index.ts';
import {
  type LadderOptions,
  ladder,
  ladderLine,
  type Message,
  messageLine,
} from '../../trace/index.ts';
import { pingHost, resolve, toRegistrar } from '../actions.ts';
import { readHostsFile, writeHostsFile } from '../hosts-file.ts';
import type { Internet } from '../internet.ts';
import { failure, json, stream, text } from './answers.ts';
import type {
  HostsFileView,
  LookupView,
  MessagesView,
  MessageView,
  PingView,
  RegistrationView,
} from './api.ts';
import { exportFile } from './exports.ts';
import { decodedPart, type Fields, fields, number, object, parameters, string } from './fields.ts';
import { Live } from './live.ts';
import { cacheView, flushCache, namesView, zoneText } from './names.ts';
import { hostView, internetView } from './view.ts';
import { type DashboardOptions, WEB_ROUTES } from './web.ts';

const HOSTS_FILE = /^\/hosts\/([^/]+)\/hosts-file$/;

export class Api {
  private readonly internet: Internet;
  private readonly live: Live;
  private readonly options: DashboardOptions;

  constructor(internet: Internet, clock: Clock, options: DashboardOptions) {
    this.internet = internet;
    this.options = options;
    this.live = new Live(internet, clock);
  }

  /** Every answer, errors too, is JSON, unless a file or a stream was asked for. */
  async answer(request: Request): Promise<Response> {
    try {
      const path = request.path.slice('/api'.length);
      const query = new URL(request.url).search;
      const { method } = request;
      if (method !== 'GET' && method !== 'POST') {
        return failure(405, new UsageError(`${method} is not understood here`));
      }
      const body = method === 'POST' ? await fields(request) : {};
      const web = this.web(method, path, body);
      if (web) return json(await web);
      if (method === 'GET') return await this.get(path, parameters(query), request);
      return await this.post(path, body);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return failure(error instanceof UsageError ? 400 : (statusOf(error) ?? 502), error);
    }
  }

  close(): void {
    this.live.close();
  }

  private web(method: string, path: string, body: Fields): Promise<unknown> | undefined {
    const { internet, options } = this;
    for (const route of WEB_ROUTES) {
      const match = method === route.method && route.path.exec(path);
      if (!match) continue;
      const names = match.slice(1).map(decodedPart);
      return Promise.resolve(route.view({ internet, options, names, body }));
    }
    return undefined;
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
    if (zone) return this.zone(decodedPart(zone[1]) || '.');
    const cache = /^\/caches\/([^/]+)$/.exec(path);
    if (cache) return json(cacheView(this.internet, decodedPart(cache[1])));
    const hosts = HOSTS_FILE.exec(path);
    if (hosts) return this.hostsFile(decodedPart(hosts[1]));
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
    if (host) return this.switchHost(decodedPart(host[1]), host[2] === 'start');
    const hosts = HOSTS_FILE.exec(path);
    if (hosts) return this.hostsFile(decodedPart(hosts[1]), body);
    const cache = /^\/caches\/([^/]+)\/flush$/.exec(path);
    if (cache) {
      const name = typeof body['name'] === 'string' ? body['name'] : undefined;
      return json(flushCache(this.internet, decodedPart(cache[1]), name));
    }
    const before = this.internet.recorder.newest;
    const site = /^\/registrars\/([^/]+)$/.exec(path);
    if (site) {
      const command = object(body, 'command') as unknown as Command;
      const answer = await toRegistrar(this.user(body), decodedPart(site[1]), command);
      return json({ answer, after: before } satisfies RegistrationView);
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
