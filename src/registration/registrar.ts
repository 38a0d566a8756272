/** A registrar: takes commands of customers to the registry that is in charge, under its own account. */
import { HttpClient } from '../http/index.ts';
import type { Endpoint } from '../lib/endpoint.ts';
import { hasCode, NetworkError } from '../lib/errors.ts';
import type { Host } from '../net/index.ts';
import { REGISTRY_TIMEOUT_MS } from './defaults.ts';
import { RegistrationError } from './errors.ts';
import type { Hosting } from './hosting.ts';
import { checkAddresses } from './machine/hosts.ts';
import { isBelow, plain } from './machine/names.ts';
import { RegistrationClient } from './provisioning.ts';
import type {
  Answer,
  Command,
  CreateCommand,
  DeleteCommand,
  DomainName,
  DomainView,
  NameServer,
  RegistrarAccount,
  UpdateCommand,
} from './types.ts';

/** Where a registry takes commands. */
export interface RegistryDoor {
  /** `com` */
  readonly zone: DomainName;
  readonly url: string;
  readonly connect?: Endpoint;
}

export interface RegistrarOptions {
  readonly account: RegistrarAccount;
  readonly registries: readonly RegistryDoor[];
  /** Without it, customers bring their own name servers. */
  readonly hosting?: Hosting;
}

export class Registrar {
  readonly account: RegistrarAccount;
  readonly hosting: Hosting | undefined;
  private readonly http: HttpClient;
  private readonly registries: ReadonlyMap<DomainName, RegistrationClient>;

  constructor(host: Host, { account, registries, hosting }: RegistrarOptions) {
    this.account = account;
    this.hosting = hosting;
    this.http = new HttpClient(host);
    this.registries = new Map(
      registries.map(({ zone, ...door }) => [
        zone,
        new RegistrationClient(this.http, { ...door, account, timeoutMs: REGISTRY_TIMEOUT_MS }),
      ]),
    );
  }

  /** The top-level domains in which it registers: `com`, `edu`. */
  get zones(): DomainName[] {
    return [...this.registries.keys()];
  }

  /** Throws RegistrationError when it, or the registry, refuses, or is not there. */
  async execute(command: Command): Promise<Answer> {
    switch (command.command) {
      case 'list':
        return this.list();
      case 'create':
        return this.create(command);
      case 'update':
        return this.update(command);
      case 'delete':
        return this.delete(command);
      default:
        return this.send(command);
    }
  }

  close(): void {
    this.http.close();
  }

  /** The names at all registries; one that is not there is said to be missing. */
  private async list(): Promise<Answer> {
    const missing: string[] = [];
    const lists = this.zones.map(async (zone) => {
      try {
        const { domains = [] } = await this.ask(zone, { command: 'list' });
        return domains;
      } catch (error) {
        if (!hasCode(error, 'REG_FAILED')) throw error;
        missing.push((error as RegistrationError).message);
        return [];
      }
    });
    const domains = (await Promise.all(lists)).flat().sort((a, b) => (a.name < b.name ? -1 : 1));
    const message = [`${domains.length} domains`, ...missing.sort()].join('; ');
    return { result: 1000, message, domains: domains.map((domain) => this.seen(domain)) };
  }

  /** Its zone is served before it is delegated, so that nobody is sent to a server that knows nothing. */
  private async create(command: CreateCommand): Promise<Answer> {
    const { addresses, ...rest } = command;
    if (!addresses || addresses.length === 0) return this.send(rest);
    const hosting = this.hostingOf(command);
    const { available, reason } = await this.send({ command: 'check', name: command.name });
    if (!available) throw new RegistrationError('REG_EXISTS', `${plain(command.name)}: ${reason}`);
    const name = plain(command.name);
    await hosting.set(name, addresses);
    try {
      return await this.send({ ...rest, nameServers: [ownServer(hosting)] });
    } catch (error) {
      // Where no answer came, the name may be registered all the same: its zone stays.
      const isRefused = error instanceof RegistrationError && error.code !== 'REG_FAILED';
      if (isRefused) await hosting.set(name, []);
      throw error;
    }
  }

  private async update(command: UpdateCommand): Promise<Answer> {
    const { addresses, ...rest } = command;
    const name = plain(command.name);
    if (addresses && addresses.length > 0) {
      const hosting = this.hostingOf(command);
      const checked = checkAddresses(addresses);
      const answer = await this.send({ ...rest, nameServers: [ownServer(hosting)] });
      await hosting.set(name, checked);
      return { ...answer, ...(answer.domain && { domain: this.seen(answer.domain) }) };
    }
    const answer = await this.send(rest);
    const isLeft =
      rest.nameServers &&
      !rest.nameServers.some((one) => plain(one.name) === this.hosting?.nameServer);
    if (!isLeft || !this.hosting || this.hosting.addresses(name).length === 0) return answer;
    await this.hosting.set(name, []);
    return { ...answer, ...(answer.domain && { domain: this.seen(answer.domain) }) };
  }

  /** A zone stays as long as the name can be restored. */
  private async delete(command: DeleteCommand): Promise<Answer> {
    const answer = await this.send(command);
    const name = plain(command.name);
    if (answer.result === 1000 && this.hosting && this.hosting.addresses(name).length > 0) {
      await this.hosting.set(name, []);
    }
    return answer;
  }

  private async send(command: Exclude<Command, { command: 'list' }>): Promise<Answer> {
    const answer = await this.ask(this.zoneOf(command.name), command);
    return answer.domain ? { ...answer, domain: this.seen(answer.domain) } : answer;
  }

  private async ask(zone: DomainName, command: Command): Promise<Answer> {
    try {
      return await (this.registries.get(zone) as RegistrationClient).send(command);
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      const text = `the registry of ${zone} can't be reached: ${error.message}`;
      throw new RegistrationError('REG_FAILED', text);
    }
  }

  /** The longest zone with a registry that the name is below. */
  private zoneOf(text: string): DomainName {
    const name = plain(text);
    const zone = this.zones
      .filter((one) => isBelow(name, one))
      .reduce((longest, one) => (one.length > longest.length ? one : longest), '');
    if (zone !== '') return zone;
    const told = `${JSON.stringify(name)}: names are registered here below ${this.zones.join(', ')}`;
    throw new RegistrationError('REG_NO_REGISTRY', told);
  }

  private hostingOf({ nameServers = [] }: CreateCommand | UpdateCommand): Hosting {
    if (!this.hosting) {
      const text = 'this registrar serves no zones: name a name server of your own';
      throw new RegistrationError('REG_POLICY', text);
    }
    if (nameServers.length === 0) return this.hosting;
    const text = 'either addresses, for a zone at the registrar, or name servers of your own';
    throw new RegistrationError('REG_POLICY', text);
  }

  /** With the addresses that are served here. */
  private seen(domain: DomainView): DomainView {
    const addresses = this.hosting?.addresses(domain.name) ?? [];
    return addresses.length > 0 ? { ...domain, addresses } : domain;
  }
}

function ownServer({ nameServer }: Hosting): NameServer {
  return { name: nameServer, addresses: [] };
}
