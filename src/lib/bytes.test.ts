import { describe, expect, it } from 'vitest';
import { concat, fromLatin1, fromUtf8, isAsciiBytes, latin1, utf8 } from './bytes.ts';

it('sees a byte above 127 wherever it is, whatever the array begins at', () => {
  const room = new Uint8Array(32);
  for (let from = 0; from < 5; from++) {
    for (let to = from; to < 20; to++) {
      const bytes = room.subarray(from, to);
      expect(isAsciiBytes(bytes)).toBe(true);
      // Around the bytes all is high: none of that counts.
      room.fill(255);
      bytes.fill(127);
      expect(isAsciiBytes(bytes)).toBe(true);
      for (let at = 0; at < bytes.length; at++) {
        bytes[at] = 128;
        expect(isAsciiBytes(bytes)).toBe(false);
        bytes[at] = 127;
      }
      room.fill(0);
    }
  }
});

it('writes UTF-8, short and long', () => {
  for (const text of ['', 'a', 'ä', `${'x'.repeat(150)}é`, '€'.repeat(300), 'x'.repeat(1000)]) {
    expect(fromUtf8(utf8(text))).toBe(text);
    expect([...utf8(text)]).toEqual([...new TextEncoder().encode(text)]);
  }
});

describe('Latin-1', () => {
  const every = Uint8Array.from({ length: 256 }, (_, i) => i);

  it('has a code unit for each byte, of the same number', () => {
    const codes = (text: string): number[] => [...text].map((one) => one.charCodeAt(0));
    expect(codes(fromLatin1(every))).toEqual([...every]);
    // Each byte in a text that is long enough for the decoder.
    for (const byte of every) {
      const bytes = new Uint8Array(40).fill(97).fill(byte, 20, 21);
      expect(codes(fromLatin1(bytes))).toEqual([...bytes]);
    }
  });

  it('gives a part, and long ones whole', () => {
    const long = concat(Array.from({ length: 100 }, () => every));
    expect(latin1(fromLatin1(long))).toEqual(long);
    expect(latin1(fromLatin1(long, 70, 20_000))).toEqual(long.subarray(70, 20_000));
  });
});
