import { expect, it } from 'vitest';
import { fromUtf8, isAsciiBytes, utf8 } from './bytes.ts';

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
