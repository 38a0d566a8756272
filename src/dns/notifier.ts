import type { Endpoint } from '../lib/endpoint.ts';
import { sameEndpoint } from '../lib/endpoint.ts';
import type { Host } from '../net/index.ts';
import { DNS_PORT, NOTIFY_TIMEOUT_MS, NOTIFY_TRIES } from './defaults.ts';
import { DnsError } from './errors.ts';
import { exchange } from './exchange.ts';
import { question } from './message.ts';
import { sameName } from './name.ts';
import type { MemoryZones } from './store/memory-zone.ts';
import type { Zone } from './store/types.ts';
import { UnavailableZone } from './store/unavailable-zone.ts';

export interface NotifyOptions {
  /** Told beside the name servers of the zone, as far as the zone has their addresses. */
  readonly also?: readonly Endpoint[];
  /** The port of the name servers; default 53. */
  readonly port?: number;
  /** Hears who was told, or did not answer. */
  readonly tell?: (text: string) => void;
}

/**
 * Tells the secondaries of each zone of a store when it has changed (NOTIFY, RFC 1996). Gives what
 * ends it.
 */
export function notifySecondaries(
  host: Host,
  zones: MemoryZones,
  options: NotifyOptions = {},
): () => void {
  const stop = new AbortController();
  const off = zones.onChange((zone, before) => {
    if (zone instanceof UnavailableZone || before?.soa.serial === zone.soa.serial) return;
    for (const target of targetsOf(host, zone, options)) {
      notify(host, zone, target, stop.signal).then(
        (told) => options.tell?.(told),
        (error: unknown) => options.tell?.(String(error)),
      );
    }
  });
  return () => {
    off();
    stop.abort();
  };
}

/** RFC 1996 §3.1: the servers of the NS records without the primary, and who was named beside. */
function targetsOf(
  host: Host,
  zone: Zone,
  { also = [], port = DNS_PORT }: NotifyOptions,
): Endpoint[] {
  const targets = [...also];
  const type = host.address.includes(':') ? 'AAAA' : 'A';
  for (const ns of zone.rrset(zone.origin, 'NS')?.records ?? []) {
    if (ns.type !== 'NS' || sameName(ns.target, zone.soa.primary)) continue;
    for (const record of zone.rrset(ns.target, type)?.records ?? []) {
      const other = 'address' in record && record.address !== host.address;
      if (other) targets.push({ address: record.address, port });
    }
  }
  return targets.filter((target, i) => targets.findIndex((one) => sameEndpoint(one, target)) === i);
}

async function notify(
  host: Host,
  { origin, soa }: Zone,
  target: Endpoint,
  signal: AbortSignal,
): Promise<string> {
  for (let tries = 0; tries < NOTIFY_TRIES; tries++) {
    try {
      const { message } = await exchange(host, target, question(origin, 'SOA', soa.class), {
        timeoutMs: NOTIFY_TIMEOUT_MS * 2 ** tries,
        recursionDesired: false,
        udpSize: 0,
        tcp: false,
        signal,
        parts: { opcode: 'NOTIFY', authoritative: true, answers: [soa] },
      });
      return `${target.address} was told of ${origin} serial ${soa.serial}: ${message.rcode}`;
    } catch (error) {
      if (!(error instanceof DnsError) || error.code !== 'DNS_TIMEOUT') throw error;
    }
  }
  return `${target.address} did not answer to NOTIFY of ${origin}`;
}
