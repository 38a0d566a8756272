/** What an unsafe request makes doubtful (RFC 9111 §4.4). */
import type { ResponseHead } from '../../http/index.ts';

/** RFC 9110 §9.2.1; a method that nobody knows counts as unsafe. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT']);

export function isSafe(method: string): boolean {
  return SAFE.has(method);
}

/** The URLs whose stored responses must not be used unvalidated after this answer. */
export function invalidated(url: string, method: string, answer: ResponseHead): readonly string[] {
  if (isSafe(method) || answer.status < 200 || answer.status >= 400) return [];
  const urls = new Set([url]);
  for (const name of ['Location', 'Content-Location']) {
    const other = sameOrigin(url, answer.headers.get(name));
    if (other !== undefined) urls.add(other);
  }
  return [...urls];
}

/** The URL that a reference leads to, within the same origin only: no site may empty another's cache. */
export function sameOrigin(url: string, reference: string | undefined): string | undefined {
  if (reference === undefined) return undefined;
  const base = URL.parse(url);
  const other = URL.parse(reference, url);
  if (!base || !other || base.origin !== other.origin) return undefined;
  return `${other.origin}${other.pathname}${other.search}`;
}
