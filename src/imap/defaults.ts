/** The limits and time-outs of IMAP, each with its reason. */

/** RFC 9051 §11.1, and under TLS (RFC 8314 §3.2). */
export const IMAP_PORT = 143;
export const IMAPS_PORT = 993;

/** A line of a command. RFC 7162 §4 asks for 8,192; clients name thousands of UIDs in one. */
export const COMMAND_LINE_LIMIT: number = 64 * 1024;

/** A literal that is no message: a mailbox's name, a password, a text to search for. RFC 7888 §5 speaks of 4,096. */
export const STRING_LITERAL_LIMIT: number = 64 * 1024;

/** Lines and such literals of one command together: what it holds in memory before it is obeyed. */
export const COMMAND_LIMIT: number = 256 * 1024;

/** Without synchronisation (RFC 7888 §5): what LITERAL- allows, for who reads our CAPABILITY as that. */
export const LITERAL_MINUS_LIMIT = 4_096;

/** A message to append; providers take 25 to 50 MB. */
export const APPEND_LIMIT: number = 50 * 1024 * 1024;

/** Octets of refused literals that are read and thrown away, so that the refusal can be heard; then the connection ends (RFC 7888 §4). */
export const DISCARD_LIMIT: number = 2 * APPEND_LIMIT;

/** Messages of one APPEND (RFC 3502). */
export const MULTIAPPEND_LIMIT = 1_000;

/** Ranges in a set: as many as fit in a line. */
export const SET_LIMIT = 16_384;

/** Keys of a search, and keys within keys: people write ten. */
export const SEARCH_KEYS_LIMIT = 2_000;
export const SEARCH_DEPTH_LIMIT = 50;

/** A search asks for the facts of so many messages at once, and looks into so many, before others have their turn: some 5 ms. */
export const FACTS_BATCH = 500;
export const MESSAGES_BATCH = 50;

/** Items of one FETCH, patterns of one LIST, fields of one section or ID. */
export const LIST_ITEMS_LIMIT = 1_000;

/** Flags of one STORE or APPEND, and the length of one. */
export const FLAGS_LIMIT = 100;
export const FLAG_LENGTH_LIMIT = 128;

/** A tag. Clients use four to ten characters. */
export const TAG_LIMIT = 128;

/** Wildcards of one pattern: each may be tried at every place of a name. */
export const WILDCARDS_LIMIT = 20;

/** Sessions at a time; a mail program opens five. */
export const SESSIONS_LIMIT = 10_000;

/** Commands in a row that were none: a program that makes so many does not speak IMAP. */
export const ERRORS_LIMIT = 20;

/** Failed attempts to sign in, each of which is a guess. */
export const AUTH_FAILURES_LIMIT = 5;

/** Before a failed sign-in is answered, so that guessing takes its time (RFC 9051 §11.2); doubled with each. */
export const AUTH_DELAY_MS = 1_000;

/** What is read ahead of a command under way; then the client waits. */
export const INPUT_BUFFER: number = 64 * 1024;

/** Output is joined to pieces of this size: a write for each message would cost more than the message. */
export const OUTPUT_CHUNK: number = 64 * 1024;

/** From here on a body is read and sent in pieces. */
export const STREAM_ABOVE: number = 256 * 1024;

/** RFC 9051 §5.4: at least 30 minutes for who has signed in. Others have so long to do it, all in all. */
export const AUTOLOGOUT_MS: number = 30 * 60_000;
export const LOGIN_TIMEOUT_MS: number = 3 * 60_000;

/** For the rest of a literal or of a line that has begun. */
export const TRANSFER_TIMEOUT_MS: number = 5 * 60_000;

/** For a whole command with its messages, however many bytes come in time. At 50 MB that is 14 kB a second: who is slower holds a place on purpose. */
export const COMMAND_TIMEOUT_MS: number = 60 * 60_000;

/** For a client that does not read what it has asked for. */
export const SEND_TIMEOUT_MS: number = 5 * 60_000;

/** LOGOUT is a courtesy: nobody waits long for its end. */
export const LOGOUT_TIMEOUT_MS = 5_000;

/** Something is said now and then to who idles, so that what is between does not forget the connection (RFC 2177 §3 lets the client begin anew after 29 minutes). */
export const IDLE_SIGN_MS: number = 2 * 60_000;

/** What the client waits for: the greeting, and anything new after a command; a search of a large mailbox is slow. */
export const GREETING_TIMEOUT_MS: number = 60_000;
export const REPLY_TIMEOUT_MS: number = 5 * 60_000;

/** What a client takes in one response: an answer to BODY[] of a large message. */
export const RESPONSE_LIMIT: number = 256 * 1024 * 1024;

/** A line of a response: a SEARCH that finds 100,000 messages is 700 kB. */
export const RESPONSE_LINE_LIMIT: number = 16 * 1024 * 1024;

/** Parentheses within parentheses that are read: a BODYSTRUCTURE of 50 levels (src/mime) has two for each. */
export const NESTING_LIMIT = 256;

/** A literal of who has not signed in: no name and no password is longer. */
export const EARLY_LITERAL_LIMIT = 4_096;

/** UIDs that are told as gone where nobody remembers which are: as many as a mailbox can have had. */
export const VANISHED_GUESSES_LIMIT = 1_000_000;

/** Pairs of numbers and UIDs that a client may give to show what it knows (RFC 7162 §3.2.5.2): it names a few dozen. */
export const MATCH_PAIRS_LIMIT = 10_000;

/** Messages that a search may find, as a client holds them. */
export const FOUND_LIMIT = 10_000_000;

/** Levels of an answer of THREAD at each of which there are several answers; chains cost nothing. */
export const THREAD_DEPTH_LIMIT = 1_000;

/** Servers may leave after 30 minutes: a client begins IDLE anew before (RFC 2177 §3). */
export const IDLE_RENEW_MS: number = 29 * 60_000;

/** Compressed octets that are expanded at once: they may grow a thousandfold, and are held. */
export const INFLATE_SLICE = 1_024;

/** RFC 2971 §3.3: fields of ID, characters of a name, and of a value. */
export const ID_FIELDS_LIMIT = 30;
export const ID_VALUE_LIMIT = 1_024;
