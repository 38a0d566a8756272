/** The defaults of the simulated network, each with its reason. */

/** Big writes travel in pieces of this size, so that progress is seen; Linux sends as much in one go (TSO). */
export const PIECE: number = 64 * 1024;

/**
 * What a stream's receiver takes in before it is read. A megabyte in one round trip of 100 ms is 84 Mbit/s; where the
 * links carry more, the window grows with them, as systems tune it.
 */
export const RECEIVE_BUFFER: number = 1024 * 1024;

/** RFC 6298 §2.1: the time-out for the first packet of a connection, doubled for each further try. */
export const FIRST_RTO_MS = 1_000;

/** The least time until a lost piece is sent again; RFC 6298 §2.4 says 1 s, systems have used 200 ms for decades. */
export const LEAST_RTO_MS = 200;

/** RFC 6298 §2.5: waits double up to a limit of at least 60 s. */
export const MOST_RTO_MS = 60_000;

/** RFC 1122 §4.2.3.5 (R2): a sender without an answer gives up after 100 s or more. */
export const STREAM_TIMEOUT_MS = 100_000;

/** Ethernet's 1,500 bytes less the headers of IP and TCP: what a lost packet takes with it. */
export const SEGMENT = 1_460;

/** RFC 6928 §2: the initial window, ten segments. */
export const INITIAL_WINDOW: number = 10 * SEGMENT;

/** Datagrams kept between `bind` and `onDatagram`, as on the real network. */
export const EARLY_DATAGRAMS = 256;

/** The first of the ports that are given to who asks for any (RFC 6335 §6: 49152 to 65535). */
export const FIRST_FREE_PORT = 49_152;

/** How long a world runs before it lets the rest of the program have a turn. */
export const SLICE_MS = 10;

/** More events than this in one instant: two parties answer each other without any time passing. */
export const EVENTS_AN_INSTANT = 5_000_000;
