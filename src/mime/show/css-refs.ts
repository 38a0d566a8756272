/** What a style sheet refers to, replaced. */

/**
 * Comments and other strings are taken whole, so that nothing in them is taken for a reference. What is not closed ends
 * with the line or the text, as in CSS: so a match never fails behind its beginning, and the time is linear.
 */
const REFERENCE =
  /\/\*[\s\S]*?(?:\*\/|$)|@import\s+(?:url\(\s*)?(?:"([^"\n]*)"?|'([^'\n]*)'?|([^"'();\s]*))[^;{}]*;?|url\(\s*(?:"([^"\n]*)"?|'([^'\n]*)'?|([^"'()\s]*))\s*\)?|"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?/gi;

/**
 * Every `url()` by what `replace` gives for it, '' for what is not to be had; style sheets that are imported
 * stand in the place of their `@import`.
 */
export function replaceCssUrls(
  css: string,
  replace: (url: string) => string | undefined,
  importSheet: (url: string) => string | undefined,
): string {
  const replaced = css.replace(REFERENCE, (whole: string, ...groups: (string | undefined)[]) => {
    const [importA, importB, importC, a, b, c] = groups;
    const sheet = importA ?? importB ?? importC;
    if (sheet !== undefined) return importSheet(sheet) ?? '';
    const url = a ?? b ?? c;
    return url === undefined ? whole : `url("${quotable(replace(url) ?? '')}")`;
  });
  // A sheet that came by itself could end the element that it is put into.
  return replaced.replaceAll('</', '<\\/');
}

function quotable(url: string): string {
  return url.replace(/["\\\n]/g, (character) => encodeURIComponent(character));
}
