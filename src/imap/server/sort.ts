/** SORT (RFC 5256 §3; ESORT of RFC 5267 §3). */
import { needsFacts, sortMessages } from '../machine/sort.ts';
import { ok, type Reply } from '../reply.ts';
import type { ImapSession, Selected } from '../session.ts';
import type { Of } from '../types.ts';
import { factsOf, ghostCode, searchIndexes, tellFound } from './search.ts';
import { NO_FACTS } from './thread.ts';

export async function sort(
  session: ImapSession,
  { key, uid, criteria, returns }: Of<'SORT'>,
  tag: string,
): Promise<Reply> {
  const { view } = session.selected as Selected;
  const indexes = await searchIndexes(session, key);
  const contents = indexes.map((index) => view.at(index).content);
  const facts = needsFacts(criteria) ? await factsOf(session, contents) : new Map();
  const found = sortMessages(indexes, criteria, (index) => {
    const entry = view.at(index);
    return { entry, facts: facts.get(entry.content) ?? NO_FACTS };
  });
  tellFound(session, { found, key, uid, returns, tag, isSorted: true });
  return ok('SORT completed', ghostCode(session, uid));
}
