/** A registry: who has which name below one top-level domain, and the zone that follows from it. */
import type { Name, ResourceRecord } from '../dns/index.ts';
import { calendar, type Host, type Timer } from '../net/index.ts';
import {
  CHANGES_WAITING,
  LONGEST_TIMER_MS,
  MOST_YEARS,
  PERIODS,
  type Periods,
  REGISTRY_DOMAINS,
} from './defaults.ts';
import { RegistrationError } from './errors.ts';
import type { Others } from './machine/hosts.ts';
import { addYears, isPublished, nextChange, phaseOf } from './machine/life.ts';
import { hostName, plain, registrableName } from './machine/names.ts';
import * as rules from './machine/rules.ts';
import { indexOf, type RegistryIndex } from './registry-index.ts';
import { memoryRegistryStore } from './store/memory.ts';
import type { RegistryChange, RegistryStore } from './store/types.ts';
import type {
  Answer,
  Command,
  Contact,
  Domain,
  DomainName,
  NameServer,
  RegistrarAccount,
} from './types.ts';
import { viewOf } from './view.ts';
import { TldZone } from './zone.ts';

/** The sponsor of the names that the operator of the zone delegated itself. */
export const REGISTRY_ACCOUNT = 'registry';

export interface RegistryOptions {
  /** `com.` */
  readonly zone: Name;
  /** The zone as its operator wrote it; its delegations become registrations. */
  readonly base: readonly ResourceRecord[];
  /** Default: in memory. */
  readonly store?: RegistryStore;
  readonly registrars: readonly RegistrarAccount[];
  /** Whom the operator's own delegations belong to, by name. */
  readonly owners?: Readonly<Record<string, Contact>>;
  /** Given the whole zone, with a new serial, whenever it has changed. */
  readonly onZone: (records: readonly ResourceRecord[]) => void;
  readonly periods?: Periods;
  /** Names that it takes at most. */
  readonly limit?: number;
}

const DONE = { result: 1000, message: 'Command completed successfully' };
const PENDING = { result: 1001, message: 'Command completed successfully; action pending' };

/** Unguessable to whoever was not told, and easy to read out: no 0, 1, i, l, o. */
const CODE_LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const CODE_LENGTH = 16;

export class Registry {
  /** `com` */
  readonly zone: DomainName;
  readonly periods: Periods;
  readonly registrars: readonly RegistrarAccount[];
  private readonly host: Host;
  private readonly store: RegistryStore;
  private readonly tld: TldZone;
  private readonly limit: number;
  private readonly onZone: RegistryOptions['onZone'];
  private readonly all = new Map<DomainName, Domain>();
  private index: RegistryIndex = indexOf([]);
  private revision = 0;
  private timer: Timer | undefined;
  /** Changes are made one after another: each sees what the one before it has left. */
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private closed = false;

  private constructor(host: Host, options: RegistryOptions) {
    this.host = host;
    this.tld = new TldZone(options.zone, options.base);
    this.zone = this.tld.zone;
    this.periods = options.periods ?? PERIODS;
    this.registrars = options.registrars;
    this.limit = options.limit ?? REGISTRY_DOMAINS;
    this.store = options.store ?? memoryRegistryStore();
    this.onZone = options.onZone;
  }

  /** Takes up what the store has, and writes the zone for the first time. */
  static async open(host: Host, options: RegistryOptions): Promise<Registry> {
    const registry = new Registry(host, options);
    const { domains, revision } = await registry.store.load();
    for (const domain of domains) registry.all.set(domain.name, domain);
    registry.revision = revision;
    await registry.inherit(options.owners ?? {});
    return registry;
  }

  /** Milliseconds since 1970, whole. */
  get now(): number {
    return Math.floor(calendar(this.host.clock));
  }

