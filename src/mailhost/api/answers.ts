import type { Response } from '../../http/index.ts';
import { AppError, FileError, LimitError, UsageError } from '../../lib/errors.ts';

export function json(value: unknown, status = 200): Response {
  return {
    status,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
    body: `${JSON.stringify(value)}\n`,
  };
}

export function bytes(type: string, body: Uint8Array): Response {
  return {
    status: 200,
    headers: {
      'Content-Type': type,
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "default-src 'none'; sandbox",
    },
    body,
  };
}

/** There is no such thing here. */
export class NotFound extends AppError {
  constructor(message: string) {
    super('MAIL_API_NOT_FOUND', message);
  }
}

export function failure(error: AppError): Response {
  const { code, message, spec } = error;
  return json({ error: { code, message, ...(spec && { spec }) } }, statusOf(error));
}

function statusOf(error: AppError): number {
  if (error instanceof NotFound) return 404;
  if (error instanceof UsageError) return 400;
  if (error instanceof LimitError) return 413;
  if (error instanceof FileError && error.kind === 'no-space') return 507;
  if (/_(NO_ACCOUNT|NO_FOLDER|NO_PART|GONE|NO_MESSAGE)$/.test(error.code)) return 404;
  return /_EXISTS$/.test(error.code) ? 409 : 422;
}
