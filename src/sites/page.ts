/** What the sites' pages have in common. */

import { sameSecret } from '../auth/index.ts';
import type { HeadersInit, Request, Response } from '../http/index.ts';
import { hex } from '../lib/bytes.ts';
import { formFields } from '../lib/form.ts';
import type { Host } from '../net/index.ts';
import type { Session } from '../sessions/index.ts';
import { FORM_LIMIT } from './defaults.ts';
import { type Content, html, type Markup } from './markup.ts';

export interface PageParts {
  readonly site: string;
  readonly title: string;
  readonly nav: readonly (readonly [href: string, text: string])[];
  readonly body: Content;
  readonly notice?: Notice | undefined;
  readonly footer: Content;
  readonly scripts?: readonly string[];
}

export interface Notice {
  readonly kind: 'good' | 'bad';
  readonly text: string;
}

export function pageText({
  site,
  title,
  nav,
  body,
  notice,
  footer,
  scripts = [],
}: PageParts): string {
  const told = notice && html`<p class="notice ${notice.kind}" role="status">${notice.text}</p>`;
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - ${site}</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
${scripts.map((src) => html`<script src="${src}" defer></script>`)}
</head>
<body>
<header><a class="site" href="/"><img src="/icon.svg" alt="" width="32" height="32">${site}</a>
<nav>${nav.map(([href, text]) => html`<a href="${href}">${text}</a>`)}</nav></header>
<main>
<h1>${title}</h1>
${told}
${body}
</main>
<footer>${footer}</footer>
</body>
</html>
`.text;
}

/** A page that belongs to one visitor alone; `pictures` are sites whose pictures it may show. */
export function pageAnswer(
  status: number,
  text: string,
  pictures: readonly string[] = [],
): Response {
  const images = pictures.flatMap((host) => [`http://${host}:*`, `https://${host}:*`]);
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    `img-src 'self' ${images.join(' ')}`.trim(),
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  const headers: HeadersInit = [
    ['Content-Type', 'text/html; charset=utf-8'],
    ['Cache-Control', 'no-store'],
    ['Content-Security-Policy', policy.join('; ')],
  ];
  return { status, headers, body: text };
}

/** A file of the site's own: the same for everybody, and for a day. */
export function asset(type: string, body: string): Response {
  const headers = { 'Content-Type': type, 'Cache-Control': 'public, max-age=86400' };
  return { status: 200, headers, body };
}

export const SVG = 'image/svg+xml';
export const CSS = 'text/css; charset=utf-8';
export const SCRIPT = 'text/javascript; charset=utf-8';

/** A secret of the visitor's that goes along with every form, so that no other site can send one for it. */
export function formToken(session: Session, host: Host): string {
  const known = session.get('token');
  if (typeof known === 'string') return known;
  const token = hex(host.random.bytes(16));
  session.set('token', token);
  return token;
}

export type Form = ReadonlyMap<string, string>;

/** The fields of a form of ours, or why it is not believed. */
export async function readForm(request: Request, session: Session): Promise<Form | string> {
  const type = request.headers.get('Content-Type') ?? '';
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) return 'This is not a form.';
  const form = formFields(await request.body.text({ limit: FORM_LIMIT }));
  const token = session.get('token');
  if (typeof token === 'string' && sameSecret(form.get('token') ?? '', token)) return form;
  return 'This form is not from this site, or too old: open the page again. Does your browser keep cookies?';
}

/** A span of time for people: `7 days`, `3 hours`, `1 minute`. */
export function spanText(ms: number): string {
  const [size, unit] =
    ms >= 86_400_000
      ? [86_400_000, 'day']
      : ms >= 3_600_000
        ? [3_600_000, 'hour']
        : [60_000, 'minute'];
  const count = Math.max(1, Math.round(ms / size));
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** `2026-01-08 10:00:00` */
export function timeText(ms: number): Markup {
  const iso = new Date(ms).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')}</time>`;
}
