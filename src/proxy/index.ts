/** Proxies: before one origin, and for all of them (RFC 9110 §7.6, RFC 9111). */
export * from './defaults.ts';
export type { ForwardedStyle } from './forwarded.ts';
export { type ReverseProxyOptions, reverseProxy } from './reverse.ts';
export { join, type TunnelOptions } from './tunnel.ts';
