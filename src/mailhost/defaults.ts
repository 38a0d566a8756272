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

/** Mailboxes that are made by themselves: a test that sends to more is a flood. */
export const CAUGHT_LIMIT = 10_000;

/** By which they are read: of a server for tests it is no secret. */
export const CAUGHT_PASSWORD = 'test';
