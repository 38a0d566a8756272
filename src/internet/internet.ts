/** A scenario brought to life: its hosts, their services, and what a user at a host can do. */
import type { HttpCache } from '../cache/index.ts';
import type { CookieJar } from '../cookies/index.ts';
import { type MemoryZones, type Resolver, stubLookup, type Zone } from '../dns/index.ts';
import type { Endpoint } from '../lib/endpoint.ts';
import { UsageError } from '../lib/errors.ts';
import type { MailHost } from '../mailhost/index.ts';
import type { Files, Host, Lookup } from '../net/index.ts';
import { PROXY_PORT } from '../proxy/index.ts';
import type { SiteApp, SiteStore } from '../sites/index.ts';
import { Recorder, type Transport } from '../trace/index.ts';
import { type User, userAt } from './actions.ts';
import { allDissectors } from './dissectors.ts';
import type { Ground, Vouching } from './ground.ts';
import { hostsFirst, readHostsFile } from './hosts-file.ts';
import { mailboxOf, type UserMailbox } from './mail-user.ts';
import { memoryStores, type Stores } from './registration.ts';
import type { HostPlan, Scenario, Services } from './scenario/types.ts';
import { type Setting, type StartedService, startServices } from './services.ts';
import { UserCookies } from './user-cookies.ts';

const DNS_PORT = 53;

/** The ports a service listens on when the scenario doesn't say, and by which transports. */
export const SERVICE_PORTS: Readonly<
  Record<keyof Services, { readonly port: number; readonly transports: readonly Transport[] }>
> = {
  dns: { port: DNS_PORT, transports: ['udp', 'tcp'] },
  resolver: { port: DNS_PORT, transports: ['udp', 'tcp'] },
  http: { port: 80, transports: ['tcp'] },
  https: { port: 443, transports: ['tcp'] },
  proxy: { port: PROXY_PORT, transports: ['tcp'] },
  ping: { port: 12_000, transports: ['udp'] },
  telnet: { port: 23, transports: ['tcp'] },
  registry: { port: 80, transports: ['tcp'] },
  whois: { port: 43, transports: ['tcp'] },
  bootstrap: { port: 80, transports: ['tcp'] },
  registrar: { port: 80, transports: ['tcp'] },
  mail: { port: 25, transports: ['tcp'] },
  submission: { port: 587, transports: ['tcp'] },
  submissions: { port: 465, transports: ['tcp'] },
  pop3: { port: 110, transports: ['tcp'] },
  pop3s: { port: 995, transports: ['tcp'] },
  imap: { port: 143, transports: ['tcp'] },
  imaps: { port: 993, transports: ['tcp'] },
  webmail: { port: 80, transports: ['tcp'] },
};

/** A machine that is switched on. */
interface Running {
  readonly host: Host;
  readonly user: User;
  readonly cookies: UserCookies;
  services: readonly StartedService[];
  resolver: Resolver | undefined;
  zones: MemoryZones | undefined;
  proxyCache: HttpCache | undefined;
  mail: MailHost | undefined;
}

export interface InternetHost {
  readonly name: string;
  readonly plan: HostPlan;
  readonly running: boolean;
}

export interface InternetOptions {
  readonly ground: Ground;
  /** The folder of the scenario file. */
  readonly content: Files;
  /** The built pages of the webmail. */
  readonly pages?: Files;
  /** Keeps what is said; default true. Without it a run is much quicker, and nothing is to be seen. */
  readonly record?: boolean;
  /** What hosts keep; default: in memory, as long as this internet. Closed with it. */
  readonly stores?: Stores;
}

export class Internet {
  readonly scenario: Scenario;
  readonly ground: Ground;
  readonly recorder: Recorder;
  private readonly content: Files;
  private readonly stores: Stores;
  private readonly pages: Files | undefined;
  private readonly machines = new Map<string, Running>();
  private readonly fallen = new Map<string, readonly Zone[]>();
  private authority: Vouching | undefined;
  private readonly watchers = new Set<(host: InternetHost) => void>();

  /** `scenario` is written in the ground's own addresses (see rebase). Nothing runs before `start`. */
  constructor(scenario: Scenario, options: InternetOptions) {
    this.scenario = scenario;
    this.ground = options.ground;
    this.content = options.content;
    this.stores = options.stores ?? memoryStores();
    this.pages = options.pages;
    this.recorder = new Recorder({
      bus: options.ground.bus,
      dissectors: allDissectors(),
      head: {
        epoch: options.ground.clock.epoch,
        hosts: Object.entries(scenario.hosts).map(([name, { address }]) => ({ name, address })),
      },
    });
    if (options.record === false) this.recorder.close();
  }

  /** Switches all machines on. Throws NET_IN_USE, naming the holder, when a port is taken. */
  async start(): Promise<void> {
    this.authority = await this.ground.authority();
    await Promise.all(Object.keys(this.scenario.hosts).map((name) => this.startHost(name)));
  }

  hosts(): InternetHost[] {
    return Object.keys(this.scenario.hosts).map((name) => this.host(name));
  }

  /** Throws UsageError that names the hosts there are. */
  host(name: string): InternetHost {
    const plan = this.scenario.hosts[name];
    if (!plan) {
      const names = Object.keys(this.scenario.hosts).join(', ');
      throw new UsageError(`there is no host ${name}; there are ${names}`);
    }
    return { name, plan, running: this.machines.has(name) };
  }

