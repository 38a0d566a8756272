/** The limits of signing in, each with its reason. */

/** Parameters of one field; Digest has thirteen. */
export const PARAMS_LIMIT = 32;

/** Challenges of one answer that a client looks at. */
export const CHALLENGES_LIMIT = 8;

/** A nonce is good for five minutes: a page's worth of requests; then the client is given a new one unasked. */
export const NONCE_LIFETIME_MS = 300_000;

/** Nonces whose counts are remembered against replay; a forgotten one is stale, never trusted. */
export const NONCE_LIMIT = 10_000;

/** How far behind the highest count a request may come: browsers send six at a time. */
export const COUNT_WINDOW = 32;

/** Bodies of `auth-int` are held in memory until they are proved. */
export const BODY_LIMIT: number = 1024 * 1024;

/** Failures before somebody has to wait: room for typing errors, none for guessing. */
export const ATTEMPTS = 5;

/** How long failures count, and how long the wait is. */
export const ATTEMPTS_WINDOW_MS = 60_000;

/** Names and addresses whose failures are remembered. */
export const ATTEMPTS_REMEMBERED = 10_000;

/** Seconds of one TOTP step, and digits of a code: what every authenticator assumes (RFC 6238 §5.2). */
export const TOTP_PERIOD = 30;
export const TOTP_DIGITS = 6;

/** Steps before and after now: clocks differ, and people type slowly (RFC 6238 §5.2 recommends one). */
export const TOTP_WINDOW = 1;

/** Codes ahead that HOTP looks for, when a button was pressed in vain (RFC 4226 §7.4). */
export const HOTP_LOOK_AHEAD = 10;

/** scrypt with 8 MiB: about 50 ms here in JavaScript, since a server does nothing else meanwhile. */
export const SCRYPT_COST = 13;

/** Costs that are accepted from storage; above, a stored line could stop the server. */
export const SCRYPT_COST_LIMIT = 15;

/** Longer ones are an attack on whoever hashes them. */
export const PASSWORD_LIMIT = 1024;

/** What a sealed value may hold, so that it fits into a cookie. */
export const SEALED_LIMIT = 3072;

/** Keys kept for what older ones sealed. */
export const KEYS_LIMIT = 16;
