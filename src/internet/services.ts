/** How each service of a scenario is started on its host. The same on both networks. */

import type { HttpCache } from '../cache/index.ts';
import {
  authoritative,
  chain,
  checkZone,
  MemoryZone,
  MemoryZones,
  parseZoneFile,
  Resolver,
  type ResourceRecord,
  type RootHint,
  recursive,
  sameName,
  serveDns,
} from '../dns/index.ts';
import { UsageError } from '../lib/errors.ts';
import type { MailHost } from '../mailhost/index.ts';
import type { Files, Host, Server } from '../net/index.ts';
import { servePing } from '../ping/index.ts';
import { serveTelnet } from '../telnet/index.ts';
import type { Vouching } from './ground.ts';
import { startDoor, startMail } from './mail.ts';
import {
  type Local,
  type Stores,
  startBootstrap,
  startRegistrar,
  startRegistry,
  startWhois,
} from './registration.ts';
import type { HostPlan, Scenario, Services } from './scenario/types.ts';
import { hostShell, type Surroundings } from './shell.ts';
import { startHttp, startHttps, startProxy } from './web.ts';

/** What a service may need beside its host. */
export interface Setting {
  readonly scenario: Scenario;
  /** The folder of the scenario file: sites are there. */
  readonly content: Files;
  readonly surroundings: Surroundings;
  /** Kept for who wants to look into it. */
  readonly onResolver: (resolver: Resolver) => void;
  readonly onZones: (zones: MemoryZones) => void;
  readonly onProxy: (cache: HttpCache) => void;
  readonly onMail: (mail: MailHost) => void;
  /** Vouches for names, where the ground speaks TLS. */
  readonly authority: Vouching | undefined;
  /** The built pages of the webmail; without them a page says that they are missing. */
  readonly pages: Files | undefined;
  /** What hosts keep through a restart. */
  readonly stores: Stores;
}

/** And what the services of the host share among themselves. */
export interface LocalSetting extends Setting {
  readonly local: Local;
}

export interface StartedService {
  readonly name: keyof Services;
  readonly server: Server;
}

type Starter<Name extends keyof Services> = (
  host: Host,
  plan: NonNullable<Services[Name]>,
  setting: LocalSetting,
) => Promise<Server>;

const STARTERS: { readonly [Name in keyof Services]-?: Starter<Name> } = {
  async dns(host, plan, { scenario, local }) {
    for (const name of plan.zones) local.zones.set(zoneOf(scenario, name));
    return serveDns(host, { handler: chain(authoritative(local.zones)), ...portOf(plan) });
  },
  async resolver(host, plan, { scenario, onResolver }) {
    const resolver = new Resolver(host, { hints: rootHints(scenario) });
    onResolver(resolver);
    return serveDns(host, { handler: chain(recursive(resolver)), ...portOf(plan) });
  },
  http: startHttp,
  https: startHttps,
  proxy: startProxy,
  ping(host, plan) {
    return servePing(host, {
      ...portOf(plan),
      ...(plan.loss && { loss: plan.loss }),
      ...(plan.delay !== undefined && { delayMs: plan.delay }),
    });
  },
  telnet(host, plan, { surroundings }) {
    return serveTelnet(host, { ...portOf(plan), shell: () => hostShell(host, surroundings) });
  },
  registry: startRegistry,
  whois: startWhois,
  bootstrap: startBootstrap,
  registrar: startRegistrar,
  mail: startMail,
  submission: startDoor('submission'),
  submissions: startDoor('submissions'),
  pop3: startDoor('pop3'),
  pop3s: startDoor('pop3s'),
  imap: startDoor('imap'),
  imaps: startDoor('imaps'),
  webmail: startDoor('webmail'),
};

function portOf(plan: { readonly port?: number | undefined }): { port?: number } {
  return plan.port === undefined ? {} : { port: plan.port };
}

/** Starts all services of a host, in the order of the table. */
export async function startServices(
  host: Host,
  plan: HostPlan,
  setting: Setting,
): Promise<StartedService[]> {
  const started: StartedService[] = [];
  const local: Local = { zones: new MemoryZones(), services: plan.services ?? {} };
  setting.onZones(local.zones);
  for (const name of Object.keys(STARTERS) as (keyof Services)[]) {
    const options = plan.services?.[name];
    if (!options) continue;
    const start = STARTERS[name] as Starter<keyof Services>;
    started.push({ name, server: await start(host, options, { ...setting, local }) });
  }
  return started;
}

/** Parses and checks a zone of the scenario; faults stop the start, and name their line. */
function zoneOf(scenario: Scenario, name: string): MemoryZone {
  const records = recordsOf(scenario, name);
  const faults = checkZone(name, records).filter((problem) => problem.severity === 'error');
  if (faults.length > 0) {
    throw new UsageError(faults.map((fault) => `zone ${name}: ${fault.message}`).join('\n'));
  }
  return new MemoryZone(name, records);
}

function recordsOf(scenario: Scenario, name: string): ResourceRecord[] {
  const text = scenario.zones?.[name] ?? '';
  return parseZoneFile(text, { origin: name, file: `zone ${name}` });
}

/** The root servers as a resolver is told of them: from the root zone itself. */
export function rootHints(scenario: Scenario): RootHint[] {
  if (scenario.zones?.['.'] === undefined) return [];
  const records = recordsOf(scenario, '.');
  return records.flatMap((record) => {
    if (record.type !== 'NS' || record.name !== '.') return [];
    return records.flatMap((glue) =>
      glue.type === 'A' && sameName(glue.name, record.target)
        ? [{ name: record.target, address: glue.address }]
        : [],
    );
  });
}
