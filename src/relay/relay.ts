/** A mail transfer agent: between SMTP and the mailboxes, with a queue that forgets nothing (RFC 5321 §4.2.5). */
import { UsageError } from '../lib/errors.ts';
import { below, calendar, fraction, type Host } from '../net/index.ts';
import {
  type MailBackend,
  type Peer,
  relayGuard,
  type Security,
  type SmtpClientOptions,
  withCrLf,
} from '../smtp/index.ts';
import { Caller } from './caller.ts';
import { CLOSE_GRACE_MS, OPEN_SPREAD_MS, RELAY_LIMITS, RETRY_SCHEDULE } from './defaults.ts';
import { Directory } from './directory.ts';
import { Dispatcher } from './dispatcher.ts';
import { RelayRefusal } from './errors.ts';
import { Events } from './events.ts';
import { Ledger } from './ledger.ts';
import { LocalDelivery } from './local-delivery.ts';
import { attemptOf, isOpen } from './machine/verdict.ts';
import { Office } from './office.ts';
import { Reception, type ReceptionShared } from './reception.ts';
import { RouteFinder } from './route-finder.ts';
import type {
  Account,
  Mailbox,
  MailOptions,
  Outcome,
  QueuedMessage,
  QueueTables,
  RecipientOptions,
  RelayEvent,
  RelayLimits,
  RelayLookup,
  RelayStore,
  RetrySchedule,
  ReversePath,
  Smarthost,
} from './types.ts';
import { parseNetworks } from './wire/networks.ts';

export interface RelayOptions {
  readonly store: RelayStore;
  /** Kept where the store's own tables are: both are written in one commit. */
  readonly queue: QueueTables;
  readonly lookup: RelayLookup;
  /** Whose mail ends here; the first one is that of bare names. `*` alone is everybody's. */
  readonly domains: readonly string[];
  /** What it calls itself; default: the host's name. */
  readonly hostname?: string;
  /** Other names by which hosts may find it, in MX records. */
  readonly ownNames?: readonly string[];
  /** Names here that stand for others: `staff: ['alice', 'bob@college.edu']`; with `owner-staff` it is a list. */
  readonly aliases?: Readonly<Record<string, readonly string[]>>;
  /** Takes all mail for elsewhere. */
  readonly smarthost?: Smarthost;
  /** Networks whose hosts may send to elsewhere without signing in. */
  readonly relayFrom?: readonly string[];
  /** TLS to next hops. Default: what can be had (RFC 7435). */
  readonly security?: Security;
  readonly tls?: SmtpClientOptions['tls'];
  /** What a client waits for. */
  readonly timeouts?: Partial<Omit<SmtpClientOptions, 'hello' | 'security' | 'tls'>>;
  /** Of next hops; default: 25. */
  readonly port?: number;
  readonly schedule?: Partial<RetrySchedule>;
  readonly limits?: Partial<RelayLimits>;
  /** Nothing is delivered: somebody only looks into the queue. */
  readonly paused?: boolean;
  readonly onEvent?: (event: RelayEvent) => void;
  /** Told of errors that belong to no message. */
  readonly onError?: (error: unknown) => void;
}

export interface SubmittedEnvelope {
  readonly from: ReversePath;
  readonly to: readonly { readonly path: Mailbox; readonly options?: RecipientOptions }[];
  readonly options?: MailOptions;
}

export interface Submitted {
  readonly id: string;
  readonly refused: readonly { readonly path: Mailbox; readonly outcome: Outcome }[];
}

interface Parts {
  readonly host: Host;
  readonly directory: Directory;
  readonly ledger: Ledger;
  readonly dispatcher: Dispatcher;
  readonly reception: ReceptionShared;
  readonly events: Events;
  readonly store: RelayStore;
  readonly isTrusted: (peer: Peer) => boolean;
}

