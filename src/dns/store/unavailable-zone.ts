import type { Name, SoaRecord } from '../types.ts';
import type { RRset, Zone, ZoneAnswer } from './types.ts';

/** A zone that is ours but has no data, or none that may still be given: everything is SERVFAIL. */
export class UnavailableZone implements Zone {
  readonly origin: Name;
  readonly soa: SoaRecord;
  private readonly why: string;

  constructor(origin: Name, why: string) {
    this.origin = origin;
    this.why = why;
    const rest = { serial: 0, refresh: 0, retry: 0, expire: 0, minimum: 0 };
    const names = { name: origin, primary: '.', mailbox: '.' };
    this.soa = { ...names, ...rest, type: 'SOA', class: 'IN', ttl: 0 };
  }

  get negativeSoa(): SoaRecord {
    return this.soa;
  }

  lookup(): ZoneAnswer {
    return { kind: 'unavailable', why: this.why };
  }

  rrset(): RRset | undefined {
    return undefined;
  }

  records(): Iterable<never> {
    return [];
  }
}
