/** Cookies as programs see them (RFC 6265bis §5.7). Times are milliseconds since 1970 (UTC). */
import type { RequestSite } from '../http/index.ts';

/** `default`: the server said nothing, which is treated as `lax` (RFC 6265bis §5.6.7). */
export type SameSite = 'strict' | 'lax' | 'none' | 'default';

/** What one Set-Cookie field says, before anybody decides whether to believe it. */
export interface ReceivedCookie {
  /** May be empty: such a cookie is sent as its value alone. */
  readonly name: string;
  readonly value: string;
  /** As parsed; undefined when absent or not a date. */
  readonly expires: number | undefined;
  /** Seconds. It outweighs Expires. */
  readonly maxAge: number | undefined;
  /** Without its leading dot, lower case. */
  readonly domain: string | undefined;
  /** Undefined when absent, or not beginning with `/`: then the default path counts. */
  readonly path: string | undefined;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: SameSite;
}

/** A cookie as a jar keeps it. */
export interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  /** Goes back to this very host only, not to those below it. */
  readonly hostOnly: boolean;
  readonly path: string;
  /** Undefined: it ends with the session. */
  readonly expires: number | undefined;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: SameSite;
  /** Kept when the cookie is set anew: the order in which cookies are sent follows it. */
  readonly created: number;
  readonly used: number;
}

/** What a jar knows of the request in question. Without a `siteUrl` the user asked for it directly. */
export interface CookieContext extends RequestSite {
  /** Who sets or reads: HTTP, or a script of the page, which never sees HttpOnly. Default: `http`. */
  readonly api?: 'http' | 'script';
}

/** What became of a Set-Cookie field. */
export type CookieDecision =
  | { readonly kind: 'stored' | 'replaced' | 'deleted'; readonly cookie: Cookie }
  | Refusal;

/** Why a cookie was not taken, for people and for programs. */
export interface Refusal extends Reason {
  readonly kind: 'refused';
  readonly name: string;
}

export interface Reason {
  readonly code: CookieReasonCode;
  readonly why: string;
  readonly spec: string;
}

export type CookieReasonCode =
  | 'COOKIE_BAD_URL'
  | 'COOKIE_CONTROL_CHARACTER'
  | 'COOKIE_TOO_LARGE'
  | 'COOKIE_EMPTY'
  | 'COOKIE_THIRD_PARTY'
  | 'COOKIE_DOMAIN_NOT_ASCII'
  | 'COOKIE_PUBLIC_SUFFIX'
  | 'COOKIE_OTHER_DOMAIN'
  | 'COOKIE_OTHER_PATH'
  | 'COOKIE_NOT_SECURE'
  | 'COOKIE_HTTP_ONLY'
  | 'COOKIE_OVERLAYS_SECURE'
  | 'COOKIE_CROSS_SITE'
  | 'COOKIE_NONE_NOT_SECURE'
  | 'COOKIE_SECURE_PREFIX'
  | 'COOKIE_HOST_PREFIX'
  | 'COOKIE_HIDDEN_PREFIX';

/** What goes along with a request, and what of the same host stays behind. */
export interface CookieSelection {
  /** In the order in which they are sent. */
  readonly sent: readonly Cookie[];
  readonly withheld: readonly { readonly cookie: Cookie; readonly reason: Reason }[];
}

/** Knows which names are nobody's own: `com`, `co.uk` (RFC 6265bis §5.1.3, publicsuffix.org). */
export interface PublicSuffixes {
  isSuffix(name: string): boolean;
  /** The name that somebody registered, `shop.com` for `www.shop.com`; the name itself where there is none. */
  site(name: string): string;
}
