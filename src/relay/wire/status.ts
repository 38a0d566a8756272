/** message/delivery-status (RFC 3464 §2), as RFC 3461 §6.3 wants it. */
import { utf8 } from '../../lib/bytes.ts';

export interface StatusMessage {
  /** The name of the host that reports. */
  readonly reporter: string;
  /** Decoded (RFC 3461 §6.3 a). */
  readonly envid: string | undefined;
  /** As in a Date field. */
  readonly arrived: string;
}

export interface StatusRecipient {
  readonly original: { readonly type: string; readonly address: string } | undefined;
  readonly final: string;
  readonly action: string;
  /** RFC 3463. */
  readonly status: string;
  readonly remote: string | undefined;
  /** The reply: `550 5.1.1 No such user`. */
  readonly diagnostic: string | undefined;
  readonly lastAttempt: string | undefined;
  readonly logId: string;
  readonly retryUntil: string | undefined;
}

/** Lines that end with CRLF; a group for the message and one for each recipient. ASCII. */
export function statusText(message: StatusMessage, recipients: readonly StatusRecipient[]): string {
  const head = fields([
    ['Original-Envelope-Id', message.envid],
    ['Reporting-MTA', `dns; ${message.reporter}`],
    ['Arrival-Date', message.arrived],
  ]);
  return [head, ...recipients.map(recipientText)].join('\r\n');
}

function recipientText(one: StatusRecipient): string {
  const { original, remote, diagnostic } = one;
  return fields([
    ['Original-Recipient', original && `${original.type};${encoded(original.address)}`],
    ['Final-Recipient', typed(one.final)],
    ['Action', one.action],
    ['Status', one.status],
    ['Remote-MTA', remote === undefined ? undefined : `dns; ${remote}`],
    ['Diagnostic-Code', diagnostic === undefined ? undefined : `smtp; ${diagnostic}`],
    ['Last-Attempt-Date', one.lastAttempt],
    ['Final-Log-ID', one.logId],
    ['Will-Retry-Until', one.retryUntil],
  ]);
}

/** What goes beyond ASCII is of type utf-8, and its characters are written `\x{..}` (RFC 6533 §3). */
function typed(address: string): string {
  return isAscii(address) ? `rfc822; ${address}` : `utf-8; ${encoded(address)}`;
}

function encoded(address: string): string {
  return address.replace(/[^ -~]/gu, (one) => {
    return `\\x{${(one.codePointAt(0) as number).toString(16).toUpperCase()}}`;
  });
}

function fields(pairs: readonly (readonly [name: string, value: string | undefined])[]): string {
  return pairs
    .map(([name, value]) => (value === undefined ? '' : `${folded(name, oneLine(value))}\r\n`))
    .join('');
}

/** A line has 998 characters at most (RFC 5322 §2.1.1), and words may be long. */
const VALUE_LIMIT = 900;

/** A field of a report is one of a header: no line end in it, nothing beyond ASCII. */
function oneLine(value: string): string {
  const line = value.replace(/[\r\n\t ]+/g, ' ').replace(/[^ -~]/g, '?');
  return line.slice(0, VALUE_LIMIT);
}

/** At spaces, to lines of 78 where that is possible (RFC 5322 §2.2.3). */
function folded(name: string, value: string): string {
  const lines: string[] = [];
  let line = `${name}:`;
  for (const word of value.split(' ')) {
    if (line.length + 1 + word.length > 78 && line !== `${name}:`) {
      lines.push(line);
      line = '';
    }
    line += ` ${word}`;
  }
  return [...lines, line].join('\r\n');
}

function isAscii(text: string): boolean {
  return utf8(text).length === text.length;
}
