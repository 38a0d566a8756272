/** The URLs that a style sheet names: `url()` and `@import`, outside comments and other strings. */

/** In order of appearance; `fonts` and unused pictures too: what a style names may be needed. */
export function cssUrls(css: string): readonly string[] {
  const found: string[] = [];
  // A comment, an @import with a string, a url() with or without quotes, or a string to step over.
  const pattern =
    /\/\*[\s\S]*?(?:\*\/|$)|@import\s+(?:"((?:[^"\\\n]|\\[\s\S])*)"|'((?:[^'\\\n]|\\[\s\S])*)')|(?<![\w-])url\(\s*(?:"((?:[^"\\\n]|\\[\s\S])*)"|'((?:[^'\\\n]|\\[\s\S])*)'|((?:[^\s"'()\\]|\\(?:[0-9a-f]{1,6}\s?|[\s\S]))*))\s*\)|"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?/gi;
  for (const match of css.matchAll(pattern)) {
    const url = match.slice(1).find((group) => group !== undefined);
    if (url !== undefined && url !== '') found.push(unescaped(url));
  }
  return found;
}

/** CSS Syntax §4.3.7: `\` and one to six hexadecimal digits, or `\` before the character itself. */
function unescaped(text: string): string {
  return text.replace(/\\(?:([0-9a-f]{1,6})[ \t\n]?|(\n)|([\s\S]))/gi, (_, hex, line, char) => {
    if (line !== undefined) return '';
    if (hex === undefined) return char as string;
    const code = Number.parseInt(hex, 16);
    return code === 0 || code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
  });
}
