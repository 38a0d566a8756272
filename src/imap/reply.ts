/** How a command is answered in the end, and what an error of the store is called (RFC 5530). */
import { AppError } from '../lib/errors.ts';
import { ImapError } from './errors.ts';

export interface Reply {
  readonly status: 'OK' | 'NO' | 'BAD';
  /** In brackets: `TRYCREATE`. */
  readonly code?: string;
  readonly text: string;
  readonly next?: 'close' | 'secure' | 'compress';
}

export function ok(text: string, code?: string): Reply {
  return { status: 'OK', text, ...(code !== undefined && { code }) };
}

export function no(text: string, code?: string): Reply {
  return { status: 'NO', text, ...(code !== undefined && { code }) };
}

export function bad(text: string): Reply {
  return { status: 'BAD', text };
}

/** The line that is sent; '*' answers nobody. */
export function replyLine(tag: string, { status, code, text }: Reply): string {
  const plain = text.replace(/[\0\r\n]+/g, ' ');
  return `${tag} ${status} ${code === undefined ? '' : `[${code}] `}${plain}\r\n`;
}

/** RFC 5530 §3. */
const CODES: Readonly<Record<string, string>> = {
  MAIL_NO_FOLDER: 'NONEXISTENT',
  MAIL_FOLDER_EXISTS: 'ALREADYEXISTS',
  MAIL_BAD_FOLDER_NAME: 'CANNOT',
  MAIL_BAD_NAME: 'CANNOT',
  MAIL_NOT_SELECTABLE: 'CANNOT',
  MAIL_OVER_QUOTA: 'OVERQUOTA',
  MAIL_GONE: 'EXPUNGEISSUED',
  MAIL_LIMIT: 'LIMIT',
  MAIL_NO_ACCOUNT: 'AUTHORIZATIONFAILED',
  FILE_NO_SPACE: 'UNAVAILABLE',
};

/** What the client is told of an error; undefined where the error is ours. */
export function replyOf(error: unknown): Reply | undefined {
  if (error instanceof ImapError) {
    const { status, responseCode, message } = error;
    return { status, text: message, ...(responseCode !== undefined && { code: responseCode }) };
  }
  const code = error instanceof AppError ? CODES[error.code] : undefined;
  return code === undefined ? undefined : no((error as AppError).message, code);
}

export const SERVER_FAILED: Reply = no('The server failed; try again later', 'SERVERBUG');
