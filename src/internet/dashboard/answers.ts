/** What the dashboard's server answers with: objects, texts, streams, refusals. */
import type { Response } from '../../http/index.ts';
import type { AppError } from '../../lib/errors.ts';

const NO_STORE = { 'Cache-Control': 'no-store' };

export function json(value: unknown): Response {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json', ...NO_STORE },
    body: JSON.stringify(value),
  };
}

export function text(body: string): Response {
  return {
    status: 200,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', ...NO_STORE },
    body,
  };
}

export function stream(type: string, body: NonNullable<Response['body']>): Response {
  return { status: 200, headers: { 'Content-Type': type, ...NO_STORE }, body };
}

export function failure(status: number, error: AppError): Response {
  const { code, message, spec } = error;
  return { ...json({ error: { code, message, ...(spec && { spec }) } }), status };
}
