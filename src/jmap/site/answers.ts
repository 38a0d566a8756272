/** What the site answers with, beside files. */
import { type Response, reasonFor } from '../../http/index.ts';
import type { JmapError } from '../errors.ts';
import type { Json, JsonObject } from '../types.ts';

/** Mail is nobody else's: nothing on the way keeps it (RFC 8620 §2). */
const NO_STORE = { 'Cache-Control': 'no-cache, no-store, must-revalidate' };

export function json(value: Json, status = 200): Response {
  return {
    status,
    headers: { 'Content-Type': 'application/json', ...NO_STORE },
    body: JSON.stringify(value),
  };
}

/** Problem details (RFC 7807), as RFC 8620 §3.6.1 asks for. */
export function problem(status: number, detail: string, more: JsonObject = {}): Response {
  const answer = json(
    { type: 'about:blank', status, title: reasonFor(status), detail, ...more },
    status,
  );
  return { ...answer, headers: { 'Content-Type': 'application/problem+json', ...NO_STORE } };
}

export function requestProblem({ type, message, more }: JmapError): Response {
  return problem(400, message, { type: `urn:ietf:params:jmap:error:${type}`, ...more });
}

export function limitProblem(limit: string, detail: string, status = 400): Response {
  return problem(status, detail, { type: 'urn:ietf:params:jmap:error:limit', limit });
}
