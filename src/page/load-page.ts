/** Gets a page and all the objects that it names, as a browser does. */

import type { CallOptions, ClientResponse, HttpClient, Timings } from '../http/index.ts';
import { fromUtf8 } from '../lib/bytes.ts';
import { AppError } from '../lib/errors.ts';
import { cssUrls } from './css-urls.ts';
import { CONNECTIONS, MAX_DEPTH, MAX_OBJECTS, TEXT_LIMIT } from './defaults.ts';
import { absolute, htmlUrls, type ObjectKind, type PageLink } from './html-urls.ts';

export interface LoadPageOptions {
  /** `serial`: one object after another, in the order of the page; `parallel` (default): as a browser. */
  readonly objects?: 'serial' | 'parallel' | 'none';
  /** How many objects are under way at a time; default 6. */
  readonly connections?: number;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Told of each object when it has come. */
  readonly onObject?: (object: PageObject) => void;
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
  readonly error?: string;
}

export interface Page {
  readonly url: string;
  readonly title: string;
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
  private readonly began: number;
  private readonly call: CallOptions;

  constructor(client: HttpClient, options: LoadPageOptions) {
    this.client = client;
    this.options = options;
    this.began = client.host.clock.now();
    const { signal, timeoutMs } = options;
    this.call = { ...(signal && { signal }), ...(timeoutMs !== undefined && { timeoutMs }) };
  }

  async load(url: string): Promise<Page> {
    const base = await this.get(url, 'page');
    const { text, object: page } = base;
    const named = text === undefined ? { links: [], title: '' } : htmlUrls(text, page.url);
    const objects = this.options.objects === 'none' ? [] : await this.getAll(page.url, named.links);
    const all = [page, ...objects];
    return {
      url: page.url,
      title: named.title,
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
      const got = await this.getRound(round.slice(0, room));
      objects.push(...got.map(({ object }) => object));
      round = unseen(got.flatMap(styleLinks), seen);
    }
    return objects;
  }

  private async getRound(links: readonly PageLink[]): Promise<Got[]> {
    const got: Got[] = [];
    const { objects = 'parallel', connections = CONNECTIONS } = this.options;
    const workers = objects === 'serial' ? 1 : Math.min(connections, links.length);
    let next = 0;
    const work = async (): Promise<void> => {
      for (let index = next++; index < links.length; index = next++) {
        const link = links[index] as PageLink;
        got[index] = await this.tryGet(link);
        this.options.onObject?.((got[index] as Got).object);
      }
    };
    await Promise.all(Array.from({ length: workers }, work));
    return got;
  }

  private async tryGet({ url, kind }: PageLink): Promise<Got> {
    const startMs = this.now();
    try {
      return await this.get(url, kind);
    } catch (error) {
      if (!(error instanceof AppError) || this.options.signal?.aborted) throw error;
      const failed = { url, kind, status: 0, bytes: 0, type: '', timings: undefined };
      const object = { ...failed, startMs, endMs: this.now(), error: error.message };
      return { object, text: undefined };
    }
  }

  private async get(url: string, kind: PageObject['kind']): Promise<Got> {
    const startMs = this.now();
    const response = await this.client.get(url, this.call);
    const type = (response.headers.get('Content-Type') ?? '').split(';')[0]?.trim() ?? '';
    const wanted =
      kind === 'page' ? /html/ : kind === 'style' || kind === 'css' ? /css/ : undefined;
    const readable = response.status === 200 && wanted?.test(type) === true;
    const { bytes, text } = await receive(response, readable);
    const { status, timings } = response;
    const object = {
      url: response.url,
      kind,
      status,
      bytes,
      type,
      startMs,
      endMs: this.now(),
      timings,
    };
    return { object, text };
  }

  private now(): number {
    return this.client.host.clock.now() - this.began;
  }
}

/** A text is kept to be read; of everything else only the size matters. */
async function receive(
  { body }: ClientResponse,
  readable: boolean,
): Promise<{ bytes: number; text: string | undefined }> {
  if (readable) {
    const bytes = await body.bytes({ limit: TEXT_LIMIT });
    return { bytes: bytes.length, text: fromUtf8(bytes) };
  }
  let bytes = 0;
  for await (const piece of body) bytes += piece.length;
  return { bytes, text: undefined };
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