  /** The user at a host that is switched on. */
  user(name: string): User {
    const machine = this.machines.get(this.host(name).name);
    if (!machine) throw new UsageError(`${name} is switched off`);
    return machine.user;
  }

  /** The resolver that runs on a host, if one does. */
  resolver(name: string): Resolver | undefined {
    return this.machines.get(name)?.resolver;
  }

  /** What the proxy of a host keeps, while one runs there. */
  proxyCache(name: string): HttpCache | undefined {
    return this.machines.get(name)?.proxyCache;
  }

  /** The mail that a host keeps, while it runs. */
  mailHost(name: string): MailHost | undefined {
    return this.machines.get(name)?.mail;
  }

  /** The proxy that the user at a host asks for pages. */
  proxyOf(name: string): Endpoint | undefined {
    const plan = this.scenario.hosts[this.scenario.hosts[name]?.proxy ?? ''];
    const port = plan?.services?.proxy?.port ?? PROXY_PORT;
    return plan && { address: plan.address, port };
  }

  /** The mailbox of the user at a host, as its program is set up. */
  mailbox(name: string): UserMailbox | undefined {
    const authorities = this.authority ? [this.authority.certificate] : [];
    return mailboxOf(this.scenario, name, authorities);
  }

  /** The cookies of the user at a host that is switched on. */
  cookies(name: string): UserCookies | undefined {
    return this.machines.get(name)?.cookies;
  }

  /** What a demonstration site on a host keeps, running or not. */
  siteStore(name: string, app: SiteApp): SiteStore {
    return this.stores.site(name, app);
  }

  /** The zones that a host serves at this moment; while it is off, those that it served. */
  zones(name: string): readonly Zone[] {
    const machine = this.machines.get(name);
    return machine ? [...(machine.zones?.zones() ?? [])] : (this.fallen.get(name) ?? []);
  }

  async startHost(name: string): Promise<void> {
    const { plan, running } = this.host(name);
    if (running) return;
    const host = this.ground.raise(name, plan);
    const cookies = new UserCookies(host);
    const user = this.userOf(host, plan, cookies.jar);
    const machine: Running = {
      host,
      user,
      cookies,
      services: [],
      resolver: undefined,
      zones: undefined,
      proxyCache: undefined,
      mail: undefined,
    };
    this.machines.set(name, machine);
    await cookies.load();
    const setting: Setting = {
      scenario: this.scenario,
      content: this.content,
      stores: this.stores,
      pages: this.pages,
      surroundings: {
        userAt: () => user,
        resolver: (other) => this.resolverEndpoint(this.scenario.hosts[other]?.resolver),
        addressOf: (other) => this.scenario.hosts[other]?.address,
      },
      onResolver: (resolver) => {
        machine.resolver = resolver;
      },
      onZones: (zones) => {
        machine.zones = zones;
      },
      onProxy: (cache) => {
        machine.proxyCache = cache;
      },
      onMail: (mail) => {
        machine.mail = mail;
      },
      authority: this.authority,
    };
    machine.services = await startServices(host, plan, setting);
    this.tell(name);
  }

  /** Switches a machine off at once, as a power cut would. */
  async stopHost(name: string): Promise<void> {
    if (!this.host(name).running) return;
    this.fallen.set(name, this.zones(name));
    this.machines.delete(name);
    await this.ground.fell(name);
    this.tell(name);
  }

  /** Hears of every host that is switched on or off, until the returned function is called. */
  watchHosts(watcher: (host: InternetHost) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** The resolver that clients of this internet are told of, and the root servers. */
  resolverEndpoint(name?: string): Endpoint | undefined {
    const chosen =
      name ?? Object.keys(this.scenario.hosts).find((host) => this.serves(host, 'resolver'));
    const plan = chosen === undefined ? undefined : this.scenario.hosts[chosen];
    const service = plan?.services?.resolver;
    return plan && service ? { address: plan.address, port: service.port ?? DNS_PORT } : undefined;
  }

  /** Stops all machines: what is under way is cut. */
  async close(): Promise<void> {
    for (const name of [...this.machines.keys()]) this.machines.delete(name);
    await this.ground.close();
    this.stores.close();
    this.recorder.close();
  }

  private serves(name: string, service: keyof Services): boolean {
    return this.scenario.hosts[name]?.services?.[service] !== undefined;
  }

  private userOf(host: Host, plan: HostPlan, jar: CookieJar): User {
    const at = this.resolverEndpoint(plan.resolver);
    const lookup: Lookup = at
      ? stubLookup(host, at)
      : async () => {
          throw new UsageError('this internet has no resolver: only addresses can be reached');
        };
    const proxy = this.proxyOf(host.name);
    return userAt(
      host,
      hostsFirst(() => readHostsFile(host.files), lookup),
      {
        jar,
        authorities: this.authority ? [this.authority.certificate] : [],
        ...(proxy && { proxy: { hostname: proxy.address, port: proxy.port } }),
      },
    );
  }

  private tell(name: string): void {
    for (const watcher of this.watchers) watcher(this.host(name));
  }
}
