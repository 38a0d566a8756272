/** The small words of the grammar (RFC 9110 §5.6). */

/** 1 for each code that may stand in a token (RFC 9110 §5.6.2). */
export const TOKEN_CHARS: Uint8Array = new Uint8Array(256);
for (const char of "!#$%&'*+-.^_`|~0123456789") TOKEN_CHARS[char.charCodeAt(0)] = 1;
for (let code = 65; code <= 90; code++) {
  TOKEN_CHARS[code] = 1;
  TOKEN_CHARS[code + 32] = 1;
}

export function isToken(text: string): boolean {
  if (text.length === 0) return false;
  for (let i = 0; i < text.length; i++) if (TOKEN_CHARS[text.charCodeAt(i)] !== 1) return false;
  return true;
}

/** The values that may stand in a field (RFC 9110 §5.5): no control but HT, one byte a character. */
export function isFieldValue(text: string): boolean {
  return !/[^\t -~\x80-\xff]/.test(text);
}

/** Without the optional white space around (OWS, RFC 9110 §5.6.3): SP and HT, nothing else. */
export function trimBlank(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '');
}

/**
 * The elements of a comma-separated list (RFC 9110 §5.6.1), commas within quotes left alone,
 * empty elements left out.
 */
export function listElements(value: string): readonly string[] {
  const found = value.match(/(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g) ?? [];
  return found.map(trimBlank).filter((element) => element !== '');
}

/** True when a list such as Connection names this option, whatever its case. */
export function listNames(value: string | undefined, option: string): boolean {
  if (value === undefined) return false;
  if (value === option) return true;
  return listElements(value).some((element) => element.toLowerCase() === option);
}

/** `1,204,512`, without asking a locale: the same on every host. */
export function grouped(size: number): string {
  return String(size).replace(/\B(?=(\d{3})+$)/g, ',');
}
