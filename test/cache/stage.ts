/** A cache between scripted origins and clients, on a clock that is moved by hand. */
import { type CacheStatistics, HttpCache, type HttpCacheOptions } from '../../src/cache/index.ts';
import { EMPTY_BODY, IncomingBody } from '../../src/http/incoming-body.ts';
import {
  type BodyWriter,
  type Context,
  formatDate,
  HeaderList,
  type HeadersInit,
  type RequestHead,
  type Response,
} from '../../src/http/index.ts';
import { ServerRequest } from '../../src/http/server-request.ts';
import { concat, fromUtf8, utf8 } from '../../src/lib/bytes.ts';
import { NetworkError } from '../../src/lib/errors.ts';
import { NO_HEADERS } from '../../src/lib/ordered-headers.ts';
import { type Host, seededRandom } from '../../src/net/index.ts';

export const EPOCH: number = Date.UTC(2026, 0, 1);

export interface Reply {
  readonly status?: number;
  readonly headers?: HeadersInit;
  readonly body?: string;
  /** The body is pushed by the test. */
  readonly stream?: boolean;
  /** So much of the body comes with the head, and then it breaks off. */
  readonly broken?: string;
  /** What is announced, where it is not the length of `body`. */
  readonly length?: number | undefined;
}

export interface Got {
  readonly status: number;
  readonly headers: HeaderList;
  readonly text: string;
  /** The body ended as it should. */
  readonly complete: boolean;
  /** Of Cache-Status, what this cache said. */
  readonly why: string;
}

export interface AskOptions {
  readonly method?: string;
  readonly body?: string;
  readonly host?: string;
}

const LOCAL = { address: '127.0.0.1', port: 80 };

export class Stage {
  now = 0;
  readonly cache: HttpCache;
  readonly host: Host;
  /** What the origin was asked, in order. */
  readonly asked: RequestHead[] = [];
  /** Bodies that the test pushes, in order. */
  readonly streams: IncomingBody[] = [];
  reply: (head: RequestHead, count: number) => Reply | Promise<Reply> = () => ({});
  private readonly timers: { at: number; fire: (() => void) | undefined }[] = [];

  constructor(options: HttpCacheOptions = {}) {
    const clock = {
      epoch: EPOCH,
      now: () => this.now,
      setTimer: (ms: number, fire: () => void) => {
        const timer: { at: number; fire: (() => void) | undefined } = { at: this.now + ms, fire };
        this.timers.push(timer);
        return {
          cancel() {
            timer.fire = undefined;
          },
        };
      },
    };
    const random = seededRandom('stage');
    this.host = { name: 'edge', clock, random, trace: { on: false, emit() {} } } as unknown as Host;
    this.cache = new HttpCache(this.host, options);
  }

  get statistics(): CacheStatistics {
    return this.cache.statistics();
  }

  /** What the calendar says so many seconds from now. */
  date(seconds = 0): string {
    return formatDate(EPOCH + this.now + seconds * 1000);
  }

  /** Moves the clock. */
  pass(seconds: number): void {
    this.now += seconds * 1000;
    for (const timer of this.timers) {
      if (timer.at > this.now) continue;
      timer.fire?.();
      timer.fire = undefined;
    }
  }

  /** The answer as it is given, its body unread. */
  open(
    path: string,
    headers: HeadersInit = {},
    options: AskOptions & { signal?: AbortSignal } = {},
  ): Response | Promise<Response> {
    const { method = 'GET', body, host = 'a.example' } = options;
    const fields = new HeaderList([['Host', host], ...HeaderList.from(headers)]);
    const sent = body === undefined ? EMPTY_BODY : filled(body);
    const request = new ServerRequest(
      { method, target: path, version: '1.1', headers: fields },
      sent,
      LOCAL,
      'http',
    );
    const signal = options.signal ?? new AbortController().signal;
    const context = {
      host: this.host,
      local: LOCAL,
      remote: LOCAL,
      signal,
      note() {},
      interim() {},
      onFinished() {},
    };
    return this.cache.answer(request, context as Context, async ({ head, signal: aborted }) => {
      this.asked.push(head);
      const reply = await this.reply(head, this.asked.length);
      if (aborted?.aborted) throw aborted.reason;
      return this.answer(reply, head.method);
    });
  }

