/** The services of registration: registries, their WHOIS, the root's directory, registrars. */
import { MemoryZone, type MemoryZones, type Name, plainName } from '../dns/index.ts';
import { type Handler, serveHttp, virtualHosts } from '../http/index.ts';
import { UsageError } from '../lib/errors.ts';
import { type MailTables, memoryMailTables } from '../mail/index.ts';
import type { MailHost } from '../mailhost/index.ts';
import { calendar, type Host, type Server } from '../net/index.ts';
import {
  bootstrapFile,
  type Contact,
  Hosting,
  type HostingStore,
  memoryHostingStore,
  memoryRegistryStore,
  provisioning,
  REGISTRY_ACCOUNT,
  type Referral,
  Registrar,
  type RegistrarAccount,
  Registry,
  type RegistryDoor,
  type RegistryStore,
  rdap,
  referralAnswer,
  registrarSite,
  whoisAnswer,
} from '../registration/index.ts';
import { memoryQueueTables, type QueueTables } from '../relay/index.ts';
import { memorySiteStore, type SiteStore } from '../sites/index.ts';
import { serveWhois } from '../whois/index.ts';
import type { RegistrarPlan, Scenario, Services } from './scenario/types.ts';

const HTTP_PORT = 80;

/** Mailboxes and queue, written in the same commits. */
export interface MailDisk {
  readonly mail: MailTables;
  readonly queue: QueueTables;
}

/** What hosts keep through a restart. */
export interface Stores {
  registry(zone: string): RegistryStore;
  hosting(host: string): HostingStore;
  site(host: string, app: string): SiteStore;
  mail(host: string): MailDisk;
  close(): void;
}

/** Kept as long as the internet runs. */
export function memoryStores(): Stores {
  const registries = new Map<string, RegistryStore>();
  const hostings = new Map<string, HostingStore>();
  const sites = new Map<string, SiteStore>();
  const mails = new Map<string, MailDisk>();
  const once = <T>(map: Map<string, T>, key: string, make: () => T): T => {
    const value = map.get(key) ?? make();
    map.set(key, value);
    return value;
  };
  return {
    registry: (zone) => once(registries, zone, memoryRegistryStore),
    hosting: (host) => once(hostings, host, memoryHostingStore),
    site: (host, app) => once(sites, `${app} at ${host}`, memorySiteStore),
    mail: (host) => once(mails, host, () => memoryQueueTables(memoryMailTables())),
    close() {},
  };
}

/** What the services of one host share. */
export interface Local {
  readonly zones: MemoryZones;
  /** All that the host is to run. */
  readonly services: Services;
  /** The web sites of the host, for those who serve them in another way too. */
  sites?: Handler;
  registry?: Registry;
  /** The mail of the host, for its doors. */
  mail?: MailHost;
}

interface Setting {
  readonly scenario: Scenario;
  readonly stores: Stores;
  readonly local: Local;
}

/** A registry takes over a zone of the host's dns service, and writes it from then on. */
export async function startRegistry(
  host: Host,
  plan: { readonly zone: string; readonly port?: number | undefined },
  { scenario, stores, local }: Setting,
): Promise<Server> {
  const zone = local.zones.find(plan.zone);
  if (zone?.origin !== plan.zone) throw new UsageError(`${host.name} has no zone ${plan.zone}`);
  const registry = await Registry.open(host, {
    zone: plan.zone,
    base: [...zone.records()],
    store: stores.registry(plan.zone),
    registrars: accounts(scenario),
    owners: owners(scenario),
    onZone: (records) => local.zones.set(new MemoryZone(plan.zone, records)),
  });
  local.registry = registry;
  const lost = Object.keys(scenario.registrations ?? {}).find(
    (name) => name.endsWith(`.${registry.zone}`) && !registry.domain(name),
  );
  if (lost !== undefined) {
    throw new UsageError(`registrations: ${lost} is not delegated in the zone ${plan.zone}`);
  }
  const { rdap: _, whois } = referralOf(plan.zone);
  const [commands, queries] = [provisioning(registry), rdap(registry, { port43: whois })];
  const handler: Handler = (request, context) =>
    request.path === '/provisioning' ? commands(request, context) : queries(request, context);
  const server = await serveHttp(host, { handler, port: plan.port ?? HTTP_PORT });
  return closing(server, () => registry.close());
}

