/** What the server itself says (RFC 5321 §4.2.3, with the codes of RFC 3463 and RFC 5248). */
import type { Outcome } from '../types.ts';

function said(code: number, enhanced: string, text: string): Outcome {
  return { code, enhanced, text };
}

export const OK: Outcome = said(250, '2.0.0', 'OK');
export const BYE: Outcome = said(221, '2.0.0', 'Bye');
export const SEND_IT: Outcome = { code: 354, text: 'End data with <CR><LF>.<CR><LF>' };
export const READY_FOR_TLS: Outcome = said(220, '2.0.0', 'Ready to start TLS');
export const SIGNED_IN: Outcome = said(235, '2.7.0', 'Authentication succeeded');
export const CANNOT_VERIFY: Outcome = said(252, '2.1.5', 'Send some mail, it will be tried');
export const NO_LISTS: Outcome = said(502, '5.5.1', 'Lists are not expanded here');
export const NO_TLS: Outcome = said(502, '5.5.1', 'TLS is not spoken here');
export const NO_AUTH: Outcome = said(502, '5.5.1', 'Nobody can sign in here');
export const TOO_LARGE: Outcome = said(552, '5.3.4', 'The message is too large');
export const TOO_MANY_RECIPIENTS: Outcome = said(452, '4.5.3', 'Too many recipients');
export const TLS_FIRST: Outcome = said(530, '5.7.0', 'Say STARTTLS first');
export const AUTH_FIRST: Outcome = said(530, '5.7.0', 'Sign in with AUTH first');
export const ENCRYPT_FIRST: Outcome = said(538, '5.7.11', 'That mechanism needs STARTTLS first');
export const NO_SUCH_MECHANISM: Outcome = said(504, '5.5.4', 'No such mechanism here');
export const CANCELLED: Outcome = said(501, '5.7.0', 'Authentication cancelled');
export const NOT_BASE64: Outcome = said(501, '5.5.2', 'That is not base64');
export const NO_INITIAL: Outcome = said(501, '5.7.0', 'In that mechanism the server begins');
export const AUTH_LINE_TOO_LONG: Outcome = said(500, '5.5.6', 'The response is too long');
export const FAILED: Outcome = said(451, '4.3.0', 'The server failed; try again later');
export const TOO_MANY_ERRORS: Outcome = said(421, '4.7.0', 'Too many errors');
export const TOO_MANY_COMMANDS: Outcome = said(421, '4.7.0', 'Too many commands without a message');
export const TOO_MANY_GUESSES: Outcome = said(421, '4.7.0', 'Too many attempts to sign in');
export const TOO_MANY_SESSIONS: Outcome = said(421, '4.3.2', 'Too many sessions; try again later');
export const TIMED_OUT: Outcome = said(421, '4.4.2', 'Nothing came for too long');
export const SHUTTING_DOWN: Outcome = said(421, '4.3.2', 'The server is shutting down');

/** RFC 5321 §4.1.4: out of order. */
export function outOfOrder(text: string): Outcome {
  return said(503, '5.5.1', text);
}

/** RFC 5321 §2.3.8; 5.6.0 is about the content (RFC 3463 §3.7). */
export function badLineEnds(fault: string): Outcome {
  return said(550, '5.6.0', `The message has a ${fault}; lines end with CR LF`);
}

export function isPositive({ code }: Outcome): boolean {
  return code < 400;
}
