/** The defaults of DNS, each with its reason. */

/** RFC 1035 §4.2: the port of servers. */
export const DNS_PORT = 53;

/** RFC 1035 §2.3.4: what every UDP message may have, and clients without EDNS can take. */
export const UDP_LIMIT = 512;

/** Fits into one packet on every path in practice, so nothing is fragmented (DNS Flag Day 2020). */
export const EDNS_SIZE = 1232;

/** A zone file makes at most so many records of one $GENERATE: a /16 of addresses. */
export const GENERATE_LIMIT = 65_536;

/** A file that includes itself stops here. */
export const INCLUDE_DEPTH = 8;

/** Aliases followed for one question; zones that work have one or two, loops have no end. */
export const CNAME_LIMIT = 8;

/** Questions that a server works on at a time; beyond it says SERVFAIL, which costs it nothing. */
export const SERVER_QUESTIONS = 10_000;

/** TCP connections that a server holds at a time; more are closed at once. */
export const SERVER_CONNECTIONS = 1_000;

/** Questions of one TCP connection worked on at a time; beyond, we stop reading (RFC 7766 §6.2.1.1). */
export const PIPELINE_LIMIT = 100;

/** RFC 7766 §6.2.3: a few seconds of silence, and a TCP connection is closed. */
export const TCP_IDLE_MS = 10_000;
