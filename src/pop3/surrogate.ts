/**
 * A message for a client that has not said UTF8: a header in ASCII, from which the same can be read
 * (RFC 6856 §2.1, in the manner of RFC 6857). The body stays: eight bits are older than that rule.
 */
import { concat, utf8 } from '../lib/bytes.ts';
import { AppError } from '../lib/errors.ts';
import { CR, LF } from '../lib/lines.ts';
import {
  type AddressEntry,
  addressText,
  encodeWords,
  type Field,
  fieldValue,
  foldField,
  formatAddress,
  parseAddresses,
  parseMessage,
} from '../mime/index.ts';

const BEYOND_ASCII = /[\u0080-\uffff]/;
const ADDRESSES = /^(?:resent-)?(?:from|sender|reply-to|to|cc|bcc)$/i;

/** `bytes` begin with the whole header; the same array is given where nothing is to do. */
export function surrogate(bytes: Uint8Array): Uint8Array {
  const end = headerEnd(bytes);
  if (end < 0) return bytes;
  const fields = parseMessage(bytes.subarray(0, end)).root.fields;
  const lines = [...fields].map(inAscii);
  return concat([utf8(`${lines.join('')}\r\n`), bytes.subarray(end)]);
}

/** Where the body begins; below 0 where the header is ASCII, or no header. */
function headerEnd(bytes: Uint8Array): number {
  let isAscii = true;
  let start = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte > 127) isAscii = false;
    else if (byte === LF) {
      const length = i - start - (bytes[i - 1] === CR ? 1 : 0);
      if (length <= 0) return isAscii ? -1 : i + 1;
      start = i + 1;
    }
  }
  return -1;
}

function inAscii(field: Field): string {
  const { name, raw } = field;
  if (isPlain(raw)) return `${name}:${raw}\r\n`;
  try {
    return foldField(
      name,
      ADDRESSES.test(name) ? addresses(field) : encodeWords(fieldValue(field)),
    );
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return `${name}:${raw.replace(/[\u0080-\uffff]/g, '?')}\r\n`;
  }
}

function addresses(field: Field): string {
  return parseAddresses(fieldValue(field))
    .map(withoutUnicode)
    .map((one) => formatAddress(one))
    .join(', ');
}

/** An address that ASCII cannot write becomes the name of an empty group, so that nobody writes to it. */
function withoutUnicode(entry: AddressEntry): AddressEntry {
  if ('group' in entry) {
    const members = entry.members.filter((one) => isPlain(addressText(one)));
    return { group: entry.group, members };
  }
  const address = addressText(entry);
  if (isPlain(address)) return entry;
  const name = entry.name === '' ? '' : `${entry.name} `;
  return { group: `${name}Internationalized Address ${address} Removed`, members: [] };
}

function isPlain(text: string): boolean {
  return !BEYOND_ASCII.test(text);
}
