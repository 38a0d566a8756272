/** A proxy before one origin: its clients take it for the origin. */
import type { HttpCache } from '../cache/index.ts';
import type { Handler, HttpClient, Origin } from '../http/index.ts';
import { UsageError } from '../lib/errors.ts';
import type { Host, Lookup } from '../net/index.ts';
import type { ForwardedStyle } from './forwarded.ts';
import { Gateway } from './gateway.ts';
import { ownAnswer } from './max-forwards.ts';
import { guarded, looping, originForm, proxyName } from './passing.ts';

export interface ReverseProxyOptions {
  /** `http://127.0.0.1:8000`: where all requests go. */
  readonly origin: string;
  readonly cache?: HttpCache;
  readonly lookup?: Lookup;
  /** Host as the client says it, or as the origin is called; default `keep`. */
  readonly hostField?: 'keep' | 'rewrite';
  /** Who asks is told to the origin; default `x`. */
  readonly forwarded?: ForwardedStyle;
  /** The name in Via; default toplayer with a random ending, so that loops are seen. */
  readonly name?: string;
  /** For the head of the origin's answer; then 504. */
  readonly timeoutMs?: number;
  /** For origins with https, or shared with others. */
  readonly client?: HttpClient;
}

/** Passes all requests on to one origin, and keeps what may be kept. */
export function reverseProxy(options: ReverseProxyOptions): Handler {
  const origin = originOf(options.origin);
  const hostField = new URL(options.origin).host;
  let passing: { readonly gateway: Gateway; readonly name: string } | undefined;
  return (request, context) => {
    const ready = options.cache?.ready(request, context);
    if (ready) return ready;
    passing ??= passingOn(context.host, options);
    const { gateway, name } = passing;
    const refusal = looping(request, name) ?? ownAnswer(request);
    if (refusal) return refusal;
    const keep = options.hostField !== 'rewrite';
    const asked = keep ? (request.headers.get('Host') ?? hostField) : hostField;
    return guarded(gateway, request, context, {
      origin,
      target: originForm(request),
      hostField: asked,
    });
  };
}

function passingOn(
  host: Host,
  { name, forwarded = 'x', lookup, cache, timeoutMs, client }: ReverseProxyOptions,
): { readonly gateway: Gateway; readonly name: string } {
  const own = name ?? proxyName(host);
  return {
    name: own,
    gateway: new Gateway(host, { name: own, forwarded, lookup, cache, timeoutMs, client }),
  };
}

function originOf(text: string): Origin {
  const url = URL.parse(text);
  const scheme = url?.protocol.slice(0, -1);
  if (!url || (scheme !== 'http' && scheme !== 'https')) {
    throw new UsageError(`an origin is http://HOST or http://HOST:PORT, not ${text}`);
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new UsageError(`an origin has no path: ${url.origin}, not ${text}`);
  }
  const port = Number(url.port || (scheme === 'https' ? 443 : 80));
  return { scheme, hostname: url.hostname.replace(/^\[|\]$/g, ''), port };
}
