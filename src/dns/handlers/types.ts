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
}

/** Gives the reply; OPT and truncation are the server's matter. */
export type Handler = (request: DnsRequest) => Message | Promise<Message>;

/** A link of a chain: answers itself, or asks the next. */
export type Link = (next: Handler) => Handler;
