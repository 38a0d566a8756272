/** A client of HTTP/1.1 on any host: persistent connections, redirects, and how long each step took. */
import { type Endpoint, endpointText } from '../lib/endpoint.ts';
import { AppError } from '../lib/errors.ts';
import type { Host, Lookup, SecureClient } from '../net/index.ts';
import { Attempt, type ClientResponse } from './attempt.ts';
import type { ClientConversation, OutgoingBody } from './client-conversation.ts';
import {
  authorityOf,
  type ClientRequest,
  isStream,
  type Origin,
  parseTarget,
  requestHead,
  type Target,
} from './client-target.ts';
import { type ContentCodings, decodedResponse } from './codings.ts';
import { CLIENT_IDLE_MS, CONNECTIONS_PER_ORIGIN, REDIRECT_LIMIT } from './defaults.ts';
import { Dialer, type ProxyChoice } from './dialer.ts';
import { Pool } from './pool.ts';
import { isIdempotent, redirected } from './redirect.ts';
import type { CookieStore, RequestHead, RequestSite, ResponseHead } from './types.ts';

export interface HttpClientOptions {
  /** Without it, URLs must carry addresses. */
  readonly lookup?: Lookup;
  /** Asks this endpoint, whatever the URLs say. */
  readonly connect?: Endpoint;
  readonly connectionsPerOrigin?: number;
  readonly idleMs?: number;
  /** '' leaves the field out. */
  readonly userAgent?: string;
  /** Asked instead of the origins. */
  readonly proxy?: ProxyChoice;
  /** Whom to trust on https. */
  readonly secure?: Omit<SecureClient, 'role' | 'serverName'>;
  /** Sent with requests, and kept from answers. */
  readonly cookies?: CookieStore;
  /** Asks for these codings and undoes them. */
  readonly codings?: ContentCodings;
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
  /** What causes the request, for cookies; without it the user does. */
  readonly site?: RequestSite;
}

export interface ForwardOptions extends Omit<CallOptions, 'redirect' | 'site'> {
  readonly body?: OutgoingBody;
}

/** What one request needs on its way. */
interface Sending {
  readonly origin: Origin;
  readonly head: RequestHead;
  readonly body: OutgoingBody | undefined;
  readonly url: string;
}

export class HttpClient {
  readonly host: Host;
  private readonly options: HttpClientOptions;
  private readonly pool: Pool;
  private readonly dialer: Dialer;