  async get(path: string, headers: HeadersInit = {}, options: AskOptions = {}): Promise<Got> {
    return got(await this.open(path, headers, options));
  }

  private answer(
    { status = 200, headers = {}, body = '', stream = false, length, broken }: Reply,
    method: string,
  ): {
    head: { version: '1.1'; status: number; reason: string; headers: HeaderList };
    body: IncomingBody;
  } {
    const bytes = utf8(body);
    const bodiless = method === 'HEAD' || status === 204 || status === 304;
    let fields = HeaderList.from(headers);
    if (!fields.has('Date')) fields = fields.appended('Date', this.date());
    if (!bodiless && !stream) fields = fields.appended('Content-Length', String(bytes.length));
    const incoming = bodiless
      ? EMPTY_BODY
      : new IncomingBody(stream ? length : (length ?? bytes.length), IDLE);
    if (broken !== undefined) {
      incoming.push(utf8(broken));
      incoming.fail(new NetworkError('reset', 'gone'));
    } else if (stream) this.streams.push(incoming);
    else if (!bodiless) {
      incoming.push(bytes);
      incoming.finish(NO_HEADERS);
    }
    return { head: { version: '1.1', status, reason: '', headers: fields }, body: incoming };
  }
}

const IDLE = { wanted() {}, cancelled() {} };

function filled(text: string): IncomingBody {
  const body = new IncomingBody(text.length, IDLE);
  body.push(utf8(text));
  body.finish(NO_HEADERS);
  return body;
}

/** Reads an answer to its end. */
export async function got(response: Response): Promise<Got> {
  const { status } = response;
  const headers = HeaderList.from(response.headers);
  const reader = new Reader();
  reader.read(response);
  const complete = await reader.over;
  return { status, headers, text: reader.text, complete, why: own(headers) };
}

function own(headers: HeaderList): string {
  const member = headers.all('Cache-Status').at(-1) ?? '';
  return member.replace(/^toplayer; /, '');
}

/** A client that takes the body of an answer, at its own pace. */
export class Reader {
  readonly over: Promise<boolean>;
  /** What it has not taken yet is refused with false. */
  blocked = false;
  private readonly parts: Uint8Array[] = [];
  private settle: (complete: boolean) => void = () => {};
  private drain: () => void = () => {};
  private closed: () => void = () => {};

  constructor() {
    this.over = new Promise((resolve) => {
      this.settle = resolve;
    });
  }

  get text(): string {
    return fromUtf8(concat([...this.parts, new Uint8Array(0)]));
  }

  read({ body }: Response): this {
    if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
      if (body !== undefined) this.parts.push(typeof body === 'string' ? utf8(body) : body);
      this.settle(true);
    } else if ('start' in body) body.start(this.writer());
    return this;
  }

  /** Takes what comes again. */
  unblock(): void {
    this.blocked = false;
    this.drain();
  }

  /** Goes away before the end. */
  leave(): void {
    this.closed();
    this.settle(false);
  }

  private writer(): BodyWriter {
    return {
      write: (bytes) => {
        this.parts.push(typeof bytes === 'string' ? utf8(bytes) : bytes);
        return !this.blocked;
      },
      end: () => this.finish(true),
      abort: () => this.finish(false),
      onDrain: (f) => {
        this.drain = f;
      },
      onClose: (f) => {
        this.closed = f;
      },
    };
  }

  private finish(complete: boolean): void {
    this.settle(complete);
    this.closed();
  }
}

/** Lets everything that can go on go on. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
