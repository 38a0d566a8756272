/** Proxies: before one origin, and for all of them (RFC 9110 §7.6). */
export * from './defaults.ts';
export { type ForwardProxyOptions, forwardProxy } from './forward.ts';
export type { ForwardedStyle } from './forwarded.ts';
export { proxyLog } from './log.ts';
export { fromLoopback, type Permission, purging } from './purging.ts';
export { type ReverseProxyOptions, reverseProxy } from './reverse.ts';
export { type ProxyOptions, proxyCache, serveProxy } from './server.ts';
export { join, type TunnelOptions } from './tunnel.ts';
