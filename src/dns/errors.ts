import { AppError, ProtocolError } from '../lib/errors.ts';
import type { Question, Rcode } from './types.ts';

/** RCODE 1: what a server says to a message that it can't read. */
export const FORMERR = 1;

/** Bytes that are no DNS message. */
export function badMessage(
  code: string,
  message: string,
  spec: string,
  offset: number,
): ProtocolError {
  return new ProtocolError(code, message, { spec, offset, reply: FORMERR });
}

export type DnsErrorCode =
  | 'DNS_NXDOMAIN'
  | 'DNS_NODATA'
  | 'DNS_SERVFAIL'
  | 'DNS_REFUSED'
  | 'DNS_FORMERR'
  | 'DNS_NOTIMP'
  | 'DNS_TIMEOUT'
  | 'DNS_ABORTED'
  | 'DNS_UNREACHABLE'
  | 'DNS_BAD_REPLY';

export interface DnsErrorDetails {
  readonly question?: Question;
  readonly rcode?: Rcode;
  readonly spec?: string;
  readonly cause?: unknown;
}

/** A question that got no useful answer: there is none, or nobody gave one. */
export class DnsError extends AppError {
  declare readonly code: DnsErrorCode;
  readonly question: Question | undefined;
  readonly rcode: Rcode | undefined;

  constructor(code: DnsErrorCode, message: string, details: DnsErrorDetails = {}) {
    super(code, message, {
      ...(details.spec === undefined ? {} : { spec: details.spec }),
      ...(details.cause === undefined ? {} : { cause: details.cause }),
    });
    this.question = details.question;
    this.rcode = details.rcode;
  }
}
