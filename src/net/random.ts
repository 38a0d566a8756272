/** Luck from a seed: the same seed and the same forks give the same numbers everywhere. */
import type { Random } from './types.ts';

/** Four 32-bit words from a text (the xmur3 mixing), so that close labels give distant seeds. */
function words(text: string): [number, number, number, number] {
  let state = 1779033703 ^ text.length;
  for (let i = 0; i < text.length; i++) {
    state = Math.imul(state ^ text.charCodeAt(i), 3432918353);
    state = (state << 13) | (state >>> 19);
  }
  const next = () => {
    state = Math.imul(state ^ (state >>> 16), 2246822507);
    state = Math.imul(state ^ (state >>> 13), 3266489909);
    state ^= state >>> 16;
    return state >>> 0;
  };
  return [next(), next(), next(), next()];
}

/** The small fast counting generator sfc32: 128 bits of state, period at least 2^32. Not for secrets. */
class SeededRandom implements Random {
  private readonly seed: string;
  private a: number;
  private b: number;
  private c: number;
  private counter: number;

  constructor(seed: string) {
    this.seed = seed;
    [this.a, this.b, this.c, this.counter] = words(seed);
    for (let i = 0; i < 12; i++) this.uint32();
  }

  uint32(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    this.c |= 0;
    return sum >>> 0;
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i += 4) {
      const word = this.uint32();
      for (let j = i; j < Math.min(i + 4, length); j++) bytes[j] = word >>> (8 * (j - i));
    }
    return bytes;
  }

  fork(label: string): Random {
    return new SeededRandom(`${this.seed}/${label}`);
  }
}

export function seededRandom(seed: string | number): Random {
  return new SeededRandom(String(seed));
}

/** 0 to below 1, evenly, in steps of 2^-32. */
export function fraction(random: Random): number {
  return random.uint32() / 0x1_0000_0000;
}

/** A whole number from 0 to below `count`, evenly: what would tip the balance is drawn again. */
export function below(random: Random, count: number): number {
  const limit = 0x1_0000_0000 - (0x1_0000_0000 % count);
  for (;;) {
    const value = random.uint32();
    if (value < limit) return value % count;
  }
}
