/** A client of IMAP: signs in, opens mailboxes, and reads, looks for, changes and moves messages. */
import type { Endpoint } from '../lib/endpoint.ts';
import { AppError, NetworkError } from '../lib/errors.ts';
import { CONNECT_TIMEOUT_MS, type Host, type SecureClient } from '../net/index.ts';
import type { SaslCredentials } from '../sasl/index.ts';
import { append, type NewMessage, type Placed } from './client/append.ts';
import { login, signIn } from './client/authenticate.ts';
import { Channel } from './client/channel.ts';
import { type Copied, copy } from './client/copy.ts';
import { type FetchOptions, type FetchWish, fetch } from './client/fetch.ts';
import { idle } from './client/idle.ts';
import {
  type ListedWithStatus,
  type ListOptions,
  list,
  lsub,
  namespace,
  status,
} from './client/list.ts';
import { type Messages, toSet } from './client/numbers.ts';
import { quota } from './client/quota.ts';
import {
  keyOf,
  type SearchOptions,
  type SearchQuery,
  type SortBy,
  search,
  sort,
  thread,
} from './client/search.ts';
import { type SelectOptions, select } from './client/select.ts';
import { ClientSession } from './client/session.ts';
import { type Stored, type StoreOptions, store } from './client/store.ts';
import type {
  ImapClientOptions,
  MailboxUpdate,
  Resynchronised,
  SelectedMailbox,
} from './client/types.ts';
import { GREETING_TIMEOUT_MS, LOGOUT_TIMEOUT_MS, REPLY_TIMEOUT_MS } from './defaults.ts';
import { ImapReplyError } from './errors.ts';
import type { CommandBody, StatusItem, StoreHow, ThreadAlgorithm } from './types.ts';
import { commandPieces } from './wire/command.ts';
import type { FetchedMessage } from './wire/fetch-response.ts';
import type { IdFields } from './wire/id.ts';
import type {
  ListedMailbox,
  MailboxStatus,
  QuotaResource,
  SearchResult,
  ThreadNode,
} from './wire/response.ts';

const STATUS_ITEMS: readonly StatusItem[] = ['MESSAGES', 'UIDNEXT', 'UIDVALIDITY', 'UNSEEN'];

/** Methods that name messages take UIDs unless they are told otherwise; all throw ImapReplyError where the server says no. */
export class ImapClient {
  /** What the server said first. */
  greeting = '';
  private readonly session: ClientSession;
  private readonly stop: () => void;

  private constructor(host: Host, channel: Channel, options: ImapClientOptions) {
    this.session = new ClientSession(host, channel, options, options.replyMs ?? REPLY_TIMEOUT_MS);
    const aborted = (): void => {
      channel.fail(new NetworkError('aborted', 'the session was aborted'));
    };
    options.signal?.addEventListener('abort', aborted, { once: true });
    this.stop = () => options.signal?.removeEventListener('abort', aborted);
  }

  /** Connects, hears the greeting, and secures the connection as asked. Throws NetworkError, ImapReplyError. */
  static async connect(
    host: Host,
    to: Endpoint,
    options: ImapClientOptions = {},
  ): Promise<ImapClient> {
    const { signal, security = 'none', connectMs = CONNECT_TIMEOUT_MS } = options;
    const limits = { timeoutMs: connectMs, ...(signal && { signal }) };
    const channel = new Channel(host, await host.network.connect(to, limits), options);
    const client = new ImapClient(host, channel, options);
    try {
      if (security === 'implicit') await channel.startTls(client.tls(to));
      await client.greet(options.greetingMs ?? GREETING_TIMEOUT_MS);
      if (security === 'starttls') {
        await client.command({ name: 'STARTTLS' });
        await channel.startTls(client.tls(to));
        // RFC 9051 §6.2.1: what was told in clear is forgotten.
        client.session.capabilities = new Set();
      }
      if (client.session.capabilities.size === 0) await client.capability();
    } catch (error) {
      client.abandon();
      throw error;
    }
    return client;
  }

  get secure(): boolean {
    return this.session.channel.secure;
  }

  /** What the server can do now, in capitals. */
  get capabilities(): ReadonlySet<string> {
    return this.session.capabilities;
  }

