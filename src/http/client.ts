/** A client of HTTP/1.1 on any host: persistent connections, redirects, and how long each step took. */
import { type Deferred, deferred } from '../lib/deferred.ts';
import { type Address, type Endpoint, endpointText, isIPv4 } from '../lib/endpoint.ts';
import { AppError, NetworkError, UsageError } from '../lib/errors.ts';
import { HeaderList, type HeadersInit } from '../lib/ordered-headers.ts';
import type { Host, Lookup } from '../net/index.ts';
import {
  type Answer,
  ClientConversation,
  type ExchangeTimes,
  type OutgoingBody,
} from './client-conversation.ts';
import {
  CLIENT_IDLE_MS,
  CONNECTIONS_PER_ORIGIN,
  REDIRECT_LIMIT,
  RESPONSE_TIMEOUT_MS,
} from './defaults.ts';
import { Pool } from './pool.ts';
import { isIdempotent, redirected } from './redirect.ts';
import type { Body, RequestHead, ResponseHead } from './types.ts';

export interface HttpClientOptions {
  /** Without it, URLs must carry addresses. */
  readonly lookup?: Lookup;
  /** Asks this endpoint, whatever the URLs say. */
  readonly connect?: Endpoint;
  readonly connectionsPerOrigin?: number;
  readonly idleMs?: number;
  readonly userAgent?: string;
}

export interface ClientRequest {
  readonly url: string;
  /** Default: GET, or POST with a body. */
  readonly method?: string;
  readonly headers?: HeadersInit;
  readonly body?: OutgoingBody;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** From the call to the head of the answer; each redirection begins anew. */
  readonly timeoutMs?: number;
  readonly redirect?: 'follow' | 'manual';
  /** Asks this endpoint, whatever the URL says. */
  readonly connect?: Endpoint;
  /** Opens a connection for this request alone. */
  readonly fresh?: boolean;
  readonly onInterim?: (head: ResponseHead) => void;
}

/** Milliseconds of each step. */
export interface Timings {
  readonly nameMs: number;
  readonly connectMs: number;
  /** From the request to the first byte of the answer. */
  readonly waitMs: number;
  /** From the first byte to the end of the body; up to now while it is not over. */
  readonly receiveMs: number;
  /** The connection had been used before. */
  readonly reused: boolean;
}

export interface ClientResponse extends ResponseHead {
  /** What was asked for in the end, after redirections. */
  readonly url: string;
  readonly redirects: readonly string[];
  readonly body: Body;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly timings: Timings;
}

export class HttpClient {
  readonly host: Host;
  private readonly options: HttpClientOptions;
  private readonly pool: Pool;

  constructor(host: Host, options: HttpClientOptions = {}) {
    this.host = host;
    this.options = options;
    this.pool = new Pool(host, {
      connectionsPerOrigin: options.connectionsPerOrigin ?? CONNECTIONS_PER_ORIGIN,
      idleMs: options.idleMs ?? CLIENT_IDLE_MS,
    });
  }

  /** GET and read all: for the plain case. */
  get(url: string, options: CallOptions = {}): Promise<ClientResponse> {
    return this.request({ url }, options);
  }

  /** Asks, follows redirections, and resolves with the head of the answer and the body to come. */
  async request(request: ClientRequest, options: CallOptions = {}): Promise<ClientResponse> {
    const visited: string[] = [];
    for (let current = request; ; ) {
      const response = await this.once(current, options);
      const next = options.redirect === 'manual' ? undefined : redirected(current, response);
      if (!next) return { ...response, timings: response.timings, redirects: visited };
      visited.push(current.url);
      if (visited.length > REDIRECT_LIMIT) {
        response.body.cancel();
        const text = `more than ${REDIRECT_LIMIT} redirections, the last to ${next.url}`;
        throw new AppError('HTTP_REDIRECTS', text, { spec: 'RFC 9110 §15.4' });
      }
      // A short body is read to its end, so that the connection can be used again.
      await response.body.bytes({ limit: 65_536 }).catch(() => undefined);
      current = next;
    }
  }

  /** Closes all connections. */
  close(): void {
    this.pool.close();
  }

