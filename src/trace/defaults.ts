/** The limits of recording, each with its reason. */

/** A page load is some 60 events; this keeps an afternoon of a class's clicks. */
export const EVENTS_KEPT = 200_000;

/** Payloads kept for exports; a laptop has this to spare. */
export const BYTES_KEPT: number = 64 * 1024 * 1024;

/** Messages kept for the ladder: what a browser scrolls without stutter. */
export const MESSAGES_KEPT = 50_000;

/** Datagrams under way whose arrival is still awaited, for each pair of endpoints. */
export const PENDING_DATAGRAMS = 1024;

/** Notes that wait for their message, requests that wait for their reply: older ones are forgotten. */
export const PENDING_LINKS = 10_000;

/** The bytes of one message that are kept to be looked at; its length is told in full. */
export const MESSAGE_BYTES_KEPT: number = 256 * 1024;
