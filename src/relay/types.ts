/** The queue of a mail relay, and what it needs of others. */
import type { Address } from '../lib/endpoint.ts';
import type {
  Account,
  Mailbox,
  MailOptions,
  RecipientOptions,
  ReversePath,
  SaslCredentials,
  Security,
  Staged,
  Staging,
} from './neighbours.ts';

export type {
  Account,
  Mailbox,
  MailOptions,
  Outcome,
  RecipientOptions,
  ReversePath,
  Staged,
  Staging,
} from './neighbours.ts';

/** `delivered` into a mailbox here, `relayed` to the next hop, `failed` for good. */
export type RecipientState = 'waiting' | 'held' | 'delivered' | 'relayed' | 'failed';

/** What came of one attempt. */
export interface Attempt {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly code: number;
  /** RFC 3463. */
  readonly enhanced: string | undefined;
  readonly text: string;
  /** Who said so; '' is this host. */
  readonly remote: string;
}

export interface QueuedRecipient {
  readonly path: Mailbox;
  readonly options: RecipientOptions;
  readonly state: RecipientState;
  readonly attempts: number;
  /** When it is tried next: milliseconds since 1970. */
  readonly next: number;
  /** The last ones, the newest at the end. */
  readonly replies: readonly Attempt[];
  /** The sender was told that it takes long. */
  readonly delayTold: boolean;
}

/** A message for which this host has taken responsibility (RFC 5321 §4.2.5). It never changes: a change makes another one. */
export interface QueuedMessage {
  readonly id: string;
  readonly from: ReversePath;
  readonly options: MailOptions;
  /** Milliseconds since 1970. */
  readonly received: number;
  /** Bytes. */
  readonly size: number;
  /** Its bytes in the mail store. */
  readonly content: number;
  /** `Received:` fields that it came with. */
  readonly hops: number;
  /** Without brackets. */
  readonly messageId: string | undefined;
  /** Octets above 127 are in it; in its header. */
  readonly eightBit: boolean;
  readonly wideHeader: boolean;
  readonly recipients: readonly QueuedRecipient[];
}

/** The rows of the queue, written inside a transaction of the mail store and kept with it. */
export interface QueueTables {
  /** All that is kept, the oldest first. */
  load(): readonly QueuedMessage[];
  put(message: QueuedMessage): void;
  change(id: string, position: number, recipient: QueuedRecipient): void;
  remove(id: string): void;
}

/** What the relay writes of mail, all in one commit. */
export interface RelayTransaction {
  /** A message of its own, which the caller holds. */
  content(staged: Staged, prefix?: Uint8Array): number;
  hold(content: number): void;
  release(content: number): void;
  deliver(
    content: number,
    account: Account,
    options?: { readonly received?: number; readonly prefix?: Uint8Array },
  ): void;
}

/** The part of the mail store that a relay stands on. */
export interface RelayStore {
  accounts(): readonly Account[];
  account(name: string): Account | undefined;
  accountFor(mailbox: Mailbox): Account | undefined;
  open(account: Account): {
    quota(): { readonly used: number; readonly limit: number | undefined };
  };
  stage(): Staging;
  stageBytes(bytes: Uint8Array): Staged;
  write<T>(work: (tx: RelayTransaction) => T): Promise<T>;
  contentPieces(content: number): Iterable<Uint8Array>;
}

export interface MxRecord {
  readonly preference: number;
  /** A host; '.' in a null MX (RFC 7505). */
  readonly exchange: string;
}

/** How a relay finds other hosts. Both throw DnsError: DNS_NXDOMAIN and DNS_NODATA are final, others pass. */
export interface RelayLookup {
  /** Empty where the domain exists and has none. */
  mx(domain: string): Promise<readonly MxRecord[]>;
  addresses(name: string): Promise<readonly Address[]>;
}

/** One host that takes all mail for elsewhere. */
export interface Smarthost {
  /** `relay.edu` is looked up as a domain, `[relay.edu]` and `[10.0.0.1]` are the host itself. */
  readonly host: string;
  readonly port?: number;
  readonly security?: Security;
  readonly credentials?: SaslCredentials;
  /** Signing in without TLS is allowed. */
  readonly plaintext?: boolean;
}

/** When what could not be delivered is tried again, and for how long. Milliseconds. */
export interface RetrySchedule {
  readonly firstMs: number;
  readonly growth: number;
  readonly mostMs: number;
  /** The sender hears of it after this. */
  readonly delayNoticeMs: number;
  readonly expiryMs: number;
}

export interface RelayLimits {
  /** Connections to one destination, and in all. */
  readonly perDestination: number;
  readonly connections: number;
  readonly messagesPerConnection: number;
  readonly recipientsPerMessage: number;
  /** Messages in the queue. */
  readonly queue: number;
  readonly hops: number;
}

export type RelayEventKind =
  | 'accepted'
  | 'delivered'
  | 'connecting'
  | 'sending'
  | 'sent'
  | 'deferred'
  | 'failed'
  | 'expired'
  | 'notified'
  | 'dropped'
  | 'held'
  | 'released'
  | 'removed';

/** One step on a message's way. Over several relays the steps are joined by `messageId`. */
export interface RelayEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly host: string;
  readonly id: string;
  readonly messageId: string | undefined;
  readonly kind: RelayEventKind;
  readonly recipient?: string;
  /** The next hop, and what it said. */
  readonly remote?: string;
  readonly reply?: string;
  /** Since the message was accepted here. */
  readonly delayMs: number;
}
