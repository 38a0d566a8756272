/** What all conversations of one server have in common. */
import type { Host, SecureServer } from '../net/index.ts';
import type { Mechanism, SaslUsers } from '../sasl/index.ts';
import type { SessionRules } from './machine/session.ts';
import type { MailBackend } from './types.ts';

export interface ServerShared {
  readonly host: Host;
  readonly backend: MailBackend;
  readonly rules: SessionRules;
  readonly users: SaslUsers | undefined;
  /** What is offered on a connection that is secure, or is not. */
  readonly mechanisms: (isSecure: boolean) => readonly Mechanism[];
  readonly disguise: Uint8Array;
  readonly certificates: Pick<SecureServer, 'certificateFor'> | undefined;
  readonly timeouts: ServerTimeouts;
  /** Told of errors of the backend; the client only hears that there was one. */
  readonly report: (error: unknown) => void;
}

export interface ServerTimeouts {
  /** For a command, and for the next part of a message. */
  readonly commandMs: number;
  /** For a whole message. */
  readonly transferMs: number;
  /** For the backend's answer. */
  readonly backendMs: number;
  /** Before a failed attempt to sign in is answered; doubled with each. */
  readonly authDelayMs: number;
}
