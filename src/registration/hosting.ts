/** Small zones that a registrar serves for customers without a name server of their own. */
import { type Name, parseName, type ResourceRecord } from '../dns/index.ts';
import type { Address } from '../lib/endpoint.ts';
import { HOSTED_TTL } from './defaults.ts';
import { checkAddresses } from './machine/hosts.ts';
import { type HostedZone, type HostingStore, memoryHostingStore } from './store/hosting.ts';
import type { DomainName } from './types.ts';

export interface HostingOptions {
  /** The registrar's own name server: `ns.registrar.com`. */
  readonly nameServer: DomainName;
  readonly store?: HostingStore;
  /** Given the whole zone when it has changed, and no records when it is not served any more. */
  readonly onZone: (origin: Name, records: readonly ResourceRecord[]) => void;
}

export class Hosting {
  readonly nameServer: DomainName;
  private readonly options: HostingOptions;
  private readonly store: HostingStore;
  private readonly zones = new Map<DomainName, HostedZone>();

  private constructor(options: HostingOptions) {
    this.nameServer = options.nameServer;
    this.options = options;
    this.store = options.store ?? memoryHostingStore();
  }

  static async open(options: HostingOptions): Promise<Hosting> {
    const hosting = new Hosting(options);
    for (const zone of await hosting.store.load()) hosting.serve(zone);
    return hosting;
  }

  /** What the zone of a name says; empty when it is not served here. */
  addresses(name: DomainName): readonly Address[] {
    return this.zones.get(name)?.addresses ?? [];
  }

  /** Serves `name` and `www.name` with these addresses; none end it. Its serial goes on in any case. */
  async set(name: DomainName, given: readonly Address[]): Promise<void> {
    const addresses = checkAddresses(given);
    const serial = (this.zones.get(name)?.serial ?? 0) + 1;
    await this.store.set(name, addresses, serial);
    this.serve({ name, addresses, serial });
  }

  private serve(zone: HostedZone): void {
    this.zones.set(zone.name, zone);
    const origin = parseName(zone.name);
    this.options.onZone(origin, zone.addresses.length === 0 ? [] : this.records(origin, zone));
  }

  private records(origin: Name, { addresses, serial }: HostedZone): ResourceRecord[] {
    const primary = parseName(this.nameServer);
    const common = { class: 'IN', ttl: HOSTED_TTL } as const;
    const mailbox = parseName(`hostmaster.${this.nameServer}`);
    const times = { refresh: 1800, retry: 900, expire: 604_800, minimum: 1 };
    const hosts = [origin, parseName(`www.${origin}`)];
    return [
      { ...common, name: origin, type: 'SOA', primary, mailbox, serial, ...times },
      { ...common, name: origin, type: 'NS', target: primary },
      ...hosts.flatMap((name) =>
        addresses.map((address): ResourceRecord => {
          return { ...common, name, type: address.includes(':') ? 'AAAA' : 'A', address };
        }),
      ),
    ];
  }
}
