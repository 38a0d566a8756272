/** Cookies and entries in words. */
import type { CookieView, UserCookiesView } from '../../../src/internet/dashboard/api-web.ts';
import { texts } from '../texts.ts';

const words = texts.web.cookies;

/** Enough to tell two identifiers apart. */
const SHORT = 8;
const VALUE_LONG = 26;

export function shortId(id: string): string {
  return id.slice(0, SHORT);
}

/** The beginning of a long value. */
export function shortValue(value: string): string {
  return value.length > VALUE_LONG ? `${value.slice(0, VALUE_LONG - 1)}…` : value;
}

/** Where it goes back to. */
export function scopeText({ domain, hostOnly, path }: CookieView): string {
  const where = hostOnly ? domain : words.andBelow(domain);
  return path === '/' ? where : `${where}, ${path}`;
}

export function flagsOf({ secure, httpOnly, sameSite }: CookieView): readonly string[] {
  const same = { strict: 'Strict', lax: 'Lax', none: 'None', default: '' }[sameSite];
  return [
    ...(httpOnly ? ['HttpOnly'] : []),
    ...(secure ? ['Secure'] : []),
    ...(same ? [`SameSite=${same}`] : []),
  ];
}

/** Set by a site that was embedded in the page of another. */
export function isThirdParty({ url, page }: { url: string; page?: string }): boolean {
  return page !== undefined && siteOf(url) !== siteOf(page);
}

/** The last two parts of a name, which is what somebody registers on this internet. */
function siteOf(url: string): string {
  return new URL(url).hostname.split('.').slice(-2).join('.');
}

export function hostOf(url: string): string {
  return new URL(url).host;
}

export function setByText({ setBy }: CookieView): string {
  if (!setBy) return words.earlier;
  const { url, page } = setBy;
  const host = hostOf(url);
  return page !== undefined && isThirdParty({ url, page })
    ? words.setOn(host, hostOf(page))
    : words.setBy(host);
}

export function cookieKey(user: UserCookiesView, cookie: CookieView): string {
  const { name, domain, path, hostOnly } = cookie;
  return [user.host, name, domain, path, hostOnly].join(' ');
}

const ITEMS_MOST = 4;

/** A value of an entry as a person would say it. */
export function dataText(value: unknown): string {
  if (Array.isArray(value)) {
    const items = value.slice(0, ITEMS_MOST).map(itemText);
    return value.length > ITEMS_MOST
      ? words.more(items, value.length - ITEMS_MOST)
      : items.join(', ');
  }
  return itemText(value);
}

function itemText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { site, path, ...rest } = value as Record<string, unknown>;
  if (typeof site === 'string' && typeof path === 'string') return `${site}${path}`;
  const all = { ...(site !== undefined && { site }), ...(path !== undefined && { path }), ...rest };
  return Object.entries(all)
    .map(([name, one]) => `${name}: ${typeof one === 'object' ? JSON.stringify(one) : one}`)
    .join(', ');
}