  /** One request without redirections; tried once more where a kept connection turned out stale. */
  private async once(request: ClientRequest, options: CallOptions): Promise<ClientResponse> {
    const target = parseTarget(request.url);
    const head = requestHead(request, target, this.options.userAgent ?? 'toplayer');
    const replayable = isIdempotent(head.method) && !isStream(request.body);
    const attempt = new Attempt(this.host, options);
    try {
      const first = await this.attempt(attempt, request, head, target, options);
      if (!(first instanceof Stale)) return first;
      if (!replayable) throw first.error;
      attempt.note(first.conversation, 'the idle connection had been closed: once more', '§9.3.1');
      const second = await this.attempt(attempt, request, head, target, {
        ...options,
        fresh: true,
      });
      if (second instanceof Stale) throw second.error;
      return second;
    } finally {
      attempt.over();
    }
  }

  private async attempt(
    attempt: Attempt,
    request: ClientRequest,
    head: RequestHead,
    target: Target,
    options: CallOptions,
  ): Promise<ClientResponse | Stale> {
    const at = options.connect ?? this.options.connect;
    const key = at ? `${target.origin} at ${endpointText(at)}` : target.origin;
    const acquiring = this.pool.acquire(
      key,
      (onFree, known) => this.open(attempt, target, at, onFree, known),
      options.fresh,
    );
    const conversation = await attempt.guard(acquiring, (late) => late.end());
    const reused = conversation.requests > 0;
    attempt.use(conversation);
    if (reused) attempt.note(conversation, 'the connection is used again', '§9.3');
    else
      attempt.note(conversation, `a new connection: none to ${target.hostname} was idle`, '§9.3');
    try {
      const sent = conversation.exchange(head, request.body, attempt.times, options.onInterim);
      const answer = await attempt.guard(sent);
      return attempt.response(answer, conversation, request.url, reused);
    } catch (error) {
      if (reused && conversation.untouched && !attempt.cancelled) {
        return new Stale(conversation, error);
      }
      throw error;
    }
  }

  private async open(
    attempt: Attempt,
    target: Target,
    at: Endpoint | undefined,
    onFree: (conversation: ClientConversation) => void,
    known: Address | undefined,
  ): Promise<ClientConversation> {
    const { clock, network } = this.host;
    const began = clock.now();
    const address = at?.address ?? known;
    const addresses = address ? [address] : await this.addresses(target.hostname, attempt);
    attempt.nameMs = clock.now() - began;
    let failure: unknown = new NetworkError('unreachable', `${target.hostname} has no address`);
    for (const address of addresses) {
      const connecting = clock.now();
      try {
        const to = { address, port: at?.port ?? target.port };
        const connection = await network.connect(to, { signal: attempt.signal });
        attempt.connectMs = clock.now() - connecting;
        return new ClientConversation(this.host, connection, onFree);
      } catch (error) {
        failure = error;
        if (attempt.cancelled) break;
      }
    }
    throw failure;
  }

  private addresses(name: string, attempt: Attempt): Promise<readonly Address[]> | Address[] {
    if (isIPv4(name) || name.includes(':')) return [name];
    if (this.options.lookup) return this.options.lookup(name, { signal: attempt.signal });
    throw new UsageError(`no way to find the address of ${name}: this client was given no lookup`);
  }
}

/** A kept connection on which nothing came back. */
class Stale {
  readonly conversation: ClientConversation;
  readonly error: unknown;

  constructor(conversation: ClientConversation, error: unknown) {
    this.conversation = conversation;
    this.error = error;
  }
}

/** The time-out, the cancelling and the times of one request. */
class Attempt {
  nameMs = 0;
  connectMs = 0;
  times: ExchangeTimes;
  cancelled = false;
  private readonly host: Host;
  private readonly controller = new AbortController();
  private readonly failed: Deferred<never> = deferred();
  private readonly stop: () => void;
  private readonly detach: () => void;
  private conversation: ClientConversation | undefined;

