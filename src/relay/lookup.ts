/** The DNS as a relay asks it. */

import {
  DnsError,
  errorOf,
  followAliases,
  message,
  parseName,
  plainName,
  queryDns,
  question,
  type Resolver,
  stubLookup,
} from '../dns/index.ts';
import type { Endpoint } from '../lib/endpoint.ts';
import type { Host } from '../net/index.ts';
import type { MxRecord, RelayLookup } from './types.ts';

type Said = Pick<Parameters<typeof errorOf>[0], 'rcode' | 'answers'>;

/** By one recursive server. */
export function stubRelayLookup(host: Host, server: Endpoint): RelayLookup {
  return {
    async mx(domain) {
      const asked = question(parseName(domain), 'MX');
      return mxOf((await queryDns(host, server, asked)).message, asked);
    },
    addresses: stubLookup(host, server),
  };
}

/** By a resolver of our own. */
export function resolverRelayLookup(resolver: Resolver): RelayLookup {
  return {
    async mx(domain) {
      const asked = question(parseName(domain), 'MX');
      const found = await resolver.query(asked);
      if (found.failure !== undefined) {
        throw new DnsError('DNS_SERVFAIL', found.failure, { question: asked });
      }
      return mxOf(found, asked);
    },
    addresses: resolver.lookup,
  };
}

/** Aliases lead to the records at their end (RFC 5321 §5.1). */
function mxOf({ rcode, answers }: Said, asked: ReturnType<typeof question>): MxRecord[] {
  const error = errorOf(message({ rcode, answers }), asked);
  if (error?.code === 'DNS_NODATA') return [];
  if (error) throw error;
  return followAliases(answers, asked).records.flatMap((record) =>
    record.type === 'MX'
      ? [{ preference: record.preference, exchange: hostName(record.exchange) }]
      : [],
  );
}

function hostName(name: string): string {
  return name === '.' ? name : plainName(name);
}