  /** The mailbox that is selected, kept up with what the server tells. */
  get mailbox(): SelectedMailbox | undefined {
    return this.session.mailbox;
  }

  async capability(): Promise<ReadonlySet<string>> {
    await this.command({ name: 'CAPABILITY' });
    return this.capabilities;
  }

  /** Signs in by the best mechanism that both sides know; in clear only under TLS or where `plaintext` allows it. */
  async authenticate(
    credentials: SaslCredentials,
    { plaintext = false }: { readonly plaintext?: boolean } = {},
  ): Promise<void> {
    await signIn(this.session, credentials, plaintext);
  }

  /** LOGIN: says the password as it is. */
  async login(user: string, password: string): Promise<void> {
    await login(this.session, { user, password });
  }

  /** Switches on what is named; gives what the server knows of it. */
  async enable(...capabilities: readonly string[]): Promise<readonly string[]> {
    const enabled: string[] = [];
    const command = commandPieces({ name: 'ENABLE', capabilities });
    await this.session.run(command, (response) => {
      if (response.type !== 'enabled') return false;
      enabled.push(...response.names);
      return true;
    });
    for (const name of enabled) this.session.enabled.add(name.toUpperCase());
    return enabled;
  }

  /** Tells who we are, and hears who the server is. */
  async id(fields: IdFields = null): Promise<IdFields> {
    let answer: IdFields = null;
    await this.session.run(commandPieces({ name: 'ID', fields }), (response) => {
      if (response.type !== 'id') return false;
      answer = response.fields;
      return true;
    });
    return answer;
  }

  /** Both ways by DEFLATE from here on. */
  async compress(): Promise<void> {
    await this.command({ name: 'COMPRESS', mechanism: 'DEFLATE' });
    this.session.channel.startDeflate();
  }

  list(options: ListOptions = {}): Promise<ListedWithStatus[]> {
    return list(this.session, options);
  }

  lsub(pattern = '*'): Promise<ListedMailbox[]> {
    return lsub(this.session, pattern);
  }

  namespace(): ReturnType<typeof namespace> {
    return namespace(this.session);
  }

  status(path: string, items: readonly StatusItem[] = STATUS_ITEMS): Promise<MailboxStatus> {
    return status(this.session, path, items);
  }

  quota(path = 'INBOX'): Promise<ReadonlyMap<string, readonly QuotaResource[]>> {
    return quota(this.session, path);
  }

  async select(path: string, options: Omit<SelectOptions, 'since'> = {}): Promise<SelectedMailbox> {
    return (await select(this.session, path, options)).mailbox;
  }

  /** Selects to read only. */
  examine(path: string, options: Pick<SelectOptions, 'condstore'> = {}): Promise<SelectedMailbox> {
    return this.select(path, { ...options, readOnly: true });
  }

  /** Selects, and hears what went and what changed since then; after `enable('QRESYNC')`. */
  resynchronise(
    path: string,
    since: NonNullable<SelectOptions['since']>,
    options: Pick<SelectOptions, 'readOnly'> = {},
  ): Promise<Resynchronised> {
    return select(this.session, path, { ...options, since });
  }

  /** Messages as they come; who stops reading waits until the rest has passed. */
  fetch(
    messages: Messages,
    wish: FetchWish,
    options: FetchOptions = {},
  ): AsyncGenerator<FetchedMessage, void, void> {
    return fetch(this.session, toSet(messages), wish, options);
  }

  /** The octets of one message; undefined where there is none. */
  async message(uid: number): Promise<Uint8Array | undefined> {
    let found: Uint8Array | undefined;
    for await (const { bodies } of this.fetch(uid, { body: true })) {
      found ??= bodies.get('BODY[]') ?? undefined;
    }
    return found;
  }

  /** UIDs of the messages for which all of the query is true, ascending. */
  async search(query: SearchQuery = {}, options: SearchOptions = {}): Promise<readonly number[]> {
    return (await this.esearch(query, options)).all ?? [];
  }

  /** The same with MIN, MAX, COUNT, as `returns` asks for. */
  esearch(query: SearchQuery, options: SearchOptions): Promise<SearchResult> {
    return search(this.session, keyOf(query), options);
  }

