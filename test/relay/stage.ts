/** Relays of several domains on a simulated network, with a DNS that is a table. */

import { DnsError } from '../../src/dns/index.ts';
import { fromUtf8 } from '../../src/lib/bytes.ts';
import { type Folder, MailStore, memoryMailTables } from '../../src/mail/index.ts';
import type { Clock, Host } from '../../src/net/index.ts';
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
  /** How long the disk takes for a commit. */
  readonly commitMs?: number;
  /** Default: true. */
  readonly submission?: boolean;
  readonly wrap?: (host: Host, backend: MailBackend) => MailBackend;
}

export class Stage {
  readonly world: World;
  readonly zone: Zone = { mx: {}, addresses: {} };
  readonly events: RelayEvent[] = [];
  readonly errors: unknown[] = [];
  readonly sites: Map<string, Site> = new Map();
  private readonly starts: Promise<void>[] = [];
  private readonly authors = new Map<string, SimHost>();

  constructor(seed: number | string = 'relay', latency = 10) {
    this.world = new World({ seed, strict: true });
    this.world.links({ latency });
  }

  /** A domain with its mail host `mx.DOMAIN`, which relays on 25 and takes letters on 587. */
  site(domain: string, options: SiteOptions = {}): Site {
    const host = this.world.host(`mx.${domain}`);
    this.zone.mx[domain] ??= [{ preference: 10, exchange: host.name }];
    this.zone.addresses[host.name] = [host.address];
    const site = { host, disk: memoryQueueTables(memoryMailTables()) } as Site;
    this.sites.set(domain, site);
    host.onBoot((boot) => {
      const started = this.start(boot, domain, site, options);
      this.starts.push(started);
      return started;
    });
    return site;
  }

  /** All hosts are up for the first time. */
  async ready(): Promise<void> {
    await Promise.all(this.starts);
  }

  private async start(
    boot: Host,
    domain: string,
    site: Site,
    {
      users = ['alice', 'bob', 'postmaster'],
      quota,
      server,
      wrap,
      commitMs = 0,
      submission = true,
      ...rest
    }: SiteOptions,
  ): Promise<void> {
    const onError = (error: unknown): void => void this.errors.push(error);
    const { mail, queue } = site.disk;
    const store = MailStore.open(slowDisk(boot, commitMs), mail);
    site.store = store;
    if (store.accounts().length === 0) await addAll(store, domain, users, quota);
    const lookup = tableLookup(this.zone);
    const onEvent = (event: RelayEvent): void => void this.events.push(event);
    const own = { store, queue, lookup, domains: [domain], onEvent, onError };
    site.relay = Relay.open(boot, { ...own, ...rest });
    const backend = site.relay.backend('relay');
    const common = { onError, ...server };
    await serveSmtp(boot, { ...common, port: 25, backend: wrap?.(boot, backend) ?? backend });
    if (!submission) return;
    const passwords = Object.fromEntries(users.map((user) => [user, 'tea']));
    const known = saslUsers(passwords, (length) => boot.random.bytes(length));
    const letters = { port: 587, users: known, plaintext: true, onError };
    await serveSmtp(boot, { ...letters, backend: site.relay.backend('submission') });
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
    const known = this.authors.get(name) ?? this.world.host(name);
    this.authors.set(name, known);
    return known;
  }

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

function slowDisk({ clock, random }: Host, commitMs: number): Pick<Host, 'clock' | 'random'> {
  const setTimer: Clock['setTimer'] = (ms, fire) => clock.setTimer(ms + commitMs, fire);
  return { clock: { now: () => clock.now(), epoch: clock.epoch, setTimer }, random };
}

/** a.edu and b.edu, up and ready. */
export async function pair(a: SiteOptions = {}, b: SiteOptions = {}): Promise<Stage> {
  const on = new Stage();
  on.site('a.edu', a);
  on.site('b.edu', b);
  await on.world.run(on.ready());
  return on;
}
