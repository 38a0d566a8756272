/** The tree of zones, from the list that the internet gives. */
import type { ZoneServerView, ZoneView } from '../../../src/internet/dashboard/api.ts';

export type Zone = ZoneView;

export interface ZoneNode {
  readonly zone: Zone;
  readonly below: readonly ZoneNode[];
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
export function differing({ servers }: Zone): readonly ZoneServerView[] {
  const serials = new Set(servers.map(({ serial }) => serial));
  return serials.size > 1 ? [...servers].sort((a, b) => b.serial - a.serial) : [];
}
