/** The limits of a mail host's API, each with its reason. */

/** A test that waits longer has failed. */
export const WAIT_LIMIT_MS: number = 10 * 60_000;

/** When nobody says how long: as long as test runners wait by themselves. */
export const WAIT_DEFAULT_MS = 5_000;

/** Messages of one answer; there is `before` for more. */
export const LISTED = 100;
export const LISTED_LIMIT = 1_000;

/** Bytes of a request: a message to submit with its attachments. */
export const REQUEST_LIMIT: number = 32 * 1024 * 1024;

/** Characters of a text that an answer shows. */
export const TEXT_SHOWN = 100_000;

/** Rules of failures at a time. */
export const RULES_LIMIT = 100;
