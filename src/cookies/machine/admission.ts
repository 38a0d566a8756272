/** Whether a cookie is taken, and as what (RFC 6265bis §5.7). */
import { LIFETIME_LIMIT_MS } from '../defaults.ts';
import { reason } from '../errors.ts';
import type {
  Cookie,
  CookieContext,
  CookieReasonCode,
  PublicSuffixes,
  Reason,
  ReceivedCookie,
} from '../types.ts';
import { defaultPath, domainMatches, isTrustworthy, type Place, pathMatches } from './matching.ts';
import { maySet, siteStatus } from './same-site.ts';

export interface Rules {
  readonly suffixes: PublicSuffixes;
  readonly thirdParty: 'allow' | 'block';
  /** As before 2020: no SameSite means `none`, and `none` needs no Secure. */
  readonly legacySameSite: boolean;
}

/** `known` are the cookies of the jar that may be in the way. */
export function admit(
  received: ReceivedCookie,
  place: Place,
  context: CookieContext,
  now: number,
  { rules, known }: { readonly rules: Rules; readonly known: Iterable<Cookie> },
): Cookie | Reason {
  const domain = domainOf(received, place, rules.suffixes);
  if (typeof domain !== 'string') return domain;
  const hostOnly = domain === '';
  const cookie: Cookie = {
    name: received.name,
    value: received.value,
    domain: hostOnly ? place.host : domain,
    hostOnly,
    path: received.path ?? defaultPath(place.path),
    expires: expiryOf(received, now),
    secure: received.secure,
    httpOnly: received.httpOnly,
    sameSite: received.sameSite,
    created: now,
    used: now,
  };
  const code = faultOf(cookie, received, place, context, rules) ?? overlay(cookie, place, known);
  return code === undefined ? cookie : reason(code);
}

/** Empty: of this host only. A public suffix may have cookies of its own, for itself alone. */
function domainOf(
  { domain = '' }: ReceivedCookie,
  { host }: Place,
  suffixes: PublicSuffixes,
): string | Reason {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII
  if (!/^[\x00-\x7f]*$/.test(domain)) return reason('COOKIE_DOMAIN_NOT_ASCII');
  if (domain !== '' && suffixes.isSuffix(domain)) {
    return domain === host ? '' : reason('COOKIE_PUBLIC_SUFFIX');
  }
  if (domain !== '' && !domainMatches(host, domain)) return reason('COOKIE_OTHER_DOMAIN');
  return domain;
}

/** Max-Age outweighs Expires; neither goes beyond 400 days (RFC 6265bis §5.5). */
function expiryOf({ maxAge, expires }: ReceivedCookie, now: number): number | undefined {
  const last = now + LIFETIME_LIMIT_MS;
  if (maxAge !== undefined) return maxAge <= 0 ? -1 : Math.min(now + maxAge * 1000, last);
  return expires === undefined ? undefined : Math.min(expires, last);
}

function faultOf(
  cookie: Cookie,
  received: ReceivedCookie,
  place: Place,
  context: CookieContext,
  rules: Rules,
): CookieReasonCode | undefined {
  const status = siteStatus(place, context, rules.suffixes);
  const sameSite = effectiveSameSite(cookie, rules);
  if (status.thirdParty && rules.thirdParty === 'block') return 'COOKIE_THIRD_PARTY';
  if (cookie.secure && !isTrustworthy(place)) return 'COOKIE_NOT_SECURE';
  if (cookie.httpOnly && context.api === 'script') return 'COOKIE_HTTP_ONLY';
  if (!maySet(sameSite, status)) return 'COOKIE_CROSS_SITE';
  if (sameSite === 'none' && !cookie.secure && !rules.legacySameSite) {
    return 'COOKIE_NONE_NOT_SECURE';
  }
  return prefixFault(cookie, received);
}

export function effectiveSameSite(cookie: Cookie, rules: Rules): Cookie['sameSite'] {
  return cookie.sameSite === 'default' && rules.legacySameSite ? 'none' : cookie.sameSite;
}

function prefixFault(cookie: Cookie, received: ReceivedCookie): CookieReasonCode | undefined {
  const { name, value, secure, hostOnly } = cookie;
  if (name === '' && /^__(?:secure|host)-/i.test(value)) return 'COOKIE_HIDDEN_PREFIX';
  if (/^__secure-/i.test(name) && !secure) return 'COOKIE_SECURE_PREFIX';
  if (/^__host-/i.test(name) && !(secure && hostOnly && received.path === '/')) {
    return 'COOKIE_HOST_PREFIX';
  }
  return undefined;
}

/** Who can write on an open line must not put a cookie in the place of one that came over TLS. */
function overlay(
  cookie: Cookie,
  place: Place,
  known: Iterable<Cookie>,
): CookieReasonCode | undefined {
  if (cookie.secure || isTrustworthy(place)) return undefined;
  for (const old of known) {
    const near =
      domainMatches(cookie.domain, old.domain) || domainMatches(old.domain, cookie.domain);
    if (old.secure && old.name === cookie.name && near && pathMatches(cookie.path, old.path)) {
      return 'COOKIE_OVERLAYS_SECURE';
    }
  }
  return undefined;
}