  constructor(host: Host, options: HttpClientOptions = {}) {
    this.host = host;
    this.options = options;
    this.dialer = new Dialer(host, options);
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
      if (!next) return this.decoded({ ...response, redirects: visited });
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

  /** Sends a head as it is given to an origin, follows nothing and keeps nothing: what a proxy needs. */
  forward(
    head: RequestHead,
    origin: Origin,
    options: ForwardOptions = {},
  ): Promise<ClientResponse> {
    const url = `${origin.scheme}://${authorityOf(origin)}${head.target}`;
    return this.send({ origin, head, body: options.body, url }, options);
  }

  /**
   * Sends all requests on one connection without waiting (RFC 9112 §9.3.2); the answers come in
   * order. What the server leaves unanswered is asked again by itself.
   */
  async pipeline(
    requests: readonly ClientRequest[],
    options: CallOptions = {},
  ): Promise<Promise<ClientResponse>[]> {
    const [first, ...others] = requests;
    if (!first) return [];
    const lead = this.sending(first, options);
    const attempt = new Attempt(this.host, options);
    const conversation = await this.conversation(attempt, lead, options);
    const reused = conversation.requests > 0;
    const all = [lead, ...others.map((request) => this.sending(request, options))];
    attempt.note(conversation, `${all.length} requests are sent without waiting`, '§9.3.2');
    return all.map(async (sending, index) => {
      const turn = index === 0 ? attempt : new Attempt(this.host, options);
      turn.use(conversation);
      try {
        const sent = conversation.exchange(sending.head, undefined, turn.times, options.onInterim);
        const answer = await turn.guard(sent);
        return this.decoded(turn.response(answer, conversation, sending, index > 0 || reused));
      } catch (error) {
        const untouched = turn.times.firstByteAt === 0 && (index > 0 || reused);
        if (turn.cancelled || !untouched) throw error;
        turn.note(conversation, 'left unanswered in the pipeline: asked again', '§9.3.2');
        return this.decoded(await this.send(sending, options));
      } finally {
        turn.over();
      }
    });
  }

  /** Closes all connections. */
  close(): void {
    this.pool.close();
  }

  /** One request without redirections, with the cookies that belong to it. */
  private async once(request: ClientRequest, options: CallOptions): Promise<ClientResponse> {
    const sending = this.sending(request, options);
    const response = await this.send(sending, options);
    const set = this.options.cookies && response.headers.all('Set-Cookie');
    if (set && set.length > 0) {
      const site = { method: sending.head.method, ...options.site };
      this.options.cookies?.setCookies(request.url, set, site);
    }
    return response;
  }

  private sending(request: ClientRequest, { site }: CallOptions): Sending {
    const target = parseTarget(request.url);
    const { userAgent = 'toplayer', cookies, codings, proxy } = this.options;
    const method = request.method ?? (request.body === undefined ? 'GET' : 'POST');
    const defaults: [string, string][] = [];
    if (userAgent !== '') defaults.push(['User-Agent', userAgent]);
    defaults.push(['Accept', '*/*']);
    if (codings) defaults.push(['Accept-Encoding', codings.names.join(', ')]);
    const cookie = cookies?.cookieHeader(request.url, { method, ...site });
    if (cookie !== undefined) defaults.push(['Cookie', cookie]);
    if (proxy?.authorization && target.scheme === 'http') {
      defaults.push(['Proxy-Authorization', proxy.authorization]);
    }
    const head = requestHead(request, { ...target, path: this.form(target) }, defaults);
    return { origin: target, head, body: request.body, url: request.url };
  }

  /** A proxy is asked by the whole URL, an origin by the path (RFC 9112 §3.2). */
  private form({ scheme, absolute, path }: Target): string {
    return this.options.proxy && scheme === 'http' ? absolute : path;
  }

  /** One request; tried once more where a kept connection turned out stale. */
  private async send(sending: Sending, options: CallOptions): Promise<ClientResponse> {
    const replayable = isIdempotent(sending.head.method) && !isStream(sending.body);
    const attempt = new Attempt(this.host, options);
    try {
      const first = await this.attempt(attempt, sending, options);
      if (!(first instanceof Stale)) return first;
      if (!replayable) throw first.error;
      attempt.note(first.conversation, 'the idle connection had been closed: once more', '§9.3.1');
      const second = await this.attempt(attempt, sending, { ...options, fresh: true });
      if (second instanceof Stale) throw second.error;
      return second;
    } finally {
      attempt.over();
    }
  }

  private async attempt(
    attempt: Attempt,
    sending: Sending,
    options: CallOptions,
  ): Promise<ClientResponse | Stale> {
    const conversation = await this.conversation(attempt, sending, options);
    const reused = conversation.requests > 0;
    attempt.use(conversation);
    const why = reused
      ? 'the connection is used again'
      : `a new connection: none to ${sending.origin.hostname} was idle`;
    attempt.note(conversation, why, '§9.3');
    try {
      const { head, body } = sending;
      const sent = conversation.exchange(head, body, attempt.times, options.onInterim);
      return attempt.response(await attempt.guard(sent), conversation, sending, reused);
    } catch (error) {
      if (reused && conversation.untouched && !attempt.cancelled) {
        return new Stale(conversation, error);
      }
      throw error;
    }
  }

  /** A connection for this request: an idle one, or a new one. */
  private conversation(
    attempt: Attempt,
    { origin, head }: Sending,
    options: CallOptions,
  ): Promise<ClientConversation> {
    const at = options.connect ?? this.options.connect;
    const { proxy } = this.options;
    // Through a proxy all plain origins share the connections to it.
    const shared = proxy && origin.scheme === 'http' && head.target.includes('://');
    const leads = shared
      ? `proxy ${authorityOf(proxy)}`
      : `${origin.scheme}://${authorityOf(origin)}`;
    const key = at ? `${leads} at ${endpointText(at)}` : leads;
    const acquiring = this.pool.acquire(
      key,
      (onFree, known) =>
        this.dialer.open(
          { origin, at, known, tunnel: proxy !== undefined && !shared },
          attempt,
          onFree,
        ),
      options.fresh,
    );
    return attempt.guard(acquiring, (late) => late.end());
  }

  private decoded(response: ClientResponse): ClientResponse {
    const { codings } = this.options;
    return codings ? decodedResponse(response, codings) : response;
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
