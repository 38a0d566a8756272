import { expect, it } from 'vitest';
import { bytesText, clockText, durationText, leftText, timeText } from './units.ts';

it.each([
  [timeText(38.44), '38.4 ms'],
  [timeText(12_038.4), '12.0384 s'],
  [timeText(1_234_567.8), '1234.568 s'],
  [durationText(0.254), '0.25 ms'],
  [durationText(11.94), '11.9 ms'],
  [durationText(1_500), '1.5 s'],
  [durationText(150_000), '2 min 30 s'],
  [durationText(9_000_000), '2 h 30 min'],
  [clockText(440), '0.4 s'],
  [clockText(184_250), '3 min 04.2 s'],
  [clockText(3_904_250), '1 h 05 min 04.2 s'],
  [bytesText(1_204), '1,204 B'],
  [bytesText(12_040), '12.0 kB'],
  [bytesText(3_100_000), '3.1 MB'],
  [leftText(56_400), '57 s'],
  [leftText(-3), '0 s'],
  [leftText(252_000), '4 min 12 s'],
  [leftText(7_500_000), '2 h 05 min'],
  [leftText(2_588_400_000), '29 d 23 h'],
])('%s', (text, wanted) => expect(text).toBe(wanted));
