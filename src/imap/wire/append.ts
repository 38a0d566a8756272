/** APPEND, one message or several (RFC 9051 §6.3.12, RFC 3502), with the UTF8 of RFC 6855 §4. */
import { MULTIAPPEND_LIMIT } from '../defaults.ts';
import { badArgument } from '../errors.ts';
import type { AppendMessage, Of } from '../types.ts';
import { dateTimeText, parseDateTime } from './date.ts';
import type { Scanner } from './scanner.ts';
import { mailboxPiece, Pieces } from './text.ts';

export function parseAppend(scanner: Scanner): Of<'APPEND'> {
  scanner.space();
  const mailbox = scanner.mailbox();
  const messages: AppendMessage[] = [];
  do {
    if (messages.length >= MULTIAPPEND_LIMIT) {
      throw badArgument(`No more than ${MULTIAPPEND_LIMIT} messages in one APPEND`);
    }
    messages.push(parseMessage(scanner));
  } while (!scanner.atEnd);
  return { name: 'APPEND', mailbox, messages };
}

function parseMessage(scanner: Scanner): AppendMessage {
  scanner.space();
  let flags: string[] = [];
  if (scanner.peek === '(') {
    flags = scanner.flags();
    scanner.space();
  }
  let received: number | undefined;
  if (scanner.peek === '"') {
    received = parseDateTime(scanner);
    scanner.space();
  }
  return { literal: parseOctets(scanner), flags, received };
}

function parseOctets(scanner: Scanner): number {
  if (!scanner.acceptWord('UTF8')) return scanner.literalIndex('a message as a literal');
  scanner.space();
  scanner.expect('(');
  const index = scanner.literalIndex('a message as a literal');
  scanner.expect(')');
  return index;
}

/** The mailbox of an APPEND that has come up to a literal, which is a message; undefined where the literal is the mailbox. */
export function appendHead(scanner: Scanner): string | undefined {
  scanner.space();
  return /^\{\d+[+-]?\}\r\n$/.test(scanner.text.slice(scanner.at)) ? undefined : scanner.mailbox();
}

export function appendPieces(
  mailbox: string,
  messages: readonly {
    octets: Uint8Array;
    flags?: readonly string[];
    received?: number;
  }[],
  isUtf8: boolean,
): Pieces {
  const pieces = new Pieces().add('APPEND ', mailboxPiece(mailbox, isUtf8));
  for (const { octets, flags = [], received } of messages) {
    if (flags.length > 0) pieces.add(` (${flags.join(' ')})`);
    if (received !== undefined) pieces.add(` ${dateTimeText(received)}`);
    pieces.add(' ', { octets });
  }
  return pieces;
}
