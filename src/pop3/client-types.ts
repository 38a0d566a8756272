/** What a client is told to do, and what it tells. */
import type { SecureClient } from '../net/index.ts';
import type { Observe } from './client-channel.ts';

/** `opportunistic` takes what TLS it can get (RFC 7435); `starttls` gives up without; `implicit` begins with it (RFC 8314). */
export type Security = 'none' | 'opportunistic' | 'starttls' | 'implicit';

export interface ClientTimeouts {
  readonly connectMs: number;
  readonly greetingMs: number;
  readonly replyMs: number;
  /** For the next part of a message. */
  readonly blockMs: number;
}

export interface Pop3ClientOptions extends Partial<ClientTimeouts> {
  /** Default: none. */
  readonly security?: Security;
  /** Whose certificate it must be, and who may vouch for it. */
  readonly tls?: Partial<Pick<SecureClient, 'serverName' | 'authorities' | 'verify'>>;
  readonly signal?: AbortSignal;
  readonly observe?: Observe;
}

export interface LoginOptions {
  /** Say the password without TLS too. */
  readonly plaintext?: boolean;
  /** Default: the best that both sides know. */
  readonly by?: 'sasl' | 'apop' | 'user';
}

export interface Stat {
  readonly count: number;
  readonly size: number;
}

export interface UniqueId {
  readonly number: number;
  readonly uid: string;
}

export interface DownloadOptions {
  readonly mode: 'keep' | 'delete';
  /**
   * What was fetched in earlier sessions, by UIDL: not fetched again, but in mode `delete` deleted.
   * Each message that was taken is added, and what the server has no more is removed.
   */
  readonly seen?: Set<string>;
  /** Bytes of one message. */
  readonly limit?: number;
  /** Ask for several at once where that is offered. Default: yes. */
  readonly pipeline?: boolean;
}

export interface Downloaded {
  readonly number: number;
  /** Undefined where `seen` was not given. */
  readonly uid: string | undefined;
  readonly bytes: Uint8Array;
}
