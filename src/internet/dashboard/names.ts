/** Zones and caches as the dashboard is told of them. */
import {
  formatRdata,
  labelsOf,
  parseName,
  plainName,
  type Resolver,
  writeZoneFile,
  type Zone,
} from '../../dns/index.ts';
import { UsageError } from '../../lib/errors.ts';
import type { Internet } from '../internet.ts';
import type { CacheEntryView, CacheView, NamesView, RegistrarView, ZoneView } from './api.ts';

/** One server's copy of a zone; the last that it had when it is switched off. */
interface Copy {
  readonly host: string;
  readonly running: boolean;
  readonly zone: Zone;
}

export function namesView(internet: Internet): NamesView {
  const copies = new Map<string, Copy[]>();
  for (const { name, running } of internet.hosts()) {
    for (const zone of internet.zones(name)) {
      const known = copies.get(zone.origin) ?? [];
      copies.set(zone.origin, [...known, { host: name, running, zone }]);
    }
  }
  const origins = [...copies.keys()].sort(byName);
  return {
    zones: origins.map((origin) => zoneView(origin, origins, copies.get(origin) ?? [])),
    resolvers: internet
      .hosts()
      .flatMap(({ name, plan }) => (plan.services?.resolver ? [name] : [])),
    registrars: registrars(internet),
  };
}

function registrars(internet: Internet): RegistrarView[] {
  const plans = internet.hosts().map(({ name, plan }) => ({ host: name, ...plan.services }));
  const zones = plans.flatMap(({ registry }) => (registry ? [plainName(registry.zone)] : []));
  return plans.flatMap(({ host, registrar }) => {
    const { nameServer, sites = {} } = registrar ?? {};
    return Object.entries(sites).map(([site, { name }]) => ({
      site,
      name,
      host,
      ...(nameServer !== undefined && { nameServer }),
      zones,
    }));
  });
}

function zoneView(origin: string, origins: readonly string[], copies: readonly Copy[]): ZoneView {
  const best = copies.find(({ running }) => running) ?? copies[0];
  const records = [...(best?.zone.records() ?? [])];
  const cuts = records.filter(
    ({ type, name }) => type === 'NS' && name.toLowerCase() !== origin.toLowerCase(),
  );
  const parent = origins
    .filter((other) => other !== origin && (other === '.' || origin.endsWith(`.${other}`)))
    .sort((a, b) => b.length - a.length)[0];
  return {
    origin,
    ...(parent !== undefined && { parent }),
    servers: copies.map(({ host, running, zone }) => ({ host, running, serial: zone.soa.serial })),
    records: records.length,
    delegations: new Set(cuts.map(({ name }) => name.toLowerCase())).size,
  };
}

/** The root first, then by labels from the right, as the tree is read. */
function byName(a: string, b: string): number {
  const [left, right] = [a, b].map((name) => labelsOf(parseName(name)).toReversed().join(' '));
  return left === right ? 0 : (left ?? '') < (right ?? '') ? -1 : 1;
}

/** A zone as a zone file, from the first host that serves it, or did; undefined when none does. */
export function zoneText(internet: Internet, origin: string): string | undefined {
  const hosts = internet.hosts().sort((a, b) => Number(b.running) - Number(a.running));
  for (const { name } of hosts) {
    const zone = internet
      .zones(name)
      .find((one) => one.origin.toLowerCase() === origin.toLowerCase());
    if (zone) return writeZoneFile(zone.origin, zone.records());
  }
  return undefined;
}

export function cacheView(internet: Internet, host: string): CacheView {
  const { clock } = internet.ground;
  const names = new Map(internet.hosts().map(({ name, plan }) => [plan.address, name]));
  const cached = [...resolverOf(internet, host).cache.list(clock.now())];
  const entries = cached.map(
    ({ name, type, denial, records, left, ttl, source, stale }): CacheEntryView => ({
      name,
      ...(type !== undefined && { type }),
      ...(denial && { denial }),
      data: denial ? [] : records.map(formatRdata),
      left,
      ttl,
      source: names.get(source.address) ?? source.address,
      stale,
    }),
  );
  return { host, now: clock.now(), entries: entries.sort((a, b) => byName(a.name, b.name)) };
}

/** Forgets one name, or everything. */
export function flushCache(internet: Internet, host: string, name: string | undefined): CacheView {
  resolverOf(internet, host).flush(name === undefined ? undefined : parseName(name));
  return cacheView(internet, host);
}

function resolverOf(internet: Internet, host: string): Resolver {
  const resolver = internet.resolver(internet.host(host).name);
  if (!resolver) throw new UsageError(`${host} has no resolver that runs`);
  return resolver;
}
