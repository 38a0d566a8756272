/** The defaults of the greeting protocol, each with its reason. */

/** No service of this name is registered; above 1,023 no rights are needed. */
export const GREETING_PORT = 4_070;

/** A name that people can still read, and a bound on what a line may cost. */
export const GREETING_LINE_LIMIT = 256;

/** A person who types needs a while; a client that says nothing gets no more. */
export const GREETING_IDLE_MS = 60_000;
