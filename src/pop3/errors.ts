/** The errors of POP3. Programs match on `code`. */
import { AppError, LimitError, ProtocolError } from '../lib/errors.ts';
import type { Response } from './types.ts';

export type Pop3ErrorCode =
  | 'POP3_LINE_TOO_LONG'
  | 'POP3_BAD_LINE'
  | 'POP3_UNKNOWN_COMMAND'
  | 'POP3_BAD_ARGUMENT'
  | 'POP3_OUT_OF_ORDER'
  | 'POP3_NO_SUCH_MESSAGE'
  | 'POP3_BAD_RESPONSE';

/** A rule broken by the client: its message is what `-ERR` says. */
export class Pop3Error extends ProtocolError {
  constructor(code: Pop3ErrorCode, message: string, spec: string) {
    super(code, message, { spec });
  }
}

/** An argument that does not fit its command. */
export function badArgument(message: string, spec: string): Pop3Error {
  return new Pop3Error('POP3_BAD_ARGUMENT', message, spec);
}

/** A server's response that is none. */
export function badResponse(message: string): Pop3Error {
  return new Pop3Error('POP3_BAD_RESPONSE', message, 'RFC 1939 §3');
}

export function tooLarge(what: string, limit: number): LimitError {
  return new LimitError('POP3_TOO_LARGE', `${what} has more than ${limit} bytes`, { limit });
}

export function notOffered(what: string, spec: string): AppError {
  return new AppError('POP3_NOT_OFFERED', `the server does not offer ${what}`, { spec });
}

/** The server said -ERR to the command that `to` names. Its response code is in `answer.code`. */
export class Pop3ReplyError extends AppError {
  readonly answer: Response;
  readonly to: string;

  constructor(answer: Response, to: string) {
    const code = answer.code === undefined ? '' : `[${answer.code}] `;
    super('POP3_REFUSED', `${to}: ${code}${answer.text}`);
    this.answer = answer;
    this.to = to;
  }
}
