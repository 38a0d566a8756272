/** Which host and path a cookie belongs to (RFC 6265bis §5.1.2 to §5.1.4). */
import { isIPv4 } from '../../lib/endpoint.ts';

/** What of a URL counts for cookies. */
export interface Place {
  /** Canonical: lower case, in A-labels, IPv6 in brackets. */
  readonly host: string;
  readonly path: string;
  readonly scheme: 'http' | 'https';
}

/** Undefined for URLs that have no cookies. */
export function placeOf(text: string): Place | undefined {
  const url = URL.parse(text);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') {
    const scheme = url.protocol === 'https:' ? 'https' : 'http';
    return { host: url.hostname, path: url.pathname, scheme };
  }
  return undefined;
}

export function isAddress(host: string): boolean {
  return host.startsWith('[') || isIPv4(host);
}

/** RFC 6265bis §5.1.3; both lower case. */
export function domainMatches(host: string, domain: string): boolean {
  return host === domain || (host.endsWith(`.${domain}`) && domain !== '' && !isAddress(host));
}

/** RFC 6265bis §5.1.4: the directory of the path, without its last slash. */
export function defaultPath(path: string): string {
  const last = path.lastIndexOf('/');
  return path.startsWith('/') && last > 0 ? path.slice(0, last) : '/';
}

export function pathMatches(path: string, cookiePath: string): boolean {
  if (path === cookiePath) return true;
  return (
    path.startsWith(cookiePath) && (cookiePath.endsWith('/') || path[cookiePath.length] === '/')
  );
}

/**
 * Whether Secure cookies may travel: TLS, or the machine itself, where nobody listens on the way
 * (Secure Contexts §3.1).
 */
export function isTrustworthy({ scheme, host }: Place): boolean {
  return (
    scheme === 'https' ||
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    (isIPv4(host) && host.startsWith('127.'))
  );
}
