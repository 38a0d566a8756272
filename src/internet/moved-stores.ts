/**
 * An internet may be started in another network than the one it had last time. Stores keep the addresses
 * of the scenario's own network; hosts see those of the one that was claimed.
 */
import type { Address } from '../lib/endpoint.ts';
import type { Domain } from '../registration/index.ts';
import type { Stores } from './registration.ts';

/** `own` and `claimed` are the first two parts of addresses: `127.20`. */
export function movedStores(stores: Stores, own: string, claimed: string): Stores {
  if (own === claimed) return stores;
  return {
    registry(zone) {
      const store = stores.registry(zone);
      return {
        async load() {
          const { domains, revision } = await store.load();
          return { domains: domains.map((domain) => moved(domain, own, claimed)), revision };
        },
        commit: (change) =>
          store.commit({ ...change, put: change.put.map((domain) => moved(domain, claimed, own)) }),
      };
    },
    hosting(host) {
      const store = stores.hosting(host);
      return {
        async load() {
          const zones = await store.load();
          return zones.map((zone) => ({ ...zone, addresses: move(zone.addresses, own, claimed) }));
        },
        set: (name, addresses, serial) => store.set(name, move(addresses, claimed, own), serial),
      };
    },
    site: (host, app) => stores.site(host, app),
    mail: (host) => stores.mail(host),
    close: () => stores.close(),
  };
}

function moved(domain: Domain, from: string, to: string): Domain {
  const nameServers = domain.nameServers.map((server) => ({
    ...server,
    addresses: move(server.addresses, from, to),
  }));
  return { ...domain, nameServers };
}

function move(addresses: readonly Address[], from: string, to: string): Address[] {
  return addresses.map((address) =>
    address.startsWith(`${from}.`) ? to + address.slice(from.length) : address,
  );
}
