/** Cookies of clients and servers (RFC 6265bis). */
export * from './defaults.ts';
export { reason } from './errors.ts';
export { CookieJar, type CookieJarOptions } from './jar.ts';
export { publicSuffixes } from './public-suffixes.ts';
export type * from './types.ts';
export { parseCookieDate } from './wire/cookie-date.ts';
export { type CookiePair, cookieField, cookieValue, parseCookies } from './wire/cookie-field.ts';
export {
  type CookieFile,
  type CookieFileProblem,
  formatCookiesTxt,
  parseCookiesTxt,
} from './wire/cookies-txt.ts';
export { type CookieAttributes, parseSetCookie, setCookie } from './wire/set-cookie.ts';
