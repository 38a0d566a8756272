/** `username*`: text beyond ASCII in a parameter (RFC 5987 §3.2, used by RFC 7616 §3.4). */
import { fromUtf8, utf8 } from '../../lib/bytes.ts';

const PLAIN = /[A-Za-z0-9!#$&+.^_`|~-]/;

/** `UTF-8''J%C3%A4s` */
export function extendedValue(text: string): string {
  let value = "UTF-8''";
  for (const byte of utf8(text)) {
    const char = String.fromCharCode(byte);
    value += PLAIN.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return value;
}

/** Undefined when it is not of this form, or in another charset. */
export function fromExtendedValue(value: string): string | undefined {
  const match = /^utf-8'[^']*'((?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9a-f]{2})*)$/i.exec(value);
  if (!match) return undefined;
  const bytes: number[] = [];
  for (const [part] of (match[1] ?? '').matchAll(/%..|./g)) {
    bytes.push(part.length === 3 ? Number.parseInt(part.slice(1), 16) : part.charCodeAt(0));
  }
  return fromUtf8(Uint8Array.from(bytes));
}
