/** The resolver's decisions in sentences: what the bytes of its messages can't show. */
import type { Endpoint } from '../../lib/endpoint.ts';
import { STALE_TTL_S } from '../defaults.ts';
import { plainName } from '../name.ts';
import type { Name, Question } from '../types.ts';
import type { Cached } from './cache.ts';
import type { Delegation } from './delegation.ts';

export interface Note {
  readonly text: string;
  readonly spec: string;
  /** The end whose message led to the decision. */
  readonly because?: Endpoint;
}

/** Why a question goes to TCP. */
export type TcpReason = 'truncated' | 'folded' | 'guessed' | 'cookie';

const TCP_REASONS: Readonly<Record<TcpReason, Note>> = {
  truncated: { text: 'the reply was truncated (TC is 1)', spec: 'RFC 7766 §5' },
  folded: {
    text: 'the reply did not repeat the letters of the name as they were sent',
    spec: 'RFC 5452 §9.1',
  },
  guessed: { text: 'many wrong replies came, as if somebody guessed', spec: 'RFC 5452 §9.3' },
  cookie: { text: 'the server does not accept its own cookie', spec: 'RFC 7873 §5.3' },
};

const ALGORITHM = 'RFC 1034 §5.3.3';

function zoneText(zone: Name): string {
  return zone === '.' ? 'the root' : plainName(zone);
}

export const say = {
  start({ name, type }: Question, { zone, origin }: Delegation): Note {
    const what = `${plainName(name)} ${type} is not in the cache`;
    if (origin === 'roots') {
      return { text: `${what}, so the resolver starts at the root`, spec: ALGORITHM };
    }
    const text = `${what}, but the name servers of ${zoneText(zone)} are, so the levels above are spared`;
    return { text, spec: ALGORITHM };
  },
  referred(server: Name, zone: Name): Note {
    const text = `${plainName(server)} answered with a referral to the servers of ${zoneText(zone)}`;
    return { text, spec: ALGORITHM };
  },
  sameZone(server: Name, zone: Name): Note {
    const text = `${plainName(server)} did not refer further, so the name still is in the zone ${zoneText(zone)}, and the resolver shows more of it`;
    return { text, spec: 'RFC 9156 §3' };
  },
  alias(from: Name, to: Name): Note {
    const text = `${plainName(from)} is an alias, so the look-up starts again with its canonical name ${plainName(to)}`;
    return { text, spec: 'RFC 1034 §3.6.2' };
  },
  glueless(zone: Name, server: Name): Note {
    const text = `the referral to ${zoneText(zone)} came without an address for ${plainName(server)}, so the resolver looks that up first`;
    return { text, spec: ALGORITHM };
  },
  found(server: Name): Note {
    const text = `the address of ${plainName(server)} is found, so the first question goes on`;
    return { text, spec: ALGORITHM };
  },
  failed(server: Name, text: string): Note {
    return { text: `${plainName(server)} ${text}`, spec: 'RFC 1035 §7.2' };
  },
  useless(server: Name, text: string, spec: string): Note {
    return { text: `${plainName(server)} ${text}`, spec };
  },
  /** Completes a reason with whom it leads to. */
  asks(why: Note | undefined, server: Name, because: Endpoint | undefined): Note {
    const reason = why?.text ?? 'it asks again';
    const text = `${reason}. The resolver asks ${plainName(server)} iteratively: RD is 0`;
    return { text, spec: why?.spec ?? ALGORITHM, ...(because && { because }) };
  },
  fromCache(cached: Cached): Note {
    const { left, ttl, denial, source } = cached;
    const what =
      denial === undefined
        ? 'answered from the cache'
        : `answered from the cache that there is ${denial === 'nxdomain' ? 'no such name' : 'no such record'}`;
    const text = `${what}: ${left} s are left of ${ttl} s; ${source.address} had said so`;
    return { text, spec: denial === undefined ? ALGORITHM : 'RFC 2308 §5' };
  },
  forwards({ name, type }: Question, to: string, failure: string | undefined): Note {
    const why = failure ?? `${plainName(name)} ${type} is not in the cache`;
    const text = `${why}, so the resolver leaves it to ${to}: RD is 1`;
    return { text, spec: 'RFC 1034 §5.3.1' };
  },
  stale({ name }: Question, why: string): Note {
    const text = `${why}, so ${plainName(name)} is answered from data whose time is over, for ${STALE_TTL_S} s`;
    return { text, spec: 'RFC 8767 §4' };
  },
  remembered({ name, type }: Question): Note {
    const text = `${plainName(name)} ${type} could not be found out a moment ago, so nobody is asked again now`;
    return { text, spec: 'RFC 9520 §3.2' };
  },
  prefetch({ name, type }: Question, left: number): Note {
    const text = `${plainName(name)} ${type} has ${left} s left, so the resolver fetches it anew before they are over`;
    return { text, spec: ALGORITHM };
  },
  joined({ name, type }: Question): Note {
    const text = `${plainName(name)} ${type} was being looked up already, so this question waited for the same answer`;
    return { text, spec: 'RFC 5452 §5' };
  },
  fromHosts(name: Name): Note {
    return {
      text: `${plainName(name)} is in the hosts file, which comes before DNS`,
      spec: 'RFC 1034 §5.2.1',
    };
  },
  tcp(why: TcpReason): Note {
    const { text, spec } = TCP_REASONS[why];
    return { text: `${text}, so the resolver asks again on TCP`, spec };
  },
};
