import type { Endpoint } from '../lib/endpoint.ts';
import { endpointText } from '../lib/endpoint.ts';
import type { Host, Timer } from '../net/index.ts';
import { queryDns } from './client.ts';
import { FIRST_RETRY_S, MIN_REFRESH_S } from './defaults.ts';
import { DnsError } from './errors.ts';
import { isNewer } from './machine/serial.ts';
import { question } from './message.ts';
import { sameName } from './name.ts';
import { MemoryZone, type MemoryZones } from './store/memory-zone.ts';
import { UnavailableZone } from './store/unavailable-zone.ts';
import { type TransferInOptions, transferZone } from './transfer.ts';
import type { Name, SoaRecord } from './types.ts';

export interface SecondaryOptions {
  readonly origin: Name;
  /** Asked in this order. */
  readonly primaries: readonly Endpoint[];
  readonly transfer?: Omit<TransferInOptions, 'signal'>;
  /** Hears what happened, in sentences for a log. */
  readonly tell?: (text: string) => void;
}

/**
 * Keeps a copy of a zone in a store (RFC 1034 §4.3.5): asks for the SOA each REFRESH seconds, after
 * a failure each RETRY, fetches the zone when its serial is later, and gives it up after EXPIRE.
 */
export class Secondary {
  readonly origin: Name;
  readonly primaries: readonly Endpoint[];
  private readonly host: Host;
  private readonly zones: MemoryZones;
  private readonly options: SecondaryOptions;
  private soa: SoaRecord | undefined;
  private timer: Timer | undefined;
  private expiry: Timer | undefined;
  private working: Promise<void> | undefined;
  private again = false;
  private readonly stop = new AbortController();

  constructor(host: Host, zones: MemoryZones, options: SecondaryOptions) {
    this.host = host;
    this.zones = zones;
    this.options = options;
    this.origin = options.origin;
    this.primaries = options.primaries;
    zones.set(new UnavailableZone(this.origin, 'the zone was not received yet'));
  }

  /** The serial of the copy; undefined when there is none that counts. */
  get serial(): number | undefined {
    return this.soa?.serial;
  }

  /** Asks the primaries now; resolves when that is done, whatever came of it. */
  refresh(): Promise<void> {
    if (this.working) {
      // A NOTIFY while we are asking may tell of something still later (RFC 1996 §4.4).
      this.again = true;
      return this.working;
    }
    this.timer?.cancel();
    this.working = this.ask().finally(() => {
      this.working = undefined;
      if (!this.again || this.stopped) return;
      this.again = false;
      this.plan(0);
    });
    return this.working;
  }

  /** Asks no more; what is under way is given up. */
  close(): void {
    this.stop.abort();
    this.timer?.cancel();
    this.expiry?.cancel();
  }

  private get stopped(): boolean {
    return this.stop.signal.aborted;
  }

  private async ask(): Promise<void> {
    for (const primary of this.primaries) {
      if (this.stopped) return;
      try {
        await this.askOne(primary);
        this.plan(this.soa?.refresh ?? FIRST_RETRY_S);
        return;
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        if (!this.stopped) this.tell(error.message);
      }
    }
    this.plan(this.soa?.retry ?? FIRST_RETRY_S);
  }

  private async askOne(primary: Endpoint): Promise<void> {
    const { host, origin } = this;
    const { signal } = this.stop;
    const asked = question(origin, 'SOA');
    const { message } = await queryDns(host, primary, asked, { rd: false, retries: 1, signal });
    const soa = message.answers.find((record) => sameName(record.name, origin));
    if (!message.authoritative || soa?.type !== 'SOA') {
      const text = `${endpointText(primary)} is no authority for ${origin}: ${message.rcode}`;
      throw new DnsError('DNS_BAD_REPLY', text, { spec: 'RFC 1034 §4.3.5' });
    }
    if (!this.soa || isNewer(soa.serial, this.soa.serial)) await this.fetch(primary);
    this.confirmed();
  }

  private async fetch(primary: Endpoint): Promise<void> {
    const { signal } = this.stop;
    const how = { ...this.options.transfer, signal };
    const records = await transferZone(this.host, primary, this.origin, how);
    if (this.stopped) return;
    const zone = new MemoryZone(this.origin, records);
    this.soa = zone.soa;
    this.zones.set(zone);
    const { serial } = zone.soa;
    this.tell(
      `${this.origin} serial ${serial}: ${records.length} records from ${endpointText(primary)}`,
    );
  }

  /** A primary has said what is current: EXPIRE counts from now. */
  private confirmed(): void {
    this.expiry?.cancel();
    if (this.stopped) return;
    this.expiry = this.host.clock.setTimer((this.soa?.expire ?? 0) * 1000, () => {
      this.soa = undefined;
      this.zones.set(new UnavailableZone(this.origin, 'the copy of the zone has expired'));
      this.tell(`${this.origin} has expired: no primary answered`);
    });
  }

  private plan(seconds: number): void {
    this.timer?.cancel();
    if (this.stopped) return;
    const ms = Math.max(MIN_REFRESH_S, seconds) * 1000;
    this.timer = this.host.clock.setTimer(ms, () => {
      this.refresh().catch((error: unknown) => this.tell(String(error)));
    });
  }

  private tell(text: string): void {
    this.options.tell?.(text);
  }
}
