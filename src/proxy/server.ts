/** A proxy that listens: for all origins, or before one. */
import { HttpCache } from '../cache/index.ts';
import { chain, type Handler, type Link, serveHttp } from '../http/index.ts';
import type { Address } from '../lib/endpoint.ts';
import type { Host, Server } from '../net/index.ts';
import { PROXIED_BODY_LIMIT, PROXY_PORT } from './defaults.ts';
import { type ForwardProxyOptions, forwardProxy } from './forward.ts';
import { originClient } from './gateway.ts';
import { fromLoopback, type Permission, purging } from './purging.ts';
import { type ReverseProxyOptions, reverseProxy } from './reverse.ts';

export interface ProxyOptions extends ForwardProxyOptions {
  /** Default: 8080. 0 takes a free one. */
  readonly port?: number;
  readonly address?: Address;
  /** `http://127.0.0.1:8000`: stands before this origin; without it, it is for all. */
  readonly reverse?: string;
  /** With `reverse`: Host as the client says it, or as the origin is called. */
  readonly hostField?: ReverseProxyOptions['hostField'];
  /** Who may send PURGE; default: this machine. */
  readonly mayPurge?: Permission;
  /** Links before the proxy's own, such as a log. */
  readonly links?: readonly Link[];
  readonly onError?: (error: unknown) => void;
}

/** Listens until closed. What is kept is in `cache`, where one is given. */
export async function serveProxy(host: Host, options: ProxyOptions = {}): Promise<Server> {
  const {
    port = PROXY_PORT,
    address,
    cache,
    mayPurge = fromLoopback,
    links = [],
    onError,
  } = options;
  const purge: Link[] = cache ? [purging(cache, mayPurge)] : [];
  const client = options.client ?? originClient(host, options.lookup);
  const server = await serveHttp(host, {
    port,
    handler: chain(...links, ...purge, proxyHandler(host, { ...options, client })),
    bodyLimit: PROXIED_BODY_LIMIT,
    // What an origin calls itself is passed on; nothing is said where it says nothing.
    serverName: '',
    ...(address !== undefined && { address }),
    ...(onError && { onError }),
  });
  return {
    local: server.local,
    async close(how) {
      await server.close(how);
      if (!options.client) client.close();
    },
  };
}

function proxyHandler(host: Host, options: ProxyOptions): Handler {
  const { reverse, hostField, ...forward } = options;
  if (reverse === undefined) return forwardProxy(host, forward);
  return reverseProxy({ ...forward, origin: reverse, ...(hostField && { hostField }) });
}

/** A cache for a forward proxy: fields meant for CDNs do not concern it (RFC 9213 §3). */
export function proxyCache(host: Host, capacity?: number): HttpCache {
  return new HttpCache(host, { targets: [], ...(capacity !== undefined && { capacity }) });
}
