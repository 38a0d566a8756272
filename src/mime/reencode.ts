/** A message for a next hop that takes seven bits only (RFC 6152 §3): the same content, other encodings. */
import { concat, latin1 } from '../lib/bytes.ts';
import { encodeAway, survey } from './build/content.ts';
import { misuse } from './errors.ts';
import { type Message, parseMessage } from './message.ts';
import type { Part } from './types.ts';
import { type Field, fieldValue, isAscii } from './wire/fields.ts';

/**
 * Parts with octets above 127, NUL or long lines are encoded; all other bytes stay. Signatures over what is changed
 * break, as RFC 6376 §5.3 warns. Throws MIME_NEEDS_UTF8 where a header is in UTF-8: that is no matter of encodings.
 */
export function reencode7bit(bytes: Uint8Array): Uint8Array {
  const { high, binary } = survey(bytes);
  if (high === 0 && !binary) return bytes;
  const message = parseMessage(bytes);
  return concat(rewrite(message, message.root));
}

function rewrite(message: Message, part: Part): Uint8Array[] {
  const changed = needsChange(part);
  if (!changed) return [ascii(message.slice({ start: part.header.start, end: part.body.end }))];
  if (part.children.length > 0) return rewriteComposite(message, part);
  const content = message.content(part);
  const { encoding, bytes } = encodeAway(content, survey(content).high);
  return [headerWith(part, encoding), bytes];
}

function needsChange(part: Part): boolean {
  const fields = [...part.fields];
  if (part.eightBit || part.binary || fields.some(({ raw }) => !isAscii(raw))) return true;
  return part.children.some(needsChange);
}

/** Boundaries and what stands around the parts are copied; the parts are rewritten. */
function rewriteComposite(message: Message, part: Part): Uint8Array[] {
  const pieces = [headerWith(part, '7bit')];
  let at = part.body.start;
  for (const child of part.children) {
    pieces.push(ascii(message.slice({ start: at, end: child.header.start })));
    pieces.push(...rewrite(message, child));
    at = child.body.end;
  }
  pieces.push(ascii(message.slice({ start: at, end: part.body.end })));
  return pieces;
}

function headerWith({ fields, path }: Part, encoding: string): Uint8Array {
  const isRoot = path === '' || path === '1';
  const lines = [...fields]
    .filter(({ name }) => !/^content-transfer-encoding$/i.test(name))
    .map(line);
  if (isRoot && !fields.field('MIME-Version')) lines.push('MIME-Version: 1.0\r\n');
  // RFC 1428 §3: mail without a charset, from before MIME.
  if (!fields.field('Content-Type') && encoding !== '7bit') {
    lines.push('Content-Type: text/plain; charset=unknown-8bit\r\n');
  }
  return latin1(`${lines.join('')}Content-Transfer-Encoding: ${encoding}\r\n\r\n`);
}

function line(field: Field): string {
  if (!isAscii(field.raw)) {
    const message = `The field ${field.name} holds "${fieldValue(field).slice(0, 60)}", which needs SMTPUTF8`;
    throw misuse('MIME_NEEDS_UTF8', message, 'RFC 6531 §3.4');
  }
  const raw = field.raw.replace(/\r\n|[\r\n]/g, '\r\n').replaceAll('\0', '');
  return `${field.name}:${raw}\r\n`;
}

/** What nobody reads: octets above 127 and NUL around parts become question marks. */
function ascii(bytes: Uint8Array): Uint8Array {
  return bytes.some((byte) => byte > 127 || byte === 0)
    ? bytes.map((byte) => (byte > 127 || byte === 0 ? 63 : byte))
    : bytes;
}
