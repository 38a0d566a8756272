/** TLS on the machine's sockets, by the platform's own implementation. */
import { isIP } from 'node:net';
import {
  createSecureContext,
  type SecureContext,
  TLSSocket,
  connect as tlsConnect,
} from 'node:tls';
import { deferred } from '../../lib/deferred.ts';
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
import { RealConnection } from './connection.ts';
import { errno, networkError } from './errors.ts';
import { type Machine, record } from './machine.ts';

export async function secure(
  machine: Machine,
  connection: Connection,
  options: SecureOptions,
): Promise<Connection> {
  if (!(connection instanceof RealConnection)) {
    throw new UsageError('only a connection of this network can be made secure');
  }
  const { local, remote } = connection;
  const { socket, released } = connection.release();
  const tls = options.role === 'client' ? clientSide(socket, options) : serverSide(socket, options);
  try {
    await handshake(machine, tls, options);
  } catch (cause) {
    tls.on('error', () => {});
    tls.destroy();
    released();
    if (machine.trace.on) record(machine, 'close', 'tcp', local, remote, { text: 'insecure' });
    throw refusal(cause, options, endpointText(remote));
  }
  if (machine.trace.on) {
    record(machine, 'note', 'tcp', local, remote, { text: summary(tls, options) });
  }
  tls.on('_tlsError', (error: Error) => tls.destroy(error));
  return new RealConnection(machine, tls, local, remote, released);
}

function clientSide(socket: RealSocket, options: SecureClient): TLSSocket {
  const { serverName, authorities, verify = true } = options;
  return tlsConnect({
    socket,
    host: serverName,
    // An address is no name to ask for (RFC 6066 §3), but it may stand in a certificate.
    ...(isIP(serverName) === 0 && { servername: serverName }),
    ...(authorities && { ca: [...authorities] }),
    rejectUnauthorized: verify,
    ...(options.protocols && { ALPNProtocols: [...options.protocols] }),
  });
}

type RealSocket = ReturnType<RealConnection['release']>['socket'];

function serverSide(socket: RealSocket, options: SecureServer): TLSSocket {
  const nameless = options.certificateFor(undefined);
  return new TLSSocket(socket, {
    isServer: true,
    ...(nameless && { secureContext: contextOf(nameless) }),
    ...(options.protocols && { ALPNProtocols: [...options.protocols] }),
    SNICallback: (name, choose) => {
      const certificate = options.certificateFor(name);
      if (certificate) choose(null, contextOf(certificate));
      else choose(new Error(`no certificate for ${name}`));
    },
  });
}

const contexts = new WeakMap<Certificate, SecureContext>();

function contextOf(certificate: Certificate): SecureContext {
  const known = contexts.get(certificate);
  if (known) return known;
  const made = createSecureContext({ cert: certificate.chain, key: certificate.key });
  contexts.set(certificate, made);
  return made;
}

async function handshake(machine: Machine, tls: TLSSocket, options: SecureOptions): Promise<void> {
  const done = deferred<void>();
  const fail = (kind: 'timeout' | 'aborted' | 'closed', why: string): void =>
    done.reject(new NetworkError(kind, `TLS: ${why}`));
  const { timeoutMs: ms = SECURE_TIMEOUT_MS } = options;
  const timer = machine.clock.setTimer(ms, () => fail('timeout', `no handshake within ${ms} ms`));
  const signal = options.role === 'client' ? options.signal : undefined;
  const aborted = (): void => fail('aborted', 'aborted');
  const failed = (error: Error): void => done.reject(error);
  const closed = (): void => fail('closed', 'the peer closed the connection in the handshake');
  const stoppable = { stop: () => fail('closed', `host ${machine.name} is stopped`) };
  machine.live.add(stoppable);
  signal?.addEventListener('abort', aborted, { once: true });
  tls.once('error', failed);
  // Node tells faults of a server's side under this name alone.
  tls.once('_tlsError', failed);
  tls.once('close', closed);
  tls.once('end', closed);
  tls.once('secure', () => {
    // A client has verified, or was told not to, by the time it says so.
    if (options.role === 'server') done.resolve();
  });
  tls.once('secureConnect', () => done.resolve());
  try {
    await done.promise;
  } finally {
    timer.cancel();
    machine.live.delete(stoppable);
    signal?.removeEventListener('abort', aborted);
    tls.removeListener('error', failed);
    tls.removeListener('_tlsError', failed);
    tls.removeListener('close', closed);
    tls.removeListener('end', closed);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for other names',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate vouches for itself only',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is of an authority that is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate is of an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate is of an authority that is not trusted here',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet',
};

function refusal(cause: unknown, options: SecureOptions, peer: string): NetworkError {
  if (cause instanceof NetworkError) return cause;
  const whom = options.role === 'client' ? `TLS with ${options.serverName}` : `TLS with ${peer}`;
  const code = errno(cause);
  if (code === 'ECONNRESET' || code === 'EPIPE') return networkError(whom, cause);
  const reason = REASONS[code] ?? (cause instanceof Error ? openSslText(cause) : String(cause));
  return new NetworkError('insecure', `${whom}: ${reason}`, { cause });
}

/** OpenSSL's lines end with what a person can read: `...:SSL routines:fn:wrong version number:file`. */
function openSslText(error: Error): string {
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;
}

function summary(tls: TLSSocket, options: SecureOptions): string {
  const name = options.role === 'client' ? options.serverName : tls.servername || 'no name';
  return `${tls.getProtocol() ?? 'TLS'} for ${name}, ${tls.getCipher().name}: what follows is shown in clear`;
}