/** 10 letters and digits, none of which makes a word or is taken for another. */
const LETTERS = '23456789BCDFGHJKLMNPQRSTVWXYZ';

export class Relay {
  private readonly parts: Parts;

  private constructor(parts: Parts) {
    this.parts = parts;
  }

  /** Opens the queue: all that waits in it is tried soon. Throws UsageError for options that make no sense. */
  static open(host: Host, options: RelayOptions): Relay {
    if (options.domains.length === 0) throw new UsageError('a relay needs a domain of its own');
    const parts = assemble(host, options);
    const spread = (): number => fraction(host.random) * OPEN_SPREAD_MS;
    if (options.paused) return new Relay(parts);
    for (const message of parts.ledger.list()) parts.dispatcher.plan(message, spread);
    return new Relay(parts);
  }

  /** For `serveSmtp`: `relay` on port 25, `submission` on 587 and 465 (RFC 6409). */
  backend(kind: 'relay' | 'submission'): MailBackend {
    const { reception, store, directory, isTrusted } = this.parts;
    const { domains } = directory;
    const isSubmission = kind === 'submission';
    const account = ({ user }: Peer): Account | null | undefined =>
      user === undefined ? undefined : (store.account(user) ?? null);
    const open = (peer: Peer): Reception => {
      // The account is that of the moment: a client signs in after the greeting.
      const origin = {
        peer,
        get account() {
          return account(peer);
        },
        isSubmission,
      };
      return new Reception(reception, origin);
    };
    return relayGuard({ domains, trusts: isTrusted }, { open });
  }

  /** Takes a message of a program: a draft that is sent, a list's. Throws RELAY_REFUSED when nobody gets it. */
  async submit(
    envelope: SubmittedEnvelope,
    message: Uint8Array,
    { account }: { readonly account?: Account } = {},
  ): Promise<Submitted> {
    const origin = { peer: undefined, account, isSubmission: true };
    const reception = new Reception(this.parts.reception, origin);
    const said = reception.from(envelope.from, envelope.options ?? {});
    if (said.code >= 400) throw new RelayRefusal(said);
    const refused: { path: Mailbox; outcome: Outcome }[] = [];
    for (const { path, options = {} } of envelope.to) {
      const outcome = await reception.to(path, options);
      if (outcome.code >= 400) refused.push({ path, outcome });
    }
    if (refused.length === envelope.to.length) {
      throw new RelayRefusal(refused[0]?.outcome ?? NO_RECIPIENT);
    }
    const taken = await reception.take(withCrLf(message));
    if (taken.code >= 400) throw new RelayRefusal(taken);
    return { id: reception.id, refused };
  }

  /** What is in the queue, the oldest first. */
  list(): readonly QueuedMessage[] {
    return this.parts.ledger.list().toSorted((a, b) => a.received - b.received);
  }

  show(id: string): QueuedMessage | undefined {
    return this.parts.ledger.get(id);
  }

  /** The steps of the last messages. */
  events(): readonly RelayEvent[] {
    return this.parts.events.list();
  }

  /** What waits for its time is tried at once: one message, those for a domain, or (`flush`) all. */
  retry(which: { readonly id?: string; readonly domain?: string } = {}): void {
    this.parts.dispatcher.hurry(which);
  }

  /** Keeps a message from being tried until it is released. Throws RELAY_NO_MESSAGE. */
  async hold(id: string): Promise<void> {
    const { dispatcher, ledger } = this.parts;
    await ledger.change(id, 'held', (one) => ({ ...one, state: 'held' }));
    dispatcher.cancel(id);
  }

  /** Throws RELAY_NO_MESSAGE. */
  async release(id: string): Promise<void> {
    const { dispatcher, ledger, host } = this.parts;
    const next = Math.floor(calendar(host.clock));
    const held = (one: QueuedMessage['recipients'][number]) => ({
      ...one,
      state: 'waiting' as const,
      next,
    });
    const message = await ledger.change(id, 'released', held);
    dispatcher.plan(message);
  }

