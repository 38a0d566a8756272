/** The limits and time-outs of POP3, each with its reason. */

/** RFC 1939 §3; under TLS RFC 8314 §3.2. */
export const POP3_PORT = 110;
export const POP3S_PORT = 995;

/** RFC 2449 §4: 255 octets with the line end. */
export const COMMAND_LINE_LIMIT = 253;

/** RFC 5034 §4: responses of AUTH are as long as their mechanism needs; none in use needs more. */
export const AUTH_LINE_LIMIT = 12_288;

/** RFC 2449 §4: 512 octets with status and line end; what is said beyond is cut. */
export const RESPONSE_LIMIT = 510;

/** Servers exist that say longer lines than they may: read, up to a point. */
export const RESPONSE_READ_LIMIT = 4_096;

/** Lines of LIST, UIDL and CAPA that a client takes: a million messages. */
export const LISTING_BYTES_LIMIT: number = 64 * 1024 * 1024;

/** `retr` of a client without a limit of its own: twice what mail servers take. */
export const MESSAGE_SIZE_LIMIT: number = 100 * 1024 * 1024;

/** Errors of one session: a person makes a few, a program that makes so many does not listen. */
export const ERRORS_LIMIT = 50;

/** Failed attempts to sign in, each of which is a guess. */
export const AUTH_FAILURES_LIMIT = 5;

/** After a failed attempt: no nuisance to who mistyped, and 1,800 guesses an hour on one connection. */
export const FAILURE_DELAY_MS = 2_000;

/** Sessions at a time; more are told to come later. */
export const SESSIONS_LIMIT = 10_000;

/** What is read ahead of a command under way; then the client waits. */
export const INPUT_BUFFER: number = 64 * 1024;

/** Responses to pipelined commands leave together in pieces of about this size: one call of the system for each. */
export const OUTPUT_CHUNK: number = 64 * 1024;

/** Messages up to this size are read at once, larger ones piece by piece. */
export const WHOLE_MESSAGE_LIMIT: number = 256 * 1024;

/** Bytes of a large message in which its header is looked for: most have less than a tenth. */
export const HEADER_ROOM: number = 128 * 1024;

/** Lines of LIST and UIDL that are made at a time. */
export const LISTING_LINES = 1_000;

/** RFC 1939 §3: at least ten minutes. */
export const IDLE_TIMEOUT_MS: number = 10 * 60_000;

/** Signing in, and the commit of QUIT: below the patience of clients. */
export const STORE_TIMEOUT_MS: number = 60_000;

/** What a client waits for. A server that slows down guessing may take some seconds. */
export const GREETING_TIMEOUT_MS: number = 60_000;
export const REPLY_TIMEOUT_MS: number = 2 * 60_000;

/** For the next part of a message. */
export const BLOCK_TIMEOUT_MS: number = 2 * 60_000;

/** A last moment to read and to go. */
export const END_TIMEOUT_MS = 5_000;

/** Commands that a client sends ahead of their responses: their bytes fit into any window. */
export const PIPELINE_LIMIT = 64;

/** What a download asks for at once, by the sizes that the server lists. */
export const DOWNLOAD_WINDOW: number = 1024 * 1024;
