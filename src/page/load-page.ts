/** Gets a page and all the objects that it names, as a browser does. */

import {
  type CallOptions,
  type ClientRequest,
  type ClientResponse,
  type HttpClient,
  type RequestHead,
  type ResponseHead,
  responseHeadLength,
  type Timings,
} from '../http/index.ts';
import { fromUtf8 } from '../lib/bytes.ts';
import type { Endpoint } from '../lib/endpoint.ts';
import { AppError } from '../lib/errors.ts';
import { cssUrls } from './css-urls.ts';
import { CONNECTIONS, CONTENT_LIMIT, MAX_DEPTH, MAX_OBJECTS, TEXT_LIMIT } from './defaults.ts';
import { absolute, htmlUrls, type ObjectKind, type PageLink } from './html-urls.ts';

/**
 * The ways to get the objects of a page, as the course compares them. `browser`: several kept
 * connections. `serial`: a connection for each object, one after the other. `parallel`: a connection
 * for each, several at a time. `persistent`: one kept connection, one after the other. `pipelined`:
 * one kept connection, all requests at once.
 */
export type PageMode = 'browser' | 'serial' | 'parallel' | 'persistent' | 'pipelined';

export const PAGE_MODES: readonly PageMode[] = [
  'browser',
  'serial',
  'parallel',
  'persistent',
  'pipelined',
];

export interface LoadPageOptions {
  /** Default: `browser`. */
  readonly mode?: PageMode;
  /** How many objects are under way at a time, for `browser` and `parallel`; default 6. The client must allow as many. */
  readonly connections?: number;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Told of each object when it has come. */
  readonly onObject?: (object: PageObject) => void;
  /** Given the content of each that came well; without it only texts are held while they are read. */
  readonly onContent?: (content: PageContent) => void;
}

/** What came for a URL. */
export interface PageContent {
  /** As the page names it; it may have been redirected from there. */
  readonly url: string;
  /** The value of Content-Type. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** One thing that was got: the base page or an object. */
export interface PageObject {
  /** Where it came from in the end, after redirections. */
  readonly url: string;
  readonly kind: 'page' | ObjectKind;
  /** 0 when no answer came; `error` says why. */
  readonly status: number;
  readonly bytes: number;
  /** The media type, without parameters. */
  readonly type: string;
  /** Since the page was begun. */
  readonly startMs: number;
  readonly endMs: number;
  readonly timings: Timings | undefined;
  /** What was said, in the end; undefined when no answer came. */
  readonly exchange: PageExchange | undefined;
  readonly error?: string;
}

export interface PageExchange {
  readonly request: RequestHead;
  readonly response: ResponseHead;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Bytes on the wire for the head of the answer. */
  readonly headBytes: number;
}

export interface Page {
  readonly url: string;
  readonly title: string;
  readonly mode: PageMode;
  readonly page: PageObject;
  /** In the order in which the page names them; what style sheets name follows at the end. */
  readonly objects: readonly PageObject[];
  /** From the start to the last byte of the last object. */
  readonly totalMs: number;
  readonly totalBytes: number;
  readonly ok: boolean;
}

/** Throws where the base page does not come at all; objects that don't are reported in the page. */
export async function loadPage(
  client: HttpClient,
  url: string,
  options: LoadPageOptions = {},
): Promise<Page> {
  const loader = new Loader(client, options);
  return loader.load(url);
}

interface Got {
  readonly object: PageObject;
  /** The text of what may name more. */
  readonly text: string | undefined;
}

class Loader {
  private readonly client: HttpClient;
  private readonly options: LoadPageOptions;
  private readonly mode: PageMode;
  private readonly began: number;
  private readonly call: CallOptions;

  constructor(client: HttpClient, options: LoadPageOptions) {
    this.client = client;
    this.options = options;
    this.mode = options.mode ?? 'browser';
    this.began = client.host.clock.now();
    const { signal, timeoutMs } = options;
    const fresh = this.mode === 'serial' || this.mode === 'parallel';
    this.call = { fresh, ...(signal && { signal }), ...(timeoutMs !== undefined && { timeoutMs }) };
  }

  async load(url: string): Promise<Page> {
    const asked = this.client.request(this.request(url), this.callFor({ url, kind: 'page' }, url));
    const base = await this.take({ url, kind: 'page' }, this.now(), asked);
    const { text, object: page } = base;
    const named = text === undefined ? { links: [], title: '' } : htmlUrls(text, page.url);
    const objects = await this.getAll(page.url, named.links);
    const all = [page, ...objects];
    return {
      url: page.url,
      title: named.title,
      mode: this.mode,
      page,
      objects,
      totalMs: Math.max(...all.map((object) => object.endMs)),
      totalBytes: all.reduce((sum, object) => sum + object.bytes, 0),
      ok: all.every((object) => object.status >= 200 && object.status < 300),
    };
  }

  /** Round by round: the objects of the page, then those that its style sheets name. */
  private async getAll(pageUrl: string, links: readonly PageLink[]): Promise<PageObject[]> {
    const seen = new Set([pageUrl]);
    const objects: PageObject[] = [];
    let round = unseen(links, seen);
    for (let depth = 0; depth < MAX_DEPTH && round.length > 0; depth++) {
      const room = MAX_OBJECTS - objects.length;
      const few = round.slice(0, room);
      const got = await (this.mode === 'pipelined'
        ? this.pipeline(few, pageUrl)
        : this.getRound(few, pageUrl));
      objects.push(...got.map(({ object }) => object));
      round = unseen(got.flatMap(styleLinks), seen);
    }
    return objects;
  }

