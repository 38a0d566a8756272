/** A whole mail host: mailboxes, the relay with its queue, and the doors by which people and hosts come. */

import { type Handler, serveHttp } from '../http/index.ts';
import { serveImap } from '../imap/index.ts';
import { jmapSite, type Offer } from '../jmap/index.ts';
import type { Address } from '../lib/endpoint.ts';
import { UsageError } from '../lib/errors.ts';
import { type Account, MailStore } from '../mail/index.ts';
import type { Host, SecureServer, Server } from '../net/index.ts';
import { servePop3 } from '../pop3/index.ts';
import {
  greylist,
  Relay,
  rateLimit,
  type Submitted,
  type SubmittedEnvelope,
} from '../relay/index.ts';
import {
  FailureRules,
  failing,
  type MailBackend,
  type SmtpServerOptions,
  serveSmtp,
} from '../smtp/index.ts';
import { catchingAll, catchRecipients } from './catch-all.ts';
import { CAUGHT_PASSWORD } from './defaults.ts';
import { findMessages, type WaitOptions, waitForMessage } from './finder.ts';
import type { FoundMessage, MailDoor, MailHostOptions, MessageQuery } from './types.ts';

/** Where a door is. */
export interface DoorPlace {
  readonly port?: number;
  readonly address?: Address;
}

type Opener = (place: DoorPlace) => Promise<Server>;

export class MailHost {
  readonly store: MailStore;
  readonly relay: Relay;
  /** Failures of SMTP on purpose: they can come and go at any time. */
  readonly failures: FailureRules = new FailureRules();
  readonly hostname: string;
  private readonly host: Host;
  private readonly options: MailHostOptions;
  private readonly opened: Server[] = [];

  private constructor(host: Host, options: MailHostOptions, store: MailStore, relay: Relay) {
    this.host = host;
    this.options = options;
    this.store = store;
    this.relay = relay;
    this.hostname = options.hostname ?? host.name;
  }

  /** Opens mailboxes and queue, and makes the accounts that are missing. No door is open yet. */
  static async open(host: Host, options: MailHostOptions): Promise<MailHost> {
    const store = MailStore.open(host, options.mail);
    for (const account of options.accounts ?? []) {
      if (!store.account(account.name)) await store.addAccount(account);
    }
    const domains = options.catchAll === 'everything' ? ['*'] : options.domains;
    const relay = Relay.open(host, { ...options, domains, store });
    return new MailHost(host, options, store, relay);
  }

  /** Opens a door. Throws NET_IN_USE, and UsageError for TLS without certificates. */
  async serve(door: MailDoor, place: DoorPlace = {}): Promise<Server> {
    const server = await this.openers[door](place);
    this.opened.push(server);
    return server;
  }

  /** The newest first. */
  find(query: MessageQuery): Iterable<FoundMessage> {
    return findMessages(this.store, query);
  }

  /** One that is there already, or the first that comes; undefined when none does in time. */
  waitFor(query: MessageQuery, options: WaitOptions): Promise<FoundMessage | undefined> {
    return waitForMessage(this.host.clock, this.store, query, options);
  }

  /** Takes a message of a program, as `Relay.submit` does, and makes mailboxes for it where those are made. */
  async submit(
    envelope: SubmittedEnvelope,
    message: Uint8Array,
    by: { readonly account?: Account } = {},
  ): Promise<Submitted> {
    const paths = envelope.to.map(({ path }) => path);
    await catchRecipients(this.store, this.options, paths);
    return this.relay.submit(envelope, message, by);
  }

  /** The webmail and JMAP, for who serves them beside something else. */
  site(): Handler {
    const { page, plaintext = false, catchAll = 'nothing', onError } = this.options;
    return jmapSite(this.host, {
      store: this.store,
      plaintext,
      submit: (account, envelope, message) => this.submit(envelope, message, { account }),
      ...(page && { page }),
      ...(onError && { onError }),
      ...(catchAll !== 'nothing' && { offer: () => this.offer() }),
    });
  }

