import { reply } from '../message.ts';
import type { Handler, Link } from './types.ts';

/** What is said where no link had an answer: NOTIMP to other opcodes, REFUSED to questions. */
export const refuse: Handler = ({ query }) =>
  reply(query, { rcode: query.opcode === 'QUERY' ? 'REFUSED' : 'NOTIMP' });

/** One handler of several links, asked in the order of the list; the last resort is to refuse. */
export function chain(...links: readonly Link[]): Handler {
  return links.reduceRight<Handler>((next, link) => link(next), refuse);
}
