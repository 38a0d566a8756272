import { CNAME_LIMIT } from '../defaults.ts';
import type { CnameRecord, Question, ResourceRecord } from '../types.ts';
import type { Cached, CacheView } from './cache.ts';
import { type Result, result } from './result.ts';

/** The answer as far as the cache has it, aliases followed; undefined when it doesn't have its end. */
export function peekAnswer(cache: CacheView, question: Question, now: number): Result | undefined {
  const { type } = question;
  if (type === 'ANY' || type === 'AXFR' || type === 'IXFR') return undefined;
  const aliases: CnameRecord[] = [];
  let { name } = question;
  let until = Number.POSITIVE_INFINITY;
  while (aliases.length <= CNAME_LIMIT) {
    const known = cache.get(name, type, now);
    if (known) return resultOf(known, aliases, Math.min(until, known.changes));
    const cname = cache.get(name, 'CNAME', now);
    const alias = cname?.records[0];
    if (!cname || alias?.type !== 'CNAME') return undefined;
    until = Math.min(until, cname.changes);
    aliases.push(alias);
    name = alias.target;
  }
  return undefined;
}

function resultOf(cached: Cached, aliases: readonly CnameRecord[], until: number): Result {
  const { denial, records } = cached;
  const rcode = denial === 'nxdomain' ? 'NXDOMAIN' : 'NOERROR';
  const answers: readonly ResourceRecord[] = denial ? aliases : [...aliases, ...records];
  return result({ rcode, answers, authorities: denial ? records : [], cached, until });
}
