/** Mailboxes in one file (RFC 4155): the mboxrd form, in which every `From ` at the start of a line can be told apart. */
import { concat, fromLatin1, latin1 } from '../../lib/bytes.ts';
import { formatMailDate, parseMailDate } from '../../mime/index.ts';
import { MESSAGE_LIMIT } from '../defaults.ts';
import { overLimit } from '../errors.ts';
import { toCrLf, toLf } from './line-ends.ts';
import { takeStatusFields, withStatusFields } from './status-fields.ts';
import type { FileMessage } from './stored-message.ts';

const LF = 10;
const FROM = latin1('From ');
const GREATER = 62;

/** One message as it stands in the file. `sender` is the return path; lines end with LF. */
export function mboxEntry(
  bytes: Uint8Array,
  { flags, received = 0 }: Pick<FileMessage, 'flags' | 'received'>,
  sender = 'MAILER-DAEMON',
): Uint8Array {
  const lines = quoteFrom(withStatusFields(toLf(bytes), flags));
  const end = lines.at(-1) === LF ? '\n' : '\n\n';
  const from = sender.replace(/\s/g, '') || 'MAILER-DAEMON';
  return concat([latin1(`From ${from} ${asctime(received)}\n`), lines, latin1(end)]);
}

/** `Thu Nov 26 08:05:39 2026`, in UTC (RFC 4155 appendix A). */
function asctime(ms: number): string {
  const [day = '', date = '', month, year, time] = formatMailDate({ ms, zone: 0 }).split(' ');
  return `${day.replace(',', '')} ${month} ${date.padStart(2, ' ')} ${time} ${year}`;
}

/** A `>` before each line that is `From ` behind any number of them. */
function quoteFrom(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let from = 0;
  for (let line = 0; line < bytes.length; line = bytes.indexOf(LF, line) + 1) {
    if (isFromLine(bytes, line, true)) {
      parts.push(bytes.subarray(from, line), Uint8Array.of(GREATER));
      from = line;
    }
    if (bytes.indexOf(LF, line) < 0) break;
  }
  if (from === 0) return bytes;
  return concat([...parts, bytes.subarray(from)]);
}

function unquoteFrom(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let from = 0;
  for (let line = 0; line < bytes.length; line = bytes.indexOf(LF, line) + 1) {
    if (bytes[line] === GREATER && isFromLine(bytes, line, true)) {
      parts.push(bytes.subarray(from, line));
      from = line + 1;
    }
    if (bytes.indexOf(LF, line) < 0) break;
  }
  return parts.length === 0 ? bytes : concat([...parts, bytes.subarray(from)]);
}

function isFromLine(bytes: Uint8Array, line: number, quoted: boolean): boolean {
  let at = line;
  while (quoted && bytes[at] === GREATER) at++;
  return FROM.every((byte, index) => bytes[at + index] === byte);
}

/** Reads a file in pieces. Throws LimitError MAIL_LIMIT for a message that is too large. */
export async function* readMbox(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limit: number = MESSAGE_LIMIT,
): AsyncGenerator<FileMessage> {
  let rest: Uint8Array = new Uint8Array(0);
  for await (const piece of pieces) {
    // The start of an entry may be split between two pieces.
    const looked = Math.max(0, rest.length - FROM.length - 1);
    rest = concat([rest, piece]);
    for (let end = nextEntry(rest, looked); end > 0; end = nextEntry(rest, 0)) {
      yield entryOf(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    if (rest.length > limit) throw overLimit('A message of the file is too large', limit);
  }
  if (rest.some((byte) => byte !== LF && byte !== 13)) yield entryOf(rest);
}

/** Where the second entry begins; -1 where none is seen yet. */
function nextEntry(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(LF, from); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (bytes.length - at > FROM.length && isFromLine(bytes, at + 1, false)) return at + 1;
  }
  return -1;
}

function entryOf(entry: Uint8Array): FileMessage {
  const text = toLf(entry);
  const end = text.indexOf(LF) + 1;
  const hasFrom = isFromLine(text, 0, false);
  const received = hasFrom ? dateOf(fromLatin1(text, 0, end)) : undefined;
  const lines = withoutLastEmpty(hasFrom ? text.subarray(end) : text);
  const { bytes, flags } = takeStatusFields(unquoteFrom(lines));
  return { bytes: toCrLf(bytes), flags, received };
}

/** The empty line between entries is the file's. */
function withoutLastEmpty(lines: Uint8Array): Uint8Array {
  const isEmpty = lines.at(-1) === LF && lines.at(-2) === LF;
  return isEmpty ? lines.subarray(0, -1) : lines;
}

/** `From alice@campus.edu Thu Nov 26 08:05:39 2026`, with a zone where a program wrote one. */
function dateOf(line: string): number | undefined {
  const match =
    /([A-Z][a-z]{2}) +(\d{1,2}) +(\d{1,2}:\d{2}(?::\d{2})?)(?: +([A-Z]{3,4}|[+-]\d{4}))? +(\d{4})(?: +([+-]\d{4}))?\s*$/.exec(
      line,
    );
  if (!match) return undefined;
  const [, month, day, time, zone, year, after] = match;
  return parseMailDate(`${day} ${month} ${year} ${time} ${zone ?? after ?? '+0000'}`)?.ms;
}
