/** A domain as it is told to registrars, and in the formats of WHOIS and RDAP. */
import type { Periods } from './defaults.ts';
import { restorableUntil, statusOf } from './machine/life.ts';
import type { Domain, DomainView } from './types.ts';

/** RFC 3339, to the second. */
export function dateText(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** As told to a registrar: the code to nobody but the sponsor. */
export function viewOf(
  domain: Domain,
  at: { readonly now: number; readonly periods: Periods },
  to: string,
): DomainView {
  const { now, periods } = at;
  const { name, handle, registrant, registrar, nameServers } = domain;
  const until = restorableUntil(domain, now, periods);
  return {
    name,
    handle,
    status: statusOf(domain, now, periods),
    registrant,
    registrar,
    created: dateText(domain.created),
    updated: dateText(domain.updated),
    expires: dateText(domain.expires),
    nameServers,
    ...(until !== undefined && { restorableUntil: dateText(until) }),
    ...(registrar === to && { code: domain.authCode }),
  };
}
