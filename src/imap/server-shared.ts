/** What all conversations of one server have in common. */
import type { MailStore } from '../mail/index.ts';
import type { Host, SecureServer } from '../net/index.ts';
import type { Mechanism, SaslUsers } from '../sasl/index.ts';

export interface ServerRules {
  readonly hostname: string;
  /** STARTTLS can be asked for. */
  readonly startTls: boolean;
  /** Passwords may be said in clear. */
  readonly plaintext: boolean;
  readonly compress: boolean;
  readonly appendLimit: number;
  readonly errorsLimit: number;
}

export interface ServerTimeouts {
  /** Nothing is said by who has signed in, and by who has not. */
  readonly autologoutMs: number;
  readonly loginMs: number;
  /** For the rest of a command that has begun, and for a client that does not read. */
  readonly transferMs: number;
  readonly commandMs: number;
  readonly sendMs: number;
  /** Before a failed sign-in is answered. */
  readonly authDelayMs: number;
}

export interface ServerShared {
  readonly host: Host;
  readonly store: MailStore;
  readonly users: SaslUsers;
  /** What is offered on a connection that is secure, or is not. */
  readonly mechanisms: (isSecure: boolean) => readonly Mechanism[];
  readonly disguise: Uint8Array;
  readonly certificates: Pick<SecureServer, 'certificateFor'> | undefined;
  readonly rules: ServerRules;
  readonly timeouts: ServerTimeouts;
  /** Told of errors of the store; the client only hears that there was one. */
  readonly report: (error: unknown) => void;
}
