/** A whole mail host: what it is told, and what it can be asked. */
import type { AccountInit, MailTables, MessageEntry } from '../mail/index.ts';
import type { Files, SecureServer } from '../net/index.ts';
import type { QueueTables, RateLimitOptions, RelayOptions } from '../relay/index.ts';

/** The doors of a mail host, each on a port of its own. */
export type MailDoor =
  | 'smtp'
  | 'submission'
  | 'submissions'
  | 'pop3'
  | 'pop3s'
  | 'imap'
  | 'imaps'
  | 'webmail';

type Routing = Pick<
  RelayOptions,
  | 'lookup'
  | 'domains'
  | 'hostname'
  | 'ownNames'
  | 'aliases'
  | 'smarthost'
  | 'relayFrom'
  | 'security'
  | 'tls'
  | 'port'
  | 'schedule'
  | 'limits'
  | 'paused'
  | 'onEvent'
  | 'onError'
>;

export interface MailHostOptions extends Routing {
  /** Written in the same commits: one file, or the same memory. */
  readonly mail: MailTables;
  readonly queue: QueueTables;
  /** Accounts that must be there; those that are already stay as they are. */
  readonly accounts?: readonly AccountInit[];
  /** Certificates: STARTTLS is offered, and the doors that begin with TLS can be opened. */
  readonly secure?: Pick<SecureServer, 'certificateFor'>;
  /** Passwords may be said without TLS: for the class. */
  readonly plaintext?: boolean;
  /** Addresses without an account get one when mail comes for them: those of the domains, or all that there are. Default: none. */
  readonly catchAll?: 'nothing' | 'domains' | 'everything';
  /** Of clients that have not signed in: by their address. */
  readonly rate?: RateLimitOptions;
  /** Who comes for the first time is asked to come again after this (RFC 6647). */
  readonly greylistMs?: number;
  /** Sessions of each door at a time; more are told to come later. */
  readonly sessionsLimit?: number;
  /** Bytes of one message. */
  readonly sizeLimit?: number;
  /** The built pages of the webmail. */
  readonly page?: Files;
}

/** What makes a message the one that is meant: all that is said must hold. Texts are parts, without case. */
export interface MessageQuery {
  /** Whose folders are looked through; default: everybody's. */
  readonly account?: string;
  readonly folder?: string;
  /** Without its brackets, whole. */
  readonly messageId?: string;
  readonly from?: string;
  /** In To or Cc. */
  readonly to?: string;
  readonly subject?: string;
  /** In its texts, decoded. */
  readonly text?: string;
  /** A field of its header: `X-Order: 17`. */
  readonly header?: string;
  /** Milliseconds since 1970: received then or later. */
  readonly since?: number;
}

/** A message that was found. */
export interface FoundMessage {
  readonly account: string;
  readonly folder: string;
  readonly entry: MessageEntry;
}
