/** What a person types to search (RFC 8621 §4.4.1): words, each of which must be there, and phrases in quotes. */

const TOKENS_LIMIT = 20;

/** In lower case, without their quotes. */
export function searchTokens(text: string): readonly string[] {
  const tokens: string[] = [];
  const shape = /(?<![^\s])"((?:[^"\\]|\\.)*)"(?!\S)|(?<![^\s])'((?:[^'\\]|\\.)*)'(?!\S)|\S+/gs;
  for (const [whole, double, single] of text.matchAll(shape)) {
    const phrase = double ?? single;
    const token = phrase === undefined ? whole : phrase.replace(/\\(.)/gs, '$1');
    const plain = token.replace(/\s+/g, ' ').trim().toLowerCase();
    if (plain !== '') tokens.push(plain);
    if (tokens.length === TOKENS_LIMIT) break;
  }
  return tokens;
}

/** Whether all are in one of the texts each; the texts are in lower case. */
export function hasAll(texts: readonly string[], tokens: readonly string[]): boolean {
  return tokens.every((token) => texts.some((text) => text.includes(token)));
}

/** As texts are compared. */
export function comparable(text: string): string {
  return text.replace(/\s+/g, ' ').toLowerCase();
}
