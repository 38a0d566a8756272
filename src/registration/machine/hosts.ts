/** The name servers of a domain: who they are, and whose word their addresses are (RFC 1034 §4.2.1). */
import { type Address, isIPv4 } from '../../lib/endpoint.ts';
import { ADDRESSES, NAME_SERVERS } from '../defaults.ts';
import { RegistrationError } from '../errors.ts';
import type { Domain, DomainName, NameServer } from '../types.ts';
import { hostName, isBelow, superordinate } from './names.ts';

/** What the rules about one domain may ask about the others. */
export interface Others {
  /** The zone that the registry writes: `com`. */
  readonly zone: DomainName;
  domain(name: DomainName): Domain | undefined;
  /** A host with an address of the registry's own. */
  isOwnHost(name: DomainName): boolean;
  /** The domains, others than that host's own, that it serves. */
  usersOf(host: DomainName): readonly DomainName[];
}

/** The list as it will be kept. Throws RegistrationError that says what is wrong with it. */
export function checkNameServers(
  domain: DomainName,
  given: readonly NameServer[],
  others: Others,
): NameServer[] {
  if (given.length > NAME_SERVERS) {
    const text = `${given.length} name servers: at most ${NAME_SERVERS}`;
    throw new RegistrationError('REG_POLICY', text, 'RFC 1035 §4.2.1');
  }
  const seen = new Set<string>();
  return given.map(({ name: text, addresses }) => {
    const name = hostName(text);
    if (seen.has(name)) throw new RegistrationError('REG_POLICY', `${name} is named twice`);
    seen.add(name);
    if (isBelow(name, domain)) return { name, addresses: checkGlue(name, addresses) };
    if (addresses.length > 0) throw notYours(name, domain, others.zone);
    if (isBelow(name, others.zone)) checkKnown(name, others);
    return { name, addresses: [] };
  });
}

function checkGlue(name: DomainName, addresses: readonly Address[]): Address[] {
  if (addresses.length === 0) {
    const text = `${name} is within the domain that it serves: nobody would find it without an address here (glue)`;
    throw new RegistrationError('REG_PARAMETER_MISSING', text, 'RFC 1034 §4.2.1');
  }
  return checkAddresses(addresses);
}

/** Addresses in the form in which they are compared, each once. */
export function checkAddresses(addresses: readonly Address[]): Address[] {
  if (addresses.length > ADDRESSES) {
    throw new RegistrationError(
      'REG_POLICY',
      `${addresses.length} addresses: at most ${ADDRESSES}`,
    );
  }
  return [...new Set(addresses.map(checkAddress))];
}

function checkAddress(text: string): Address {
  if (isIPv4(text)) return text;
  const v6 = /^[0-9a-f:.]+$/i.test(text) ? URL.parse(`http://[${text}]/`) : null;
  if (v6) return v6.hostname.slice(1, -1);
  throw new RegistrationError('REG_BAD_VALUE', `${JSON.stringify(text)} is not an IP address`);
}

function notYours(name: DomainName, domain: DomainName, zone: DomainName): RegistrationError {
  const whose = isBelow(name, zone)
    ? `the registration of ${superordinate(name, zone)}`
    : 'its own zone';
  const text = `addresses are told here only for hosts within ${domain}: those of ${name} come from ${whose}`;
  return new RegistrationError('REG_POLICY', text, 'RFC 1034 §4.2.1');
}

/** A host elsewhere in this zone needs its glue from there, or the delegation leads nowhere. */
function checkKnown(name: DomainName, others: Others): void {
  if (others.isOwnHost(name)) return;
  const owner = superordinate(name, others.zone);
  const known = others.domain(owner)?.nameServers.some((server) => server.name === name);
  if (known) return;
  const text = `${name} is not known here: ${owner} has to name it, with its address, first`;
  throw new RegistrationError('REG_NOT_FOUND', text, 'RFC 5732 §1.1');
}

/** Hosts that others depend on can't be taken away (RFC 5731 §3.2.2, §3.2.5). */
export function checkNotUsed(domain: Domain, kept: readonly NameServer[], others: Others): void {
  for (const { name, addresses } of domain.nameServers) {
    if (addresses.length === 0 || kept.some((server) => server.name === name)) continue;
    const users = others.usersOf(name);
    if (users.length === 0) continue;
    const text = `${name} serves ${users.slice(0, 3).join(', ')}${users.length > 3 ? ', ...' : ''}`;
    throw new RegistrationError('REG_IN_USE', text, 'RFC 5731 §3.2.2');
  }
}
