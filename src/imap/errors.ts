/** The errors of IMAP. Programs match on `code`; `status` and `responseCode` are what the peer is told. */
import { AppError, ProtocolError } from '../lib/errors.ts';
import type { Status } from './types.ts';

export type ImapErrorCode =
  | 'IMAP_BAD_COMMAND'
  | 'IMAP_BAD_ARGUMENT'
  | 'IMAP_BAD_TAG'
  | 'IMAP_UNKNOWN_COMMAND'
  | 'IMAP_TOO_LONG'
  | 'IMAP_TOO_BIG'
  | 'IMAP_BAD_CHARSET'
  | 'IMAP_BAD_RESPONSE';

/** A rule broken by the other side, with the status that tells it. */
export class ImapError extends ProtocolError {
  readonly status: 'NO' | 'BAD';
  /** What stands in brackets (RFC 5530, RFC 9051 §7.1): `TOOBIG`. */
  readonly responseCode: string | undefined;

  constructor(
    code: ImapErrorCode,
    message: string,
    details: { spec: string; status?: 'NO' | 'BAD'; responseCode?: string; offset?: number },
  ) {
    super(code, message, details);
    this.status = details.status ?? 'BAD';
    this.responseCode = details.responseCode;
  }
}

/** Words that do not fit their command. */
export function badArgument(message: string, offset?: number): ImapError {
  return new ImapError('IMAP_BAD_ARGUMENT', message, {
    spec: 'RFC 9051 §9',
    ...(offset !== undefined && { offset }),
  });
}

/** A server's answer that is none. */
export function badResponse(message: string, offset?: number): ImapError {
  return new ImapError('IMAP_BAD_RESPONSE', message, {
    spec: 'RFC 9051 §7',
    ...(offset !== undefined && { offset }),
  });
}

/** More than is taken; said before the octets come where that is possible (RFC 7888 §4, RFC 4469 §4.2). */
export function tooBig(limit: number): ImapError {
  return new ImapError('IMAP_TOO_BIG', `No literal of more than ${limit} octets here`, {
    spec: 'RFC 7888 §4',
    status: 'NO',
    responseCode: 'TOOBIG',
  });
}

/** The server said no, to the command that `to` names. */
export class ImapReplyError extends AppError {
  readonly status: Status;
  /** `TRYCREATE`, `OVERQUOTA`, ... in capitals; undefined without. */
  readonly responseCode: string | undefined;
  readonly text: string;
  readonly to: string;

  constructor(
    answer: { status: Status; responseCode: string | undefined; text: string },
    to: string,
  ) {
    const code = answer.responseCode === undefined ? '' : `[${answer.responseCode}] `;
    super('IMAP_REFUSED', `${to}: ${answer.status} ${code}${answer.text}`);
    this.status = answer.status;
    this.responseCode = answer.responseCode?.split(' ')[0]?.toUpperCase();
    this.text = answer.text;
    this.to = to;
  }
}
