/** What is known of messages: kept with them, and made from their bytes where it is missing. */
import { mailError } from '../errors.ts';
import { summarise } from '../summary/summarise.ts';
import type { Facts, Summary } from '../types.ts';
import { ownPieces } from './contents.ts';
import type { ContentTable, StoredContent } from './tables.ts';

/** Throws MAIL_GONE. */
export function summaryOf(contents: ContentTable, id: number): Summary {
  const known = contents.summary(id);
  if (known) return known;
  const content = contents.get(id);
  if (!content) throw mailError('MAIL_GONE', 'The message is gone');
  const made = make(contents, content);
  contents.keepSummary(id, made);
  return made;
}

/** Of those that are there. */
export function factsOf(contents: ContentTable, ids: readonly number[]): Map<number, Facts> {
  const found = contents.facts(ids);
  for (const id of ids) {
    if (!found.has(id) && contents.get(id)) found.set(id, summaryOf(contents, id).facts);
  }
  return found;
}

function make(contents: ContentTable, content: StoredContent): Summary {
  if (content.base === undefined) return summarise(ownPieces(contents, content));
  const { facts, ...texts } = summaryOf(contents, content.base);
  // Trace fields before a message change none of what is known of it.
  return { ...texts, facts: { ...facts, headerSize: facts.headerSize + content.own } };
}
