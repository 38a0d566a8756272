/** Opens connections to origins: directly or through a proxy, plain or secure. */
import { type Address, type Endpoint, endpointText, isIPv4 } from '../lib/endpoint.ts';
import { AppError, NetworkError, ReplyError, UsageError } from '../lib/errors.ts';
import { HeaderList } from '../lib/ordered-headers.ts';
import type { Connection, Host, Lookup, SecureClient } from '../net/index.ts';
import type { Attempt } from './attempt.ts';
import { ClientConversation } from './client-conversation.ts';
import { authorityOf, type Origin } from './client-target.ts';
import type { RequestHead } from './types.ts';

/** A proxy that a client asks instead of the origins. */
export interface ProxyChoice {
  readonly hostname: string;
  readonly port: number;
  /** The value of Proxy-Authorization. */
  readonly authorization?: string;
}

export interface DialOptions {
  readonly lookup?: Lookup | undefined;
  readonly proxy?: ProxyChoice | undefined;
  /** Whom to trust on secure connections. */
  readonly secure?: Omit<SecureClient, 'role' | 'serverName'> | undefined;
}

/** What a connection is opened for. */
export interface Dial {
  readonly origin: Origin;
  /** Asks this endpoint, whatever the names say. */
  readonly at: Endpoint | undefined;
  /** An address that has answered for this origin before. */
  readonly known: Address | undefined;
  /** A tunnel through the proxy even where plain http would not need one. */
  readonly tunnel?: boolean;
}

export class Dialer {
  private readonly host: Host;
  private readonly options: DialOptions;

  constructor(host: Host, options: DialOptions) {
    this.host = host;
    this.options = options;
  }

  /** Throws NetworkError; ReplyError HTTP_PROXY_REFUSED where a proxy says no to a tunnel. */
  async open(
    dial: Dial,
    attempt: Attempt,
    onFree: (conversation: ClientConversation) => void,
  ): Promise<ClientConversation> {
    const { origin, at, known } = dial;
    const { proxy } = this.options;
    const first = proxy ?? origin;
    let connection = await this.dial(first, at, known, attempt);
    const began = this.host.clock.now();
    if (proxy && (origin.scheme === 'https' || dial.tunnel)) {
      connection = await this.tunnel(connection, origin, proxy, attempt);
    }
    if (origin.scheme === 'https') connection = await this.secure(connection, origin, attempt);
    attempt.connectMs += this.host.clock.now() - began;
    return new ClientConversation(this.host, connection, onFree);
  }

  private async dial(
    { hostname, port }: Pick<Origin, 'hostname' | 'port'>,
    at: Endpoint | undefined,
    known: Address | undefined,
    attempt: Attempt,
  ): Promise<Connection> {
    const { clock, network } = this.host;
    const began = clock.now();
    const address = at?.address ?? known;
    const addresses = address ? [address] : await this.addresses(hostname, attempt);
    attempt.nameMs = clock.now() - began;
    let failure: unknown = new NetworkError('unreachable', `${hostname} has no address`);
    for (const address of addresses) {
      const connecting = clock.now();
      try {
        const to = { address, port: at?.port ?? port };
        const connection = await network.connect(to, { signal: attempt.signal });
        attempt.connectMs = clock.now() - connecting;
        return connection;
      } catch (error) {
        failure = error;
        if (attempt.cancelled) break;
      }
    }
    throw failure;
  }

  private addresses(name: string, attempt: Attempt): Promise<readonly Address[]> | Address[] {
    if (isIPv4(name) || name.includes(':')) return [name];
    if (this.options.lookup) return this.options.lookup(name, { signal: attempt.signal });
    throw new UsageError(`no way to find the address of ${name}: this client was given no lookup`);
  }

  /** RFC 9110 §9.3.6. */
  private async tunnel(
    connection: Connection,
    origin: Origin,
    proxy: ProxyChoice,
    attempt: Attempt,
  ): Promise<Connection> {
    const target = authorityOf(origin);
    const fields: [string, string][] = [['Host', target]];
    if (proxy.authorization) fields.push(['Proxy-Authorization', proxy.authorization]);
    const headers = new HeaderList(fields);
    const head: RequestHead = { method: 'CONNECT', target, version: '1.1', headers };
    const conversation = new ClientConversation(this.host, connection, () => {});
    attempt.use(conversation);
    const answer = await attempt.guard(conversation.exchange(head, undefined, attempt.times));
    if (answer.switched) {
      // A server speaks second in TLS: what came early is nobody's (RFC 9110 §9.3.6).
      if (answer.switched.early.length === 0) return answer.switched.connection;
      connection.destroy();
      throw new AppError('HTTP_UNEXPECTED', `the proxy spoke for ${target} before it was asked`);
    }
    answer.body.cancel();
    const { status, reason } = answer.head;
    const text = `the proxy ${endpointText(connection.remote)} refuses a tunnel to ${target}: ${status} ${reason}`;
    throw new ReplyError('HTTP_PROXY_REFUSED', status, text, { spec: 'RFC 9110 §9.3.6' });
  }

  private async secure(
    connection: Connection,
    { hostname }: Origin,
    attempt: Attempt,
  ): Promise<Connection> {
    const { secure } = this.host.network;
    if (!secure)
      throw new UsageError('TLS is not spoken on this network: https:// can not be asked');
    const options: SecureClient = {
      role: 'client',
      serverName: hostname,
      protocols: ['http/1.1'],
      ...this.options.secure,
    };
    return attempt.guard(
      secure.call(this.host.network, connection, { ...options, signal: attempt.signal }),
      (late) => late.destroy(),
    );
  }
}
