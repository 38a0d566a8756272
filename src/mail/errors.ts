/** What a mailbox store says no to. */
import { AppError, type ErrorDetails, LimitError } from '../lib/errors.ts';

export type MailErrorCode =
  | 'MAIL_NO_ACCOUNT'
  | 'MAIL_ACCOUNT_EXISTS'
  | 'MAIL_BAD_NAME'
  | 'MAIL_NO_FOLDER'
  | 'MAIL_FOLDER_EXISTS'
  | 'MAIL_BAD_FOLDER_NAME'
  | 'MAIL_NOT_SELECTABLE'
  | 'MAIL_OVER_QUOTA'
  | 'MAIL_GONE'
  | 'MAIL_CLOSED';

export class MailError extends AppError {
  declare readonly code: MailErrorCode;
}

export function mailError(
  code: MailErrorCode,
  message: string,
  details: ErrorDetails = {},
): MailError {
  return new MailError(code, message, details);
}

export function overLimit(message: string, limit: number): LimitError {
  return new LimitError('MAIL_LIMIT', message, { limit });
}
