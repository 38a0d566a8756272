/** Why cookies are refused or stay behind, and what a server may not set. */
import { ProtocolError } from '../lib/errors.ts';
import type { CookieReasonCode, Reason } from './types.ts';

const REASONS: Readonly<Record<CookieReasonCode, readonly [why: string, section: string]>> = {
  COOKIE_BAD_URL: ['cookies belong to URLs of http and https only', '§5.7'],
  COOKIE_CONTROL_CHARACTER: ['it contains a control character', '§5.6'],
  COOKIE_TOO_LARGE: ['name and value are longer than 4096 bytes', '§5.6'],
  COOKIE_EMPTY: ['it has neither a name nor a value', '§5.7'],
  COOKIE_THIRD_PARTY: ['cookies of sites embedded in other sites are blocked here', '§7.1'],
  COOKIE_DOMAIN_NOT_ASCII: ['its Domain is not ASCII', '§5.7'],
  COOKIE_PUBLIC_SUFFIX: ['its Domain is a public suffix, which belongs to nobody', '§5.7'],
  COOKIE_OTHER_DOMAIN: ['its Domain is neither this host nor above it', '§5.1.3'],
  COOKIE_OTHER_PATH: ['its Path does not cover this path', '§5.1.4'],
  COOKIE_NOT_SECURE: ['it is Secure, and the connection is not', '§5.7'],
  COOKIE_HTTP_ONLY: ['it is HttpOnly, out of reach of scripts', '§5.6.6'],
  COOKIE_OVERLAYS_SECURE: ['a Secure cookie of this name is left alone', '§5.7'],
  COOKIE_CROSS_SITE: ['its SameSite keeps it from requests that other sites cause', '§5.6.7'],
  COOKIE_NONE_NOT_SECURE: ['SameSite=None is believed only together with Secure', '§5.7'],
  COOKIE_SECURE_PREFIX: ['a name with __Secure- must be Secure', '§5.4'],
  COOKIE_HOST_PREFIX: ['a name with __Host- must be Secure, with Path=/, without Domain', '§5.4'],
  COOKIE_HIDDEN_PREFIX: ['a cookie without a name may not look like one with a prefix', '§5.7'],
};

/** The sentence and the section that go with a code. */
export function reason(code: CookieReasonCode): Reason {
  const [why, section] = REASONS[code];
  return { code, why, spec: `RFC 6265bis ${section}` };
}

/** A cookie that a server was asked to set and no browser would keep. */
export function badCookie(message: string, section: string): ProtocolError {
  return new ProtocolError('COOKIE_BAD', message, {
    spec: `RFC 6265bis ${section}`,
    side: 'local',
  });
}
