/** HTML as the text that a person sees, for search and snippets (RFC 8621 §4.4.1): what shows a message safely is in src/mime. */

const HIDDEN = new Set(['head', 'style', 'script', 'title', 'template']);

/** Tags within a word. */
const INLINE = new Set(['a', 'abbr', 'b', 'code', 'em', 'font', 'i', 'mark', 's', 'small', 'span']);
for (const name of ['strong', 'sub', 'sup', 'u', 'wbr']) INLINE.add(name);

/** In one pass over the text, whatever it holds. */
export function htmlText(html: string): string {
  const lower = html.toLowerCase();
  const pieces: string[] = [];
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open < 0) break;
    pieces.push(html.slice(at, open));
    const tag = tagAt(html, lower, open);
    pieces.push(tag.text);
    at = tag.end;
  }
  pieces.push(html.slice(at));
  return entities(pieces.join(''));
}

interface Tag {
  readonly text: string;
  readonly end: number;
}

function tagAt(html: string, lower: string, open: number): Tag {
  const until = (mark: string, from: number): number => {
    const end = lower.indexOf(mark, from);
    return end < 0 ? html.length : end + mark.length;
  };
  if (html.startsWith('<!--', open)) return { text: ' ', end: until('-->', open + 4) };
  if (!/[a-z/!?]/.test(lower.charAt(open + 1))) return { text: '<', end: open + 1 };
  const end = until('>', open);
  const [, name = ''] = /^<\/?([a-z][a-z0-9]*)/.exec(lower.slice(open, open + 20)) ?? [];
  if (HIDDEN.has(name) && lower.charAt(open + 1) !== '/') {
    return { text: ' ', end: until('>', until(`</${name}`, end)) };
  }
  return { text: `${shownAttributes(html.slice(open, end))}${INLINE.has(name) ? '' : ' '}`, end };
}

const TAG_LIMIT = 4_000;

/** What is meant to be read: the text in place of a picture. */
function shownAttributes(tag: string): string {
  if (tag.length > TAG_LIMIT || !/\b(?:alt|title)\s*=/i.test(tag)) return '';
  const found = tag.matchAll(/\b(?:alt|title)\s*=\s*(?:"([^"]*)"|'([^']*)')/gi);
  return [...found].map(([, one, other]) => ` ${one ?? other ?? ''} `).join('');
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  gt: '>',
  hellip: '…',
  lt: '<',
  mdash: '—',
  nbsp: ' ',
  ndash: '–',
  quot: '"',
};

function entities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi,
    (whole, ten, six, name) => {
      if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
      const code = ten === undefined ? Number.parseInt(six, 16) : Number(ten);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\u{fffd}';
    },
  );
}
