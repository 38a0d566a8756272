/** The tree of zones, from the list that the internet gives. */
import type { ZoneView } from '../../../src/internet/dashboard/api.ts';

export interface ZoneServer {
  readonly host: string;
  readonly serial: number;
  readonly running: boolean;
}

/** A zone as the page knows it: its servers are remembered while they are switched off. */
export interface Zone extends ZoneView {
  readonly servers: readonly ZoneServer[];
}

export interface ZoneNode {
  readonly zone: Zone;
  readonly below: readonly ZoneNode[];
}

/**
 * The zones of now, and what is known of servers that are switched off: their zones are not told
 * any more, but the tree has not changed for that.
 */
export function remember(
  before: readonly Zone[],
  now: readonly ZoneView[],
  isRunning: (host: string) => boolean,
): readonly Zone[] {
  const told = new Map(now.map((zone) => [zone.origin, zone]));
  const zones = now.map((zone): Zone => {
    const old = before.find(({ origin }) => origin === zone.origin);
    return { ...zone, servers: together(zone.servers, old?.servers ?? [], isRunning) };
  });
  for (const zone of before) {
    const servers = together([], zone.servers, isRunning);
    if (!told.has(zone.origin) && servers.length > 0) zones.push({ ...zone, servers });
  }
  const origins = new Set(zones.map(({ origin }) => origin));
  return zones
    .map((zone) => withParent(zone, origins))
    .sort((a, b) => compareNames(a.origin, b.origin));
}

function together(
  now: readonly { readonly host: string; readonly serial: number }[],
  before: readonly ZoneServer[],
  isRunning: (host: string) => boolean,
): ZoneServer[] {
  const away = before.filter(
    ({ host }) => !isRunning(host) && !now.some((server) => server.host === host),
  );
  return [
    ...now.map((server) => ({ ...server, running: true })),
    ...away.map((server) => ({ ...server, running: false })),
  ].sort((a, b) => (a.host < b.host ? -1 : 1));
}

/** A parent whose only server was switched off is its parent still. */
function withParent(zone: Zone, origins: ReadonlySet<string>): Zone {
  let above = zone.origin;
  while (above !== '.') {
    above = above.slice(above.indexOf('.') + 1) || '.';
    if (origins.has(above)) return { ...zone, parent: above };
  }
  const { parent: _none, ...top } = zone;
  return top;
}

export function treeOf(zones: readonly Zone[]): readonly ZoneNode[] {
  const below = (parent: string | undefined): readonly ZoneNode[] =>
    zones
      .filter((zone) => zone.parent === parent)
      .map((zone) => ({ zone, below: below(zone.origin) }));
  return below(undefined);
}

/** By labels from the right, as the tree is read. */
export function compareNames(a: string, b: string): number {
  const [left, right] = [a, b].map((name) =>
    name.toLowerCase().split('.').filter(Boolean).toReversed(),
  );
  for (let at = 0; ; at++) {
    const [one, other] = [left?.[at], right?.[at]];
    if (one === other && one === undefined) return 0;
    if (one !== other) return (one ?? '') < (other ?? '') ? -1 : 1;
  }
}

/** The zone of a host that is nearest to a name: whom a question to that host was meant for. */
export function nearestZone(
  zones: readonly Zone[],
  host: string,
  name: string,
): string | undefined {
  const dotted = `.${name.toLowerCase().replace(/\.$/, '')}.`;
  const served = zones.filter(({ servers }) => servers.some((server) => server.host === host));
  const above = served.filter(
    ({ origin }) => origin === '.' || dotted.endsWith(`.${origin.toLowerCase()}`),
  );
  const nearest = above.sort((a, b) => b.origin.length - a.origin.length)[0] ?? served[0];
  return nearest?.origin;
}

/** Copies of a zone that are not all the same, oldest serial last; empty when they are. */
export function differing({ servers }: Zone): readonly ZoneServer[] {
  const serials = new Set(servers.map(({ serial }) => serial));
  return serials.size > 1 ? [...servers].sort((a, b) => b.serial - a.serial) : [];
}
