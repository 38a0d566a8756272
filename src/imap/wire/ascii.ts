/** The characters of IMAP (RFC 9051 §9). */

export const CR = 13;
export const LF = 10;

/** What may not stand in an atom: controls, blanks, `(){"\`, wildcards, `]`. */
const SPECIALS = '(){ %*"\\]';

function table(isIn: (code: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => (isIn(code) ? 1 : 0));
}

export const ATOM_CHARS: Uint8Array = table(
  (code) => code > 32 && code < 127 && !SPECIALS.includes(String.fromCharCode(code)),
);

/** ASTRING-CHAR: an atom's, and `]`. */
export const ASTRING_CHARS: Uint8Array = table((code) => ATOM_CHARS[code] === 1 || code === 93);

/** list-char: with the wildcards. */
export const LIST_CHARS: Uint8Array = table(
  (code) => ASTRING_CHARS[code] === 1 || code === 37 || code === 42,
);

/** A tag: an astring's characters without `+`. */
export const TAG_CHARS: Uint8Array = table((code) => ASTRING_CHARS[code] === 1 && code !== 43);

/** True when all characters are in the table and there is one. */
export function consistsOf(text: string, chars: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (chars[text.charCodeAt(i)] !== 1) return false;
  return text.length > 0;
}

/** No character above 127. */
export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}
