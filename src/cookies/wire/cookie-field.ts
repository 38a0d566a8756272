/** The Cookie field: what a client sends back (RFC 6265bis §4.2, §5.8.1). */
import { COOKIE_COUNT_LIMIT } from '../defaults.ts';
import type { Cookie } from '../types.ts';

/** A nameless cookie is its value alone. */
export function cookieField(cookies: readonly Pick<Cookie, 'name' | 'value'>[]): string {
  return cookies.map(({ name, value }) => (name === '' ? value : `${name}=${value}`)).join('; ');
}

export type CookiePair = readonly [name: string, value: string];

/**
 * Names and values in their order; the same name may come twice, from the longer path first. Text
 * without `=` is a value without a name. Quotes are part of the value.
 */
export function parseCookies(text: string | undefined): readonly CookiePair[] {
  const pairs: CookiePair[] = [];
  for (const part of (text ?? '').split(';', COOKIE_COUNT_LIMIT)) {
    const trimmed = part.replace(/^[ \t]+|[ \t]+$/g, '');
    if (trimmed === '') continue;
    const cut = trimmed.indexOf('=');
    const name = cut < 0 ? '' : trimmed.slice(0, cut).replace(/[ \t]+$/, '');
    pairs.push([name, trimmed.slice(cut + 1).replace(/^[ \t]+/, '')]);
  }
  return pairs;
}

/** The first value of a name, which is the one of the longest path. */
export function cookieValue(text: string | undefined, name: string): string | undefined {
  return parseCookies(text).find(([own]) => own === name)?.[1];
}
