/** The limits of JMAP, each with its reason. */

/** What a server lets a client do; RFC 8620 §2 suggests the least of each. */
export interface JmapLimits {
  /** Bytes of one upload. */
  readonly maxSizeUpload: number;
  readonly maxConcurrentUpload: number;
  /** Bytes of one request. */
  readonly maxSizeRequest: number;
  readonly maxConcurrentRequests: number;
  readonly maxCallsInRequest: number;
  readonly maxObjectsInGet: number;
  readonly maxObjectsInSet: number;
}

/** The suggested minimums, and a little above where it costs nothing. */
export const JMAP_LIMITS: JmapLimits = {
  maxSizeUpload: 50_000_000,
  maxConcurrentUpload: 4,
  maxSizeRequest: 10_000_000,
  maxConcurrentRequests: 8,
  maxCallsInRequest: 32,
  maxObjectsInGet: 1_000,
  maxObjectsInSet: 1_000,
};

/** Objects and lists within each other: no request of any method needs ten. */
export const JSON_DEPTH = 60;

/** Operators within each other in a filter. */
export const FILTER_DEPTH = 10;

/** Conditions of one filter: each may look through all messages. */
export const FILTER_CONDITIONS = 50;

/** Ids that one query gives at most; a client asks for the next ones. */
export const QUERY_LIMIT = 10_000;

/** Lists of results that are kept of an account, so that paging sorts once. */
export const KEPT_QUERIES = 8;

/** Folder lists that are remembered of an account, so that Mailbox/changes can tell them apart. */
export const KEPT_FOLDER_LISTS = 32;

/** Uploads of one account that wait to be used, in bytes: two messages of the largest size. */
export const UPLOADS_BYTES: number = 100 * 1024 * 1024;

/** Of all accounts together. */
export const ALL_UPLOADS_BYTES: number = 400 * 1024 * 1024;

/** An upload that nobody used is kept so long (RFC 8620 §6: an hour at least). */
export const UPLOAD_KEPT_MS: number = 60 * 60_000;

/** Attachments of one message before they are encoded: base64 makes a third more of them. */
export const ATTACHMENTS_BYTES: number = 35 * 1024 * 1024;

/** Recipients of one message, as submission has them (RFC 5321 §4.5.3.1.8). */
export const RECIPIENTS_LIMIT = 1_000;

/** Submissions of an account that are remembered; a client asks right after sending. */
export const KEPT_SUBMISSIONS = 200;

/** Bytes of a whole snippet (RFC 8621 §5). */
export const SNIPPET_BYTES = 255;

/** Characters before a match that a snippet shows. */
export const SNIPPET_BEFORE = 40;

/** Changes that come within this time are told together. */
export const PUSH_DELAY_MS = 50;

/** Streams of events of one account: a page each; the oldest one is ended for a new one. */
export const EVENT_SOURCES = 16;

/** Seconds between pings: clients may ask for others between these (RFC 8620 §7.3). */
export const PING_LEAST_S = 5;
export const PING_MOST_S = 900;

/** A page that nobody used for a week signs in again. */
export const SESSION_IDLE_MS: number = 7 * 86_400_000;

/** Bytes of a sign-in: a name and a password. */
export const SIGN_IN_BYTES = 4_096;

/** Names that the sign-in page offers, where it does. */
export const OFFERED_ACCOUNTS = 100;

/** Levels and characters of folders, as the store has them. */
export const MAILBOX_DEPTH = 20;
export const MAILBOX_NAME_BYTES = 255;

/** Parts of the tree of a message that are described. */
export const STRUCTURE_PARTS = 500;

/** Bytes of messages that one call reads: what an answer may cost in memory. */
export const GET_BYTES: number = 256 * 1024 * 1024;
