/** The words of structured fields (RFC 5322 §3.2): atoms, quoted strings, comments, specials. */
import { COMMENT_DEPTH } from '../defaults.ts';

export interface Token {
  readonly kind: 'atom' | 'quoted' | 'literal' | 'comment' | 'special';
  /** Without quotes, brackets and backslashes. */
  readonly text: string;
  /** White space or a comment stands before it. */
  readonly spaced: boolean;
  readonly at: number;
  readonly end: number;
  /** False for what the text ends in. */
  readonly closed: boolean;
}

const SPECIALS = '<>@,;:';

/** All tokens of an unfolded value. A dot is part of an atom, as in obsolete phrases (§4.1). */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  let spaced = false;
  for (let at = 0; at < text.length; ) {
    const character = text.charAt(at);
    if (isBlank(character)) {
      spaced = true;
      at++;
      continue;
    }
    const token = tokenAt(text, at, spaced);
    found.push(token);
    spaced = token.kind === 'comment';
    at = token.end;
  }
  return found;
}

function tokenAt(text: string, at: number, spaced: boolean): Token {
  const character = text.charAt(at);
  if (character === '"') return delimited(text, at, spaced, 'quoted', '"');
  if (character === '[') return delimited(text, at, spaced, 'literal', ']');
  if (character === '(') return comment(text, at, spaced);
  if (SPECIALS.includes(character)) {
    return { kind: 'special', text: character, spaced, at, end: at + 1, closed: true };
  }
  let end = at + 1;
  while (end < text.length && !endsAtom(text.charAt(end))) end++;
  return { kind: 'atom', text: text.slice(at, end), spaced, at, end, closed: true };
}

function endsAtom(character: string): boolean {
  return isBlank(character) || SPECIALS.includes(character) || '"(['.includes(character);
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\r' || character === '\n';
}

function delimited(
  text: string,
  at: number,
  spaced: boolean,
  kind: 'quoted' | 'literal',
  close: string,
): Token {
  let inner = '';
  let end = at + 1;
  for (; end < text.length && text.charAt(end) !== close; end++) {
    if (text.charAt(end) === '\\' && end + 1 < text.length) end++;
    inner += text.charAt(end);
  }
  const closed = end < text.length;
  return { kind, text: inner, spaced, at, end: closed ? end + 1 : end, closed };
}

/** Comments nest (§3.2.2); below the limit of depth brackets are text. */
function comment(text: string, at: number, spaced: boolean): Token {
  let inner = '';
  let depth = 1;
  let end = at + 1;
  for (; end < text.length; end++) {
    const character = text.charAt(end);
    if (character === '(' && depth < COMMENT_DEPTH) depth++;
    else if (character === ')' && --depth === 0) break;
    if (character === '\\' && end + 1 < text.length) end++;
    inner += text.charAt(end);
  }
  const closed = end < text.length;
  return { kind: 'comment', text: inner, spaced, at, end: closed ? end + 1 : end, closed };
}

const ATOM = /^[\w!#$%&'*+\-/=?^`{|}~\u0080-\u{10ffff}]+$/u;

/** Written without quotes: atoms with dots between them (§3.2.3; RFC 6532 §3.2 for what is beyond ASCII). */
export function isDotAtom(text: string): boolean {
  return text.split('.').every((atom) => ATOM.test(atom));
}

/** As a quoted string (§3.2.4). */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** The value without its comments, as fields of programs have them. */
export function withoutComments(text: string): string {
  return tokens(text)
    .filter(({ kind }) => kind !== 'comment')
    .map(({ at, end, spaced }) => (spaced ? ' ' : '') + text.slice(at, end))
    .join('')
    .trim();
}
