/**
 * TLS on the simulated network: its time and its refusals, not its secrets. A handshake takes the
 * client one round trip (RFC 8446 §2), the certificate is checked for name and authority, and what
 * follows is carried as it is. Certificates are texts that say what they vouch for.
 */
import { concat, EMPTY, fromUtf8, utf8 } from '../../lib/bytes.ts';
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

/** Records as TLS frames them (RFC 8446 §5.1): a type, the version, the length, the content. */
const HANDSHAKE = 0x16;
const ALERT = 0x15;
const FINISHED = 0x14;
const HEADER = 5;

function recordOf(type: number, text: string): Uint8Array {
  const content = utf8(text);
  return concat([new Uint8Array([type, 3, 3, content.length >> 8, content.length & 255]), content]);
}

type Refusal = 'timeout' | 'closed' | 'aborted' | 'insecure';

/** One side of a handshake. Its records travel like all else, through tunnels too, but are not recorded at the two ends. */
class Handshake {
  readonly done: Deferred<Connection> = deferred();
  private readonly end: SimConnection;
  private readonly options: SecureOptions;
  private readonly onDone: (serverName: string) => void;
  private readonly stop: () => void;
  private input: Uint8Array = EMPTY;
  private serverName = '';
  private over = false;

  constructor(
    fabric: Fabric,
    end: SimConnection,
    options: SecureOptions,
    onDone: (serverName: string) => void,
  ) {
    this.end = end;
    this.options = options;
    this.onDone = onDone;
    const limit = options.timeoutMs ?? SECURE_TIMEOUT_MS;
    const timer = fabric.loop.timer(limit, () =>
      this.refuse('timeout', `no handshake within ${limit} ms`),
    );
    const signal = options.role === 'client' ? options.signal : undefined;
    const abort = (): void => this.refuse('aborted', 'aborted');
    signal?.addEventListener('abort', abort, { once: true });
    this.stop = () => {
      timer.cancel();
      signal?.removeEventListener('abort', abort);
    };
    const closed = (): void => this.refuse('closed', 'the peer closed the connection');
    end.quiet = true;
    end.attach({ onData: (bytes) => this.take(bytes), onEnd: closed, onClose: closed });
    end.resume();
    if (options.role === 'client') end.write(recordOf(HANDSHAKE, options.serverName));
  }

  private take(bytes: Uint8Array): void {
    this.input = concat([this.input, bytes]);
    while (!this.over && this.input.length >= HEADER) {
      const [type = 0, , , high = 0, low = 0] = this.input;
      if (type !== HANDSHAKE && type !== ALERT && type !== FINISHED) {
        this.refuse('insecure', 'the peer does not speak TLS');
        return;
      }
      const end = HEADER + high * 256 + low;
      if (this.input.length < end) return;
      const text = fromUtf8(this.input.subarray(HEADER, end));
      this.input = this.input.subarray(end);
      this.hear(type, text);
    }
  }

  private hear(type: number, text: string): void {
    const { options } = this;
    if (type === ALERT) this.refuse('insecure', `the peer refuses: ${text}`);
    else if (options.role === 'client') this.judge(options, text);
    else if (type === HANDSHAKE) this.present(options, text);
    else this.settle();
  }

  /** The server answers with its certificate. */
  private present(options: SecureServer, serverName: string): void {
    this.serverName = serverName;
    const certificate = options.certificateFor(serverName);
    if (certificate) this.end.write(recordOf(HANDSHAKE, certificate.chain));
    else this.alert('no certificate for that name');
  }

  /** Half a round trip later the client has judged it. */
  private judge(options: SecureClient, chain: string): void {
    this.serverName = options.serverName;
    const fault = judge(options, chain);
    if (fault !== undefined) {
      this.alert(fault);
      return;
    }
    this.end.write(recordOf(FINISHED, ''));
    this.settle();
  }

  private alert(fault: string): void {
    this.end.write(recordOf(ALERT, fault));
    this.fail('insecure', fault);
    this.end.end();
  }

  private settle(): void {
    this.over = true;
    this.stop();
    this.end.quiet = false;
    this.onDone(this.serverName);
    this.end.detach(this.input);
    this.done.resolve(this.end);
  }

  private refuse(kind: Refusal, why: string): void {
    if (this.over) return;
    this.fail(kind, why);
    this.end.destroy();
  }

  private fail(kind: Refusal, why: string): void {
    this.over = true;
    this.stop();
    const whom = endpointText(this.end.remote);
    this.done.reject(new NetworkError(kind, `TLS with ${whom}: ${why}`));
  }
}

/** Puts simulated TLS on an end of a connection. */
export function secure(
  fabric: Fabric,
  connection: Connection,
  options: SecureOptions,
): Promise<Connection> {
  if (!(connection instanceof SimConnection)) {
    throw new UsageError('only a connection of this network can be made secure');
  }
  const { machine, local, remote } = connection;
  const handshake = new Handshake(fabric, connection, options, (serverName) => {
    if (!fabric.recorder.on) return;
    const text = `TLS for ${serverName}, simulated: what follows is shown in clear`;
    fabric.record(machine, 'note', 'tcp', local, remote, { text });
  });
  return handshake.done.promise;
}

/** What is wrong with a certificate in a client's eyes, or undefined. */
function judge(options: SecureClient, chain: string): string | undefined {
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
