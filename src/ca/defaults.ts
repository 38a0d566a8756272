/** The lifetimes and limits of the authority, each with its reason. */

const DAY_MS = 86_400_000;

/** An authority is trusted by hand, in every browser: seldom enough to be bearable. */
export const ROOT_MS: number = 3_650 * DAY_MS;

/** Browsers refuse certificates of more than 398 days; short ones are renewed while we run. */
export const LEAF_MS: number = 90 * DAY_MS;

/** A certificate is made anew this long before it ends. */
export const RENEW_MS: number = 30 * DAY_MS;

/** Clocks differ: what is made now is valid since yesterday. */
export const BACKDATED_MS: number = DAY_MS;

/** Certificates kept for names that clients ask for: an internet has some dozens. */
export const NAMES_LIMIT = 1_000;
