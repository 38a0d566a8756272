/** Domain names as text: reading, comparing, taking apart. The wire form is in wire/name.ts. */
import { UsageError } from '../lib/errors.ts';
import type { Name } from './types.ts';

/** RFC 1035 §2.3.4: 63 octets a label, 255 octets a name, lengths and root included. */
export const MAX_LABEL = 63;
export const MAX_NAME = 255;

const DOT = 46;
const BACKSLASH = 92;

/** The one form in which each byte is written: letters and the like as they are, `\.`, `\032`. */
const FORMS: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte);
  if (byte <= 32 || byte >= 127) return `\\${String(byte).padStart(3, '0')}`;
  return '".;\\@$()'.includes(char) ? `\\${char}` : char;
});

/** How one byte of a label is written in a Name. */
export function labelChar(byte: number): string {
  return FORMS[byte] as string;
}

/** The byte that the escape at `text[at] === '\\'` stands for, and where the text goes on. */
export function readEscape(text: string, at: number): { byte: number; next: number } | undefined {
  const digits = /^\d{3}/.exec(text.slice(at + 1, at + 4));
  if (digits) {
    const byte = Number(digits[0]);
    return byte > 255 ? undefined : { byte, next: at + 4 };
  }
  const code = text.charCodeAt(at + 1);
  if (Number.isNaN(code) || code > 255 || (code >= 48 && code <= 57)) return undefined;
  return { byte: code, next: at + 2 };
}

/**
 * Reads a name as people and master files write it. A name without a final dot is completed by
 * `origin`. Throws UsageError that says what is wrong with it.
 */
export function parseName(text: string, origin: Name = '.'): Name {
  if (text === '') throw new UsageError('a name is missing: it is empty');
  if (text === '.') return '.';
  if (text === '@') return origin;
  let name = '';
  let label = 0;
  let total = 1;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (label === 0) throw new UsageError(`an empty label in the name ${text}`);
      name += '.';
      label = 0;
      at++;
      continue;
    }
    const { byte, next } = readChar(text, at, code);
    name += labelChar(byte);
    at = next;
    if (label === 0) total++;
    total++;
    if (++label > MAX_LABEL) {
      throw new UsageError(`a label of more than ${MAX_LABEL} octets in the name ${text}`, {
        spec: 'RFC 1035 §2.3.4',
      });
    }
  }
  if (label > 0) {
    name = origin === '.' ? `${name}.` : `${name}.${origin}`;
    total += wireLength(origin) - 1;
  }
  if (total > MAX_NAME) {
    throw new UsageError(`a name of more than ${MAX_NAME} octets: ${text}`, {
      spec: 'RFC 1035 §2.3.4',
    });
  }
  return name;
}

function readChar(text: string, at: number, code: number): { byte: number; next: number } {
  if (code !== BACKSLASH) {
    if (code > 126 || code < 32) {
      throw new UsageError(`a character that is not ASCII in the name ${text}: write it as \\DDD`);
    }
    return { byte: code, next: at + 1 };
  }
  const escaped = readEscape(text, at);
  if (!escaped) throw new UsageError(`a wrong escape in the name ${text}: \\DDD is 000 to 255`);
  return escaped;
}

/** The form under which equal names are equal strings (RFC 4343 §3). */
export function nameKey(name: Name): string {
  return name.toLowerCase();
}

export function sameName(a: Name, b: Name): boolean {
  return a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase());
}

/** Where the label after the one at `from` begins. */
export function nextLabel(name: Name, from = 0): number {
  let dot = name.indexOf('.', from);
  while (dot > 0 && isEscaped(name, dot)) dot = name.indexOf('.', dot + 1);
  return dot + 1;
}

function isEscaped(name: Name, at: number): boolean {
  let slashes = 0;
  while (name.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
  return slashes % 2 === 1;
}

/** The name without its first label; the root's is undefined. */
export function parentName(name: Name): Name | undefined {
  if (name === '.') return undefined;
  const at = nextLabel(name);
  return at >= name.length ? '.' : name.slice(at);
}

/** The labels from left to right, escapes kept, without the root's. */
export function labelsOf(name: Name): string[] {
  const labels: string[] = [];
  if (name === '.') return labels;
  for (let at = 0; at < name.length; ) {
    const next = nextLabel(name, at);
    labels.push(name.slice(at, next - 1));
    at = next;
  }
  return labels;
}

/** How many labels, the root's not counted. */
export function labelCount(name: Name): number {
  return name === '.' ? 0 : labelsOf(name).length;
}

/** True when `name` is `zone` or below it. */
export function isWithin(name: Name, zone: Name): boolean {
  if (zone === '.') return true;
  const key = nameKey(name);
  const end = nameKey(zone);
  if (key === end) return true;
  if (!key.endsWith(end)) return false;
  const dot = key.length - end.length - 1;
  return dot > 0 && key.charCodeAt(dot) === DOT && !isEscaped(key, dot);
}

/** The octets of the wire form, lengths and root included. */
export function wireLength(name: Name): number {
  if (name === '.') return 1;
  let length = 1;
  for (let at = 0; at < name.length; at++) {
    if (name.charCodeAt(at) === BACKSLASH) {
      const digit = name.charCodeAt(at + 1);
      at += digit >= 48 && digit <= 57 ? 3 : 1;
    }
    length++;
  }
  return length;
}

/** `a` under `b`: undefined when the name would be too long. */
export function joinNames(labels: string, under: Name): Name | undefined {
  const name = under === '.' ? labels : `${labels}${under}`;
  return wireLength(name) > MAX_NAME ? undefined : name;
}

/** Where a DNAME leads a name below its owner; undefined when the new name would be too long. */
export function redirected(
  name: Name,
  dname: { readonly name: Name; readonly target: Name },
): Name | undefined {
  const kept = dname.name === '.' ? name : name.slice(0, name.length - dname.name.length);
  return joinNames(kept, dname.target);
}

/** For people: without the final dot. */
export function plainName(name: Name): string {
  return name === '.' ? '.' : name.slice(0, -1);
}
