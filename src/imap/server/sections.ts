/** The octets of a message's sections (RFC 9051 §6.4.5.1; BINARY of RFC 3516). */
import { concat, EMPTY, fromLatin1, latin1 } from '../../lib/bytes.ts';
import { type MailAccount, type MessageEntry, PARSED_BYTES } from '../../mail/index.ts';
import { STREAM_ABOVE } from '../defaults.ts';
import { ImapError } from '../errors.ts';
import type { OctetRange, Section } from '../types.ts';

/** Undefined: there is no such part. Throws MAIL_GONE. */
export function sectionOctets(
  account: MailAccount,
  entry: MessageEntry,
  section: Section,
  partial?: OctetRange,
): Uint8Array | undefined {
  const { part, text } = section;
  if (partial && part === '' && text === '') return rangeOf(account, entry, partial);
  const octets = wholeSection(account, entry, section);
  return octets && partOf(octets, partial);
}

/**
 * Programs fetch a large message range by range: it is read once, and kept by the store as long as it keeps parsed
 * messages; of a larger one no more is read than up to the range's end.
 */
function rangeOf(
  account: MailAccount,
  { content, size }: MessageEntry,
  partial: OctetRange,
): Uint8Array {
  if (size <= STREAM_ABOVE) return partOf(account.bytes(content), partial);
  if (size <= PARSED_BYTES) return partOf(account.message(content).bytes, partial);
  const end = Math.min(size, partial.offset + partial.length);
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const piece of account.pieces(content)) {
    if (at >= end) break;
    parts.push(piece.subarray(Math.max(0, partial.offset - at), Math.max(0, end - at)));
    at += piece.length;
  }
  return concat(parts);
}

function wholeSection(
  account: MailAccount,
  { content }: MessageEntry,
  section: Section,
): Uint8Array | undefined {
  const { part, text, fields = [] } = section;
  if (part !== '') {
    const inner = text.startsWith('HEADER') ? 'HEADER' : text;
    const octets = account.message(content).section(inner === '' ? part : `${part}.${inner}`);
    return octets && text.startsWith('HEADER.') ? chosenFields(octets, text, fields) : octets;
  }
  switch (text) {
    case 'HEADER':
      return headerOf(account, content);
    case 'HEADER.FIELDS':
    case 'HEADER.FIELDS.NOT':
      return chosenFields(headerOf(account, content), text, fields);
    case 'TEXT':
      return account.bytes(content).subarray(account.summary(content).facts.headerSize);
  }
  return account.bytes(content);
}

/** No more is read than holds it. */
function headerOf(account: MailAccount, content: number): Uint8Array {
  const { headerSize } = account.summary(content).facts;
  const parts: Uint8Array[] = [];
  let length = 0;
  for (const piece of account.pieces(content)) {
    parts.push(piece);
    length += piece.length;
    if (length >= headerSize) break;
  }
  return concat(parts).subarray(0, headerSize);
}

/** Fields as they stand, in their order, and an empty line. */
function chosenFields(header: Uint8Array, text: string, names: readonly string[]): Uint8Array {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const isNot = text === 'HEADER.FIELDS.NOT';
  let chosen = '';
  let isIn = false;
  for (const line of fromLatin1(header).match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    if (/^\r?\n$/.test(line)) break;
    if (!/^[ \t]/.test(line)) {
      const name = line.slice(0, Math.max(0, line.indexOf(':'))).trimEnd();
      isIn = wanted.has(name.toLowerCase()) !== isNot;
    }
    if (isIn) chosen += line;
  }
  return latin1(`${chosen}\r\n`);
}

/** What stands in a part, without its transfer encoding. Undefined: there is no such part. Throws ImapError for one that is not known. */
export function binaryOctets(
  account: MailAccount,
  { content }: MessageEntry,
  path: string,
): Uint8Array | undefined {
  if (path === '') return account.bytes(content);
  const message = account.message(content);
  const part = message.part(path);
  if (!part) return undefined;
  const written = part.fields.get('Content-Transfer-Encoding')?.trim() ?? '7bit';
  if (
    part.children.length === 0 &&
    !/^(?:7bit|8bit|binary|base64|quoted-printable|x-uue\w*)$/i.test(written)
  ) {
    throw new ImapError('IMAP_BAD_ARGUMENT', 'The encoding of the part is not known', {
      spec: 'RFC 3516 §4.3',
      status: 'NO',
      responseCode: 'UNKNOWN-CTE',
    });
  }
  return message.content(part);
}

export function partOf(octets: Uint8Array, partial: OctetRange | undefined): Uint8Array {
  if (!partial) return octets;
  const { offset, length } = partial;
  return offset >= octets.length ? EMPTY : octets.subarray(offset, offset + length);
}
