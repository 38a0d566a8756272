/** The small pages that a server makes itself. */
import { type AppError, LimitError, ProtocolError, ReplyError } from '../lib/errors.ts';
import type { Response } from './types.ts';
import { reasonFor } from './wire/status.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] as string);
}

/** A whole page; `body` is HTML, `title` is text. */
export function htmlPage(title: string, body: string): string {
  const name = escapeHtml(title);
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>${name}</title></head>
<body>
<h1>${name}</h1>
${body}
</body>
</html>
`;
}

export const HTML: readonly [string, string] = ['Content-Type', 'text/html; charset=utf-8'];

/** `400 Bad Request` and why, with the section that asks for it: `Host is missing (RFC 9112 §3.2)`. */
export function statusPage(
  status: number,
  detail: string,
  options: { readonly spec?: string | undefined; readonly more?: string } = {},
): Response {
  const why = options.spec ? `${detail} (${options.spec})` : detail;
  const text = `<p>${escapeHtml(why)}</p>${options.more ? `\n${options.more}` : ''}`;
  return {
    status,
    headers: [HTML],
    body: htmlPage(`${status} ${reasonFor(status)}`.trim(), text),
  };
}

/** What a client is told of an error: broken rules in full, our own faults not at all. */
export function errorResponse(error: unknown): Response {
  const told = error instanceof ProtocolError || error instanceof LimitError;
  const reply = told || error instanceof ReplyError ? error.reply : undefined;
  if (reply === undefined || reply < 400 || reply > 599) {
    return statusPage(500, 'The server could not answer this request.');
  }
  const { message, spec } = error as AppError;
  return statusPage(reply, message, { spec });
}
