/** The limits of the page loader, each with its reason. */

/** What browsers open to one server. */
export const CONNECTIONS = 6;

/** Style sheets that import style sheets: real pages go one or two deep, a circle is cut by URL. */
export const MAX_DEPTH = 5;

/** Large pages name some hundreds; more is a trap. */
export const MAX_OBJECTS = 1_000;

/** A page or a style sheet is held whole to be read; real ones are below 2 MiB. */
export const TEXT_LIMIT: number = 16 * 1024 * 1024;

/** An object that is kept whole, to be saved with its page: a large picture. */
export const CONTENT_LIMIT: number = 32 * 1024 * 1024;
