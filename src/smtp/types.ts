/** What is said in SMTP (RFC 5321), and what a server asks of those who keep the mail. */
import type { Endpoint } from '../lib/endpoint.ts';
import type { IncomingSink } from '../lib/incoming.ts';

/** `local@domain` without its quotes; the domain is a name or a literal such as `[127.0.0.1]`, and '' for the bare `<Postmaster>`. */
export interface Mailbox {
  readonly local: string;
  readonly domain: string;
}

/** Whom to tell of failures; null is `<>`: nobody (RFC 5321 §4.5.5). */
export type ReversePath = Mailbox | null;

/** A parameter of MAIL or RCPT, its keyword in capitals. */
export interface Parameter {
  readonly keyword: string;
  readonly value: string | undefined;
}

export type Command =
  | { readonly type: 'EHLO' | 'HELO'; readonly name: string }
  | { readonly type: 'MAIL'; readonly path: ReversePath; readonly options: MailOptions }
  | { readonly type: 'RCPT'; readonly path: Mailbox; readonly options: RecipientOptions }
  | { readonly type: 'BDAT'; readonly size: number; readonly last: boolean }
  | { readonly type: 'AUTH'; readonly mechanism: string; readonly initial: string | undefined }
  | { readonly type: 'VRFY' | 'EXPN' | 'HELP' | 'NOOP'; readonly text: string }
  | { readonly type: 'DATA' }
  | { readonly type: 'RSET' }
  | { readonly type: 'QUIT' }
  | { readonly type: 'STARTTLS' };

export type Verb = Command['type'];

/** What MAIL may say beside its path. */
export interface MailOptions {
  /** The size that the client declares, in bytes (RFC 1870). */
  readonly size?: number;
  /** RFC 6152. */
  readonly body?: '7BIT' | '8BITMIME';
  /** The message, or its envelope, is internationalised (RFC 6531). */
  readonly utf8?: boolean;
  /** What a failure notice should return, and the name of this envelope (RFC 3461 §4.3, §4.4). */
  readonly ret?: 'FULL' | 'HDRS';
  readonly envid?: string;
  /** Who handed it in, as the client knows; null is `AUTH=<>` (RFC 4954 §5). */
  readonly auth?: ReversePath;
}

export type Notify = 'SUCCESS' | 'FAILURE' | 'DELAY';

/** What RCPT may say beside its path (RFC 3461 §4.1, §4.2). */
export interface RecipientOptions {
  /** When to tell the sender; an empty list is NEVER. */
  readonly notify?: readonly Notify[];
  /** The recipient as it was first written, and the kind of address that it is. */
  readonly orcpt?: { readonly type: string; readonly address: string };
}

/** A reply as it goes over the wire: a code and one or more lines. */
export interface Reply {
  readonly code: number;
  readonly lines: readonly string[];
}

/** What a backend says to a command: it becomes the reply. */
export interface Outcome {
  readonly code: number;
  /** RFC 3463, as in `5.1.1`. */
  readonly enhanced?: string;
  readonly text: string;
  /** Nothing is said: the connection breaks, as a host that falls would leave it. For tests of clients. */
  readonly drop?: true;
}

export type Answer = Outcome | Promise<Outcome>;

/** Takes a message as it comes. */
export type MessageSink = IncomingSink<void>;

/**
 * A message being received: its lines end with CR LF, dots are unstuffed. It is read once, by a sink,
 * by iteration or collected; what is not read stops the sender.
 */
export interface MessageBody extends AsyncIterable<Uint8Array> {
  attach(sink: MessageSink): void;
  pause(): void;
  resume(): void;
  /** All of it. Throws LimitError SMTP_BODY_TOO_LARGE above `limit` bytes. */
  bytes(options?: { readonly limit?: number }): Promise<Uint8Array>;
  /** Not wanted any more: the rest is thrown away. */
  cancel(): void;
}

/** The other end of a session, as it is known at present. */
export interface Peer {
  readonly remote: Endpoint;
  readonly local: Endpoint;
  /** The server's own name. */
  readonly hostname: string;
  /** What it called itself in EHLO or HELO; '' before. */
  readonly hello: string;
  /** It said EHLO. */
  readonly extended: boolean;
  readonly secure: boolean;
  /** Who it has proved to be. */
  readonly user: string | undefined;
}

/** Who takes the mail: one session for each connection. */
export interface MailBackend {
  /** A session, or a refusal that takes the place of the greeting (RFC 5321 §3.1). */
  open(peer: Peer): MailSession | Outcome | Promise<MailSession | Outcome>;
}

/** Called in the order of RFC 5321 §4.1.4, one call at a time; the outcome is the reply. */
export interface MailSession {
  from(path: ReversePath, options: MailOptions): Answer;
  to(path: Mailbox, options: RecipientOptions): Answer;
  /** 250 takes responsibility for the message (RFC 5321 §4.2.5). When the body fails, its error is the reply, whatever is answered. */
  data(body: MessageBody): Promise<Outcome>;
  /** Whether the mailbox is known (RFC 5321 §3.5). Without it 252 is said. */
  verify?(text: string): Answer;
  /** The transaction is over, or given up. */
  reset?(): void;
  /** The connection is gone. */
  close?(): void;
}
