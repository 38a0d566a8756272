/** Content-Transfer-Encoding (RFC 2045 §6). */
import { concat } from '../../lib/bytes.ts';
import { ignoreDefects, type Report } from '../errors.ts';
import type { TransferEncoding } from '../types.ts';
import { Base64Decoder } from './base64.ts';
import { type Decoder, IDENTITY } from './decoder.ts';
import { QuotedPrintableDecoder } from './quoted-printable.ts';
import { UuDecoder } from './uuencode.ts';

const NAMES: Readonly<Record<string, TransferEncoding>> = {
  '7bit': '7bit',
  '8bit': '8bit',
  binary: 'binary',
  'quoted-printable': 'quoted-printable',
  base64: 'base64',
  'x-uuencode': 'uuencode',
  'x-uue': 'uuencode',
  uuencode: 'uuencode',
};

/** The encoding of a field's value; without one 7bit (§6.1), undefined for an unknown one. */
export function parseEncoding(value: string | undefined): TransferEncoding | undefined {
  if (value === undefined) return '7bit';
  const name = value
    .replace(/\([^)]*\)/g, '')
    .replace(/[\s";]/g, '')
    .toLowerCase();
  return Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
}

/** A decoder for pieces of a body. */
export function decoderFor(encoding: TransferEncoding, report: Report = ignoreDefects): Decoder {
  if (encoding === 'base64') return new Base64Decoder(report);
  if (encoding === 'quoted-printable') return new QuotedPrintableDecoder(report);
  if (encoding === 'uuencode') return new UuDecoder(report);
  return IDENTITY;
}

/** A whole body decoded. */
export function decodeTransfer(
  bytes: Uint8Array,
  encoding: TransferEncoding,
  report: Report = ignoreDefects,
): Uint8Array {
  const decoder = decoderFor(encoding, report);
  const most = decoder.push(bytes);
  const rest = decoder.end();
  return rest.length === 0 ? most : concat([most, rest]);
}
