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

/** UDP questions that a server works on at a time; more are dropped, and their clients ask again. */
export const SERVER_QUESTIONS = 10_000;

/** TCP connections that a server holds at a time; more are closed at once. */
export const SERVER_CONNECTIONS = 1_000;

/** Questions of one TCP connection worked on at a time; beyond, we stop reading (RFC 7766 §6.2.1.1). */
export const PIPELINE_LIMIT = 100;

/** RFC 7766 §6.2.3: a few seconds of silence, and a TCP connection is closed. */
export const TCP_IDLE_MS = 10_000;

/** A client waits so long for one reply, and asks so often again, as dig does: 5 s, three tries. */
export const QUERY_TIMEOUT_MS = 5_000;
export const QUERY_RETRIES = 2;

/** Tries to bind a port drawn at random before the system may choose one. */
export const RANDOM_PORT_TRIES = 4;

/** Names that the cache of a stub keeps. */
export const STUB_CACHE_NAMES = 1_000;

/** The cache of a resolver: sets of records, and bytes by estimate. A campus needs less. */
export const CACHE_ENTRIES = 20_000;
export const CACHE_BYTES: number = 16 * 1024 * 1024;

/** No record is believed for longer than a week, whatever its TTL says (RFC 2181 §8 allows it). */
export const MAX_TTL: number = 7 * 86_400;

/** RFC 2308 §5: one to three hours have been found to work well for negative answers. */
export const MAX_NEGATIVE_TTL: number = 3 * 3_600;

/** Messages sent for one question; beyond, somebody has set up a maze (RFC 1034 §7.1 asks for it). */
export const WORK_LIMIT = 50;

/** Names of servers looked up for one referral; more is an amplifier (NXNSAttack). */
export const GLUELESS_LIMIT = 4;

/** A look-up of a server's name that needs the look-up of a server's name, and so on: so deep. */
export const LOOKUP_DEPTH = 5;

/** Tries of one address for one question: a datagram may be lost once. */
export const ADDRESS_TRIES = 2;

/** The first time-out of a server that was never asked; then it follows the measured time. */
export const FIRST_TIMEOUT_MS = 800;
export const MIN_TIMEOUT_MS = 200;
export const MAX_TIMEOUT_MS = 3_000;

/** A resolver gives up a question after this: a little before its clients do, after 5 s, twice. */
export const RESOLVE_TIMEOUT_MS = 9_000;

/** Questions that a resolver works on at a time; beyond it says SERVFAIL. */
export const RESOLVER_QUESTIONS = 1_000;

/** Servers whose times a resolver remembers, and for how long it believes a bad one. */
export const KNOWN_SERVERS = 5_000;
export const SERVER_MEMORY_MS: number = 15 * 60_000;

/** RFC 9156 §2.3 recommends both: so many queries at most, of which the first show one label more. */
export const MINIMISE_COUNT = 10;
export const MINIMISE_ONE_LABEL = 4;

/** RFC 9018 §4.3: a cookie is good for an hour, renewed after half of it, and clocks differ by 5 min. */
export const COOKIE_AGE_S = 3_600;
export const COOKIE_RENEW_S = 1_800;
export const COOKIE_AHEAD_S = 300;

/** Equal answers a second to one network: no resolver needs more, since it has a cache. */
export const RATE_PER_SECOND = 20;

/** A flood that has ended is remembered for so long. */
export const RATE_WINDOW_S = 5;

/** Every second answer over the limit goes out truncated: who is innocent comes by TCP at once. */
export const RATE_SLIP = 2;

/** Addresses are forged one by one, but flooded by networks. */
export const RATE_IPV4_PREFIX = 24;
export const RATE_IPV6_PREFIX = 56;

/** Pairs of network and answer that are counted: about 2 MB. */
export const RATE_ACCOUNTS = 10_000;

/** A server that went down is noticed after two checks, 10 s apart; one that came back at once. */
export const HEALTH_INTERVAL_MS = 10_000;
export const HEALTH_TIMEOUT_MS = 2_000;
export const HEALTH_FALL = 2;
export const HEALTH_RISE = 1;

/** Names whose rotation is remembered: about 1 MB. */
export const TURN_NAMES = 10_000;

/** Bytes of one message of a zone transfer, by estimate from above: large enough to compress well. */
export const TRANSFER_MESSAGE = 16_000;

/** A zone transfer that brings more records than this is not taken. */
export const TRANSFER_RECORDS = 1_000_000;

/** Milliseconds that a primary may take for each message of a transfer. */
export const TRANSFER_TIMEOUT_MS = 15_000;

/** A secondary asks no more often than this, whatever the SOA says. */
export const MIN_REFRESH_S = 1;

/** A zone that was never received is tried again after this; there is no SOA yet to ask. */
export const FIRST_RETRY_S = 10;

/** RFC 1996 §3.6: a NOTIFY is sent again until it is answered, at doubled intervals, five times. */
export const NOTIFY_TRIES = 5;
export const NOTIFY_TIMEOUT_MS = 2_000;

/** Data that have run out are kept for a day, for when no server answers (RFC 8767 §5: 1 to 3 days). */
export const STALE_S = 86_400;

/** RFC 8767 §5: what stale data are said to be good for, in seconds. */
export const STALE_TTL_S = 30;

/** RFC 8767 §5: a client is not kept waiting longer than this when there are stale data. */
export const STALE_WAIT_MS = 1_800;

/** RFC 8767 §5: servers that failed are not asked again at once for what there are stale data of. */
export const STALE_RECHECK_MS = 30_000;

/** RFC 9520 §3.2: a failure is remembered, for 1 s at least; a person who mends it asks again soon. */
export const FAILURE_MS = 2_000;
export const FAILURES = 1_000;

/** A set is fetched anew in its last tenth, where that is a second at least. */
export const PREFETCH_SHARE = 0.1;
export const PREFETCH_TTL_S = 10;

/** Wrong replies to one query after which it goes to TCP: somebody guesses (RFC 5452 §9.3). */
export const WRONG_REPLIES = 5;

/** Servers whose cookies a resolver keeps. */
export const KNOWN_COOKIES = 5_000;

/** Replies that a server keeps whole, a power of two: some 8 MB of usual ones, 30 MB at most. */
export const REPLY_SLOTS = 16_384;
