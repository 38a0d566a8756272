import type { Address } from '../../lib/endpoint.ts';
import type { DomainName } from '../types.ts';

/** Where a registrar keeps the addresses of the zones that it serves for its customers. */
export interface HostingStore {
  load(): Promise<readonly HostedZone[]>;
  /** Durable when it resolves. No addresses: the zone is not served any more. */
  set(name: DomainName, addresses: readonly Address[], serial: number): Promise<void>;
}

export interface HostedZone {
  readonly name: DomainName;
  readonly addresses: readonly Address[];
  readonly serial: number;
}

export function memoryHostingStore(): HostingStore {
  const zones = new Map<DomainName, HostedZone>();
  return {
    async load() {
      return [...zones.values()];
    },
    async set(name, addresses, serial) {
      zones.set(name, { name, addresses, serial });
    },
  };
}
