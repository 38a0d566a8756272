/** Base32 as in RFC 4648 §6: what people copy by hand. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Without padding, as authenticators want it. */
export function base32(bytes: Uint8Array): string {
  let text = '';
  let [group, bits] = [0, 0];
  for (const byte of bytes) {
    group = ((group << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET.charAt((group >> (bits - 5)) & 31);
  }
  return bits > 0 ? text + ALPHABET.charAt((group << (5 - bits)) & 31) : text;
}

/** Either case, spaces between groups, with or without padding; undefined when it is none. */
export function fromBase32(text: string): Uint8Array | undefined {
  const plain = text.replace(/[\s-]/g, '').replace(/=+$/, '').toUpperCase();
  if (!/^[A-Z2-7]*$/.test(plain) || [1, 3, 6].includes(plain.length % 8)) return undefined;
  const bytes = new Uint8Array(Math.floor((plain.length * 5) / 8));
  let [group, bits, at] = [0, 0, 0];
  for (const char of plain) {
    group = ((group << 5) | ALPHABET.indexOf(char)) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = group >> bits;
    }
  }
  return bytes;
}
