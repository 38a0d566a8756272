/** What all conversations of one server have in common. */
import type { Host, SecureServer } from '../net/index.ts';
import type { Mechanism } from '../sasl/index.ts';
import type { Pop3Store } from './store.ts';

export interface ServerShared {
  readonly host: Host;
  readonly store: Pop3Store;
  readonly hostname: string;
  /** What is offered on a connection that is secure, or is not. */
  readonly mechanisms: (isSecure: boolean) => readonly Mechanism[];
  /** Whether USER and PASS may be said. */
  readonly plaintext: (isSecure: boolean) => boolean;
  readonly apop: (isSecure: boolean) => boolean;
  readonly disguise: Uint8Array;
  /** For STLS. */
  readonly certificates: Pick<SecureServer, 'certificateFor'> | undefined;
  readonly errorsLimit: number;
  readonly timeouts: ServerTimeouts;
  /** Told of errors of the store; the client only hears that there was one. */
  readonly report: (error: unknown) => void;
}

export interface ServerTimeouts {
  /** For the next command, and for a client that does not read. */
  readonly idleMs: number;
  /** For the store's answer. */
  readonly storeMs: number;
  /** Until a failed attempt to sign in is answered. */
  readonly failureDelayMs: number;
}
