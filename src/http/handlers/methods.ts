import { statusPage } from '../pages.ts';
import type { Link, Response } from '../types.ts';

/** What every web server should know the names of (RFC 9110 §9, RFC 5789). */
const KNOWN = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
]);

/**
 * Lets only these methods through. OPTIONS is answered with them; another known one gets 405, an
 * unknown one 501 (RFC 9110 §9.1).
 */
export function methods(...allowed: readonly string[]): Link {
  const offered = [...allowed];
  if (allowed.includes('GET') && !allowed.includes('HEAD')) offered.push('HEAD');
  const allow = [...new Set([...offered, 'OPTIONS'])].join(', ');
  const may = new Set(offered);
  return (next) => (request, context) => {
    if (may.has(request.method)) return next(request, context);
    if (request.method === 'OPTIONS') return { status: 204, headers: [['Allow', allow]] };
    if (!KNOWN.has(request.method)) {
      const text = `The method ${request.method} is not known here.`;
      return statusPage(501, text, { spec: 'RFC 9110 §15.6.2' });
    }
    return refused(request.method, allow);
  };
}

function refused(method: string, allow: string): Response {
  const text = `${method} is not possible here, only ${allow}.`;
  const page = statusPage(405, text, { spec: 'RFC 9110 §15.5.6' });
  return { ...page, headers: [['Allow', allow], ...(page.headers as [string, string][])] };
}
