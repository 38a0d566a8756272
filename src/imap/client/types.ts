/** What a client is told to do, and what it tells. */
import type { SecureClient } from '../../net/index.ts';
import type { NumberRange } from '../types.ts';
import type { FetchedMessage } from '../wire/fetch-response.ts';

/** `starttls` gives up without TLS; `implicit` begins with it (RFC 8314). */
export type Security = 'none' | 'starttls' | 'implicit';

/** Told of each line as it is said; of long literals only the size. */
export type Observe = (who: 'C' | 'S', line: string) => void;

export interface ClientTimeouts {
  readonly connectMs: number;
  readonly greetingMs: number;
  readonly replyMs: number;
}

export interface ImapClientOptions extends Partial<ClientTimeouts> {
  /** Default: none. */
  readonly security?: Security;
  /** Whose certificate it must be, and who may vouch for it. */
  readonly tls?: Partial<Pick<SecureClient, 'serverName' | 'authorities' | 'verify'>>;
  readonly signal?: AbortSignal;
  readonly observe?: Observe;
  /** Octets of one response: of a message that is fetched whole. */
  readonly responseLimit?: number;
  /** Told of what the server says unasked about the mailbox. */
  readonly onUpdate?: (update: MailboxUpdate) => void;
}

/** What has happened in the selected mailbox. */
export type MailboxUpdate =
  | { readonly type: 'exists' | 'recent'; readonly number: number }
  /** The messages above it have moved down by one. */
  | { readonly type: 'expunge'; readonly number: number }
  | { readonly type: 'vanished'; readonly uids: readonly NumberRange[] }
  | { readonly type: 'fetch'; readonly message: FetchedMessage }
  | { readonly type: 'flags'; readonly flags: readonly string[] };

/** The mailbox that is selected, kept up with what the server tells. */
export interface SelectedMailbox {
  readonly path: string;
  readonly readOnly: boolean;
  exists: number;
  recent: number;
  flags: readonly string[];
  permanentFlags: readonly string[];
  uidValidity: number;
  uidNext: number;
  /** Undefined: the server keeps no mod-sequences. */
  highestModSeq: number | undefined;
  /** The number of the first message that was not read, where it is told. */
  unseen: number | undefined;
}

/** What SELECT has told about the time since (RFC 7162 §3.2.5). */
export interface Resynchronised {
  readonly mailbox: SelectedMailbox;
  readonly vanished: readonly NumberRange[];
  readonly changed: readonly FetchedMessage[];
}
