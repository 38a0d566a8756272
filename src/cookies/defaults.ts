/** The limits of cookies, each with its reason. */

/** Name and value together, in bytes (RFC 6265bis §5.6). */
export const NAME_VALUE_LIMIT = 4096;

/** The value of one attribute, in bytes (RFC 6265bis §5.6). */
export const ATTRIBUTE_LIMIT = 1024;

/** 400 days in ms: no cookie is believed longer (RFC 6265bis §5.5). */
export const LIFETIME_LIMIT_MS: number = 400 * 86_400_000;

/** Cookies of one domain: RFC 6265bis §6.1 asks for at least 50; browsers keep up to 180. */
export const DOMAIN_LIMIT = 180;

/** Cookies in all: RFC 6265bis §6.1 asks for at least 3000. */
export const JAR_LIMIT = 3300;

/** Attributes of one Set-Cookie field that are looked at; there are ten names that mean anything. */
export const ATTRIBUTE_COUNT_LIMIT = 64;

/** Cookies of one Cookie field that a server reads: as many as one domain may have. */
export const COOKIE_COUNT_LIMIT: number = DOMAIN_LIMIT;

/** Lines of a cookies.txt that are read: some more than a jar can hold, for comments. */
export const FILE_LINE_LIMIT: number = 4 * JAR_LIMIT;
