/** Parts as bytes: headers, encodings, boundaries (RFC 2045, RFC 2046 §5.1). */
import { latin1, utf8 } from '../../lib/bytes.ts';
import { misuse } from '../errors.ts';
import { reencode7bit } from '../reencode.ts';
import type { TransferEncoding } from '../types.ts';
import { isUtf8 } from '../wire/charset.ts';
import { isAscii } from '../wire/fields.ts';
import { foldField, unstructured } from '../wire/fold.ts';
import type { Luck } from '../wire/message-id.ts';
import { formatParameter } from '../wire/parameters.ts';
import { type Encoded, encodeContent, survey, textBytes } from './content.ts';
import type { PartDraft } from './draft.ts';

export interface PartOptions {
  readonly luck: Luck;
  readonly eightBit: boolean;
  readonly utf8: boolean;
}

/** A part in pieces, which are joined once for the whole message. */
export interface Written {
  readonly pieces: readonly Uint8Array[];
  /** What the part needs of a transport, and so what the multiparts around it say. */
  readonly encoding: TransferEncoding;
}

/** Its header, an empty line, its body. */
export function writePart(draft: PartDraft, options: PartOptions): Written {
  const type = draft.type.toLowerCase();
  if (!/^[!#$&^\w.+-]+\/[!#$&^\w.+-]+$/.test(type)) {
    throw misuse('MIME_BAD_DRAFT', `"${draft.type}" is no media type`, 'RFC 2045 §5.1');
  }
  if (Array.isArray(draft.body)) return writeMultipart(draft, type, draft.body, options);
  return writeLeaf(draft, type, draft.body as string | Uint8Array, options);
}

function writeLeaf(
  draft: PartDraft,
  type: string,
  body: string | Uint8Array,
  options: PartOptions,
): Written {
  if (type.startsWith('multipart/')) {
    throw misuse('MIME_BAD_DRAFT', `A ${type} needs parts for its body`, 'RFC 2046 §5.1');
  }
  const { encoding, bytes } = encodeBody(type, body, options);
  const charset = charsetOf(type, draft, body);
  const parameters = { ...(charset !== undefined && { charset }), ...draft.parameters };
  const header = headerOf(draft, type, parameters, encoding, options);
  return { pieces: [header, bytes], encoding: isEncoded(encoding) ? '7bit' : encoding };
}

/** Bytes are kept exactly: as text they pass only where their line ends are CRLF. */
function encodeBody(type: string, body: string | Uint8Array, options: PartOptions): Encoded {
  if (type === 'message/rfc822') return messageBody(body, options);
  const isText = type.startsWith('text/');
  if (typeof body === 'string') return encodeContent(textBytes(body), true, options.eightBit);
  if (!isText || survey(body).binary) return encodeContent(body, false, false);
  return encodeContent(body, true, options.eightBit);
}

/** A message may not be encoded: what is in it is (RFC 2046 §5.2.1). */
function messageBody(body: string | Uint8Array, { eightBit }: PartOptions): Encoded {
  const bytes = typeof body === 'string' ? textBytes(body) : body;
  const { high, binary } = survey(bytes);
  if (high === 0 && !binary) return { encoding: '7bit', bytes };
  if (eightBit && !binary) return { encoding: '8bit', bytes };
  return { encoding: '7bit', bytes: reencode7bit(bytes) };
}

function charsetOf(type: string, draft: PartDraft, body: string | Uint8Array): string | undefined {
  if (!type.startsWith('text/') || draft.parameters?.['charset'] !== undefined) return undefined;
  const bytes = typeof body === 'string' ? textBytes(body) : body;
  if (survey(bytes).high === 0) return 'us-ascii';
  // RFC 1428 §3 names what nobody knows.
  return isUtf8(bytes) ? 'utf-8' : 'unknown-8bit';
}

function writeMultipart(
  draft: PartDraft,
  type: string,
  parts: readonly PartDraft[],
  options: PartOptions,
): Written {
  if (!type.startsWith('multipart/') || parts.length === 0) {
    const message = 'Only a multipart has parts, and it has one at least';
    throw misuse('MIME_BAD_DRAFT', message, 'RFC 2046 §5.1');
  }
  const written = parts.map((part) => writePart(part, options));
  const encoding = written.some((part) => part.encoding === '8bit') ? '8bit' : '7bit';
  const boundary = freeBoundary(written, options.luck);
  const header = headerOf(draft, type, { ...draft.parameters, boundary }, encoding, options);
  const pieces: Uint8Array[] = [header];
  for (const [i, part] of written.entries()) {
    pieces.push(latin1(`${i === 0 ? '' : '\r\n'}--${boundary}\r\n`), ...part.pieces);
  }
  pieces.push(latin1(`\r\n--${boundary}--`));
  return { pieces, encoding };
}

/** `=_` is in no base64 and no quoted-printable; what stands in other bodies is looked at. */
function freeBoundary(parts: readonly Written[], luck: Luck): string {
  for (;;) {
    const random = [luck.uint32(), luck.uint32(), luck.uint32()];
    const boundary = `=_${random.map((word) => word.toString(36)).join('_')}`;
    const bytes = latin1(boundary);
    if (!parts.some(({ pieces }) => pieces.some((piece) => includes(piece, bytes))))
      return boundary;
  }
}

function includes(bytes: Uint8Array, wanted: Uint8Array): boolean {
  const first = wanted[0] as number;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let same = 1;
    while (same < wanted.length && bytes[at + same] === wanted[same]) same++;
    if (same === wanted.length) return true;
  }
  return false;
}

function headerOf(
  draft: PartDraft,
  type: string,
  parameters: Readonly<Record<string, string>>,
  encoding: TransferEncoding,
  options: PartOptions,
): Uint8Array {
  let text = foldField('Content-Type', type + parametersText(parameters));
  if (encoding !== '7bit') text += foldField('Content-Transfer-Encoding', encoding);
  const { disposition, fileName, id, location, description } = draft;
  if (disposition !== undefined || fileName !== undefined) {
    const named = fileName === undefined ? '' : formatParameter('filename', fileName);
    text += foldField('Content-Disposition', `${disposition ?? 'attachment'}${named}`);
  }
  if (id !== undefined) text += foldField('Content-ID', `<${checkedId(id, options.utf8)}>`);
  if (location !== undefined) text += foldField('Content-Location', checkedUrl(location));
  if (description !== undefined) {
    text += foldField('Content-Description', unstructured(description, options));
  }
  return utf8(`${text}\r\n`);
}

function parametersText(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => formatParameter(name.toLowerCase(), value))
    .join('');
}

/** An identifier as it may stand between brackets (RFC 5322 §3.6.4). */
export function checkedId(id: string, inUtf8 = false): string {
  if (/^[^\p{C}\p{Z}<>]+$/u.test(id) && (inUtf8 || isAscii(id))) return id;
  throw misuse('MIME_BAD_FIELD', `"${id}" is no message identifier`, 'RFC 5322 §3.6.4');
}

/** Spaces and what is not ASCII are percent-encoded, as in URLs everywhere (RFC 2557 §4.4.1). */
function checkedUrl(url: string): string {
  return encodeURI(url.toWellFormed()).replace(/%25([\dA-F]{2})/gi, '%$1');
}

function isEncoded(encoding: TransferEncoding): boolean {
  return encoding === 'base64' || encoding === 'quoted-printable';
}
