/** The URL as the key under which responses are kept (RFC 9111 §2). */
import type { Request } from '../http/index.ts';

let lastHost = '';
let lastPrefix = 'http://';

/** The target URI (RFC 9110 §7.1), its host in lower case and without the usual port. */
export function urlOf(request: Pick<Request, 'target' | 'scheme' | 'headers'>): string {
  const { target, scheme } = request;
  if (!target.startsWith('/')) return normalUrl(target);
  const host = request.headers.get('Host') ?? '';
  if (scheme === 'https') return `https://${plainHost(scheme, host)}${target}`;
  // Most requests name the host that the one before has named.
  if (host !== lastHost) {
    lastHost = host;
    lastPrefix = `http://${plainHost(scheme, host)}`;
  }
  return lastPrefix + target;
}

/** An absolute target as one in the other form would be called. */
export function normalUrl(target: string): string {
  const match = /^(https?):\/\/([^/?]*)(.*)$/i.exec(target);
  if (!match) return target;
  const [, scheme, host, rest] = match as unknown as [string, string, string, string];
  const lower = scheme.toLowerCase();
  return `${lower}://${plainHost(lower, host)}${rest.startsWith('/') ? rest : `/${rest}`}`;
}

function plainHost(scheme: string, host: string): string {
  const lower = host.toLowerCase();
  const usual = scheme === 'https' ? ':443' : ':80';
  return lower.endsWith(usual) ? lower.slice(0, -usual.length) : lower;
}
