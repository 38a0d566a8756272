/** The defaults of telnet, each with its reason. */

/** The well-known port (RFC 854). */
export const TELNET_PORT = 23;

/** A line typed by a person; what goes beyond is cut off and said so. */
export const TERMINAL_LINE_LIMIT = 1_024;

/** A class at one host, and room. */
export const TERMINALS = 100;

/** A terminal that nobody types into is closed. */
export const TERMINAL_IDLE_MS: number = 10 * 60_000;

/** What a terminal that nobody reads may have waiting: more, and it is cut off. */
export const TERMINAL_OUTPUT_LIMIT: number = 1024 * 1024;

/** A subnegotiation that never ends is an error, not a reason to wait (RFC 855 sets no limit). */
export const SUBNEGOTIATION_LIMIT = 4_096;
