/** The characters of commands, and values that carry others in them. */
import { fromUtf8, utf8 } from '../../lib/bytes.ts';

/** atext of RFC 5322 §3.2.3, and what RFC 6531 §3.3 adds to it. */
export const ATOM: RegExp = /^[\w!#$%&'*+\-/=?^`{|}~\u0080-\u{10ffff}]+$/u;

/** True when a character is beyond ASCII. */
export function isUnicode(text: string): boolean {
  return /[^\0-\x7f]/.test(text);
}

/** xtext to text (RFC 3461 §4): `+` and two capital hexadecimal digits stand for a byte. Undefined when it is none. */
export function fromXtext(text: string): string | undefined {
  if (!/^(?:[!-*,-<>-~]|\+[0-9A-F]{2})*$/.test(text)) return undefined;
  const bytes = [...text.matchAll(/\+(..)|(.)/g)].map(([, code, plain = '']) =>
    code === undefined ? plain.charCodeAt(0) : Number.parseInt(code, 16),
  );
  return fromUtf8(Uint8Array.from(bytes));
}

/** Text as xtext, its other characters as their bytes of UTF-8. */
export function xtext(text: string): string {
  return Array.from(utf8(text), (byte) =>
    byte > 32 && byte < 127 && byte !== 43 && byte !== 61
      ? String.fromCharCode(byte)
      : `+${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');
}
