/** Bytes: joining, comparing, searching, and their plain text forms. */

export const EMPTY: Uint8Array = new Uint8Array(0);

/** All parts in one array; a single part is returned as it is. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const only = parts[0];
  if (parts.length === 1 && only) return only;
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const encoder = new TextEncoder();
const utf8Decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** What the platform takes for latin1: where it differs, at 0x80 to 0x9f, it gives characters beyond 0xff, or the same. */
const windows1252 = new TextDecoder('windows-1252');

/** No byte above 127; read four at a time. */
export function isAsciiBytes(bytes: Uint8Array): boolean {
  const { buffer, byteOffset, length } = bytes;
  const start = Math.min(-byteOffset & 3, length);
  const count = (length - start) >> 2;
  let all = orOf(bytes, 0, start) | orOf(bytes, start + 4 * count, length);
  if (count > 0) {
    const words = new Uint32Array(buffer, byteOffset + start, count);
    for (let i = 0; i < count; i++) all |= words[i] as number;
  }
  return (all & 0x80808080) === 0;
}

function orOf(bytes: Uint8Array, from: number, to: number): number {
  let all = 0;
  for (let i = from; i < to; i++) all |= bytes[i] as number;
  return all;
}

/** Up to here a loop over ASCII takes a quarter of the time that a call of the encoder does; beyond, it takes more. */
const SHORT = 64;

export function utf8(text: string): Uint8Array {
  if (text.length > SHORT) return encoder.encode(text);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) return encoder.encode(text);
    bytes[i] = code;
  }
  return bytes;
}

/** UTF-8 to text; wrong sequences become U+FFFD. */
export function fromUtf8(bytes: Uint8Array): string {
  return utf8Decoder.decode(bytes);
}

/** One byte for each code unit, its low eight bits. */
export function latin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

const CHUNK = 8192;

/** Below this many bytes a call of the decoder takes longer than it saves; of 4096 it saves nine tenths. */
const SHORT_LATIN1 = 24;

/** Each byte as the code unit of the same number. */
export function fromLatin1(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  if (end - start >= SHORT_LATIN1) {
    const text = windows1252.decode(bytes.subarray(start, end));
    if (!/[^\0-\xff]/.test(text)) return text;
  }
  return codeUnits(bytes, start, end);
}

function codeUnits(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= CHUNK) return String.fromCharCode.apply(null, codes(bytes, start, end));
  let text = '';
  for (let at = start; at < end; at += CHUNK) {
    text += String.fromCharCode.apply(null, codes(bytes, at, Math.min(end, at + CHUNK)));
  }
  return text;
}

/** `String.fromCharCode` takes any array-like of numbers; its type asks for an array. */
function codes(bytes: Uint8Array, start: number, end: number): number[] {
  return bytes.subarray(start, end) as unknown as number[];
}

export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** Bytes of an even number of hexadecimal digits, white space ignored; undefined when it is none. */
export function fromHex(text: string): Uint8Array | undefined {
  const digits = text.replace(/\s+/g, '');
  if (digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits)) return undefined;
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
}
