/** What a client is told to do, and what it tells. */
import type { SecureClient } from '../net/index.ts';
import type { Observe } from './client-channel.ts';
import type { Mailbox, MailOptions, RecipientOptions, Reply, ReversePath } from './types.ts';

/** `opportunistic` takes what TLS it can get (RFC 7435); `starttls` gives up without; `implicit` begins with it (RFC 8314). */
export type Security = 'none' | 'opportunistic' | 'starttls' | 'implicit';

export interface ClientTimeouts {
  readonly connectMs: number;
  readonly greetingMs: number;
  readonly replyMs: number;
  readonly dataStartMs: number;
  readonly dataBlockMs: number;
  readonly dataEndMs: number;
}

export interface SmtpClientOptions extends Partial<ClientTimeouts> {
  /** What we call ourselves; default: the host's name. */
  readonly hello?: string;
  /** Default: none. */
  readonly security?: Security;
  /** Whose certificate it must be, and who may vouch for it. */
  readonly tls?: Partial<Pick<SecureClient, 'serverName' | 'authorities' | 'verify'>>;
  readonly signal?: AbortSignal;
  readonly observe?: Observe;
}

export interface Envelope {
  readonly from: ReversePath;
  readonly to: readonly EnvelopeRecipient[];
  /** SIZE is said by itself where it is known. */
  readonly options?: MailOptions;
}

export interface EnvelopeRecipient {
  readonly path: Mailbox;
  readonly options?: RecipientOptions;
}

/** Lines that end with CR LF. A text is sent as UTF-8. */
export type MessageSource = string | Uint8Array | AsyncIterable<Uint8Array>;

export interface SendOptions {
  /** Send in chunks (BDAT) where it is offered. Default: DATA. */
  readonly chunks?: boolean;
}

export interface RefusedRecipient {
  readonly path: Mailbox;
  readonly reply: Reply;
}

/** The server has taken the message, for some recipients at least. */
export interface SendResult {
  readonly reply: Reply;
  readonly accepted: readonly Mailbox[];
  readonly refused: readonly RefusedRecipient[];
}
