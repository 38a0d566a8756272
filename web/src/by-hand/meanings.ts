/** What the fields of an answer mean, in a sentence. */
import { texts } from '../texts.ts';

const meanings: Readonly<Record<string, string>> = texts.web.hand.meanings;

export function meaningOf(name: string): string {
  return meanings[name.toLowerCase()] ?? texts.web.hand.noMeaning;
}
