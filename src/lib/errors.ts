/**
 * The errors of the whole project. Callers match on `code`, never on the text or the class.
 * Each names the rule that was broken where a standard decides it.
 */

/** What every error of the project carries. */
export interface ErrorDetails {
  /** The section that decides, as in `RFC 1035 §4.1.4`. */
  readonly spec?: string;
  readonly cause?: unknown;
}

/** The base of all: a stable `code` for programs, a sentence for people. */
export class AppError extends Error {
  readonly code: string;
  readonly spec: string | undefined;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.spec = details.spec;
  }
}

/** Who broke the rule: we misused the protocol (`local`), or the peer did (`remote`). */
export type Side = 'local' | 'remote';

export interface ProtocolErrorDetails extends ErrorDetails {
  readonly side?: Side;
  /** Where in the bytes the rule was broken, from the start of the message. */
  readonly offset?: number;
  /** The reply code that tells the peer, in the protocol's own numbers. */
  readonly reply?: number;
}

/** Bytes or an order of messages that the protocol does not allow. */
export class ProtocolError extends AppError {
  readonly side: Side;
  readonly offset: number | undefined;
  readonly reply: number | undefined;

  constructor(code: string, message: string, details: ProtocolErrorDetails = {}) {
    super(code, message, details);
    this.side = details.side ?? 'remote';
    this.offset = details.offset;
    this.reply = details.reply;
  }
}

export type NetworkErrorKind =
  | 'refused'
  | 'reset'
  | 'timeout'
  | 'aborted'
  | 'in-use'
  | 'not-permitted'
  | 'unreachable'
  | 'closed'
  | 'too-large'
  | 'insecure'
  | 'invalid';

/** What the network can say no to. `code` is `NET_` and the kind, as in `NET_IN_USE`. */
export class NetworkError extends AppError {
  readonly kind: NetworkErrorKind;

  constructor(kind: NetworkErrorKind, message: string, details: ErrorDetails = {}) {
    super(`NET_${kind.toUpperCase().replaceAll('-', '_')}`, message, details);
    this.kind = kind;
  }
}

/** The peer answered, in good order, with a no. */
export class ReplyError extends AppError {
  readonly reply: number;

  constructor(code: string, reply: number, text: string, details: ErrorDetails = {}) {
    super(code, text, details);
    this.reply = reply;
  }
}

/** An input, a buffer, a queue or a wait went over its limit. */
export class LimitError extends AppError {
  readonly limit: number;
  readonly reply: number | undefined;

  constructor(
    code: string,
    message: string,
    details: ErrorDetails & { limit: number; reply?: number },
  ) {
    super(code, message, details);
    this.limit = details.limit;
    this.reply = details.reply;
  }
}

/** A person or a program called us wrongly: the message says what to do instead. */
export class UsageError extends AppError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('USAGE', message, details);
  }
}

export type FileErrorKind =
  | 'not-found'
  | 'exists'
  | 'not-a-directory'
  | 'is-a-directory'
  | 'not-empty'
  | 'not-permitted'
  | 'no-space'
  | 'closed';

/** What a host's disk can say no to. `code` is `FILE_` and the kind. */
export class FileError extends AppError {
  readonly kind: FileErrorKind;
  readonly path: string;

  constructor(kind: FileErrorKind, path: string, details: ErrorDetails = {}) {
    super(
      `FILE_${kind.toUpperCase().replaceAll('-', '_')}`,
      `${path}: ${kind.replaceAll('-', ' ')}`,
      details,
    );
    this.kind = kind;
    this.path = path;
  }
}

/** True when `error` is ours and has this code. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof AppError && error.code === code;
}