  private async getRound(links: readonly PageLink[], pageUrl: string): Promise<Got[]> {
    const got: Got[] = [];
    const { connections = CONNECTIONS } = this.options;
    const one = this.mode === 'serial' || this.mode === 'persistent';
    const workers = one ? 1 : Math.min(connections, links.length);
    let next = 0;
    const work = async (): Promise<void> => {
      for (let index = next++; index < links.length; index = next++) {
        const link = links[index] as PageLink;
        const asked = this.client.request(this.request(link.url), this.callFor(link, pageUrl));
        got[index] = await this.tryTake(link, this.now(), asked);
      }
    };
    await Promise.all(Array.from({ length: workers }, work));
    return got;
  }

  /** All requests to an origin at once, on one connection. */
  private async pipeline(links: readonly PageLink[], pageUrl: string): Promise<Got[]> {
    const got = new Map<string, Promise<Got>>();
    const startMs = this.now();
    for (const group of Map.groupBy(links, ({ url }) => new URL(url).origin).values()) {
      const requests = group.map(({ url }) => this.request(url));
      const call = this.callFor(group[0] as PageLink, pageUrl);
      const answers = this.client.pipeline(requests, call);
      for (const [index, link] of group.entries()) {
        const asked = answers.then((all) => all[index] as Promise<ClientResponse>);
        got.set(link.url, this.tryTake(link, startMs, asked));
      }
    }
    return Promise.all(links.map(({ url }) => got.get(url) as Promise<Got>));
  }

  private request(url: string): ClientRequest {
    const { mode } = this;
    const once = mode === 'serial' || mode === 'parallel';
    return { url, ...(once && { headers: [['Connection', 'close'] as const] }) };
  }

  /** What cookies need to know: who causes the request (RFC 6265bis §5.2). */
  private callFor(
    { url, kind }: Pick<PageLink, 'url'> & { kind: string },
    page: string,
  ): CallOptions {
    const topLevel = kind === 'page' && url === page;
    return { ...this.call, site: topLevel ? { topLevel } : { siteUrl: page } };
  }

  private async tryTake(
    link: PageLink,
    startMs: number,
    asked: Promise<ClientResponse>,
  ): Promise<Got> {
    const got = await this.take(link, startMs, asked).catch((error: unknown): Got => {
      if (!(error instanceof AppError) || this.options.signal?.aborted) throw error;
      const failed = { ...link, status: 0, bytes: 0, type: '', timings: undefined };
      const times = { startMs, endMs: this.now(), exchange: undefined };
      return { object: { ...failed, ...times, error: error.message }, text: undefined };
    });
    this.options.onObject?.(got.object);
    return got;
  }

  private async take(
    { url, kind }: { url: string; kind: PageObject['kind'] },
    startMs: number,
    asked: Promise<ClientResponse>,
  ): Promise<Got> {
    const response = await asked;
    const type = (response.headers.get('Content-Type') ?? '').split(';')[0]?.trim() ?? '';
    const wanted =
      kind === 'page' ? /html/ : kind === 'style' || kind === 'css' ? /css/ : undefined;
    const readable = response.status === 200 && wanted?.test(type) === true;
    const { onContent } = this.options;
    const kept = onContent !== undefined && response.status === 200;
    const { bytes, text, content } = await receive(response, readable, kept);
    const { status, timings } = response;
    if (content) {
      onContent?.({ url, type: response.headers.get('Content-Type') ?? '', bytes: content });
    }
    const object = {
      url: response.url || url,
      kind,
      status,
      bytes,
      type,
      startMs,
      endMs: this.now(),
      timings,
      exchange: exchangeOf(response),
    };
    return { object, text };
  }

  private now(): number {
    return this.client.host.clock.now() - this.began;
  }
}

function exchangeOf({ request, local, remote, ...head }: ClientResponse): PageExchange {
  const { version, status, reason, headers } = head;
  const response = { version, status, reason, headers };
  return { request, response, local, remote, headBytes: responseHeadLength(response) };
}

interface Received {
  readonly bytes: number;
  readonly text?: string;
  readonly content?: Uint8Array;
}

/** A text is kept to be read; of everything else only the size matters, unless it is asked for. */
async function receive(
  { body }: ClientResponse,
  readable: boolean,
  kept: boolean,
): Promise<Received> {
  if (readable || kept) {
    const content = await body.bytes({ limit: readable ? TEXT_LIMIT : CONTENT_LIMIT });
    const text = readable ? { text: fromUtf8(content) } : {};
    return { bytes: content.length, ...text, ...(kept && { content }) };
  }
  let bytes = 0;
  for await (const piece of body) bytes += piece.length;
  return { bytes };
}

function styleLinks({ object, text }: Got): PageLink[] {
  if (text === undefined) return [];
  return cssUrls(text).flatMap((reference) => {
    const url = absolute(reference, object.url);
    return url === undefined ? [] : [{ url, kind: 'css' as const }];
  });
}

/** Those that were not asked for yet, each once; they count as asked for from here on. */
function unseen(links: readonly PageLink[], seen: Set<string>): PageLink[] {
  return links.filter(({ url }) => {
    if (seen.has(url)) return false;
    seen.add(url);
    return true;
  });
}
