/** SASL (RFC 4422): who is it, in challenges and responses that SMTP, POP3 and IMAP carry alike. */
import type { ScramKeys } from '../auth/index.ts';

export type Mechanism = 'SCRAM-SHA-256' | 'CRAM-MD5' | 'PLAIN' | 'LOGIN';

type Maybe<T> = T | undefined | Promise<T | undefined>;

/** What a server knows of its users. What is left out rules a mechanism out. */
export interface SaslUsers {
  /** PLAIN and LOGIN: whether this is the password. */
  verify?(user: string, password: string): boolean | Promise<boolean>;
  /** SCRAM-SHA-256: what is kept of the password. */
  scramKeys?(user: string): Maybe<ScramKeys>;
  /** CRAM-MD5: the password itself, which a server had better not keep. */
  password?(user: string): Maybe<string>;
}

/** What a server's side of an exchange needs beside the users. */
export interface SaslSetting {
  readonly users: SaslUsers;
  /** The server's own name. */
  readonly hostname: string;
  /** Random bytes. */
  readonly luck: (length: number) => Uint8Array;
  /** The same for all exchanges of a server: users that are none are answered as if they were. */
  readonly disguise: Uint8Array;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export type SaslStep =
  | { readonly type: 'challenge'; readonly bytes: Uint8Array }
  | { readonly type: 'success'; readonly user: string }
  /** `malformed`: the response broke the form of its mechanism; else it was wrong. */
  | { readonly type: 'failure'; readonly reason: string; readonly malformed?: true };

/** A server's side of one exchange. */
export interface SaslServer {
  /** The client begins, so that an initial response is welcome (RFC 4422 §5). */
  readonly clientFirst: boolean;
  /** Undefined begins without an initial response. */
  step(response: Uint8Array | undefined): SaslStep | Promise<SaslStep>;
}

export interface SaslCredentials {
  readonly user: string;
  readonly password: string;
}

/** A client's side of one exchange. */
export interface SaslClient {
  readonly mechanism: Mechanism;
  /** What may be sent with the command; undefined where the server begins. */
  readonly initial: Uint8Array | undefined;
  /** Answers a challenge. Throws ProtocolError: the exchange must be given up. */
  respond(challenge: Uint8Array): Uint8Array;
  /** The server has said yes. Throws ProtocolError when it has not proved what it should. */
  finish(): void;
}