/** WHOIS for the registry of the host; without one it is the root's, which only refers. */
export function startWhois(
  host: Host,
  plan: { readonly port?: number | undefined },
  { scenario, local }: Setting,
): Promise<Server> {
  const { registry } = local;
  const known = referrals(scenario);
  const answer = (query: string): string =>
    registry ? whoisAnswer(registry, query) : referralAnswer(known, query);
  return serveWhois(host, { answer, ...(plan.port !== undefined && { port: plan.port }) });
}

/** `/rdap/dns.json`, at every name that leads here (RFC 9224 §3). */
export function startBootstrap(
  host: Host,
  plan: { readonly port?: number | undefined },
  { scenario }: Setting,
): Promise<Server> {
  const publication = new Date(Math.floor(calendar(host.clock))).toISOString();
  const body = bootstrapFile(referrals(scenario), publication);
  const handler: Handler = ({ path }) =>
    path === '/rdap/dns.json'
      ? { status: 200, headers: { 'Content-Type': 'application/json' }, body }
      : { status: 404, headers: { 'Content-Type': 'text/plain' }, body: 'try /rdap/dns.json\n' };
  return serveHttp(host, { handler, port: plan.port ?? HTTP_PORT });
}

/** A registrar for each of its sites; they share the name server for customers' zones. */
export async function startRegistrar(
  host: Host,
  plan: RegistrarPlan,
  { scenario, stores, local }: Setting,
): Promise<Server> {
  const { nameServer } = plan;
  const hosting =
    nameServer === undefined
      ? undefined
      : await Hosting.open({
          nameServer,
          store: stores.hosting(host.name),
          onZone: (origin, records) => {
            if (records.length > 0) local.zones.set(new MemoryZone(origin, records));
            else local.zones.delete(origin);
          },
        });
  const registries = doors(scenario);
  const registrars = Object.entries(plan.sites).map(([site, { id, name, secret }]) => {
    const account: RegistrarAccount = { id, name, secret, url: `http://${site}/` };
    const registrar = new Registrar(host, { account, registries, ...(hosting && { hosting }) });
    const handler = registrarSite(host, registrar, { names: [site] });
    return { site, registrar, handler };
  });
  const sites: Record<string, Handler> = Object.fromEntries(
    registrars.map(({ site, handler }) => [site, handler]),
  );
  // Who comes by the address meets the first site, which refuses names that are nobody's.
  if (registrars[0]) sites['*'] = registrars[0].handler;
  const server = await serveHttp(host, {
    handler: virtualHosts(sites),
    port: plan.port ?? HTTP_PORT,
  });
  return closing(server, () => {
    for (const { registrar } of registrars) registrar.close();
  });
}

function closing(server: Server, after: () => Promise<void> | void): Server {
  return {
    local: server.local,
    async close(options) {
      await server.close(options);
      await after();
    },
  };
}

/** Every registrar of the scenario has an account at every registry. */
function accounts(scenario: Scenario): RegistrarAccount[] {
  const plans = Object.values(scenario.hosts).map(({ services }) => services?.registrar);
  const sites = plans.flatMap((plan) => Object.entries(plan?.sites ?? {}));
  return [
    { id: REGISTRY_ACCOUNT, name: 'The registry itself', secret: '' },
    ...sites.map(([site, account]) => ({ ...account, url: `http://${site}/` })),
  ];
}

function owners(scenario: Scenario): Record<string, Contact> {
  const plans = Object.entries(scenario.registrations ?? {});
  return Object.fromEntries(
    plans.map(([name, { owner, organisation, email }]) => [
      name,
      { name: owner, ...(organisation && { organisation }), ...(email && { email }) },
    ]),
  );
}

/** A registrar was told by contract where each registry is: no look-up is needed to reach it. */
function doors(scenario: Scenario): RegistryDoor[] {
  return Object.values(scenario.hosts).flatMap(({ address, services }) => {
    const plan = services?.registry;
    if (!plan) return [];
    const zone = plainName(plan.zone);
    const connect = { address, port: plan.port ?? HTTP_PORT };
    return [{ zone, url: `http://registry.nic.${zone}/provisioning`, connect }];
  });
}

function referrals(scenario: Scenario): Referral[] {
  return Object.values(scenario.hosts).flatMap(({ services }) => {
    const plan = services?.registry;
    return plan ? [referralOf(plan.zone)] : [];
  });
}

/** Registries keep `nic` below their zone for themselves; the scenario's zone has the addresses. */
function referralOf(origin: Name): Referral {
  const zone = plainName(origin);
  return { zone, whois: `whois.nic.${zone}`, rdap: `http://rdap.nic.${zone}/` };
}
