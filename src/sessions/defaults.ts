/** The limits of sessions, each with its reason. */

/** 30 days without a visit: a greeting after a week works, and a database does not fill with strangers. */
export const IDLE_MS: number = 30 * 86_400_000;

/** However often somebody comes: after a year a new identifier (browsers cut at 400 days anyway). */
export const LIFETIME_MS: number = 365 * 86_400_000;

/** "Seen" is written again after this time only: reading a page should not cost a write. */
export const TOUCH_MS = 60_000;

/** One entry as JSON: a basket and some history. More would slow every request of that visitor. */
export const DATA_LIMIT: number = 16 * 1024;

/** Entries kept; strangers that come without cookies can make as many as they like. */
export const ENTRIES_LIMIT = 20_000;

/** Old entries are looked for once in so many new ones. */
export const PRUNE_EVERY = 100;

/** 128 bits: nobody guesses one (RFC 6265 §7.1 and OWASP ask for at least 64). */
export const ID_BYTES = 16;
