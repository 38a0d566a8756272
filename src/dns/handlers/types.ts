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
export type Handler = (request: DnsRequest) => Reply | Promise<Reply>;

/** A link of a chain: answers itself, or asks the next. */
export type Link = (next: Handler) => Handler;
