/** What the origin says about storing and reusing a response, taken from its head once. */
import type { HeaderList } from '../../lib/ordered-headers.ts';
import {
  type Argument,
  type Directives,
  fieldNames,
  parseDirectives,
} from '../wire/cache-control.ts';
import { deltaSeconds } from '../wire/delta.ts';
import { type BareItem, parseDictionary } from '../wire/structured.ts';

/** Seconds, or 'malformed': present and without sense, which counts as stale (RFC 9111 §4.2.1). */
export type Seconds = number | 'malformed' | undefined;

export interface Policy {
  /** The field that was obeyed, in lower case. */
  readonly source: string;
  readonly noStore: boolean;
  /** Without field names: the response must be validated before each use. */
  readonly noCache: boolean;
  readonly isPrivate: boolean;
  /** Lower-case names from `no-cache="..."` and `private="..."`: not kept with the rest. */
  readonly withheld: readonly string[];
  readonly isPublic: boolean;
  readonly mustRevalidate: boolean;
  readonly proxyRevalidate: boolean;
  readonly mustUnderstand: boolean;
  readonly maxAge: Seconds;
  readonly sMaxage: Seconds;
  readonly staleWhileRevalidate: number | undefined;
  readonly staleIfError: number | undefined;
  /** Expires counts: no targeted field is there in its stead (RFC 9213 §2.2). */
  readonly expiresCounts: boolean;
}

/** `targets` are the fields of RFC 9213 that are meant for this cache, the most particular first. */
export function policyOf(headers: HeaderList, targets: readonly string[]): Policy {
  for (const target of targets) {
    const value = headers.joined(target);
    const members = value === undefined ? undefined : parseDictionary(value);
    // An empty or a broken field is as if it were not there (RFC 9213 §2.1).
    if (members && members.size > 0) {
      return policy(target.toLowerCase(), fromDictionary(members));
    }
  }
  return policy('cache-control', parseDirectives(headers.joined('Cache-Control') ?? ''));
}

function policy(source: string, directives: Directives): Policy {
  const has = (name: string): boolean => directives.has(name);
  const noCache = listOrAll(directives.get('no-cache'));
  const secret = listOrAll(directives.get('private'));
  return {
    source,
    noStore: has('no-store'),
    noCache: noCache === 'all',
    isPrivate: secret === 'all',
    withheld: [noCache, secret].flatMap((names) => (Array.isArray(names) ? names : [])),
    isPublic: has('public'),
    mustRevalidate: has('must-revalidate'),
    proxyRevalidate: has('proxy-revalidate'),
    mustUnderstand: has('must-understand'),
    maxAge: seconds(directives.get('max-age')),
    sMaxage: seconds(directives.get('s-maxage')),
    staleWhileRevalidate: plainSeconds(directives.get('stale-while-revalidate')),
    staleIfError: plainSeconds(directives.get('stale-if-error')),
    expiresCounts: source === 'cache-control',
  };
}

/** The first of several counts (RFC 9111 §4.2.1). */
function seconds(args: readonly Argument[] | undefined): Seconds {
  const first = args?.[0];
  if (first === undefined) return undefined;
  return (first === true ? undefined : deltaSeconds(first)) ?? 'malformed';
}

function plainSeconds(args: readonly Argument[] | undefined): number | undefined {
  const value = seconds(args);
  return value === 'malformed' ? undefined : value;
}

/** The names that a directive is limited to; 'all' where it stands without, be it once. */
function listOrAll(args: readonly Argument[] | undefined): readonly string[] | 'all' | undefined {
  if (args === undefined) return undefined;
  const names: string[] = [];
  for (const argument of args) {
    if (argument === true) return 'all';
    names.push(...fieldNames(argument));
  }
  return names.length === 0 ? 'all' : names;
}

/** Directives whose values have the types that RFC 9213 §2.1 derives; the others are not consumed. */
function fromDictionary(members: ReadonlyMap<string, BareItem>): Directives {
  const directives = new Map<string, Argument[]>();
  for (const [name, item] of members) {
    const argument = targetedArgument(name, item);
    if (argument !== undefined) directives.set(name, [argument]);
  }
  return directives;
}

const NUMERIC = new Set(['max-age', 's-maxage', 'stale-while-revalidate', 'stale-if-error']);
const LISTING = new Set(['no-cache', 'private']);

function targetedArgument(name: string, item: BareItem): Argument | undefined {
  if (NUMERIC.has(name)) {
    return item.type === 'integer' && item.value >= 0 ? String(item.value) : undefined;
  }
  if (item.type === 'boolean') return item.value ? true : undefined;
  if (LISTING.has(name) && item.type === 'string') return item.value;
  return undefined;
}
