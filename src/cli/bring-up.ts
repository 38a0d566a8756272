/** An internet on this machine's sockets, for `up` and for commands that need one for a moment. */
import { authorityFolder, keptAuthority } from '../ca/index.ts';
import {
  Internet,
  movedStores,
  prefixOf,
  rebase,
  type Scenario,
  SERVICE_PORTS,
  type Services,
  type Stores,
} from '../internet/index.ts';
import { claimNetwork, type WantedPort } from '../internet/real/claim.ts';
import { RealGround } from '../internet/real/ground.ts';
import { NetworkError } from '../lib/errors.ts';
import type { Files } from '../net/index.ts';
import type { ScenarioFile } from './scenario-file.ts';

/** How many networks are tried when a single port in one is held by somebody else. */
const TRIES = 5;

export interface BringUpOptions {
  /** `127.30`: tried first, instead of the scenario's own. */
  readonly prefix?: string;
  /** High ports though the system may allow well-known ones. */
  readonly highPorts?: boolean;
  /** Decides the luck of all hosts. */
  readonly seed?: string;
  /** The built pages of the webmail. */
  readonly pages?: Files;
  /** What hosts keep; default: in memory. */
  readonly stores?: Stores;
  /** Told when a network could not be used, and why. */
  readonly onTaken?: (why: string) => void;
}

/** Starts all hosts in a network that is free. */
export async function bringUp(file: ScenarioFile, options: BringUpOptions = {}): Promise<Internet> {
  const preferred = options.prefix ?? prefixOf(file.scenario);
  const taboo = new Set<string>();
  for (let left = TRIES; ; left--) {
    const claim = await claimNetwork(preferred, wantedPorts(file.scenario), {
      taboo,
      highPorts: options.highPorts ?? false,
    });
    if (claim.prefix !== preferred && taboo.size === 0) {
      options.onTaken?.(
        `${preferred}.0.0/16 is taken by another internet: this one is in ${claim.prefix}.0.0/16`,
      );
    }
    const ground = new RealGround(claim, {
      authority: () => keptAuthority(authorityFolder()),
      ...(options.seed !== undefined && { seed: options.seed }),
    });
    const internet = new Internet(rebase(file.scenario, claim.prefix), {
      ground,
      content: file.content,
      ...(options.pages && { pages: options.pages }),
      ...(options.stores && {
        stores: movedStores(options.stores, prefixOf(file.scenario), claim.prefix),
      }),
    });
    try {
      await internet.start();
      return internet;
    } catch (error) {
      await internet.close();
      if (!(error instanceof NetworkError && error.kind === 'in-use') || left <= 1) throw error;
      options.onTaken?.(`${error.message}: trying another network`);
      taboo.add(claim.prefix);
    }
  }
}

/** Every port that the scenario's services listen on. */
function wantedPorts(scenario: Scenario): WantedPort[] {
  const wanted = new Map<string, WantedPort>();
  for (const { services = {} } of Object.values(scenario.hosts)) {
    for (const name of Object.keys(services) as (keyof Services)[]) {
      const { port, transports } = SERVICE_PORTS[name];
      for (const transport of transports) {
        const own = services[name]?.port ?? port;
        wanted.set(`${transport} ${own}`, { port: own, transport });
      }
    }
  }
  return [...wanted.values()];
}
