/** The errors of SMTP. Programs match on `code`; `reply` and `enhanced` are what the peer is told. */
import { AppError, LimitError, ProtocolError, ReplyError } from '../lib/errors.ts';
import type { Reply } from './types.ts';

export type SmtpErrorCode =
  | 'SMTP_BAD_LINE_END'
  | 'SMTP_LINE_TOO_LONG'
  | 'SMTP_UNKNOWN_COMMAND'
  | 'SMTP_BAD_ARGUMENT'
  | 'SMTP_BAD_PATH'
  | 'SMTP_BAD_PARAMETER'
  | 'SMTP_UNKNOWN_PARAMETER'
  | 'SMTP_UTF8_NOT_ASKED'
  | 'SMTP_BARE_LINE_END'
  | 'SMTP_BAD_REPLY'
  | 'SMTP_INCOMPLETE';

/** A rule broken by the client, with the reply that says so. */
export class SmtpError extends ProtocolError {
  /** RFC 3463. */
  readonly enhanced: string;

  constructor(
    code: SmtpErrorCode,
    message: string,
    details: { spec: string; reply: number; enhanced: string; offset?: number },
  ) {
    super(code, message, details);
    this.enhanced = details.enhanced;
  }
}

/** An argument that does not fit its command. */
export function badArgument(message: string, spec: string): SmtpError {
  return new SmtpError('SMTP_BAD_ARGUMENT', message, { spec, reply: 501, enhanced: '5.5.4' });
}

/** A path or a mailbox that is none; `enhanced` tells senders (5.1.7) from recipients (5.1.3). */
export function badPath(message: string, enhanced: string): SmtpError {
  return new SmtpError('SMTP_BAD_PATH', message, {
    spec: 'RFC 5321 §4.1.2',
    reply: 501,
    enhanced,
  });
}

/** RFC 6531 §3.5: characters beyond ASCII without SMTPUTF8. */
export function utf8NotAsked(): SmtpError {
  return new SmtpError('SMTP_UTF8_NOT_ASKED', 'Characters beyond ASCII need MAIL with SMTPUTF8', {
    spec: 'RFC 6531 §3.5',
    reply: 553,
    enhanced: '5.6.7',
  });
}

/** A server's reply that is none. */
export function badReply(message: string): ProtocolError {
  return new ProtocolError('SMTP_BAD_REPLY', message, { spec: 'RFC 5321 §4.2', side: 'remote' });
}

/** A line end in what we were to send that is not CR LF (RFC 5321 §2.3.8). */
export function bareLineEnd(which: 'CR' | 'LF', offset: number): ProtocolError {
  return new ProtocolError('SMTP_BARE_LINE_END', `a bare ${which} in the message`, {
    spec: 'RFC 5321 §2.3.8',
    side: 'local',
    offset,
  });
}

export function bodyTooLarge(limit: number): LimitError {
  return new LimitError('SMTP_BODY_TOO_LARGE', `the message is larger than ${limit} bytes`, {
    limit,
    reply: 552,
    spec: 'RFC 1870 §6.3',
  });
}

export function cancelled(): AppError {
  return new AppError('SMTP_CANCELLED', 'the message was given up by its reader');
}

/** The server said no, to the command that `to` names. `reply` is the code. */
export class SmtpReplyError extends ReplyError {
  readonly answer: Reply;
  readonly to: string;

  constructor(answer: Reply, to: string) {
    super('SMTP_REFUSED', answer.code, `${to}: ${answer.code} ${answer.lines.join(' ')}`);
    this.answer = answer;
    this.to = to;
  }
}
