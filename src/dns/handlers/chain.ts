import { reply } from '../message.ts';
import { EDE, extendedError } from '../options.ts';
import { withOption } from './reply.ts';
import type { DnsRequest, Handler, Link } from './types.ts';

const OF_NO_ZONE = extendedError(EDE.NOT_AUTHORITATIVE);

/** What is said where no link had an answer: NOTIMP to other opcodes, REFUSED to questions. */
export const refuse: Handler = Object.assign(
  ({ query }: DnsRequest) =>
    query.opcode === 'QUERY'
      ? withOption(reply(query, { rcode: 'REFUSED' }), OF_NO_ZONE)
      : reply(query, { rcode: 'NOTIMP' }),
  { reusable: true },
);

/** One handler of several links, asked in the order of the list; the last resort is to refuse. */
export function chain(...links: readonly Link[]): Handler {
  return links.reduceRight<Handler>((next, link) => link(next), refuse);
}
