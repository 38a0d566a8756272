/** Bytes as rows of numbers and characters. */

/** The bytes of a base64 text. */
export function bytesOf(base64: string): Uint8Array {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

export function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

export function offsetText(offset: number): string {
  return offset.toString(16).padStart(4, '0');
}

/** The character that a byte is in ASCII, or a point. */
export function character(byte: number): string {
  return byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·';
}
