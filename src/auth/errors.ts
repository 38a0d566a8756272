/** What a client did wrong in its credentials. */
import { ProtocolError } from '../lib/errors.ts';

/** A 400: parameters that are missing or improper (RFC 7616 §3.4). */
export function badCredentials(message: string, spec: string): ProtocolError {
  return new ProtocolError('AUTH_BAD_CREDENTIALS', message, { spec, reply: 400 });
}
