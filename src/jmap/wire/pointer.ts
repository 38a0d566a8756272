/** JSON Pointer (RFC 6901) with the `*` of RFC 8620 §3.7. */
import type { Json } from '../types.ts';
import { isList, isObject } from './values.ts';

/** Undefined where it leads nowhere. */
export function evaluatePointer(value: Json, path: string): Json | undefined {
  if (path === '') return value;
  if (!path.startsWith('/')) return undefined;
  return walk(value, path.slice(1).split('/').map(unescaped));
}

function unescaped(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}

function walk(value: Json, tokens: readonly string[]): Json | undefined {
  const [token, ...rest] = tokens;
  if (token === undefined) return value;
  if (isList(value)) {
    if (token === '*') return all(value, rest);
    const at = /^(?:0|[1-9]\d*)$/.test(token) ? value[Number(token)] : undefined;
    return at === undefined ? undefined : walk(at, rest);
  }
  if (!isObject(value) || !Object.hasOwn(value, token)) return undefined;
  return walk(value[token] as Json, rest);
}

/** The rest of the way from each item; items that are lists are joined. */
function all(list: readonly Json[], rest: readonly string[]): Json | undefined {
  const found: Json[] = [];
  for (const item of list) {
    const one = walk(item, rest);
    if (one === undefined) return undefined;
    if (isList(one)) found.push(...one);
    else found.push(one);
  }
  return found;
}
