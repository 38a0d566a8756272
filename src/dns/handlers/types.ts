import type { Endpoint } from '../../lib/endpoint.ts';
import type { Transport } from '../../trace/index.ts';
import type { Message, Question } from '../types.ts';

/** One query as a server received it. */
export interface DnsRequest {
  readonly query: Message;
  /** The question; messages of opcode QUERY without exactly one never come here. */
  readonly question: Question | undefined;
  readonly from: Endpoint;
  readonly local: Endpoint;
  readonly transport: Transport;
  /** The client has shown by a cookie that its address is its own (RFC 7873). */
  readonly proven?: boolean;
  /**
   * Says that the reply to these very bytes stays the same, whoever asks, but for its TTLs. Only given
   * where no link looks at each query.
   */
  readonly keep?: ((lease: Lease) => void) | undefined;
}

/** For how long a reply may be given again. */
export interface Lease {
  /**
   * The clock in ms, negative when what the reply was made from has changed. Replies of one state share
   * one function: a thousand of them would be a thousand more things to fetch from memory.
   */
  readonly now: () => number;
  /** When its TTLs run down for the first time, and with each second from then on. */
  readonly until: number;
  /** How many seconds they may run down. */
  readonly most: number;
}

/** Several messages in answer to one query, on TCP only: a zone transfer (RFC 5936 §2.2). */
export interface Messages {
  readonly messages: Iterable<Message>;
}

/** Undefined: no reply at all. */
export type Reply = Message | Messages | undefined;

/**
 * Gives the reply; truncation is the server's matter, and so is OPT: of a reply's `edns` the options
 * are sent, where the query had an OPT.
 */
export interface Handler {
  (request: DnsRequest): Reply | Promise<Reply>;
  /** It and all after it may be passed over for queries whose reply they kept. */
  readonly reusable?: boolean;
}

/** A link of a chain: answers itself, or asks the next. */
export type Link = (next: Handler) => Handler;
