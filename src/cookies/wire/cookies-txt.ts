/**
 * Netscape's cookies.txt, as curl and wget keep it: seven fields between tabs. A line `#HttpOnly_` before
 * the domain marks what scripts don't see. What the format has no place for (SameSite and times) stands in
 * a comment before the line, which others skip.
 */
import { FILE_LINE_LIMIT } from '../defaults.ts';
import type { Cookie, SameSite } from '../types.ts';

const HEADER =
  '# Netscape HTTP Cookie File\n# Kept by toplayer; curl -b and wget --load-cookies read it.\n\n';
const EXTRA = /^#\^ SameSite=(strict|lax|none|default) Created=(\d{1,16}) Used=(\d{1,16})$/;
const HTTP_ONLY = '#HttpOnly_';

/** A line that could not be read. */
export interface CookieFileProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

export interface CookieFile {
  readonly cookies: readonly Cookie[];
  readonly problems: readonly CookieFileProblem[];
}

interface Extra {
  readonly sameSite: SameSite;
  readonly created: number;
  readonly used: number;
}

/** `now` is when cookies without times of their own were made. Never throws. */
export function parseCookiesTxt(text: string, now: number): CookieFile {
  const cookies: Cookie[] = [];
  const problems: CookieFileProblem[] = [];
  const lines = text.split(/\r?\n/, FILE_LINE_LIMIT + 1);
  if (lines.length > FILE_LINE_LIMIT) {
    const message = `more than ${FILE_LINE_LIMIT} lines: the rest is not read`;
    problems.push({ line: FILE_LINE_LIMIT + 1, message });
    lines.pop();
  }
  let extra: Extra | undefined;
  lines.forEach((line, index) => {
    const marked = EXTRA.exec(line);
    if (marked) {
      const [, sameSite, created, used] = marked;
      extra = { sameSite: sameSite as SameSite, created: Number(created), used: Number(used) };
      return;
    }
    if (line.trim() === '' || (line.startsWith('#') && !line.startsWith(HTTP_ONLY))) return;
    const read = readLine(line, extra ?? { sameSite: 'default', created: now, used: now });
    extra = undefined;
    if (typeof read === 'string') problems.push({ line: index + 1, message: read });
    else cookies.push(read);
  });
  return { cookies, problems };
}

function readLine(line: string, extra: Extra): Cookie | string {
  const httpOnly = line.startsWith(HTTP_ONLY);
  const fields = (httpOnly ? line.slice(HTTP_ONLY.length) : line).split('\t');
  // A program that skips empty fields leaves an empty value out.
  if (fields.length < 6) return `expected 7 fields between tabs, found ${fields.length}`;
  const [host = '', below, path = '', secure, time = '', name = '', ...rest] = fields;
  const domain = host.replace(/^\./, '').toLowerCase();
  if (!/^[\x21-\x7e]+$/.test(domain)) return 'the first field is no domain';
  if (!isFlag(below)) return 'the second field is neither TRUE nor FALSE';
  if (!path.startsWith('/')) return 'the third field is no path';
  if (!isFlag(secure)) return 'the fourth field is neither TRUE nor FALSE';
  if (!/^-?\d{1,16}$/.test(time)) return 'the fifth field is no time in seconds since 1970';
  const value = rest.join('\t');
  if (name === '' && value === '') return 'it has neither a name nor a value';
  const seconds = Number(time);
  return {
    name,
    value,
    domain,
    hostOnly: below === 'FALSE',
    path,
    expires: seconds === 0 ? undefined : seconds * 1000,
    secure: secure === 'TRUE',
    httpOnly,
    ...extra,
  };
}

function isFlag(text: string | undefined): boolean {
  return text === 'TRUE' || text === 'FALSE';
}

/** A name with a tab has no place in the format, and is left out. */
export function formatCookiesTxt(cookies: readonly Cookie[]): string {
  const lines = cookies.filter(({ name, path }) => !/\t/.test(name + path)).map(cookieLines);
  return HEADER + lines.join('');
}

function cookieLines(cookie: Cookie): string {
  const { domain, hostOnly, path, secure, expires, name, value } = cookie;
  const fields = [
    `${cookie.httpOnly ? HTTP_ONLY : ''}${hostOnly ? '' : '.'}${domain}`,
    hostOnly ? 'FALSE' : 'TRUE',
    path,
    secure ? 'TRUE' : 'FALSE',
    // 0 means: until the session ends. What expired in the first second of 1970 is gone anyway.
    expires === undefined ? '0' : String(Math.floor(expires / 1000) || -1),
    name,
    value,
  ];
  const extra = `#^ SameSite=${cookie.sameSite} Created=${Math.floor(cookie.created)} Used=${Math.floor(cookie.used)}`;
  return `${extra}\n${fields.join('\t')}\n`;
}
