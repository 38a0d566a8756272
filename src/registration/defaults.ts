/** The defaults of registration, each with its reason. */

const DAY_MS = 86_400_000;

/** RFC 5731 §2.5 leaves the periods to the registry; all generic top-level domains sell 1 to 10 years. */
export const LEAST_YEARS = 1;
export const MOST_YEARS = 10;

/** How long a domain is in each state that passes by itself. */
export interface Periods {
  /** A name deleted so soon after its registration is free at once: it was a slip. */
  readonly addGraceMs: number;
  /** After its expiry a name is on hold, and can still be renewed. */
  readonly expiredMs: number;
  /** After that, or after a delete, it can be restored (RFC 3915 §2). */
  readonly redemptionMs: number;
  /** And then nothing can be done but wait until it is free. */
  readonly pendingDeleteMs: number;
}

/** What the registries of generic top-level domains do: 5, 30, 30 and 5 days. */
export const PERIODS: Periods = {
  addGraceMs: 5 * DAY_MS,
  expiredMs: 30 * DAY_MS,
  redemptionMs: 30 * DAY_MS,
  pendingDeleteMs: 5 * DAY_MS,
};

/** Thirteen servers with their addresses fit into a referral of 512 octets (RFC 1035 §4.2.1). */
export const NAME_SERVERS = 13;
export const ADDRESSES = 13;

/** A new name server is seen within a minute where com, with more names, makes people wait two days. */
export const DELEGATION_TTL = 60;

/** Zones that a registrar serves for its customers: they change their minds. */
export const HOSTED_TTL = 60;

/** Names of people and organisations are shorter. */
export const TEXT_LIMIT = 255;

/** RFC 5321 §4.5.3.1: a local part of 64 octets, an @, and a domain of 255, less what a path needs. */
export const EMAIL_LIMIT = 254;

/** A command with 13 name servers has 4 kB. */
export const COMMAND_LIMIT: number = 64 * 1024;

/** An answer to `list` at a classroom's registrar; a million names would not be shown on a page. */
export const ANSWER_LIMIT: number = 64 * 1024 * 1024;

/** Domains shown on one page of the registrar. */
export const PAGE_DOMAINS = 200;

/** A timer that every platform can keep: browsers and Node count milliseconds in 31 bits. */
export const LONGEST_TIMER_MS: number = 20 * DAY_MS;

/** A registry answers in milliseconds; its registrar gives up before the customer does, and can say why. */
export const REGISTRY_TIMEOUT_MS = 10_000;

/** Names in one registry: its zone is written anew with each change, and more would take a second. */
export const REGISTRY_DOMAINS = 100_000;

/** Changes that wait for the one under way; a registrar that sends more gets a no, and asks again. */
export const CHANGES_WAITING = 1_000;