  /** Closes the doors, ends deliveries, and commits what waits. */
  async close(options: { readonly graceMs?: number } = {}): Promise<void> {
    await Promise.all(this.opened.splice(0).map((server) => server.close(options)));
    await this.relay.close();
    await this.store.close();
  }

  private readonly openers: Readonly<Record<MailDoor, Opener>> = {
    smtp: (place) => this.smtp('relay', { port: 25, ...place, ...this.starttls }),
    submission: (place) => this.smtp('submission', { port: 587, ...place, ...this.starttls }),
    submissions: (place) =>
      this.smtp('submission', {
        port: 465,
        ...place,
        secure: this.certificates,
        implicitTls: true,
      }),
    pop3: (place) => servePop3(this.host, { ...this.readers, ...place, ...this.starttls }),
    pop3s: (place) =>
      servePop3(this.host, {
        ...this.readers,
        ...place,
        secure: this.certificates,
        implicitTls: true,
      }),
    imap: (place) => serveImap(this.host, { ...this.readers, ...place, ...this.starttls }),
    imaps: (place) =>
      serveImap(this.host, {
        ...this.readers,
        ...place,
        secure: this.certificates,
        implicitTls: true,
      }),
    webmail: (place) =>
      serveHttp(this.host, {
        port: 80,
        ...place,
        handler: this.site(),
        ...(this.options.onError && { onError: this.options.onError }),
      }),
  };

  /** Mailboxes that were made by themselves, whose password is no secret. */
  private offer(): Offer {
    const names = this.store.accounts().map(({ name }) => name);
    const accounts = names.filter((name) => this.store.secretOf(name) === CAUGHT_PASSWORD);
    return { accounts, password: CAUGHT_PASSWORD };
  }

  private smtp(
    kind: 'relay' | 'submission',
    place: Pick<SmtpServerOptions, 'port' | 'address' | 'secure' | 'implicitTls'>,
  ): Promise<Server> {
    const { sizeLimit, sessionsLimit, plaintext = false, onError } = this.options;
    const relay = catchingAll(this.store, this.options, this.relay.backend(kind));
    const backend = failing(this.host, this.failures, this.guarded(kind, relay));
    return serveSmtp(this.host, {
      ...place,
      backend,
      hostname: this.hostname,
      ...(kind === 'submission' && { users: this.store.users, plaintext, requireAuth: true }),
      ...(sizeLimit !== undefined && { sizeLimit }),
      ...(sessionsLimit !== undefined && { sessionsLimit }),
      ...(onError && { onError }),
    });
  }

  /** People who sign in are known; hosts are strangers. */
  private guarded(kind: 'relay' | 'submission', backend: MailBackend): MailBackend {
    const { rate, greylistMs } = this.options;
    if (kind === 'submission') return backend;
    const asked =
      greylistMs === undefined ? backend : greylist(this.host, { delayMs: greylistMs }, backend);
    return rate ? rateLimit(this.host, rate, asked) : asked;
  }

  private get readers(): {
    readonly store: MailStore;
    readonly hostname: string;
    readonly plaintext: boolean;
    readonly sessionsLimit?: number;
    readonly onError?: (error: unknown) => void;
  } {
    const { plaintext = false, sessionsLimit, onError } = this.options;
    return {
      store: this.store,
      hostname: this.hostname,
      plaintext,
      ...(sessionsLimit !== undefined && { sessionsLimit }),
      ...(onError && { onError }),
    };
  }

  private get starttls(): { readonly secure?: Pick<SecureServer, 'certificateFor'> } {
    const { secure } = this.options;
    return secure ? { secure } : {};
  }

  private get certificates(): Pick<SecureServer, 'certificateFor'> {
    const { secure } = this.options;
    if (!secure) throw new UsageError('TLS needs certificates');
    return secure;
  }
}
