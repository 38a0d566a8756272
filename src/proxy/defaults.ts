/** The limits and times of proxies, each with its reason. */

/** Bodies are passed on piece by piece: the origin sets its own limit. */
export const PROXIED_BODY_LIMIT: number = 2 ** 40;

/** From a request to the head of its answer; what browsers and nginx give an origin. */
export const ORIGIN_TIMEOUT_MS = 60_000;

/** For the other side of a tunnel to be reached: what a person waits for. */
export const CONNECT_TIMEOUT_MS = 15_000;

/** A tunnel in which neither side says anything: shells and chats are quiet for long. */
export const TUNNEL_IDLE_MS: number = 15 * 60_000;

/** Connections to one origin: a proxy speaks for many clients, and answers must not wait in a row. */
export const ORIGIN_CONNECTIONS = 256;

/** How long an unused connection to an origin is kept: less than origins do (Node's 5 s). */
export const ORIGIN_IDLE_MS = 4_000;

/** How long a client's body waits for the origin's 100 (RFC 9110 §10.1.1 lets a client wait in vain). */
export const CONTINUE_MS = 1_000;

/** Members of Via: a way through more proxies than this is a loop that nobody else has seen. */
export const VIA_LIMIT = 32;

/** Where a proxy listens unless told otherwise. */
export const PROXY_PORT = 8080;
