import type { Endpoint } from '../../lib/endpoint.ts';
import { reply } from '../message.ts';
import { EDE, extendedError } from '../options.ts';
import type { Resolver } from '../resolver.ts';
import type { Question } from '../types.ts';
import { isMessage, withOption } from './reply.ts';
import type { Link, Reply } from './types.ts';

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
    if (allow?.(from) === false) return refusal(await next(request));
    if (query.opcode === 'QUERY' && question && isResolvable(question)) {
      const result = query.recursionDesired
        ? await resolver.query(question, { asker: request })
        : resolver.peek(question);
      if (result) {
        const { rcode, answers, authorities, errors = [] } = result;
        const made = reply(query, { recursionAvailable: true, rcode, answers, authorities });
        const options = errors.map(({ code, text }) => extendedError(code, text));
        return options.reduce(withOption, made);
      }
    }
    const other = await next(request);
    return isMessage(other) ? { ...other, recursionAvailable: true } : other;
  };
}

/** Says why nobody answered to one who may not ask. */
function refusal(other: Reply): Reply {
  const refused = isMessage(other) && other.rcode === 'REFUSED';
  return refused ? withOption(other, extendedError(EDE.PROHIBITED)) : other;
}

/** Transfers are not for resolvers, and the cache knows the Internet's class alone. */
function isResolvable({ type, class: recordClass }: Question): boolean {
  return recordClass === 'IN' && type !== 'AXFR' && type !== 'IXFR';
}
