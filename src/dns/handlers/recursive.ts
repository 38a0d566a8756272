import type { Endpoint } from '../../lib/endpoint.ts';
import { reply } from '../message.ts';
import type { Resolver } from '../resolver.ts';
import type { Question } from '../types.ts';
import { isMessage } from './reply.ts';
import type { Link } from './types.ts';

export interface RecursiveOptions {
  /** Who may ask; default everybody. A resolver open to the world is an amplifier (RFC 5358). */
  readonly allow?: (from: Endpoint) => boolean;
}

/**
 * Answers by a resolver those who ask for recursion (RFC 1034 §4.3.1: RD and RA); those who do not,
 * from its cache alone. What is not for it, and who may not ask, goes to the next link.
 */
export function recursive(resolver: Resolver, { allow }: RecursiveOptions = {}): Link {
  return (next) => async (request) => {
    const { query, question, from } = request;
    if (allow?.(from) === false) return next(request);
    if (query.opcode === 'QUERY' && question && isResolvable(question)) {
      const result = query.recursionDesired
        ? await resolver.query(question, { asker: request })
        : resolver.peek(question);
      if (result) {
        const { rcode, answers, authorities } = result;
        return reply(query, { recursionAvailable: true, rcode, answers, authorities });
      }
    }
    const other = await next(request);
    return isMessage(other) ? { ...other, recursionAvailable: true } : other;
  };
}

/** Transfers are not for resolvers, and the cache knows the Internet's class alone. */
function isResolvable({ type, class: recordClass }: Question): boolean {
  return recordClass === 'IN' && type !== 'AXFR' && type !== 'IXFR';
}
