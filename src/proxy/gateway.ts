/** The way from a proxy to origins: requests passed on, protocols changed, tunnels. */
import {
  endToEnd,
  type Forward,
  type ForwardRequest,
  type HttpCache,
  relay,
} from '../cache/index.ts';
import {
  type ClientResponse,
  type Context,
  HttpClient,
  type Origin,
  type OutgoingBody,
  type Request,
  type RequestHead,
  type Response,
} from '../http/index.ts';
import { deferred } from '../lib/deferred.ts';
import type { Host, Lookup } from '../net/index.ts';
import { CONTINUE_MS, ORIGIN_CONNECTIONS, ORIGIN_IDLE_MS, ORIGIN_TIMEOUT_MS } from './defaults.ts';
import type { ForwardedStyle } from './forwarded.ts';
import { framedHead, passedOn, upgradeOf, waitingBody } from './passing-on.ts';
import { join } from './tunnel.ts';
import { withVia } from './via.ts';

export interface GatewayOptions {
  /** The name in Via, which no other proxy on the way may have. */
  readonly name: string;
  readonly forwarded: ForwardedStyle;
  readonly lookup?: Lookup | undefined;
  readonly cache?: HttpCache | undefined;
  readonly timeoutMs?: number | undefined;
  /** Whom to trust on https. */
  readonly client?: HttpClient | undefined;
}

/** Where a request goes next. */
export interface NextHop {
  readonly origin: Origin;
  readonly target: string;
  readonly hostField: string;
}

/** A client as a proxy needs it: many connections, and nothing said of itself. */
export function originClient(host: Host, lookup?: Lookup): HttpClient {
  return new HttpClient(host, {
    ...(lookup && { lookup }),
    connectionsPerOrigin: ORIGIN_CONNECTIONS,
    idleMs: ORIGIN_IDLE_MS,
    userAgent: '',
  });
}

export class Gateway {
  readonly client: HttpClient;
  private readonly host: Host;
  private readonly options: GatewayOptions;

  constructor(host: Host, options: GatewayOptions) {
    this.host = host;
    this.options = options;
    this.client = options.client ?? originClient(host, options.lookup);
  }

  /** Answers from the cache, if there is one, or from the origin. Rejects when there is no answer. */
  answer(request: Request, context: Context, hop: NextHop): Response | Promise<Response> {
    const upgrade = upgradeOf(request.headers);
    if (upgrade !== undefined) return this.switching(request, context, hop, upgrade);
    const { cache } = this.options;
    if (!cache) return this.passing(request, context, hop);
    return cache.answer(request, context, this.forwardTo(request, context, hop));
  }

  private forwardTo(request: Request, context: Context, hop: NextHop): Forward {
    return async (asked) => {
      const response = await this.send(
        this.head({ ...pick(request), ...asked.head }, context, hop),
        hop,
        asked,
      );
      const { version, status, reason } = response;
      const headers = withVia(response.headers, version, this.options.name);
      return { head: { version, status, reason, headers }, body: response.body };
    };
  }

  private async passing(request: Request, context: Context, hop: NextHop): Promise<Response> {
    const asked = {
      head: request,
      body: request.body.length === 0 ? undefined : request.body,
      signal: context.signal,
      onInterim: (head: { status: number; headers: Request['headers'] }) =>
        context.interim(head.status, endToEnd(head.headers)),
    };
    const answer = await this.send(this.head(request, context, hop), hop, asked);
    const { version, status, reason, body } = answer;
    const headers = withVia(endToEnd(answer.headers), version, this.options.name);
    return { status, reason, headers, body: relay(body) };
  }

  private head(
    request: PassedRequest,
    context: Context,
    { target, hostField }: NextHop,
  ): RequestHead {
    const { name, forwarded } = this.options;
    const { scheme } = request;
    const asker = context.remote.address;
    return passedOn(request, { name, forwarded, asker, scheme, target, hostField });
  }

  private async send(
    head: RequestHead,
    { origin }: NextHop,
    { body, signal, onInterim }: ForwardRequest,
  ): Promise<ClientResponse> {
    const { timeoutMs = ORIGIN_TIMEOUT_MS } = this.options;
    const go = deferred<void>();
    const waits = body !== undefined && head.headers.has('Expect');
    const patience = waits ? this.host.clock.setTimer(CONTINUE_MS, () => go.resolve()) : undefined;
    try {
      return await this.client.forward(framedHead(head, body), origin, {
        timeoutMs,
        ...(signal && { signal }),
        ...(body && { body: waits ? waitingBody(body, go.promise) : (body as OutgoingBody) }),
        onInterim: (interim) => {
          // Our server says 100 itself, when the body is wanted.
          if (interim.status === 100) go.resolve();
          else onInterim?.(interim);
        },
      });
    } finally {
      patience?.cancel();
    }
  }

  /** RFC 9110 §7.8: 101 from the origin makes both connections one. */
  private async switching(
    request: Request,
    context: Context,
    hop: NextHop,
    upgrade: string,
  ): Promise<Response> {
    const plain = this.head(request, context, hop);
    const headers = plain.headers.with('Connection', 'Upgrade').with('Upgrade', upgrade);
    const body = request.body.length === 0 ? undefined : request.body;
    const asked: ForwardRequest = {
      head: plain,
      body,
      signal: context.signal,
      onInterim: undefined,
    };
    const answer = await this.send({ ...plain, headers }, hop, asked);
    const { version, status, reason, switched } = answer;
    const fields = withVia(endToEnd(answer.headers), version, this.options.name);
    if (!switched) return { status, reason, headers: fields, body: relay(answer.body) };
    const chosen = answer.headers.joined('Upgrade') ?? upgrade;
    return {
      status,
      reason,
      headers: fields.appended('Upgrade', chosen),
      takeover: (client) => join(this.host.clock, client, switched),
    };
  }
}

type PassedRequest = Pick<Request, 'method' | 'version' | 'headers' | 'body' | 'scheme'>;

/** What is copied of a request, whose parts are made as they are asked for. */
function pick({ method, version, headers, body, scheme }: Request): PassedRequest {
  return { method, version, headers, body, scheme };
}
