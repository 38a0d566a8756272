/** The course's page times out of the real client and server. */
import { describe, expect, test } from 'vitest';
import { ACCESS_LINK_DEFAULTS, accessLinkFormula, compareHitRatios } from './access-link.ts';
import { slowStartFormula } from './page-formulas.ts';
import { comparePageModes, FIRST_WINDOW, pageTimesTable } from './page-times.ts';

describe('a page and 10 objects of 10 kB, R = 100 ms, 10 Mbit/s', async () => {
  const rows = await comparePageModes({ seed: '1' });

  test.each([
    ['serial', 2288],
    ['parallel', 688],
    ['persistent', 1288],
    ['pipelined', 388],
  ])('%s: %d ms by the formula, and measured but for the heads', (mode, ms) => {
    const row = rows.find((one) => one.mode === mode);
    expect(row?.formula?.ms).toBeCloseTo(ms, 9);
    expect(row?.measuredMs).toBeCloseTo(row?.withHeadsMs ?? 0, 6);
    // Eleven heads of some 130 bytes take one or two milliseconds.
    expect((row?.measuredMs ?? 0) - ms).toBeLessThan(2);
    expect(row?.page.ok).toBe(true);
  });

  test('the table', () => {
    expect(pageTimesTable(rows)).toMatch(/pipelined .* 0\.3880 .* 0\.38\d\d/);
  });
});

test.each([
  [1, 20, 5e6, 4_000, 2],
  [7, 33, 1e6, 25_000, 3],
  [13, 250, 100e6, 60_000, 6],
])(
  '%d objects, R = %d ms, %d bit/s, %d bytes, %d connections',
  async (objects, rttMs, rate, size, connections) => {
    const rows = await comparePageModes({ seed: '2', objects, rttMs, rate, size, connections });
    for (const { measuredMs, withHeadsMs } of rows) {
      expect(measuredMs).toBeCloseTo(withHeadsMs ?? 0, 6);
    }
  },
);

describe('slow start', () => {
  test('the closed form is the sum of the stalls', () => {
    const [rttMs, rate] = [100, 10e6];
    for (const bytes of [1, 14_600, 14_601, 43_800, 43_801, 250_000, 1e6]) {
      let waits = 0;
      for (let window = FIRST_WINDOW, sent = window; sent < bytes; window *= 2, sent += window) {
        waits += Math.max(0, rttMs - (window * 8000) / rate);
      }
      const ms = 2 * rttMs + (bytes * 8000) / rate + waits;
      expect(slowStartFormula({ rttMs, rate }, bytes, FIRST_WINDOW).ms).toBeCloseTo(ms, 6);
    }
  });

  test('connections that begin anew take what the closed form says', async () => {
    const rows = await comparePageModes({ seed: '3', slowStart: true, size: 100_000 });
    const [serial, ...others] = rows;
    expect(serial?.measuredMs).toBeCloseTo(serial?.withHeadsMs ?? 0, 6);
    expect(serial?.measuredMs).toBeGreaterThan(11 * 280);
    for (const { formula } of others) expect(formula).toBeUndefined();
  });
});

describe('the access link', () => {
  test('load and response times beside the formula', async () => {
    const rows = await compareHitRatios({ seed: '1', requests: 3_000 });
    for (const row of rows) {
      expect(row.measuredHitRatio).toBeCloseTo(row.hitRatio, 1);
      expect(Math.abs(row.measuredLoad - row.load)).toBeLessThan(0.05);
      expect(Math.abs(row.measuredMs / row.meanMs - 1)).toBeLessThan(0.15);
    }
    const [none, some, most] = rows.map(({ measuredMs }) => measuredMs);
    expect(none).toBeGreaterThan((some ?? 0) * 1.5);
    expect(some).toBeGreaterThan((most ?? 0) * 1.5);
  });

  test('a link that is asked for more than it carries has no mean', () => {
    const { load, meanMs } = accessLinkFormula({ ...ACCESS_LINK_DEFAULTS, perSecond: 15 }, 0);
    expect([load, meanMs]).toEqual([1, Number.POSITIVE_INFINITY]);
  });
});
