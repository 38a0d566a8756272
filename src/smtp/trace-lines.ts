/** Trace information at the head of a message (RFC 5321 §4.4). */
import type { Mailbox, Peer, ReversePath } from './types.ts';
import { isUnicode } from './wire/ascii.ts';
import { addressLiteral } from './wire/domain.ts';
import { mailboxText, pathText } from './wire/mailbox.ts';

export interface ReceivedInfo {
  /** The name of the message at this server. */
  readonly id?: string;
  /** The recipient, where there is one only: others must not learn of each other (§7.2). */
  readonly to?: Mailbox;
  /** The message came with SMTPUTF8. */
  readonly utf8?: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** `Received:` for a message from this peer, with its line end. */
export function receivedLine(peer: Peer, { id, to, utf8 = false, at }: ReceivedInfo): string {
  const { hello, remote, hostname } = peer;
  const name = /^[\w.-]+$|^\[[!-Z^-~]*\]$/.test(hello) ? hello : 'unknown';
  const parts = [
    `Received: from ${name} (${addressLiteral(remote.address)})`,
    `by ${hostname} with ${protocolOf(peer, utf8)}${id === undefined ? '' : ` id ${id}`}`,
    ...(to && (utf8 || !isUnicode(mailboxText(to))) ? [`for ${pathText(to)}`] : []),
  ];
  return `${parts.join('\r\n\t')};\r\n\t${mailDate(at)}\r\n`;
}

/** RFC 3848, RFC 6531 §4.3: what was spoken, secured and signed in. */
export function protocolOf({ extended, secure, user }: Peer, utf8 = false): string {
  if (!extended) return 'SMTP';
  return `${utf8 ? 'UTF8SMTP' : 'ESMTP'}${secure ? 'S' : ''}${user === undefined ? '' : 'A'}`;
}

/** `Return-Path:` for final delivery, with its line end. */
export function returnPathLine(path: ReversePath): string {
  return `Return-Path: ${pathText(path)}\r\n`;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** A date as in RFC 5322 §3.3: `Sun, 22 Nov 2026 10:00:00 +0000`. */
export function mailDate(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${DAYS[date.getUTCDay()]}, ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${day} ${date.getUTCFullYear()} ${time} +0000`;
}
