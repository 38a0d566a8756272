/** The transfer encoding that a content needs (RFC 2045 §6). */
import { utf8 } from '../../lib/bytes.ts';
import { LINE_LIMIT } from '../defaults.ts';
import type { TransferEncoding } from '../types.ts';
import { encodeBase64 } from '../wire/base64.ts';
import { encodeQuotedPrintable } from '../wire/quoted-printable.ts';

/** What octets are, as far as transports care. */
export interface Survey {
  /** How many are above 127. */
  readonly high: number;
  /** NUL, CR or LF alone, or lines above 998. */
  readonly binary: boolean;
}

const LF = 10;
const CR = 13;

export function survey(bytes: Uint8Array): Survey {
  let high = 0;
  let binary = false;
  let lineStart = 0;
  for (let i = 0; i < bytes.length; i++) {
    const code = bytes[i] as number;
    if (code > 127) high++;
    else if (code === LF) {
      binary ||= i === 0 || bytes[i - 1] !== CR || i - 1 - lineStart > LINE_LIMIT;
      lineStart = i + 1;
    } else if (code === 0 || (code === CR && bytes[i + 1] !== LF)) binary = true;
  }
  return { high, binary: binary || bytes.length - lineStart > LINE_LIMIT };
}

export interface Encoded {
  readonly encoding: TransferEncoding;
  readonly bytes: Uint8Array;
}

/** As it is where that is allowed; else whichever of the two encodings is shorter and still readable. */
export function encodeContent(bytes: Uint8Array, isText: boolean, eightBit: boolean): Encoded {
  if (!isText) return { encoding: 'base64', bytes: encodeBase64(bytes) };
  const { high, binary } = survey(bytes);
  if (!binary && high === 0) return { encoding: '7bit', bytes };
  if (!binary && eightBit) return { encoding: '8bit', bytes };
  return encodeAway(bytes, high);
}

/** Into 7 bits: quoted-printable while a reader could still make it out, and base64 beyond. */
export function encodeAway(bytes: Uint8Array, high: number): Encoded {
  if (high * 6 > bytes.length || bytes.includes(0)) {
    return { encoding: 'base64', bytes: encodeBase64(bytes) };
  }
  return { encoding: 'quoted-printable', bytes: encodeQuotedPrintable(bytes) };
}

/** In UTF-8, every line end CRLF (RFC 2046 §4.1.1). */
export function textBytes(text: string): Uint8Array {
  const unified = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  return utf8(unified.replaceAll('\n', '\r\n'));
}
