/** What the system says no with, in the network's terms. */
import { NetworkError, type NetworkErrorKind } from '../../lib/errors.ts';

const KINDS: Readonly<Record<string, NetworkErrorKind>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  ETIMEDOUT: 'timeout',
  EADDRINUSE: 'in-use',
  EACCES: 'not-permitted',
  EPERM: 'not-permitted',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ENETDOWN: 'unreachable',
  EMSGSIZE: 'too-large',
};

const SENTENCES: Partial<Record<NetworkErrorKind, string>> = {
  refused: 'nobody listens there',
  reset: 'the peer reset the connection',
  timeout: 'no answer in time',
  'in-use': 'the port is in use',
  'not-permitted': 'the system does not permit it',
  unreachable: 'there is no such host or address',
};

/** The error for `cause`, told as `what: reason`. One of ours passes as it is. */
export function networkError(what: string, cause: unknown): NetworkError {
  if (cause instanceof NetworkError) return cause;
  const kind = errorKind(cause);
  const reason = SENTENCES[kind] ?? (cause instanceof Error ? cause.message : String(cause));
  return new NetworkError(kind, `${what}: ${reason}`, { cause });
}

/** What the system's error is to the network. */
export function errorKind(cause: unknown): NetworkErrorKind {
  return KINDS[errno(cause)] ?? 'closed';
}

/** The name of the system's error, as ECONNRESET, or ''. */
export function errno(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
