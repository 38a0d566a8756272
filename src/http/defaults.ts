/** The limits and time-outs of HTTP, each with its reason. */

/** RFC 9112 §3 recommends at least 8,000 octets for a request line; long query strings need them. */
export const REQUEST_LINE_LIMIT = 8_192;

/** A whole head. Browsers send 1 to 4 KiB, with many cookies 16; more is an accident or an attack. */
export const HEAD_LIMIT: number = 64 * 1024;

/** Real messages carry 5 to 40 fields. Each costs time in every search by name. */
export const FIELD_COUNT_LIMIT = 128;

/** Empty lines before a request: RFC 9112 §2.2 asks to ignore one; people press Return more often. */
export const EMPTY_LINES_LIMIT = 16;

/** A chunk's line: sixteen digits and a modest extension. */
export const CHUNK_LINE_LIMIT = 1_024;

/** All chunk extensions of one body (RFC 9112 §7.1.1): nobody uses them but to exhaust a server. */
export const CHUNK_EXTENSIONS_LIMIT: number = 16 * 1024;

/** The trailer section: digests and signatures are short. */
export const TRAILER_LIMIT: number = 16 * 1024;

/** A request's body, unless the server is told otherwise: forms and uploads by hand. */
export const BODY_LIMIT: number = 16 * 1024 * 1024;

/** What `bytes()` and `text()` hold in memory unless told otherwise. */
export const COLLECT_LIMIT: number = 64 * 1024 * 1024;

/** Body bytes received ahead of their reader before the sender is asked to wait. */
export const BODY_BUFFER: number = 64 * 1024;

/** Bytes of requests pipelined behind the one being answered before the client is asked to wait. */
export const PIPELINE_BUFFER: number = 64 * 1024;

/** Answers of one turn are joined up to this much before they are handed to the connection. */
export const JOIN_LIMIT: number = 64 * 1024;

/** A small body goes out in one piece with its head; copying more costs what a second write does. */
export const ONE_WRITE_LIMIT: number = 16 * 1024;

/** A person who types a request by hand needs a minute; a slow attacker gets no more. */
export const HEADER_TIMEOUT_MS = 60_000;

/** Browsers keep idle connections for minutes; a server that keeps them a minute loses few. */
export const SERVER_IDLE_MS = 60_000;

/** A body under way must bring something within this time. */
export const BODY_TIMEOUT_MS = 30_000;

/** A client that reads nothing for this long has gone, whatever its system still says. */
export const SEND_TIMEOUT_MS = 60_000;

/** After a client's half-close an answer without a known end is given up: nobody may be reading. */
export const HALF_CLOSE_MS = 2_000;

/** How long a refused client's words are read on, so that it sees the refusal (RFC 9112 §9.6). */
export const LINGER_MS = 2_000;

/** Requests on one connection: a bound on what one client's state can gather, far above any page. */
export const MAX_REQUESTS = 1_000_000;

/** Persistent connections to one origin: what browsers open. RFC 9112 §9.4 asks for restraint. */
export const CONNECTIONS_PER_ORIGIN = 6;

/** A client lets go of an idle connection before servers usually do (nginx 75 s, Node 5 s). */
export const CLIENT_IDLE_MS = 4_000;

/** From the request to the end of the head of its answer. */
export const RESPONSE_TIMEOUT_MS = 30_000;

/** Redirections followed for one request: browsers give up at 20, honest sites need 1 to 3. */
export const REDIRECT_LIMIT = 10;

/** Interim answers (1xx) before the final one; more is a server that plays. */
export const INTERIM_LIMIT = 16;

/** Pieces in which a big file is read and sent. */
export const FILE_PIECE: number = 256 * 1024;

/** Files up to this size are kept in memory after they were sent. */
export const CACHED_FILE_LIMIT: number = 2 * 1024 * 1024;

/** All files kept in memory together. */
export const FILE_CACHE_LIMIT: number = 64 * 1024 * 1024;

/** A file in memory is compared with the disk again after this time: a page edited is seen at once. */
export const FILE_RECHECK_MS = 500;

/** Ranges in one request; many small or overlapping ones are an attack (RFC 9110 §14.2). */
export const RANGES_LIMIT = 32;

/** Names offered on a 404 page. */
export const NEAREST_NAMES = 3;

/** Below this, squeezing a file saves no packet. */
export const SQUEEZE_SMALLEST = 512;

/** Above this, squeezing takes longer than anybody waits for a first byte. */
export const SQUEEZE_LARGEST: number = 8 * 1024 * 1024;

/** What does not shrink to this part of its size is sent as it is. */
export const SQUEEZE_WORTH = 0.95;

/** All squeezed files kept in memory together. */
export const CODED_FILES_LIMIT: number = 32 * 1024 * 1024;

/** Deadlines this close to each other are looked at together: a look costs time for each connection. */
export const DEADLINE_GRAIN_MS = 20;
