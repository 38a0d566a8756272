/** SipHash-2-4 with a tag of 64 bits (Aumasson and Bernstein, 2012), on halves of 32 bits. */

/** A word of 64 bits. */
interface Word {
  low: number;
  high: number;
}

function read32(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let i = 3; i >= 0; i--) value = (value << 8) | (bytes[at + i] ?? 0);
  return value;
}

function add(a: Word, b: Word): void {
  const low = (a.low >>> 0) + (b.low >>> 0);
  a.high = (a.high + b.high + (low > 0xffff_ffff ? 1 : 0)) | 0;
  a.low = low | 0;
}

function xor(a: Word, b: Word): void {
  a.low ^= b.low;
  a.high ^= b.high;
}

/** To the left, by fewer than 32 bits. */
function rotate(a: Word, bits: number): void {
  const { low, high } = a;
  a.low = (low << bits) | (high >>> (32 - bits));
  a.high = (high << bits) | (low >>> (32 - bits));
}

function swap(a: Word): void {
  const { low } = a;
  a.low = a.high;
  a.high = low;
}

type State = readonly [Word, Word, Word, Word];

function rounds([v0, v1, v2, v3]: State, count: number): void {
  for (let i = 0; i < count; i++) {
    add(v0, v1);
    rotate(v1, 13);
    xor(v1, v0);
    swap(v0);
    add(v2, v3);
    rotate(v3, 16);
    xor(v3, v2);
    add(v0, v3);
    rotate(v3, 21);
    xor(v3, v0);
    add(v2, v1);
    rotate(v1, 17);
    xor(v1, v2);
    swap(v2);
  }
}

function start(key: Uint8Array): State {
  const k0 = { low: read32(key, 0), high: read32(key, 4) };
  const k1 = { low: read32(key, 8), high: read32(key, 12) };
  const state: State = [
    { low: 0x70736575, high: 0x736f6d65 },
    { low: 0x6e646f6d, high: 0x646f7261 },
    { low: 0x6e657261, high: 0x6c796765 },
    { low: 0x79746573, high: 0x74656462 },
  ];
  xor(state[0], k0);
  xor(state[1], k1);
  xor(state[2], k0);
  xor(state[3], k1);
  return state;
}

/** The tag of `message` under a key of 16 bytes. */
export function sipHash(key: Uint8Array, message: Uint8Array): Uint8Array {
  const state = start(key);
  const whole = message.length - (message.length % 8);
  for (let at = 0; at <= whole; at += 8) {
    const word = { low: read32(message, at), high: read32(message, at + 4) };
    // The last word ends with the length of the message.
    if (at === whole) word.high |= message.length << 24;
    xor(state[3], word);
    rounds(state, 2);
    xor(state[0], word);
  }
  state[2].low ^= 0xff;
  rounds(state, 4);
  const tag = new Uint8Array(8);
  for (let i = 0; i < 4; i++) {
    for (const word of state) {
      tag[i] = (tag[i] as number) ^ (word.low >>> (8 * i));
      tag[i + 4] = (tag[i + 4] as number) ^ (word.high >>> (8 * i));
    }
  }
  return tag;
}
