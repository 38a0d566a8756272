/** The limits and waits of a relay, each with its reason. */
import type { RelayLimits, RetrySchedule } from './types.ts';

const MINUTE = 60_000;
const HOUR: number = 60 * MINUTE;

/**
 * RFC 5321 §4.5.4.1: a first retry soon, as greylisting wants, then further and further apart; the RFC's four to five days
 * in all. A sender hears of a delay after half a working day.
 */
export const RETRY_SCHEDULE: RetrySchedule = {
  firstMs: 5 * MINUTE,
  growth: 2,
  mostMs: 2 * HOUR,
  delayNoticeMs: 4 * HOUR,
  expiryMs: 5 * 24 * HOUR,
};

/** The share by which a wait is drawn shorter or longer, so that what failed together is not tried together. */
export const RETRY_JITTER = 0.2;

export const RELAY_LIMITS: RelayLimits = {
  // Postfix's number: what a large host stands, and a small one answers with 421.
  perDestination: 20,
  // Also Postfix's: each is a socket and a message of up to some hundred kB under way.
  connections: 100,
  // A server that is asked for more begins to wonder; others may want its place.
  messagesPerConnection: 100,
  // RFC 5321 §4.5.3.1.8: what every server must take.
  recipientsPerMessage: 100,
  // Some 1 kB of memory each.
  queue: 100_000,
  // RFC 5321 §6.3: at least 100, since real ways can be long.
  hops: 100,
};

/** A connection without work: the next message often comes within a moment, and a server's places are few. */
export const CONNECTION_IDLE_MS = 2_000;

/** Addresses tried in one attempt: RFC 5321 §5.1 asks for two at least; five hosts that are silent cost minutes already. */
export const ADDRESSES_LIMIT = 5;

/** How long a host that did not answer is left alone, so that a queue full of mail for it does not wait on it one by one. */
export const DEAD_HOST_MS: number = MINUTE;
/** Hosts so remembered. */
export const DEAD_HOSTS_LIMIT = 1_000;

/** A host that is up answers a SYN in seconds; the others of the list wait. */
export const RELAY_CONNECT_TIMEOUT_MS = 30_000;

/** After a start all that waits is tried within this time: soon, and not all at once. */
export const OPEN_SPREAD_MS = 10_000;

/** What is under way at the end: a letter takes a second; who closes does not want to wait for a silent host. */
export const CLOSE_GRACE_MS = 3_000;

/** A header that is looked at; what is longer is refused. People's are some kB, those of long threads some ten. */
export const HEADER_LIMIT: number = 512 * 1024;

/** A whole message in a failure notice where it is asked for; beyond it the header alone (RFC 3461 §6.2). */
export const RETURN_FULL_LIMIT: number = 1024 * 1024;
/** The same where nothing is asked for: enough for any letter, not for its pictures. */
export const RETURN_LIMIT: number = 64 * 1024;
/** A header in a notice. */
export const RETURN_HEADER_LIMIT: number = 64 * 1024;

/** Attempts whose replies are kept for each recipient. */
export const REPLIES_KEPT = 10;

/** Characters of a reply that are kept: what RFC 5321 §4.5.3.1.5 allows a line, twice. */
export const REPLY_TEXT_KEPT = 1_000;

/** Steps kept for the dashboard: an hour of a busy class. */
export const EVENTS_LIMIT = 5_000;

/** Members of a list, and aliases behind aliases. */
export const EXPANSION_LIMIT = 1_000;
export const EXPANSION_DEPTH = 10;

/** Mailboxes behind all recipients of one message: ten lists of the largest size. */
export const TARGETS_LIMIT = 10_000;

/** An answer of the DNS that a client in the dialogue is kept waiting for; later ones are for the queue. */
export const QUICK_LOOKUP_MS = 1_000;

/** Accounts that are looked through for a name like a misspelt one, and names that are told. */
export const NEAREST_SCAN_LIMIT = 5_000;
export const NEAREST_TOLD = 3;

/** Greylisting: longer than a program that never retries lives, shorter than any queue's first retry. */
export const GREYLIST_DELAY_MS: number = MINUTE;
/** RFC 6647: who has retried is known for a week or more. */
export const GREYLIST_KEEP_MS: number = 7 * 24 * HOUR;
/** Triples remembered, some 200 bytes each. */
export const GREYLIST_LIMIT = 100_000;

/** Clients whose rate is watched. */
export const RATE_CLIENTS_LIMIT = 10_000;
