/** The limits of the mailbox store, each with its reason. */

/** Changes of one commit: beyond it nothing is gained, and all others wait while it is made. */
export const GROUP_SIZE = 50;

/** Changes that wait for the disk; more are refused rather than kept in memory. */
export const GROUP_LIMIT = 10_000;

/** What is written and read of a message at once; smaller messages are one piece. */
export const PIECE_SIZE: number = 256 * 1024;

/** One message: what large providers take. */
export const MESSAGE_LIMIT: number = 50 * 1024 * 1024;

/** Messages of one folder: as many UIDs as an index in memory can bear. */
export const FOLDER_MESSAGES_LIMIT = 1_000_000;

/** Folders of one account: who has more has a program that runs wild. */
export const FOLDERS_LIMIT = 5_000;

/** Levels of a folder's path. */
export const FOLDER_DEPTH = 20;

/** Characters of a folder's path. */
export const FOLDER_PATH_LIMIT = 400;

/** Keywords that one folder's messages may have, all together (RFC 9051 §7.1: PERMANENTFLAGS). */
export const KEYWORDS_LIMIT = 200;

/** Characters of one keyword. */
export const KEYWORD_LENGTH = 100;

/** Addresses of one account. */
export const ADDRESSES_LIMIT = 100;

/** Entries of folders that nobody has open are kept so many: 150 bytes each. */
export const IDLE_ENTRIES = 300_000;

/** Expunged messages that are remembered for clients that come back (RFC 7162 §3.2); older ones synchronise anew. */
export const GONE_LIMIT = 50_000;

/** Messages that are kept parsed: the ones that a client asks for part by part. */
export const PARSED_MESSAGES = 8;

/** Bytes of those; larger messages are parsed each time. */
export const PARSED_BYTES: number = 16 * 1024 * 1024;

/** Characters of the line that shows how a text begins. */
export const PREVIEW_LENGTH = 256;

/** Encoded bytes of a text that the preview is made from: a quoted paragraph or a head of HTML may come first. */
export const PREVIEW_SOURCE: number = 2 * 1024;

/** People named in one field of a summary: a list shows three. */
export const PEOPLE_LIMIT = 100;

/** References that are kept of one message: the oldest and the newest say most (RFC 5322 §3.6.4 cuts so too). */
export const REFERENCES_LIMIT = 50;

/** Characters of one message that are indexed for search. */
export const INDEXED_TEXT: number = 1024 * 1024;

/** Messages that are indexed in one turn, so that nobody waits for it. */
export const INDEX_BATCH = 20;

/** A pause after the last change, so that who works is not disturbed. */
export const INDEX_PAUSE_MS = 20;

/** Under a load without pauses new messages are read all the same after this. */
export const INDEX_PATIENCE_MS = 5_000;

/** Bytes of a message in which the names of those that it answers are looked for: a header is a tenth of it. */
export const TIES_WITHIN: number = 64 * 1024;
