/** Relays of several domains on a simulated network, with a DNS that is a table. */

import { DnsError } from '../../src/dns/index.ts';
import { fromUtf8 } from '../../src/lib/bytes.ts';
import { type Folder, MailStore, memoryMailTables } from '../../src/mail/index.ts';
import type { Host } from '../../src/net/index.ts';
import { type SimHost, World } from '../../src/net/sim/index.ts';
import {
  type MemoryTables,
  type MxRecord,
  memoryQueueTables,
  Relay,
  type RelayEvent,
  type RelayLookup,
  type RelayOptions,
} from '../../src/relay/index.ts';
import { saslUsers } from '../../src/sasl/index.ts';
import {
  type MailBackend,
  type Mailbox,
  type MailOptions,
  parseMailbox,
  type RecipientOptions,
  type SendResult,
  SmtpClient,
  type SmtpServerOptions,
  serveSmtp,
} from '../../src/smtp/index.ts';

export function box(text: string): Mailbox {
  return parseMailbox(text, 'recipient', true);
}

/** Names to what they have; what is not there is NXDOMAIN, an error is thrown as it is. */
export interface Zone {
  readonly mx: Record<string, readonly MxRecord[] | Error>;
  readonly addresses: Record<string, readonly string[] | Error>;
}

export function tableLookup(zone: Zone): RelayLookup {
  const said = <T>(found: T | Error | undefined, name: string): T => {
    if (found === undefined) throw new DnsError('DNS_NXDOMAIN', `${name}: there is no such name`);
    if (found instanceof Error) throw found;
    return found;
  };
  return {
    mx: async (domain) => {
      const isKnown = zone.addresses[domain] !== undefined;
      return said(zone.mx[domain] ?? (isKnown ? [] : undefined), domain);
    },
    addresses: async (name) => said(zone.addresses[name], name),
  };
}

export interface Site {
  readonly host: SimHost;
  readonly disk: MemoryTables;
  /** Of the present boot. */
  store: MailStore;
  relay: Relay;
}

export interface SiteOptions extends Partial<RelayOptions> {
  readonly users?: readonly string[];
  readonly quota?: number;
  readonly server?: Partial<SmtpServerOptions>;
  readonly wrap?: (host: Host, backend: MailBackend) => MailBackend;
}

export class Stage {
  readonly world: World;
  readonly zone: Zone = { mx: {}, addresses: {} };
  readonly events: RelayEvent[] = [];
  readonly errors: unknown[] = [];
  readonly sites: Map<string, Site> = new Map();

  constructor(seed: number | string = 'relay', latency = 10) {
    this.world = new World({ seed, strict: true });
    this.world.links({ latency });
  }

  /** A domain with its mail host `mx.DOMAIN`, which relays on 25 and takes letters on 587. */
  site(domain: string, options: SiteOptions = {}): Site {
    const { users = ['alice', 'bob', 'postmaster'], quota, server, wrap, ...rest } = options;
    const host = this.world.host(`mx.${domain}`);
    this.zone.mx[domain] ??= [{ preference: 10, exchange: host.name }];
    this.zone.addresses[host.name] = [host.address];
    const disk = memoryQueueTables(memoryMailTables());
    const site = { host, disk } as Site;
    this.sites.set(domain, site);
    host.onBoot(async (boot) => {
      const store = MailStore.open(boot, disk.mail);
      site.store = store;
      if (store.accounts().length === 0) await addAll(store, domain, users, quota);
      const relay = Relay.open(boot, {
        store,
        queue: disk.queue,
        domains: [domain],
        lookup: tableLookup(this.zone),
        onEvent: (event) => void this.events.push(event),
        onError: (error) => void this.errors.push(error),
        ...rest,
      });
      site.relay = relay;
      const onError = (error: unknown): void => void this.errors.push(error);
      const own = { onError, ...server };
      const wrapped = wrap ?? ((_: Host, backend: MailBackend) => backend);
      const passwords = Object.fromEntries(users.map((user) => [user, 'tea']));
      const known = saslUsers(passwords, (length) => boot.random.bytes(length));
      await serveSmtp(boot, { ...own, port: 25, backend: wrapped(boot, relay.backend('relay')) });
      const submission = { port: 587, users: known, plaintext: true, onError };
      await serveSmtp(boot, { ...submission, backend: relay.backend('submission') });
    });
    return site;
  }

  /** A letter handed in at its author's own host. */
  async write(
    from: string,
    to: readonly string[],
    text = 'Subject: x\r\n\r\nhello\r\n',
    options: RecipientOptions = {},
    mail: MailOptions = {},
  ): Promise<SendResult> {
    const { local, domain } = box(from);
    const { host } = this.sites.get(domain) as Site;
    const server = { address: host.address, port: 587 };
    const client = await SmtpClient.connect(this.author(domain), server);
    await client.auth({ user: local, password: 'tea' }, { plaintext: true });
    const recipients = to.map((one) => ({ path: box(one), options }));
    try {
      return await client.send({ from: box(from), to: recipients, options: mail }, text);
    } finally {
      await client.quit();
    }
  }

  author(domain: string): SimHost {
    const name = `desk.${domain}`;
    this.authors.set(name, this.authors.get(name) ?? this.world.host(name));
    return this.authors.get(name) as SimHost;
  }

  private readonly authors = new Map<string, SimHost>();

  inbox(address: string): string[] {
    const { local, domain } = box(address);
    const { store } = this.sites.get(domain) as Site;
    const account = store.open(local);
    const inbox = account.folder('INBOX') as Folder;
    return account.entries(inbox).map(({ content }) => fromUtf8(account.bytes(content)));
  }

  told(kind: RelayEvent['kind']): RelayEvent[] {
    return this.events.filter((event) => event.kind === kind);
  }
}

async function addAll(
  store: MailStore,
  domain: string,
  users: readonly string[],
  quota: number | undefined,
): Promise<void> {
  for (const name of users) {
    const addresses = [`${name}@${domain}`];
    await store.addAccount({ name, addresses, ...(quota !== undefined && { quota }) });
  }
}
