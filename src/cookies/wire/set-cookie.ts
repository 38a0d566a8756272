/** The Set-Cookie field, read as browsers read it and written as the grammar asks. */
import { utf8 } from '../../lib/bytes.ts';
import { ATTRIBUTE_COUNT_LIMIT, ATTRIBUTE_LIMIT, NAME_VALUE_LIMIT } from '../defaults.ts';
import { badCookie, reason } from '../errors.ts';
import type { Reason, ReceivedCookie, SameSite } from '../types.ts';
import { parseCookieDate } from './cookie-date.ts';

/** All control characters but the tab. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\x00-\x08\x0a-\x1f\x7f]/;

/** Each attribute as it was last given (RFC 6265bis §5.6.1 to §5.6.7). */
interface Attributes {
  expires?: number | undefined;
  maxAge?: number;
  domain?: string | undefined;
  path?: string | undefined;
  secure?: true;
  httpOnly?: true;
  sameSite?: SameSite;
}

/** RFC 6265bis §5.6: any text gives a cookie, or the reason why it is none. */
export function parseSetCookie(text: string): ReceivedCookie | Reason {
  if (CONTROLS.test(text)) return reason('COOKIE_CONTROL_CHARACTER');
  const parts = text.split(';');
  const [name, value] = pair(parts[0] ?? '', '');
  if (name === '' && value === '') return reason('COOKIE_EMPTY');
  if (byteLength(name) + byteLength(value) > NAME_VALUE_LIMIT) return reason('COOKIE_TOO_LARGE');
  const found: Attributes = {};
  for (const part of parts.slice(1, 1 + ATTRIBUTE_COUNT_LIMIT)) attribute(part, found);
  return {
    name,
    value,
    expires: found.expires,
    maxAge: found.maxAge,
    domain: found.domain,
    path: found.path,
    secure: found.secure ?? false,
    httpOnly: found.httpOnly ?? false,
    sameSite: found.sameSite ?? 'default',
  };
}

/** Text without `=` is a value (of a cookie) or a name (of an attribute). */
function pair(text: string, whole: string | undefined): [string, string] {
  const cut = text.indexOf('=');
  if (cut >= 0) return [trim(text.slice(0, cut)), trim(text.slice(cut + 1))];
  return whole === undefined ? [trim(text), ''] : [whole, trim(text)];
}

function attribute(text: string, found: Attributes): void {
  const [name, value] = pair(text, undefined);
  if (byteLength(value) > ATTRIBUTE_LIMIT) return;
  ATTRIBUTES.get(name.toLowerCase())?.(value, found);
}

const READERS: Readonly<Record<string, (value: string, found: Attributes) => void>> = {
  expires(value, found) {
    const date = parseCookieDate(value);
    if (date !== undefined) found.expires = date;
  },
  'max-age'(value, found) {
    if (/^(?:-?\d+)$/.test(value)) found.maxAge = Number(value);
  },
  domain(value, found) {
    const domain = value.replace(/^\./, '').toLowerCase();
    found.domain = domain === '' ? undefined : domain;
  },
  path(value, found) {
    found.path = value.startsWith('/') ? value : undefined;
  },
  secure(_, found) {
    found.secure = true;
  },
  httponly(_, found) {
    found.httpOnly = true;
  },
  samesite(value, found) {
    const mode = value.toLowerCase();
    found.sameSite = mode === 'strict' || mode === 'lax' || mode === 'none' ? mode : 'default';
  },
};
const ATTRIBUTES = new Map(Object.entries(READERS));

/** Of white space only these two count (RFC 6265bis §5.6). */
function trim(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '');
}

/** Field values hold bytes of the wire as Latin-1, or text: the longer reading counts. */
function byteLength(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII
  return /^[\x00-\x7f]*$/.test(text) ? text.length : utf8(text).length;
}

/** What a server may say of a cookie. */
export interface CookieAttributes {
  /** Milliseconds since 1970. */
  readonly expires?: number;
  /** Seconds; 0 deletes the cookie. */
  readonly maxAge?: number;
  readonly domain?: string;
  readonly path?: string;
  readonly secure?: boolean;
  readonly httpOnly?: boolean;
  readonly sameSite?: 'strict' | 'lax' | 'none';
}

/** cookie-octet of RFC 6265bis §4.1.1, perhaps within quotes. */
const VALUE =
  /^(?:[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*|"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")$/;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** The value of a Set-Cookie field. Throws ProtocolError COOKIE_BAD for what no browser would keep. */
export function setCookie(name: string, value: string, attributes: CookieAttributes = {}): string {
  checkPair(name, value);
  checkPrefix(name, attributes);
  const { expires, maxAge, domain, path, secure, httpOnly, sameSite } = attributes;
  if (sameSite === 'none' && !secure) {
    throw badCookie('SameSite=None is believed only together with secure', '§5.7');
  }
  if (maxAge !== undefined && !Number.isSafeInteger(maxAge)) {
    throw badCookie(`maxAge is a whole number of seconds, not ${maxAge}`, '§4.1.1');
  }
  return [
    `${name}=${value}`,
    ...(expires === undefined ? [] : [`Expires=${dateText(expires)}`]),
    ...(maxAge === undefined ? [] : [`Max-Age=${maxAge}`]),
    ...(domain === undefined ? [] : [`Domain=${checkDomain(domain)}`]),
    ...(path === undefined ? [] : [`Path=${checkPath(path)}`]),
    ...(secure ? ['Secure'] : []),
    ...(httpOnly ? ['HttpOnly'] : []),
    ...(sameSite ? [`SameSite=${sameSite.charAt(0).toUpperCase()}${sameSite.slice(1)}`] : []),
  ].join('; ');
}

function checkPair(name: string, value: string): void {
  if (!TOKEN.test(name)) throw badCookie(`"${name}" is no name for a cookie`, '§4.1.1');
  if (!VALUE.test(value)) {
    const text = `the value of ${name} has characters that no cookie may have: encode it first`;
    throw badCookie(text, '§4.1.1');
  }
  if (name.length + value.length > NAME_VALUE_LIMIT) {
    throw badCookie(`${name} and its value are longer than ${NAME_VALUE_LIMIT} bytes`, '§5.6');
  }
}

function checkPrefix(name: string, { secure, domain, path }: CookieAttributes): void {
  if (/^__secure-/i.test(name) && !secure)
    throw badCookie(reason('COOKIE_SECURE_PREFIX').why, '§5.4');
  if (/^__host-/i.test(name) && !(secure && domain === undefined && path === '/')) {
    throw badCookie(reason('COOKIE_HOST_PREFIX').why, '§5.4');
  }
}

function checkDomain(domain: string): string {
  if (/^[a-z0-9.-]{1,253}$/i.test(domain)) return domain;
  throw badCookie(`"${domain}" is no domain name`, '§4.1.2.3');
}

function checkPath(path: string): string {
  if (/^\/[\x20-\x3a\x3c-\x7e]*$/.test(path) && path.length <= ATTRIBUTE_LIMIT) return path;
  throw badCookie(`"${path}" is no path for a cookie`, '§4.1.2.4');
}

/** `toUTCString` is specified to give the form that RFC 9110 §5.6.7 prefers. */
function dateText(ms: number): string {
  if (ms >= -62_135_596_800_000 && ms <= 253_402_300_799_000) return new Date(ms).toUTCString();
  throw badCookie(`expires is a time in the years 1 to 9999, not ${ms}`, '§4.1.1');
}
