/** The limits of the demonstration sites, each with its reason. */

/** A form of ours has a handful of short fields. */
export const FORM_LIMIT = 8_192;

/** Goods remembered as looked at: enough for a recommendation, and they fit into an entry. */
export const LOOKED_LIMIT = 40;

/** Of one good in a basket. */
export const MOST_OF_ONE = 99;

/** Visitors whose history a recommendation is made from: the latest ones say most. */
export const HISTORY_LIMIT = 500;

/** Goods recommended at once: a row of the page. */
export const RECOMMENDED = 3;

/** A visit this long ago is greeted as one of another day. */
export const WELCOME_BACK_MS: number = 12 * 3_600_000;

/** Pages that the advertiser remembers of one visitor. */
export const PROFILE_LIMIT = 100;

/** Longer addresses of pages are cut off. */
export const PAGE_URL_LIMIT = 300;

/** Rounds of PBKDF2: what a page's script computes in a tenth of a second (RFC 7677 §4 asks for 4096). */
export const PROOF_ITERATIONS = 4_096;

/** Who has proved the password has so long to type the code. */
export const CODE_WAIT_MS = 300_000;
