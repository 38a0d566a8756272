/** What a client may say of an envelope to a server that offers so much. */
import { AppError, LimitError, UsageError } from '../../lib/errors.ts';
import type { Mailbox, MailOptions, RecipientOptions, ReversePath } from '../types.ts';
import { isUnicode } from '../wire/ascii.ts';
import { mailboxText } from '../wire/mailbox.ts';
import type { Extensions } from './extensions.ts';

/** The caller decides what to do without: re-encode, or bounce. */
export function notOffered(extension: string, spec: string): AppError {
  return new AppError('SMTP_NOT_OFFERED', `the server does not offer ${extension}`, { spec });
}

/** The parameters to send, `size` with them where it is wanted. Throws where the server cannot take the message. */
export function mailOptionsFor(
  offered: Extensions,
  options: MailOptions,
  paths: readonly ReversePath[],
  size: number | undefined,
): MailOptions {
  const { body, utf8, ret, envid, auth } = options;
  if (body === '8BITMIME' && !offered.has('8BITMIME')) throw notOffered('8BITMIME', 'RFC 6152 §3');
  if (utf8 && !offered.has('SMTPUTF8')) throw notOffered('SMTPUTF8', 'RFC 6531 §3.2');
  if (!utf8 && paths.some((path) => isUnicode(mailboxText(path)))) {
    throw new UsageError('an address beyond ASCII is sent with `utf8: true`');
  }
  const isKnown = offered.has('DSN');
  const declared = options.size ?? size;
  return {
    ...(offered.has('SIZE') && declared !== undefined && { size: checked(offered, declared) }),
    ...(body && offered.has('8BITMIME') && { body }),
    ...(utf8 && { utf8 }),
    ...(isKnown && ret && { ret }),
    ...(isKnown && envid !== undefined && { envid }),
    ...(offered.has('AUTH') && auth !== undefined && { auth }),
  };
}

/** RFC 1870 §6.2: too large is known before it is sent. */
function checked(offered: Extensions, size: number): number {
  const limit = Number(offered.get('SIZE')?.[0] ?? 0);
  if (!(limit > 0) || size <= limit) return size;
  const message = `the server takes at most ${limit} bytes, the message has ${size}`;
  throw new LimitError('SMTP_TOO_LARGE', message, { limit, reply: 552, spec: 'RFC 1870 §6.2' });
}

/** Without DSN its parameters are left out (RFC 3461 §5.2.2). */
export function recipientOptionsFor(
  offered: Extensions,
  options: RecipientOptions,
): RecipientOptions {
  return offered.has('DSN') ? options : {};
}

export function pathsOf(from: ReversePath, to: readonly { path: Mailbox }[]): ReversePath[] {
  return [from, ...to.map(({ path }) => path)];
}
