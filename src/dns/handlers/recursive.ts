import type { Endpoint } from '../../lib/endpoint.ts';
import { reply } from '../message.ts';
import type { Resolver } from '../resolver.ts';
import type { Link } from './types.ts';

export interface RecursiveOptions {
  /** Who may ask; default everybody. A resolver open to the world is an amplifier (RFC 5358). */
  readonly allow?: (from: Endpoint) => boolean;
}

/**
 * Answers by a resolver those who ask for recursion (RFC 1034 §4.3.1: RD and RA). Others, and those
 * who may not, go to the next link.
 */
export function recursive(resolver: Resolver, { allow }: RecursiveOptions = {}): Link {
  return (next) => async (request) => {
    const { query, question, from } = request;
    const mine = query.opcode === 'QUERY' && query.recursionDesired;
    const transfer = question?.type === 'AXFR' || question?.type === 'IXFR';
    if (!mine || !question || transfer || allow?.(from) === false) {
      return { ...(await next(request)), recursionAvailable: allow?.(from) !== false };
    }
    const { rcode, answers, authorities } = await resolver.query(question, { asker: request });
    return reply(query, { recursionAvailable: true, rcode, answers, authorities });
  };
}
