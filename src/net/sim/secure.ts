/**
 * TLS on the simulated network: its time and its refusals, not its secrets. A handshake takes the
 * client one round trip (RFC 8446 §2), the certificate is checked for name and authority, and what
 * follows is carried as it is. Certificates are texts that say what they vouch for.
 */

import { type Deferred, deferred } from '../../lib/deferred.ts';
import { endpointText } from '../../lib/endpoint.ts';
import { NetworkError, UsageError } from '../../lib/errors.ts';
import { SECURE_TIMEOUT_MS } from '../defaults.ts';
import type {
  Certificate,
  Connection,
  SecureClient,
  SecureOptions,
  SecureServer,
} from '../types.ts';
import { SimConnection } from './connection.ts';
import type { Fabric } from './fabric.ts';

/** The authority of a simulated internet: `issue` vouches for any names. */
export interface SimulatedAuthority {
  readonly certificate: string;
  issue(names: readonly string[]): Certificate;
}

export function simulatedAuthority(name: string): SimulatedAuthority {
  return {
    certificate: name,
    issue: (names) => ({ chain: `${names.join(' ')} by ${name}`, key: '' }),
  };
}

/** One side of a handshake that waits for the other. */
interface Side<Options> {
  readonly end: SimConnection;
  readonly options: Options;
  readonly done: Deferred<Connection>;
}

/** The handshakes under way in a world, by the client's end. */
export class Handshakes {
  private readonly fabric: Fabric;
  private readonly clients = new Map<SimConnection, Side<SecureClient>>();
  private readonly servers = new Map<SimConnection, Side<SecureServer>>();

  constructor(fabric: Fabric) {
    this.fabric = fabric;
  }

  secure(connection: Connection, options: SecureOptions): Promise<Connection> {
    if (!(connection instanceof SimConnection)) {
      throw new UsageError('only a connection of this network can be made secure');
    }
    const done = deferred<Connection>();
    const limit = options.timeoutMs ?? SECURE_TIMEOUT_MS;
    const timer = this.fabric.loop.timer(limit, () =>
      this.refuse(connection, done, 'timeout', `no handshake within ${limit} ms`),
    );
    const settled = (): void => {
      timer.cancel();
      this.clients.delete(connection);
      this.servers.delete(connection);
    };
    done.promise.then(settled, settled);
    connection.attach({
      onData: () => {},
      onClose: () => this.refuse(connection, done, 'closed', 'the peer closed the connection'),
    });
    connection.pause();
    if (options.role === 'client') this.hello({ end: connection, options, done });
    else this.serve({ end: connection, options, done });
    return done.promise;
  }

  /** The client's first words are on their way. */
  private hello(side: Side<SecureClient>): void {
    const abort = (): void => this.refuse(side.end, side.done, 'aborted', 'aborted');
    side.options.signal?.addEventListener('abort', abort, { once: true });
    this.after(side.end, 1, () => {
      this.clients.set(side.end, side);
      const server = side.end.peer && this.servers.get(side.end.peer);
      if (server) this.meet(side, server);
    });
  }

  private serve(side: Side<SecureServer>): void {
    this.servers.set(side.end, side);
    const client = side.end.peer && this.clients.get(side.end.peer);
    if (client) this.meet(client, side);
  }

  /** The server answers with its certificate; half a round trip later the client has judged it. */
  private meet(client: Side<SecureClient>, server: Side<SecureServer>): void {
    const { serverName } = client.options;
    const certificate = server.options.certificateFor(serverName);
    this.after(client.end, 1, () => {
      const fault = certificate
        ? judge(client.options, certificate)
        : 'no certificate for that name';
      if (fault !== undefined) {
        this.refuse(client.end, client.done, 'insecure', fault);
        this.after(client.end, 1, () =>
          this.refuse(server.end, server.done, 'insecure', `the client refuses: ${fault}`),
        );
        return;
      }
      this.note(client.end, serverName);
      settle(client);
      this.after(client.end, 1, () => settle(server));
    });
  }

  private after(end: SimConnection, trips: number, call: () => void): void {
    const { loop } = this.fabric;
    loop.at(loop.now + trips * end.latency, call);
  }

  private note(end: SimConnection, serverName: string): void {
    const { fabric } = this;
    if (!fabric.recorder.on) return;
    const text = `TLS for ${serverName}, simulated: what follows is shown in clear`;
    fabric.record(end.machine, 'note', 'tcp', end.local, end.remote, { text });
  }

  private refuse(
    end: SimConnection,
    done: Deferred<Connection>,
    kind: 'timeout' | 'closed' | 'aborted' | 'insecure',
    why: string,
  ): void {
    done.reject(new NetworkError(kind, `TLS with ${endpointText(end.remote)}: ${why}`));
    end.destroy();
  }
}

function settle({ end, done }: Side<SecureOptions>): void {
  end.detach();
  done.resolve(end);
}

/** What is wrong with a certificate in a client's eyes, or undefined. */
function judge(options: SecureClient, { chain }: Certificate): string | undefined {
  if (options.verify === false) return undefined;
  const [names = '', authority = ''] = chain.split(' by ');
  if (!options.authorities?.includes(authority)) {
    return 'the certificate is of an authority that is not trusted here';
  }
  const wanted = options.serverName;
  const wild = `*.${wanted.slice(wanted.indexOf('.') + 1)}`;
  const fits = names.split(' ').some((name) => name === wanted || name === wild);
  return fits ? undefined : 'the certificate is for other names';
}
