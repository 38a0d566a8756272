/** The defaults of the network, each with its reason. */

/** A connection attempt on a live network is over in seconds; systems give up after one or two minutes. */
export const CONNECT_TIMEOUT_MS = 30_000;

/** What the readers for people hold before they ask the sender to wait. */
export const READ_BUFFER: number = 256 * 1024;

/** No line of the protocols served here is longer; RFC 5321 allows 1,000, long URIs need 8,000. */
export const LINE_LIMIT = 65_536;

/** The largest UDP payload over IPv4: 65,535 less the headers of IP (20) and UDP (8). */
export const DATAGRAM_LIMIT = 65_507;

/** `write` returns false when more than this waits to leave, and onDrain follows when it is gone. */
export const SEND_BUFFER: number = 64 * 1024;

/** How long `close` of a server waits for conversations under way. */
export const GRACE_MS = 5_000;

/** For a client that is turned away to read why, and to go: it must not keep a place by staying. */
export const PARTING_MS = 5_000;

/** Clients that are turned away at a time; in a flood the others are cut off without a word. */
export const PARTING_LIMIT = 1_000;

/** A TLS handshake takes one or two round trips; who needs longer is not speaking TLS. */
export const SECURE_TIMEOUT_MS = 10_000;
