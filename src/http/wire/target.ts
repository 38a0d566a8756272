/** The four forms of a request target (RFC 9112 §3.2), and Host. */
import type { HeaderList } from '../../lib/ordered-headers.ts';
import { broken } from '../errors.ts';
import type { Version } from '../types.ts';

const SPEC = 'RFC 9112 §3.2';

/** What may stand in a target: visible ASCII, and no fragment (RFC 9110 §7.1). */
const TARGET = /^[!"$-~]+$/;

const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[\w\-.~!$&'()*+,;=%]*)(?::[0-9]*)?$/;

/** Refuses a target that its method may not have, or that is in none of the four forms. */
export function checkTarget(method: string, target: string, offset: number): void {
  if (!TARGET.test(target)) {
    const shown = JSON.stringify(target.slice(0, 60));
    const hint = target.includes('#') ? 'a fragment is not sent' : 'characters must be encoded';
    throw broken('HTTP_BAD_TARGET', `The request target ${shown}: ${hint}`, SPEC, offset);
  }
  if (method === 'CONNECT') checkAuthority(target, offset);
  else if (target === '*') checkAsterisk(method, offset);
  else if (!target.startsWith('/')) checkAbsolute(target, offset);
}

function checkAsterisk(method: string, offset: number): void {
  if (method === 'OPTIONS') return;
  throw broken('HTTP_BAD_TARGET', 'The target * is for OPTIONS only', 'RFC 9112 §3.2.4', offset);
}

function checkAbsolute(target: string, offset: number): void {
  const absolute = /^[a-z][a-z0-9+\-.]*:\/\/([^/?]*)/i.exec(target);
  if (!absolute) {
    const text = `The request target must begin with / or with a scheme: ${target.slice(0, 60)}`;
    throw broken('HTTP_BAD_TARGET', text, SPEC, offset);
  }
  const authority = absolute[1] as string;
  if (authority === '' || !HOST.test(authority)) {
    const text = `No host that could be asked: ${JSON.stringify(authority.slice(0, 60))}`;
    throw broken('HTTP_BAD_TARGET', text, 'RFC 9112 §3.2.2', offset);
  }
}

function checkAuthority(target: string, offset: number): void {
  if (HOST.test(target) && /[^:]:[0-9]+$/.test(target)) return;
  const text = `CONNECT needs HOST:PORT, not ${target.slice(0, 60)}`;
  throw broken('HTTP_BAD_TARGET', text, 'RFC 9112 §3.2.3', offset);
}

/** Exactly one Host in a request of HTTP/1.1, at most one in 1.0, and well formed. */
export function checkHost(headers: HeaderList, version: Version): void {
  const host = headers.joined('Host');
  if (host === undefined) {
    if (version === '1.0') return;
    throw broken('HTTP_HOST_MISSING', 'Host is missing', SPEC, 0);
  }
  if (HOST.test(host) && !host.includes(',')) return;
  if (headers.all('Host').length > 1) throw broken('HTTP_HOST_TWICE', 'Two Host fields', SPEC, 0);
  throw broken('HTTP_BAD_HOST', `Not a host: ${JSON.stringify(host.slice(0, 60))}`, SPEC, 0);
}

export interface TargetParts {
  readonly path: string;
  readonly query: string;
  /** With its port, as written; undefined in the origin and asterisk forms. */
  readonly authority: string | undefined;
}

/** Takes a target that passed `checkTarget` apart. */
export function targetParts(target: string): TargetParts {
  let rest = target;
  let authority: string | undefined;
  if (!rest.startsWith('/') && rest !== '*') {
    const absolute = /^[a-z][a-z0-9+\-.]*:\/\/([^/?]*)(.*)$/i.exec(rest);
    if (!absolute) return { path: '', query: '', authority: rest };
    authority = absolute[1];
    rest = absolute[2] as string;
    if (!rest.startsWith('/')) rest = `/${rest}`;
  }
  const mark = rest.indexOf('?');
  if (mark < 0) return { path: rest, query: '', authority };
  return { path: rest.slice(0, mark), query: rest.slice(mark + 1), authority };
}

/** `WWW.Campus.edu:8080` without its port and in lower case. */
export function hostnameOf(authority: string): string {
  return authority.replace(/:[0-9]*$/, '').toLowerCase();
}
