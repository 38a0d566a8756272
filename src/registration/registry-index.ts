/** What is asked of a registry oftener than it changes: made anew with each change, in one pass. */
import type { Domain, DomainName, NameServer } from './types.ts';

export interface RegistryIndex {
  /** Every host that was told with addresses. */
  readonly hosts: ReadonlyMap<DomainName, NameServer>;
  /** The domains that a host serves. */
  readonly users: ReadonlyMap<DomainName, readonly DomainName[]>;
  readonly handles: ReadonlyMap<string, DomainName>;
}

export function indexOf(domains: readonly Domain[]): RegistryIndex {
  const hosts = new Map<DomainName, NameServer>();
  const users = new Map<DomainName, DomainName[]>();
  const handles = new Map<string, DomainName>();
  for (const { name, handle, nameServers } of domains) {
    handles.set(handle, name);
    for (const server of nameServers) {
      if (server.addresses.length > 0) hosts.set(server.name, server);
      const known = users.get(server.name);
      if (known) known.push(name);
      else users.set(server.name, [name]);
    }
  }
  return { hosts, users, handles };
}
