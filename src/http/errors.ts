/** The errors of HTTP. Programs match on `code`; `reply` is the status that tells the peer. */
import { AppError, LimitError, ProtocolError } from '../lib/errors.ts';

export type HttpErrorCode =
  | 'HTTP_BAD_START'
  | 'HTTP_BAD_REQUEST_LINE'
  | 'HTTP_BAD_METHOD'
  | 'HTTP_BAD_TARGET'
  | 'HTTP_BAD_VERSION'
  | 'HTTP_VERSION_NOT_SUPPORTED'
  | 'HTTP_BAD_STATUS_LINE'
  | 'HTTP_BAD_LINE_END'
  | 'HTTP_CONTROL_CHARACTER'
  | 'HTTP_BAD_FIELD'
  | 'HTTP_SPACE_BEFORE_COLON'
  | 'HTTP_OBS_FOLD'
  | 'HTTP_HOST_MISSING'
  | 'HTTP_HOST_TWICE'
  | 'HTTP_BAD_HOST'
  | 'HTTP_BAD_LENGTH'
  | 'HTTP_LENGTHS_DIFFER'
  | 'HTTP_TWO_LENGTHS'
  | 'HTTP_BAD_CODING'
  | 'HTTP_CODING_NOT_SUPPORTED'
  | 'HTTP_BAD_CHUNK'
  | 'HTTP_REQUEST_LINE_TOO_LONG'
  | 'HTTP_HEAD_TOO_LARGE'
  | 'HTTP_TOO_MANY_FIELDS'
  | 'HTTP_TRAILERS_TOO_LARGE'
  | 'HTTP_INCOMPLETE'
  | 'HTTP_UNEXPECTED'
  | 'HTTP_BODY_TOO_LARGE'
  | 'HTTP_EXPECTATION'
  | 'HTTP_TIMEOUT'
  | 'HTTP_REDIRECTS'
  | 'HTTP_CANCELLED';

/** A rule of the protocol broken by the peer, at a place in its bytes. */
export function broken(
  code: HttpErrorCode,
  message: string,
  spec: string,
  offset: number,
  reply = 400,
): ProtocolError {
  return new ProtocolError(code, message, { spec, offset, reply, side: 'remote' });
}

/** A message that we were asked to send and that the protocol does not allow. */
export function misuse(code: HttpErrorCode, message: string, spec: string): ProtocolError {
  return new ProtocolError(code, message, { spec, side: 'local' });
}

/** A body above its limit. */
export function cancelled(): AppError {
  return new AppError('HTTP_CANCELLED', 'the body was given up by its reader');
}

export function tooLarge(limit: number): LimitError {
  return new LimitError('HTTP_BODY_TOO_LARGE', `The body is larger than ${limit} bytes`, {
    limit,
    reply: 413,
    spec: 'RFC 9110 §15.5.14',
  });
}
