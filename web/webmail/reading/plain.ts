/** A plain text as it is shown: quotes that can be folded, links. */

export type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'quote'; readonly text: string; readonly lines: number };

const QUOTED = /^\s?>/;

/** Quoted lines together; the quote signs of the first level are taken away, and empty lines around them. */
export function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  let isQuote = false;
  const end = (): void => {
    const joined = lines.join('\n').replace(/^\n+|\n+$/g, '');
    if (lines.length > 0 && joined.trim() !== '') {
      blocks.push(
        isQuote
          ? { type: 'quote', text: joined, lines: lines.length }
          : { type: 'text', text: joined },
      );
    }
    lines = [];
  };
  for (const line of text.replace(/\s+$/, '').split('\n')) {
    if (QUOTED.test(line) !== isQuote) {
      end();
      isQuote = !isQuote;
    }
    lines.push(isQuote ? line.replace(/^\s?> ?/, '') : line);
  }
  end();
  return blocks;
}

export type Piece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'link'; readonly text: string; readonly href: string };

const LINK = /\b(?:https?:\/\/[^\s<>"']{3,2000}|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})/gi;

/** Only what is surely one becomes a link, and only to the Web or to an address. */
export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    const link = match[0].replace(/[.,;:!?)\]}]+$/, '');
    if (match.index > at) pieces.push({ type: 'text', text: text.slice(at, match.index) });
    const href = /^https?:/i.test(link) ? link : `mailto:${link}`;
    pieces.push({ type: 'link', text: link, href });
    at = match.index + link.length;
  }
  if (at < text.length) pieces.push({ type: 'text', text: text.slice(at) });
  return pieces;
}