  /** Whether a name can be registered; why not, if not. Throws RegistrationError for what is no name. */
  check(text: string): { name: DomainName; available: boolean; reason?: string } {
    const name = registrableName(text, this.zone);
    const no = (reason: string) => ({ name, available: false, reason });
    if (this.tld.isReserved(name)) return no('kept by the registry for its own hosts');
    const domain = this.domain(name);
    if (!domain) return { name, available: true };
    const phase = phaseOf(domain, this.now, this.periods);
    return no(phase === 'active' || phase === 'expired' ? 'registered' : 'being deleted');
  }

  /** A registered domain, whatever its state; undefined when the name is free. */
  domain(name: DomainName): Domain | undefined {
    const domain = this.all.get(plain(name));
    return domain && phaseOf(domain, this.now, this.periods) !== 'gone' ? domain : undefined;
  }

  /** All registered domains, by name. */
  domains(): Domain[] {
    return this.live().sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The domain with this number: `D7-COM`. */
  domainOf(handle: string): Domain | undefined {
    return this.domain(this.index.handles.get(handle) ?? '');
  }

  /** A name server that some domain has. */
  nameServer(host: string): NameServer | undefined {
    const name = plain(host);
    if (this.usersOf(name).length === 0) return undefined;
    return this.index.hosts.get(name) ?? { name, addresses: [] };
  }

  account(id: string): RegistrarAccount | undefined {
    return this.registrars.find((account) => account.id === id);
  }

  /** The account that this secret opens. */
  authenticate(id: string, secret: string): RegistrarAccount | undefined {
    const account = this.account(id);
    const isRight = account && account.secret !== '' && rules.sameText(secret, account.secret);
    return isRight ? account : undefined;
  }

  /**
   * Does what a registrar asks. Resolves when the change is durable and the zone is written; throws
   * RegistrationError when it is refused.
   */
  async execute(command: Command, registrar: string): Promise<Answer> {
    switch (command.command) {
      case 'check': {
        const { available, reason } = this.check(command.name);
        return { ...DONE, available, ...(reason !== undefined && { reason }) };
      }
      case 'info':
        return this.told(this.known(command.name), registrar);
      case 'list': {
        const own = this.domains().filter((domain) => domain.registrar === registrar);
        return { ...DONE, domains: own.map((domain) => viewOf(domain, this, registrar)) };
      }
      default:
        if (this.waiting >= CHANGES_WAITING) {
          const text = `${this.waiting} changes are waiting: ask again later`;
          throw new RegistrationError('REG_BUSY', text);
        }
        return this.inTurn(() => this.transform(command, registrar));
    }
  }

  /** Waits for the change under way; the store is the caller's to close. */
  async close(): Promise<void> {
    this.closed = true;
    this.timer?.cancel();
    await this.last;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.waiting++;
    const turn = this.last.then(work).finally(() => this.waiting--);
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async transform(
    command: Exclude<Command, { command: 'check' | 'info' | 'list' }>,
    registrar: string,
  ): Promise<Answer> {
    const asking: rules.Asking = { registrar, now: this.now, periods: this.periods };
    if (command.command === 'create') {
      const { name, available, reason } = this.check(command.name);
      if (!available) throw new RegistrationError('REG_EXISTS', `${name}: ${reason}`);
      if (this.all.size >= this.limit) {
        const text = `this registry has no room for more than ${this.limit} names`;
        throw new RegistrationError('REG_FULL', text);
      }
      const others = this.others(name);
      return this.put(rules.create(name, command, asking, this.given(1), others), registrar);
    }
    const domain = this.known(command.name);
    const others = this.others(domain.name);
    switch (command.command) {
      case 'renew':
        return this.put(rules.renew(domain, command, asking), registrar);
      case 'transfer':
        return this.put(rules.transfer(domain, command, asking, this.given(1)), registrar);
      case 'update':
        return this.put(rules.update(domain, command, asking, others), registrar);
      case 'restore':
        return this.put(rules.restore(domain, asking), registrar);
      case 'delete': {
        const left = rules.remove(domain, asking, others);
        if (left) return { ...(await this.put(left, registrar)), ...PENDING };
        await this.commit([], [domain.name]);
        return DONE;
      }
    }
  }

  private known(text: string): Domain {
    const name = registrableName(text, this.zone);
    const domain = this.domain(name);
    if (!domain) throw new RegistrationError('REG_NOT_FOUND', `${name} is not registered`);
    return domain;
  }

  private async put(domain: Domain, registrar: string): Promise<Answer> {
    await this.commit([domain], []);
    return this.told(domain, registrar);
  }

  private told(domain: Domain, registrar: string): Answer {
    return { ...DONE, domain: viewOf(domain, this, registrar) };
  }

  /** The handle and the code for the domain that the `change`-th change from now makes. */
  private given(change: number): rules.Given {
    const number = this.revision + change;
    const luck = this.host.random.fork(`registry ${this.zone} ${number}`).bytes(CODE_LENGTH);
    return {
      handle: `D${number}-${this.zone.toUpperCase()}`,
      authCode: Array.from(luck, (byte) => CODE_LETTERS[byte % CODE_LETTERS.length]).join(''),
    };
  }

  /** First the store, then the zone: what is told has happened. */
  private async commit(put: readonly Domain[], remove: readonly DomainName[]): Promise<void> {
    const change: RegistryChange = {
      revision: this.revision + Math.max(1, put.length),
      put,
      remove,
    };
    await this.store.commit(change);
    for (const name of remove) this.all.delete(name);
    for (const domain of put) this.all.set(domain.name, domain);
    this.revision = change.revision;
    this.publish();
  }

  private publish(): void {
    if (this.closed) return;
    const { now, periods } = this;
    const domains = this.live();
    this.index = indexOf(domains);
    const published = domains.filter((domain) => isPublished(domain, now, periods));
    this.onZone(this.tld.records(published, this.index.hosts, this.revision));
    let next = now + LONGEST_TIMER_MS;
    for (const domain of domains) next = Math.min(next, nextChange(domain, now, periods) ?? next);
    this.timer?.cancel();
    this.timer = this.host.clock.setTimer(next - now, () => this.pass());
  }

  /** Time has passed: what is gone is forgotten, what has expired leaves the zone. */
  private pass(): void {
    const turn = this.inTurn(() => this.commit([], this.gone()));
    // A store that fails now is asked again when the next domain changes.
    turn.catch(() => this.publish());
  }

  private gone(): DomainName[] {
    return [...this.all.keys()].filter((name) => !this.domain(name));
  }

  private live(): Domain[] {
    const { now, periods } = this;
    return [...this.all.values()].filter((domain) => phaseOf(domain, now, periods) !== 'gone');
  }

  private usersOf(host: DomainName, except?: DomainName): DomainName[] {
    const users = this.index.users.get(host) ?? [];
    return users.filter((name) => name !== except && this.domain(name));
  }

  private others(domain: DomainName): Others {
    return {
      zone: this.zone,
      domain: (name) => this.domain(name),
      isOwnHost: (name) => this.tld.isOwnHost(hostName(name)),
      usersOf: (host) => this.usersOf(host, domain),
    };
  }

  /** The operator's own delegations become domains; those known from before follow the zone file. */
  private async inherit(owners: Readonly<Record<string, Contact>>): Promise<void> {
    const { now } = this;
    const put: Domain[] = [];
    for (const { name, nameServers } of this.tld.delegations()) {
      const known = this.domain(name);
      const registrant = owners[name] ?? { name: 'Scenario' };
      const asking = { registrar: REGISTRY_ACCOUNT, now, periods: this.periods };
      const made = known ?? this.founded(name, registrant, asking, put.length + 1);
      if (made.registrar !== REGISTRY_ACCOUNT) continue;
      // The operator's own names end with its zone file, not with a date.
      put.push({ ...made, nameServers, registrant, expires: addYears(now, MOST_YEARS) });
    }
    await this.inTurn(() => this.commit(put, this.gone()));
  }

  private founded(
    name: DomainName,
    registrant: Contact,
    asking: rules.Asking,
    change: number,
  ): Domain {
    const nobody = { ...this.others(name), usersOf: () => [] };
    return rules.create(name, { registrant }, asking, this.given(change), nobody);
  }
}
