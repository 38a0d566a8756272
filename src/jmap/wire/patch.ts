/** Changes of objects: whole properties, or some of their keys (RFC 8620 §5.3). */
import { invalidProperties, setError } from '../errors.ts';
import type { EmailPatch, Json, JsonObject, SetPatch } from '../types.ts';
import { flagOf } from './keywords.ts';
import { isObject } from './values.ts';

/** What may be changed of a message: `keywords`, `mailboxIds`, and keys of both. */
export function parseEmailPatch(patch: JsonObject, resolveId: (id: string) => string): EmailPatch {
  const keyword = (name: string): string => {
    const flag = flagOf(name);
    if (flag === undefined) throw invalidProperties(`"${name}" is no keyword`, 'keywords');
    return flag;
  };
  const email = {
    keywords: setPatch(patch, 'keywords', keyword),
    mailboxIds: setPatch(patch, 'mailboxIds', resolveId),
  };
  const odd = Object.keys(patch).filter((key) => !/^(?:keywords|mailboxIds)(?:\/|$)/.test(key));
  if (odd.length > 0) {
    throw invalidProperties(`${odd.join(', ')} of a message never changes`, ...odd);
  }
  return email;
}

function setPatch(
  patch: JsonObject,
  property: string,
  read: (name: string) => string,
): SetPatch | undefined {
  const whole = patch[property];
  const keys = Object.keys(patch).filter((key) => key.startsWith(`${property}/`));
  if (whole !== undefined) {
    if (keys.length > 0) throw setError('invalidPatch', `${property} is there whole and in parts`);
    return { type: 'replace', names: names(whole, property).map(read) };
  }
  if (keys.length === 0) return undefined;
  const [add, remove]: [string[], string[]] = [[], []];
  for (const key of keys) {
    const name = unescaped(key.slice(property.length + 1));
    const value = patch[key];
    if (value !== true && value !== null) {
      throw invalidProperties(`${key} is set to true or null`, property);
    }
    (value === null ? remove : add).push(read(name));
  }
  return { type: 'change', add, remove };
}

function unescaped(name: string): string {
  if (name.includes('/')) throw setError('invalidPatch', `there is nothing at ${name}`);
  return name.replaceAll('~1', '/').replaceAll('~0', '~');
}

function names(value: Json, property: string): string[] {
  if (!isObject(value) || !Object.values(value).every((one) => one === true)) {
    throw invalidProperties(`${property}: expected names, each set to true`, property);
  }
  return Object.keys(value);
}

/** The names after a change. */
export function patched(before: readonly string[], patch: SetPatch): readonly string[] {
  if (patch.type === 'replace') return [...new Set(patch.names)];
  const rest = before.filter((name) => !patch.remove.includes(name));
  return [...new Set([...rest, ...patch.add])];
}
