/** ENVELOPE in an answer of FETCH (RFC 9051 §7.5.2). */
import { decoded, type Scanner } from './scanner.ts';

/** As the server gives it: encoded words stay as they are. */
export interface EnvelopeAddress {
  readonly name: string | null;
  readonly mailbox: string | null;
  /** Null begins a group (`mailbox` is its name), or with a null mailbox ends it. */
  readonly host: string | null;
}

export interface Envelope {
  readonly date: string | null;
  readonly subject: string | null;
  readonly from: readonly EnvelopeAddress[];
  readonly sender: readonly EnvelopeAddress[];
  readonly replyTo: readonly EnvelopeAddress[];
  readonly to: readonly EnvelopeAddress[];
  readonly cc: readonly EnvelopeAddress[];
  readonly bcc: readonly EnvelopeAddress[];
  readonly inReplyTo: string | null;
  readonly messageId: string | null;
}

export function parseEnvelope(scanner: Scanner): Envelope {
  const text = (): string | null => {
    const value = scanner.nstring();
    if (scanner.peek !== ')') scanner.space();
    return value === null ? null : decoded(value);
  };
  const people = (): EnvelopeAddress[] => {
    const list = parseAddresses(scanner);
    scanner.space();
    return list;
  };
  scanner.expect('(');
  const envelope = {
    date: text(),
    subject: text(),
    from: people(),
    sender: people(),
    replyTo: people(),
    to: people(),
    cc: people(),
    bcc: people(),
    inReplyTo: text(),
    messageId: text(),
  };
  scanner.expect(')');
  return envelope;
}

/** Addresses stand in a row, with nothing between; some servers put a space there. */
function parseAddresses(scanner: Scanner): EnvelopeAddress[] {
  if (scanner.acceptWord('NIL')) return [];
  scanner.expect('(');
  const list: EnvelopeAddress[] = [];
  while (!scanner.accept(')')) {
    scanner.accept(' ');
    scanner.expect('(');
    const name = scanner.nstring();
    scanner.space();
    scanner.nstring();
    scanner.space();
    const mailbox = scanner.nstring();
    scanner.space();
    const host = scanner.nstring();
    scanner.expect(')');
    list.push({ name, mailbox, host });
  }
  return list;
}
