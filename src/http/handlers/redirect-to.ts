import { escapeHtml, statusPage } from '../pages.ts';
import type { Handler, Request, Response } from '../types.ts';

export type RedirectStatus = 301 | 302 | 303 | 307 | 308;

/** An answer that sends the client on (RFC 9110 §15.4), with a page for who does not follow. */
export function redirectResponse(location: string, status: RedirectStatus = 302): Response {
  const link = `<p><a href="${escapeHtml(location)}">${escapeHtml(location)}</a></p>`;
  const page = statusPage(status, 'It is elsewhere:', { more: link });
  return { ...page, headers: [['Location', location], ...(page.headers as [string, string][])] };
}

/** Sends every request on; a function may look at the request. */
export function redirectTo(
  to: string | ((request: Request) => string),
  status: RedirectStatus = 302,
): Handler {
  return (request) => redirectResponse(typeof to === 'string' ? to : to(request), status);
}
