import type { Clock } from '../../net/index.ts';
import { RateLimiter, type RateLimits } from '../machine/rate-limit.ts';
import { reply } from '../message.ts';
import { nameKey } from '../name.ts';
import type { Message } from '../types.ts';
import { afterwards } from './reply.ts';
import type { Link } from './types.ts';

/**
 * Response rate limiting: a flood of equal answers to one network is cut to a rate, because most
 * likely its questions bear a forged address. Some go out truncated, so that who really asks comes
 * again on TCP. TCP and good cookies (see `cookies`, to be listed before) are free of it.
 */
export function rateLimit(clock: Clock, limits: RateLimits = {}): Link {
  const limiter = new RateLimiter(limits);
  return afterwards((made, request) => {
    if (request.transport === 'tcp' || request.proven) return made;
    const verdict = limiter.judge(request.from.address, kindOf(made), clock.now());
    if (verdict === 'send') return made;
    if (verdict === 'drop') return undefined;
    const { rcode, authoritative } = made;
    return reply(request.query, { rcode, authoritative, truncated: true });
  });
}

/** Answers that count as equal: denials by their zone, referrals by the zone that they lead to. */
function kindOf({ rcode, questions, answers, authorities }: Message): string {
  const [question] = questions;
  if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN') return rcode;
  const owner = authorities[0]?.name;
  if (answers.length === 0 && owner !== undefined) return `${rcode} ${nameKey(owner)}`;
  return `${question ? nameKey(question.name) : ''} ${question?.type}`;
}
