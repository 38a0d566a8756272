/** Where a search found something (RFC 8621 §5): safe HTML with `<mark>`. */
import { utf8 } from '../../lib/bytes.ts';
import { SNIPPET_BEFORE, SNIPPET_BYTES } from '../defaults.ts';
import type { EmailCondition, Filter } from '../types.ts';
import { searchTokens } from './search-text.ts';

export interface SnippetTokens {
  readonly subject: readonly string[];
  readonly body: readonly string[];
}

/** What a filter looks for; what must not be there can't be shown. */
export function snippetTokens(filter: Filter<EmailCondition> | undefined): SnippetTokens {
  const [subject, body] = [new Set<string>(), new Set<string>()];
  const look = (one: Filter<EmailCondition>): void => {
    if (!('condition' in one)) {
      if (one.operator !== 'NOT') one.conditions.forEach(look);
      return;
    }
    const { text = '', subject: inSubject = '', body: inBody = '' } = one.condition;
    for (const token of searchTokens(`${text} ${inSubject}`)) subject.add(token);
    for (const token of searchTokens(`${text} ${inBody}`)) body.add(token);
  };
  if (filter) look(filter);
  return { subject: [...subject], body: [...body] };
}

/** All of a text with its matches marked; null without one. */
export function marked(text: string, tokens: readonly string[]): string | null {
  const places = matches(text, tokens);
  return places.length === 0 ? null : withMarks(text, places, Number.POSITIVE_INFINITY);
}

/** The text about its first match, in 255 octets at most. */
export function excerpt(text: string, tokens: readonly string[]): string | null {
  const line = text.replace(/[\s\p{C}]+/gu, ' ').trim();
  const [first] = matches(line, tokens);
  if (!first) return null;
  const begin = beginOf(line, first.start);
  const part = line.slice(begin, begin + SNIPPET_BYTES);
  const lead = begin > 0 ? '…' : '';
  return withMarks(`${lead}${part}`, matches(`${lead}${part}`, tokens), SNIPPET_BYTES);
}

/** At a word. */
function beginOf(line: string, match: number): number {
  if (match <= SNIPPET_BEFORE) return 0;
  const space = line.indexOf(' ', match - SNIPPET_BEFORE);
  return space < 0 || space > match ? match : space + 1;
}

interface Place {
  readonly start: number;
  readonly end: number;
}

/** Ascending, none over another. Lower case may change lengths: such texts are searched as they are. */
function matches(text: string, tokens: readonly string[]): Place[] {
  const lower = text.toLowerCase();
  const searched = lower.length === text.length ? lower : text;
  const found: Place[] = [];
  for (const token of tokens) {
    for (
      let at = searched.indexOf(token);
      at >= 0;
      at = searched.indexOf(token, at + token.length)
    ) {
      found.push({ start: at, end: at + token.length });
      if (found.length > 1_000) break;
    }
  }
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  let last = 0;
  return found.filter(({ start, end }) => {
    if (start < last) return false;
    last = end;
    return true;
  });
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (char) => ENTITIES[char] as string);
}

/** Character by character until there is no room: nothing is cut within an entity or a mark. */
function withMarks(text: string, places: readonly Place[], limit: number): string {
  const pieces: string[] = [];
  let room = limit;
  const add = (piece: string, open: string, close: string): boolean => {
    const frame = open.length + close.length;
    let kept = '';
    let left = room - frame;
    for (const char of piece) {
      const safe = escaped(char);
      left -= utf8(safe).length;
      if (left < 0) break;
      kept += safe;
    }
    if (kept === '') return piece === '';
    pieces.push(open + kept + close);
    room -= frame + utf8(kept).length;
    return kept === escaped(piece);
  };
  let at = 0;
  for (const { start, end } of places) {
    if (!add(text.slice(at, start), '', '')) return pieces.join('');
    if (!add(text.slice(start, end), '<mark>', '</mark>')) return pieces.join('');
    at = end;
  }
  add(text.slice(at), '', '');
  return pieces.join('');
}
