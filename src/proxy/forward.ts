/** A proxy for clients that are set to use it: any http URL, tunnels to anywhere (RFC 9110 §3.7, §7.6). */
import type { HttpCache } from '../cache/index.ts';
import {
  type Handler,
  type HttpClient,
  type Origin,
  type Request,
  type Response,
  statusPage,
} from '../http/index.ts';
import type { Host, Lookup } from '../net/index.ts';
import { connectTunnel } from './connect.ts';
import type { ForwardedStyle } from './forwarded.ts';
import { Gateway, type NextHop } from './gateway.ts';
import { ownAnswer } from './max-forwards.ts';
import { guarded, looping, originForm, proxyName } from './passing.ts';

export interface ForwardProxyOptions {
  /** How names become addresses; without it, URLs must carry addresses. */
  readonly lookup?: Lookup;
  readonly cache?: HttpCache;
  /** The name in Via; default toplayer with a random ending, so that loops are seen. */
  readonly name?: string;
  /** Whether origins are told who asks; default `none`. */
  readonly forwarded?: ForwardedStyle;
  /** For the head of an origin's answer; then 504. */
  readonly timeoutMs?: number;
  readonly client?: HttpClient;
  /** Answers what is asked of the proxy itself; default: a page that says what it is. */
  readonly own?: Handler;
}

export function forwardProxy(host: Host, options: ForwardProxyOptions = {}): Handler {
  const { lookup, cache, forwarded = 'none', timeoutMs, client, own = explains } = options;
  const name = options.name ?? proxyName(host);
  const gateway = new Gateway(host, { name, forwarded, lookup, cache, timeoutMs, client });
  return (request, context) => {
    const ready = request.target.startsWith('/') ? undefined : cache?.ready(request, context);
    if (ready) return ready;
    if (request.method === 'CONNECT') return connectTunnel(request, context, { lookup });
    const refusal = looping(request, name) ?? ownAnswer(request);
    if (refusal) return refusal;
    const hop = nextHop(request);
    if (!hop) return own(request, context);
    if ('status' in hop) return hop;
    return guarded(gateway, request, context, hop);
  };
}

/** Undefined for a request that is for the proxy itself. */
function nextHop(request: Request): NextHop | Response | undefined {
  const { target } = request;
  if (target.startsWith('/') || target === '*') return undefined;
  const url = URL.parse(target);
  const scheme = url?.protocol.slice(0, -1);
  if (!url || (scheme !== 'http' && scheme !== 'https')) {
    const text = `${scheme ?? target} is not fetched here, only http and https.`;
    return statusPage(501, text, { spec: 'RFC 9110 §4.2' });
  }
  const port = Number(url.port || (scheme === 'https' ? 443 : 80));
  const origin: Origin = { scheme, hostname: url.hostname.replace(/^\[|\]$/g, ''), port };
  // The target outweighs Host, and Host is made anew from it (RFC 9112 §3.2.2).
  return { origin, target: formFor(request), hostField: url.host };
}

/** RFC 9112 §3.2.4: OPTIONS of a whole server, asked through a proxy, has no path. */
function formFor(request: Request): string {
  const pathless = /^[a-z]+:\/\/[^/?]*$/i.test(request.target);
  return request.method === 'OPTIONS' && pathless ? '*' : originForm(request);
}

const explains: Handler = ({ target }) =>
  statusPage(400, `This is a proxy: it is asked by whole URLs, not by ${target}.`, {
    spec: 'RFC 9112 §3.2.2',
    more: '<p>Set it as the HTTP proxy of a browser, or try <code>curl -x</code>.</p>',
  });
