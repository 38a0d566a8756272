import { reply } from '../message.ts';
import { sameName } from '../name.ts';
import type { Secondary } from '../secondary.ts';
import { passing } from './reply.ts';
import type { Link } from './types.ts';

/**
 * Takes the word of primaries that a zone has changed (NOTIFY, RFC 1996): the secondary looks at
 * once. Nobody else's word counts (§3.10).
 */
export function notified(secondaries: readonly Secondary[]): Link {
  return (next) =>
    passing(next, (request) => {
      const { query, from } = request;
      if (query.opcode !== 'NOTIFY') return next(request);
      const [question, ...more] = query.questions;
      if (!question || more.length > 0) return reply(query, { rcode: 'FORMERR' });
      const secondary = secondaries.find(({ origin }) => sameName(origin, question.name));
      if (!secondary) return reply(query, { rcode: 'NOTAUTH' });
      if (!secondary.primaries.some(({ address }) => address === from.address)) {
        return reply(query, { rcode: 'REFUSED' });
      }
      // Whatever comes of it is the secondary's matter; the primary is only told that we heard.
      secondary.refresh().catch(() => undefined);
      return reply(query, { authoritative: true });
    });
}