  /** UIDs in order: `sort(['-DATE'])`. */
  sort(
    by: readonly SortBy[],
    query: SearchQuery = {},
    options: SearchOptions = {},
  ): Promise<readonly number[]> {
    return sort(this.session, by, keyOf(query), options);
  }

  thread(
    algorithm: ThreadAlgorithm = 'REFERENCES',
    query: SearchQuery = {},
    options: SearchOptions = {},
  ): Promise<readonly ThreadNode[]> {
    return thread(this.session, algorithm, keyOf(query), options);
  }

  store(
    messages: Messages,
    how: StoreHow,
    flags: readonly string[],
    options: StoreOptions = {},
  ): Promise<Stored> {
    return store(this.session, toSet(messages), how, flags, options);
  }

  copy(
    messages: Messages,
    path: string,
    { byNumber = false }: { readonly byNumber?: boolean } = {},
  ): Promise<Copied | undefined> {
    return copy(this.session, 'COPY', toSet(messages), path, byNumber);
  }

  move(
    messages: Messages,
    path: string,
    { byNumber = false }: { readonly byNumber?: boolean } = {},
  ): Promise<Copied | undefined> {
    return copy(this.session, 'MOVE', toSet(messages), path, byNumber);
  }

  /** Puts messages into a mailbox: all or none where the server has MULTIAPPEND. */
  append(path: string, ...messages: readonly NewMessage[]): Promise<Placed | undefined> {
    return append(this.session, path, messages);
  }

  /** Removes what is marked as deleted, among `uids` where they are given. */
  async expunge(uids?: Messages): Promise<void> {
    await this.command({ name: 'EXPUNGE', set: uids === undefined ? undefined : toSet(uids) });
  }

  async create(path: string, ...use: readonly string[]): Promise<void> {
    await this.command({ name: 'CREATE', mailbox: path, use });
  }

  async delete(path: string): Promise<void> {
    await this.command({ name: 'DELETE', mailbox: path });
  }

  async rename(from: string, to: string): Promise<void> {
    await this.command({ name: 'RENAME', from, to });
  }

  async subscribe(path: string, wanted = true): Promise<void> {
    await this.command({ name: wanted ? 'SUBSCRIBE' : 'UNSUBSCRIBE', mailbox: path });
  }

  /** Asks for news. */
  async noop(): Promise<void> {
    await this.command({ name: 'NOOP' });
  }

  /** What happens in the mailbox as it does, until `signal` or the reader's `break` ends it. */
  idle({
    signal,
  }: {
    readonly signal?: AbortSignal;
  } = {}): AsyncGenerator<MailboxUpdate, void, void> {
    return idle(this.session, signal);
  }

  /** Leaves the mailbox; with `expunge`, what is marked as deleted goes. */
  async unselect({ expunge = false }: { readonly expunge?: boolean } = {}): Promise<void> {
    await this.command({ name: expunge ? 'CLOSE' : 'UNSELECT' });
    this.session.mailbox = undefined;
  }

  /** Says good-bye and closes; a server that does not answer is left. */
  async logout(): Promise<void> {
    const timer = this.session.host.clock.setTimer(LOGOUT_TIMEOUT_MS, () => this.abandon());
    try {
      await this.command({ name: 'LOGOUT' });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    } finally {
      timer.cancel();
    }
    this.stop();
    this.session.channel.end();
  }

  /** Gives up at once. */
  abandon(): void {
    this.stop();
    this.session.channel.fail(new NetworkError('closed', 'the session was closed'));
  }

  private async command(command: Exclude<CommandBody, { name: 'APPEND' }>): Promise<void> {
    await this.session.run(commandPieces(command, this.session.utf8));
  }

  private async greet(greetingMs: number): Promise<void> {
    const greeting = await this.session.hear(greetingMs);
    if (greeting.type !== 'status' || (greeting.status !== 'OK' && greeting.status !== 'PREAUTH')) {
      const answer = { status: 'BYE', responseCode: undefined, text: 'no greeting' } as const;
      throw new ImapReplyError(greeting.type === 'status' ? greeting : answer, 'the greeting');
    }
    this.greeting = greeting.text;
  }

  private tls(to: Endpoint): SecureClient {
    const { tls, signal } = this.session.options;
    return { role: 'client', serverName: to.address, ...tls, ...(signal && { signal }) };
  }
}
