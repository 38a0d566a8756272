/** Filters made by clicking: terms that are put into, and taken out of, the text in the box. */

import { PROTOCOLS } from './filter.ts';

/** Adds a protocol to those that are shown, or takes it out again. */
export function toggleProtocol(
  text: string,
  protocol: string,
  spoken: ReadonlySet<string> = PROTOCOLS,
): string {
  const words = text
    .split('||')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (!words.every((word) => PROTOCOLS.has(word) || spoken.has(word)))
    return narrow(text, protocol);
  const rest = words.filter((word) => word !== protocol);
  return (rest.length < words.length ? rest : [...words, protocol]).join(' || ');
}

/** Shows only what also fits `term`; a second time, no longer only that. */
export function narrow(text: string, term: string): string {
  const whole = text.trim();
  if (whole === '') return term;
  if (whole === term) return '';
  const tail = ` && ${term}`;
  if (whole.endsWith(tail)) return unwrapped(whole.slice(0, -tail.length).trim());
  return `${whole.includes('||') ? `(${whole})` : whole}${tail}`;
}

/** Whether a word stands in the filter by itself. */
export function hasTerm(text: string, term: string): boolean {
  return text.split(/\|\||&&|[()]/).some((part) => part.trim() === term);
}

function unwrapped(text: string): string {
  return /^\([^()]*\)$/.test(text) ? text.slice(1, -1) : text;
}
