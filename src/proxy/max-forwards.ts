/** TRACE and OPTIONS that are meant for this proxy (RFC 9110 §7.6.2). */
import type { Request, Response } from '../http/index.ts';

const SECRETS = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** The answer to a request that may go no further; undefined where it may. */
export function ownAnswer(request: Request): Response | undefined {
  const { method, headers } = request;
  if (method !== 'TRACE' && method !== 'OPTIONS') return undefined;
  if (headers.get('Max-Forwards') !== '0') return undefined;
  if (method === 'OPTIONS') {
    const allow = 'GET, HEAD, POST, PUT, PATCH, DELETE, CONNECT, OPTIONS, TRACE';
    return { status: 200, headers: [['Allow', allow]], body: '' };
  }
  return { status: 200, headers: [['Content-Type', 'message/http']], body: echo(request) };
}

/** What came, without what nobody else is to see (RFC 9110 §9.3.8). */
function echo({ method, target, version, headers }: Request): string {
  const lines = [...headers]
    .filter(([name]) => !SECRETS.has(name.toLowerCase()))
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${target} HTTP/${version}\r\n${lines.join('')}\r\n`;
}