  constructor(host: Host, { signal, timeoutMs = RESPONSE_TIMEOUT_MS }: CallOptions) {
    this.host = host;
    this.failed.promise.catch(() => undefined);
    const aborted = (): void => this.cancel(new NetworkError('aborted', 'the request was aborted'));
    const timer = host.clock.setTimer(timeoutMs, () =>
      this.cancel(new NetworkError('timeout', `no answer within ${timeoutMs} ms`)),
    );
    signal?.addEventListener('abort', aborted, { once: true });
    this.stop = () => timer.cancel();
    this.detach = () => signal?.removeEventListener('abort', aborted);
    this.times = this.newTimes();
    if (signal?.aborted) aborted();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Rejects as soon as the request is cancelled; `late` disposes of what comes nevertheless. */
  guard<T>(promise: Promise<T>, late: (value: T) => void = () => {}): Promise<T> {
    const used = promise.then((value) => {
      if (this.cancelled) late(value);
      return value;
    });
    return Promise.race([used, this.failed.promise]);
  }

  use(conversation: ClientConversation): void {
    this.conversation = conversation;
    this.times = this.newTimes();
  }

  private newTimes(): ExchangeTimes {
    return { sentAt: 0, firstByteAt: 0, endAt: 0, onOver: () => this.detach() };
  }

  /** The head has come: from here on the body has its own time-out; the signal still holds. */
  over(): void {
    this.stop();
  }

  private cancel(error: NetworkError): void {
    this.cancelled = true;
    this.failed.reject(error);
    this.controller.abort(error);
    this.conversation?.cancel(this.times, error);
  }

  note({ connection }: ClientConversation, text: string, section: string): void {
    const { trace, clock, name } = this.host;
    if (!trace.on) return;
    const { local: from, remote: to } = connection;
    const spec = `RFC 9112 ${section}`;
    trace.emit({
      kind: 'note',
      at: clock.now(),
      host: name,
      transport: 'tcp',
      from,
      to,
      text,
      spec,
    });
  }

  response(
    { head, body }: Answer,
    conversation: ClientConversation,
    url: string,
    reused: boolean,
  ): ClientResponse {
    const { times, host, nameMs, connectMs } = this;
    const { local, remote } = conversation.connection;
    const timings: Timings = {
      nameMs,
      connectMs,
      reused,
      waitMs: times.firstByteAt - times.sentAt,
      get receiveMs() {
        return (times.endAt || host.clock.now()) - times.firstByteAt;
      },
    };
    return { ...head, url, redirects: [], body, local, remote, timings };
  }
}

interface Target {
  readonly origin: string;
  readonly hostname: string;
  readonly port: number;
  readonly hostField: string;
  readonly path: string;
}

function parseTarget(text: string): Target {
  const url = URL.parse(text);
  if (!url) throw new UsageError(`not a URL: ${text}`);
  if (url.protocol !== 'http:') {
    throw new UsageError(`${url.protocol}// is not spoken here, only http://: ${text}`);
  }
  return {
    origin: url.origin,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 80),
    hostField: url.host,
    path: url.pathname + url.search,
  };
}

function isStream(body: OutgoingBody | undefined): boolean {
  return body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array);
}

/** Host goes first (RFC 9110 §7.2), then what the caller did not say, then what it said. */
function requestHead(request: ClientRequest, target: Target, userAgent: string): RequestHead {
  const given = HeaderList.from(request.headers);
  const { body } = request;
  const method = request.method ?? (body === undefined ? 'GET' : 'POST');
  const fields: [string, string][] = [];
  const unless = (name: string, value: string): void => {
    if (!given.has(name)) fields.push([name, value]);
  };
  unless('Host', target.hostField);
  unless('User-Agent', userAgent);
  unless('Accept', '*/*');
  const length = bodyLength(body);
  if (isStream(body)) fields.push(['Transfer-Encoding', 'chunked']);
  else if (length !== undefined) fields.push(['Content-Length', String(length)]);
  else if (method === 'POST' || method === 'PUT') fields.push(['Content-Length', '0']);
  const rest = given.without('Content-Length', 'Transfer-Encoding');
  return {
    method,
    target: target.path,
    version: '1.1',
    headers: new HeaderList([...fields, ...rest]),
  };
}

function bodyLength(body: OutgoingBody | undefined): number | undefined {
  if (typeof body === 'string') return new TextEncoder().encode(body).length;
  return body instanceof Uint8Array ? body.length : undefined;
}
