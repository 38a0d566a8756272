/** Challenges and credentials: schemes with parameters (RFC 9110 §11.2 to §11.6). */
import { fromLatin1, fromUtf8, latin1, utf8 } from '../../lib/bytes.ts';
import { CHALLENGES_LIMIT, PARAMS_LIMIT } from '../defaults.ts';
import type { AuthField } from '../types.ts';

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const QUOTED = '"(?:[^"\\\\]|\\\\.)*"';
const PARAM = new RegExp(`^(${TOKEN})[ \\t]*=[ \\t]*(?:(${TOKEN})|(${QUOTED}))$`);
const SCHEME = new RegExp(`^(${TOKEN})(?:[ \\t]+(.*))?$`);
const TOKEN68 = /^[A-Za-z0-9._~+/-]+=*$/;

interface Building {
  readonly scheme: string;
  token: string | undefined;
  readonly params: Map<string, string>;
  broken: boolean;
}

/** What an answer's WWW-Authenticate fields offer, in their order; malformed challenges are left out. */
export function parseChallenges(values: readonly string[]): readonly AuthField[] {
  return values
    .flatMap(parse)
    .filter(({ broken }) => !broken)
    .slice(0, CHALLENGES_LIMIT);
}

/** What an Authorization field says; undefined when it can't be read, or says a parameter twice. */
export function parseCredentials(value: string): AuthField | undefined {
  const [only, ...more] = parse(value);
  return only && more.length === 0 && !only.broken ? only : undefined;
}

/** Authentication-Info has parameters only (RFC 9110 §11.6.3). */
export function parseAuthInfo(value: string): ReadonlyMap<string, string> {
  return parseCredentials(`Info ${value}`)?.params ?? new Map();
}

/** Commas part parameters and challenges alike: an element that is no parameter begins a challenge. */
function parse(value: string): readonly Building[] {
  const found: Building[] = [];
  for (const element of elements(value)) {
    const open = found.at(-1);
    if (PARAM.test(element) && open) add(open, element);
    else {
      const [, scheme = '', rest = ''] = SCHEME.exec(element) ?? [];
      const next: Building = {
        scheme: scheme.toLowerCase(),
        token: undefined,
        params: new Map(),
        broken: scheme === '',
      };
      found.push(next);
      if (PARAM.test(rest)) add(next, rest);
      else if (TOKEN68.test(rest)) next.token = rest;
      else if (rest !== '') next.broken = true;
    }
  }
  return found;
}

function elements(value: string): readonly string[] {
  const parts = value.match(/(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g) ?? [];
  return parts.map((part) => part.replace(/^[ \t]+|[ \t]+$/g, '')).filter((part) => part !== '');
}

function add(field: Building, element: string): void {
  const [, name = '', token, quoted] = PARAM.exec(element) ?? [];
  const key = name.toLowerCase();
  if (field.params.has(key) || field.params.size >= PARAMS_LIMIT) field.broken = true;
  field.params.set(key, asText(token ?? unquoted(quoted ?? '')));
}

function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, '$1');
}

/** Field values come as one character a byte. */
function asText(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII
  return /^[\x00-\x7f]*$/.test(value) ? value : fromUtf8(latin1(value));
}

/** A parameter; undefined ones are left out. Which are quoted is fixed by history (RFC 7616 §3.3, §3.4). */
export type AuthParam = readonly [name: string, value: string | undefined, form: 'quoted' | 'bare'];

export function formatAuthField(scheme: string, params: readonly AuthParam[]): string {
  return `${scheme} ${formatAuthParams(params)}`;
}

export function formatAuthParams(params: readonly AuthParam[]): string {
  return params
    .filter(([, value]) => value !== undefined)
    .map(([name, value = '', form]) => `${name}=${form === 'bare' ? value : quotedString(value)}`)
    .join(', ');
}

function quotedString(text: string): string {
  return `"${fromLatin1(utf8(text)).replace(/["\\]/g, '\\$&')}"`;
}
