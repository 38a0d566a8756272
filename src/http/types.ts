/** Messages of HTTP as programs see them (RFC 9110 §6). */
import type { Endpoint } from '../lib/endpoint.ts';
import type { IncomingSink } from '../lib/incoming.ts';
import type { HeaderList, HeadersInit } from '../lib/ordered-headers.ts';
import type { Connection, Host } from '../net/index.ts';

/** The versions spoken; a peer of a later HTTP/1 is answered as 1.1 (RFC 9110 §2.5). */
export type Version = '1.0' | '1.1';

export interface RequestHead {
  readonly method: string;
  /** As it stands in the request line: `/a?b`, `http://host/a`, `host:443` or `*`. */
  readonly target: string;
  readonly version: Version;
  readonly headers: HeaderList;
}

export interface ResponseHead {
  readonly version: Version;
  readonly status: number;
  readonly reason: string;
  readonly headers: HeaderList;
}

/** Takes a body as it comes: the fast path. It ends with the trailers. */
export type BodySink = IncomingSink<HeaderList>;

/** A body being received. It is read once: by a sink, by iteration, or collected. */
export interface Body extends AsyncIterable<Uint8Array> {
  /** As declared by the sender; undefined when only the end will tell. */
  readonly length: number | undefined;
  /** What followed a chunked body (RFC 9110 §6.5), once it has ended. */
  readonly trailers: HeaderList;
  attach(sink: BodySink): void;
  pause(): void;
  resume(): void;
  /** All of it. Throws LimitError HTTP_BODY_TOO_LARGE above `limit` bytes. */
  bytes(options?: { readonly limit?: number }): Promise<Uint8Array>;
  /** All of it as text in UTF-8. */
  text(options?: { readonly limit?: number }): Promise<string>;
  /** Not wanted any more. */
  cancel(): void;
}

/** A request as a handler receives it. */
export interface Request extends RequestHead {
  /** How it came: `https` where the connection is secure. */
  readonly scheme: 'http' | 'https';
  /** The path of the target, still percent-encoded, without the query: `/`, `/a%20b`. */
  readonly path: string;
  /** What follows `?`, without it; '' without a query. */
  readonly query: string;
  /** The host asked for, lower case, without port: from the target or from Host (RFC 9112 §3.3). */
  readonly hostname: string;
  /** The whole URL as the client meant it. */
  readonly url: string;
  readonly body: Body;
}

/** Where a response in progress is written to, piece by piece. */
export interface BodyWriter {
  /** Sends at once. False asks to wait for `onDrain`. After the end or a close it does nothing. */
  write(bytes: Uint8Array | string): boolean;
  end(trailers?: HeadersInit): void;
  /** Gives up: the client sees a broken answer, never one that looks whole. */
  abort(error?: Error): void;
  onDrain(f: () => void): void;
  /** The client went away before the end, or the end was sent. Called once. */
  onClose(f: () => void): void;
}

/** A body that is pushed: `start` is called when the head has been sent. */
export interface PushBody {
  readonly length?: number | undefined;
  start(writer: BodyWriter): void;
}

/** A body that is pulled, at the client's pace. */
export interface PullBody extends AsyncIterable<Uint8Array | string> {
  readonly length?: number | undefined;
}

export type BodySource = string | Uint8Array | PullBody | PushBody;

/**
 * A connection that HTTP has done with: after 101, or 2xx to CONNECT. It is paused: attach a handler
 * and resume it. `early` came behind the head and belongs to the new protocol.
 */
export interface Switched {
  readonly connection: Connection;
  readonly early: Uint8Array;
}

/**
 * What a handler answers. Content-Length, Transfer-Encoding and Connection are the server's; Date and
 * Server too, where the handler does not say them.
 */
export interface Response {
  readonly status: number;
  readonly reason?: string;
  readonly headers?: HeadersInit;
  readonly body?: BodySource;
  /** With 101, or 2xx to CONNECT: gets the connection when the head has been sent. */
  readonly takeover?: (switched: Switched) => void;
}

/** What became of an answer. */
export interface Outcome {
  readonly status: number;
  /** Bytes of the body that were handed to the network. */
  readonly bytes: number;
  readonly ms: number;
  /** False when the client went away or the handler's body broke off. */
  readonly complete: boolean;
}

/** What a handler may know beside the request. */
export interface Context {
  readonly host: Host;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Aborted when the client goes away before its answer is complete. */
  readonly signal: AbortSignal;
  /** Called once, when the answer is over, well or badly. */
  onFinished(f: (outcome: Outcome) => void): void;
  /** Sends an interim answer (RFC 9110 §15.2), 103 for example. Nothing to HTTP/1.0 clients. */
  interim(status: number, headers: HeadersInit): void;
  /** Records a decision that the bytes don't show. */
  note(text: string, spec?: string): void;
}

/** What a request is caused by, as far as cookies care (RFC 6265bis §5.2). */
export interface RequestSite {
  /** The page that causes the request; without it the user does. */
  readonly siteUrl?: string;
  /** The answer becomes the page itself, as when a link is followed. */
  readonly topLevel?: boolean;
  readonly method?: string;
}

/** Where a client keeps its cookies. */
export interface CookieStore {
  /** The value of Cookie for this URL, or undefined. */
  cookieHeader(url: string, site?: RequestSite): string | undefined;
  /** The Set-Cookie fields of an answer from this URL. */
  setCookies(url: string, values: readonly string[], site?: RequestSite): void;
}

export type Handler = (request: Request, context: Context) => Response | Promise<Response>;

/** A link of a chain: takes the rest of the chain, gives a handler. */
export type Link = (next: Handler) => Handler;

/** How the end of a message's body is known (RFC 9112 §6.3). */
export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'close' };
