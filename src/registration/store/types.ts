/** Where a registry keeps its domains. */
import type { Domain, DomainName } from '../types.ts';

/** All that was committed. */
export interface RegistryState {
  readonly domains: readonly Domain[];
  /** Counts the changes; the serial of the zone and the handles of domains follow it. */
  readonly revision: number;
}

export interface RegistryChange {
  readonly revision: number;
  readonly put: readonly Domain[];
  readonly remove: readonly DomainName[];
}

export interface RegistryStore {
  load(): Promise<RegistryState>;
  /** All of the change or nothing; durable when it resolves. */
  commit(change: RegistryChange): Promise<void>;
}