  /** Takes a message out of the queue; with `bounce` its sender is told. Throws RELAY_NO_MESSAGE. */
  async remove(id: string, { bounce = false }: { readonly bounce?: boolean } = {}): Promise<void> {
    const { dispatcher, ledger, host } = this.parts;
    const why = attemptOf(REMOVED, '', Math.floor(calendar(host.clock)));
    await ledger.remove(id, bounce ? why : undefined);
    dispatcher.cancel(id);
  }

  /** Begins nothing more; what is under way has `graceMs` to end. What is left waits for the next opening. */
  async close({ graceMs = CLOSE_GRACE_MS }: { readonly graceMs?: number } = {}): Promise<void> {
    await this.parts.dispatcher.close(graceMs);
  }

  /** Recipients that wait or are held. */
  get waiting(): number {
    const all = this.parts.ledger.list().flatMap(({ recipients }) => recipients);
    return all.filter(isOpen).length;
  }
}

const REMOVED: Outcome = {
  code: 554,
  enhanced: '5.7.0',
  text: 'The postmaster has taken the message out of the queue',
};
const NO_RECIPIENT: Outcome = { code: 503, enhanced: '5.5.1', text: 'A message needs a recipient' };

function assemble(host: Host, options: RelayOptions): Parts {
  const { store, queue: tables, lookup, domains, smarthost } = options;
  const hostname = options.hostname ?? host.name.replace(/[^\w.-]+/g, '-');
  const limits = { ...RELAY_LIMITS, ...options.limits };
  const schedule = { ...RETRY_SCHEDULE, ...options.schedule };
  const events = new Events(host.clock, hostname, options.onEvent);
  const directory = new Directory(store, host.address, domains, options.aliases ?? {});
  const ownNames = [hostname, ...(options.ownNames ?? [])].map((name) => name.toLowerCase());
  const routes = new RouteFinder({ host, lookup, ownNames, smarthost });
  const newId = (): string => freshId(host, (id) => ledger.has(id));
  const queued = (message: QueuedMessage): void => {
    ledger.add(message);
    dispatcher.plan(message);
  };
  const { expiryMs } = schedule;
  const desk = { host, hostname, store, tables, directory, events };
  const office = new Office({ ...desk, expiryMs, newId, queued });
  const ledger = new Ledger({ host, store, tables, office, events, schedule });
  const client = clientOptions(host, hostname, options);
  const { port } = options;
  const caller = new Caller({ host, store, routes, events, client, smarthost, port });
  const local = new LocalDelivery(host, directory, office);
  const report = options.onError ?? (() => {});
  const dispatcher = new Dispatcher({ host, directory, ledger, caller, local, limits, report });
  const trusted = parseNetworks(options.relayFrom ?? []);
  const isTrusted = ({ user, remote }: Peer): boolean =>
    user !== undefined || trusted(remote.address);
  const routesItself = smarthost === undefined;
  const queueSize = (): number => ledger.size;
  const reception = { ...desk, routes, office, limits, routesItself, newId, queueSize };
  return { host, directory, ledger, dispatcher, reception, events, store, isTrusted };
}

/** A network without TLS has none to offer. */
function clientOptions(host: Host, hostname: string, options: RelayOptions): SmtpClientOptions {
  const wanted = options.smarthost?.security ?? options.security ?? 'opportunistic';
  const isBlind = wanted === 'opportunistic' && !host.network.secure;
  const { tls, timeouts } = options;
  return {
    ...timeouts,
    hello: hostname,
    security: isBlind ? 'none' : wanted,
    ...(tls && { tls }),
  };
}

function freshId(host: Host, isTaken: (id: string) => boolean): string {
  for (;;) {
    let id = '';
    for (let n = 0; n < 10; n++) id += LETTERS[below(host.random, LETTERS.length)];
    if (!isTaken(id)) return id;
  }
}
