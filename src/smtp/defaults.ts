/** The limits and time-outs of SMTP, each with its reason. */

/** Relay (RFC 5321 §4.5.4.2), submission (RFC 6409 §3.1), submission under TLS (RFC 8314 §3.3). */
export const SMTP_PORT = 25;
export const SUBMISSION_PORT = 587;
export const SUBMISSIONS_PORT = 465;

/** RFC 5321 §4.5.3.1.4 gives 512; MAIL grows by some 700 with all the extensions spoken here (RFC 3461 §4.4, RFC 4954 §3). */
export const COMMAND_LINE_LIMIT = 2_048;

/** RFC 4954 §4: enough for the mechanisms in use. */
export const AUTH_LINE_LIMIT = 12_288;

/** RFC 5321 §4.5.3.1.5 gives 512 with code and line end; what is said beyond is cut. */
export const REPLY_TEXT_LIMIT = 500;

/** Servers exist that say longer lines than they may: read, up to a point. */
export const REPLY_LINE_READ_LIMIT = 4_096;

/** Lines of one reply. EHLO has some 20, HELP perhaps 60. */
export const REPLY_LINES_LIMIT = 512;

/** RFC 5321 §4.5.3.1.1 to .3. */
export const LOCAL_PART_LIMIT = 64;
export const DOMAIN_LIMIT = 255;
export const PATH_LIMIT = 256;

/** RFC 3461 §4.4 and §4.2, as xtext. */
export const ENVID_LIMIT = 100;
export const ORCPT_LIMIT = 500;

/** The mail of people has pictures in it; most providers take 25 to 50 MB. */
export const MESSAGE_SIZE_LIMIT: number = 50 * 1024 * 1024;

/** RFC 5321 §4.5.3.1.8 asks for 100 at least; lists send to more. */
export const RECIPIENTS_LIMIT = 1_000;

/** Errors of one session: a person makes a few, a program that makes so many does not listen. */
export const ERRORS_LIMIT = 20;

/** Failed attempts to sign in, each of which is a guess. Honest clients try each of four mechanisms with one wrong password. */
export const AUTH_FAILURES_LIMIT = 5;

/** Before a failed attempt is answered, so that guessing takes its time; doubled with each. */
export const AUTH_DELAY_MS = 1_000;

/** Commands between two messages that bring no message on its way (NOOP, RSET, VRFY, ...). */
export const IDLE_COMMANDS_LIMIT = 100;

/** Sessions at a time; more are told to come later. */
export const SESSIONS_LIMIT = 10_000;

/** What is read ahead of a command under way; then the client waits. */
export const INPUT_BUFFER: number = 64 * 1024;

/** What a message holds that nobody reads; then the client waits. */
export const BODY_BUFFER: number = 64 * 1024;

/** `bytes()` of a body without a limit of its own. */
export const COLLECT_LIMIT: number = MESSAGE_SIZE_LIMIT;

/** RFC 5321 §4.5.3.2.7: at least five minutes for a command, and as much for a part of a message. */
export const COMMAND_TIMEOUT_MS: number = 5 * 60_000;

/** A whole message. At 50 MB that is 14 kB a second: who is slower holds a place on purpose. */
export const TRANSFER_TIMEOUT_MS: number = 60 * 60_000;

/** A backend's answer: below the ten minutes that clients wait after the last dot (RFC 5321 §4.5.3.2.6). */
export const BACKEND_TIMEOUT_MS: number = 9 * 60_000;

/** What the client waits for (RFC 5321 §4.5.3.2): greeting, MAIL, RCPT 5 minutes; DATA 2; a part 3; the end 10. */
export const GREETING_TIMEOUT_MS: number = 5 * 60_000;
export const REPLY_TIMEOUT_MS: number = 5 * 60_000;
export const DATA_START_TIMEOUT_MS: number = 2 * 60_000;
export const DATA_BLOCK_TIMEOUT_MS: number = 3 * 60_000;
export const DATA_END_TIMEOUT_MS: number = 10 * 60_000;

/** QUIT is a courtesy: nobody waits long for its reply. */
export const QUIT_TIMEOUT_MS = 5_000;

/** Recipients sent ahead of their replies: their commands stay within one window of TCP (RFC 2920 §3.1). */
export const PIPELINE_LIMIT = 100;

/** A chunk of BDAT: large enough that its reply costs nothing, small enough to be told of a full disk. */
export const CHUNK_SIZE: number = 256 * 1024;
