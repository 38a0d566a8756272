import type { Domain, DomainName } from '../types.ts';
import type { RegistryStore } from './types.ts';

/** Keeps everything as long as the object lives. */
export function memoryRegistryStore(): RegistryStore {
  const domains = new Map<DomainName, Domain>();
  let revision = 0;
  return {
    async load() {
      return { domains: [...domains.values()], revision };
    },
    async commit(change) {
      for (const name of change.remove) domains.delete(name);
      for (const domain of change.put) domains.set(domain.name, domain);
      revision = change.revision;
    },
  };
}
