/** The limits and time-outs of WHOIS, each with its reason. */

/** RFC 3912 §2. */
export const WHOIS_PORT = 43;

/** A name has 253 characters at most; a flag and a keyword come before it. */
export const QUERY_LIMIT = 512;

/** Real answers have 2 to 10 kB; a list may be longer. */
export const ANSWER_LIMIT: number = 1024 * 1024;

/** A person who types a query by hand needs a while. */
export const QUERY_TIMEOUT_MS = 60_000;

/** A registry that says nothing for so long has a problem. */
export const ANSWER_TIMEOUT_MS = 10_000;

/** Queries under way at a time; more are closed at once. */
export const WHOIS_CONNECTIONS = 1_000;

/** Root, registry, registrar: a longer chain leads in a circle. */
export const REFERRALS = 4;
