import { expect, test } from 'vitest';
import { fromHex, hex } from './bytes.ts';
import { sipHash } from './siphash.ts';

const key = fromHex('000102030405060708090a0b0c0d0e0f') as Uint8Array;

/** The first and some further vectors that come with the algorithm's reference code. */
test.each([
  [0, '310e0edd47db6f72'],
  [1, 'fd67dc93c539f874'],
  [7, '37d1018bf50002ab'],
  [8, '6224939a79f5f593'],
  [15, 'e545be4961ca29a1'],
])('of the bytes 0 to %d', (length, tag) => {
  const message = Uint8Array.from({ length }, (_, i) => i);
  expect(hex(sipHash(key, message))).toBe(tag);
});
