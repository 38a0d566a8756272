/** THREAD (RFC 5256 §3). */
import type { Facts } from '../../mail/index.ts';
import { sentDate } from '../machine/sort.ts';
import { threadsOf, threadsText } from '../machine/thread.ts';
import { ok, type Reply } from '../reply.ts';
import type { ImapSession, Selected } from '../session.ts';
import type { Of } from '../types.ts';
import { factsOf, ghostCode, searchIndexes } from './search.ts';

/** Of a message that is gone. */
export const NO_FACTS: Facts = {
  headerSize: 0,
  messageId: undefined,
  references: [],
  subject: '',
  from: [],
  to: [],
  cc: [],
  date: undefined,
  preview: '',
  attachments: 0,
};

export async function thread(
  session: ImapSession,
  { algorithm, key, uid }: Of<'THREAD'>,
): Promise<Reply> {
  const { view } = session.selected as Selected;
  const entries = (await searchIndexes(session, key)).map((index) => ({
    entry: view.at(index),
    number: index + 1,
  }));
  const contents = entries.map(({ entry }) => entry.content);
  const known = await factsOf(session, contents);
  const messages = entries.map(({ entry, number }) => {
    const facts = known.get(entry.content) ?? NO_FACTS;
    return { name: uid ? entry.uid : number, date: sentDate(entry, facts), facts };
  });
  const threads = threadsText(threadsOf(algorithm, messages));
  session.out.say(`* THREAD${threads === '' ? '' : ` ${threads}`}\r\n`);
  return ok('THREAD completed', ghostCode(session, uid));
}
