import type { Endpoint } from '../../lib/endpoint.ts';
import type { Result } from '../machine/result.ts';
import { reply } from '../message.ts';
import { EDE, extendedError } from '../options.ts';
import type { Resolver } from '../resolver.ts';
import type { Message, Question } from '../types.ts';
import { isMessage, passing, withOption } from './reply.ts';
import type { DnsRequest, Handler, Link, Reply } from './types.ts';

export interface RecursiveOptions {
  /** Who may ask; default everybody. A resolver open to the world is an amplifier (RFC 5358). */
  readonly allow?: (from: Endpoint) => boolean;
}

/**
 * Answers by a resolver those who ask for recursion (RFC 1034 §4.3.1: RD and RA); those who do not,
 * from its cache alone. What is not for it, and who may not ask, goes to the next link.
 */
export function recursive(resolver: Resolver, { allow }: RecursiveOptions = {}): Link {
  const link =
    (next: Handler): Handler =>
    (request) => {
      const { query, question, from } = request;
      if (allow?.(from) === false) return denied(next, request);
      const ours = query.opcode === 'QUERY' && question && isResolvable(question);
      if (!ours) return others(next, request);
      const known = query.recursionDesired
        ? resolver.known(question, { asker: request })
        : resolver.peek(question);
      if (known) return answer(resolver, request, known);
      if (!query.recursionDesired) return others(next, request);
      return resolver
        .query(question, { asker: request })
        .then((found) => answer(resolver, request, found));
    };
  return (next) => (allow ? link(next) : passing(next, link(next)));
}

function answer(resolver: Resolver, request: DnsRequest, result: Result): Message {
  const { query } = request;
  const { rcode, answers, authorities, errors = [] } = result;
  const lease = query.recursionDesired ? resolver.lease(result) : undefined;
  if (lease) request.keep?.(lease);
  const made = reply(query, { recursionAvailable: true, rcode, answers, authorities });
  const options = errors.map(({ code, text }) => extendedError(code, text));
  return options.reduce(withOption, made);
}

async function others(next: Handler, request: DnsRequest): Promise<Reply> {
  const other = await next(request);
  return isMessage(other) ? { ...other, recursionAvailable: true } : other;
}

/** Says why nobody answered to one who may not ask. */
async function denied(next: Handler, request: DnsRequest): Promise<Reply> {
  const other = await next(request);
  const refused = isMessage(other) && other.rcode === 'REFUSED';
  return refused ? withOption(other, extendedError(EDE.PROHIBITED)) : other;
}

/** Transfers are not for resolvers, and the cache knows the Internet's class alone. */
function isResolvable({ type, class: recordClass }: Question): boolean {
  return recordClass === 'IN' && type !== 'AXFR' && type !== 'IXFR';
}
