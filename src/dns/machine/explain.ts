/** Why a resolver would answer as it does: its cache in sentences. */
import { endpointText } from '../../lib/endpoint.ts';
import { nameKey, plainName } from '../name.ts';
import type { Name } from '../types.ts';
import { type Cache, type Cached, RANK, type Rank } from './cache.ts';

export interface Explanation {
  readonly cached: Cached;
  readonly text: string;
  /** The section by which it is used, or not. */
  readonly spec: string;
}

const FROM: Readonly<Record<Rank, string>> = {
  [RANK.glue]: 'the additional section (glue)',
  [RANK.referral]: 'a referral',
  [RANK.authority]: 'the authority section of the zone itself',
  [RANK.answer]: 'an authoritative answer',
};

/** What the cache has about a name, how it came to be there, and what it is good for. */
export function explainName(cache: Cache, name: Name, now: number): Explanation[] {
  return [...cache.about(name, now)].map((cached) => {
    const { text, spec } = useOf(cached, name);
    const time = cached.stale
      ? `its ${cached.ttl} s are over`
      : `${cached.left} s are left of ${cached.ttl} s`;
    const from = `from ${FROM[cached.rank]} of ${endpointText(cached.source)}`;
    return { cached, text: `${whatOf(cached)}, ${from}: ${time}; ${text}`, spec };
  });
}

function whatOf({ name, type, denial, records }: Cached): string {
  if (denial === 'nxdomain') return `${plainName(name)} does not exist`;
  if (denial === 'nodata') return `${plainName(name)} has no ${type}`;
  const count = records.length === 1 ? '1 record' : `${records.length} records`;
  return `${plainName(name)} ${type}, ${count}`;
}

function useOf({ name, rank, denial, type, stale }: Cached, asked: Name) {
  if (stale) return { text: 'given only when no server can be reached', spec: 'RFC 8767 §4' };
  if (denial === 'nxdomain' && nameKey(name) !== nameKey(asked)) {
    return { text: 'so nothing below it exists', spec: 'RFC 8020 §2' };
  }
  if (denial) return { text: 'answers questions with this denial', spec: 'RFC 2308 §5' };
  if (rank === RANK.answer) return { text: 'answers questions', spec: 'RFC 2181 §5.4.1' };
  const text =
    type === 'NS'
      ? 'leads to the servers of the zone, and answers nobody'
      : 'leads to a server, and answers nobody';
  return { text, spec: 'RFC 2181 §5.4.1' };
}
