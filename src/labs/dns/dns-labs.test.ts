import { describe, expect, it } from 'vitest';
import { countMessages, messagesTable } from './messages.ts';
import { compareTtls, ttlTable } from './ttl.ts';

describe('who sends how many messages', () => {
  it('as the rules of iteration, caching and recursion say', async () => {
    const names = 10;
    const { sent, meanMs } = await countMessages({ seed: '1', names });
    expect(sent.iterative).toEqual({
      client: names,
      resolver: 4 * names,
      root: names,
      edu: names,
      'campus.edu': names,
    });
    // The referrals are learned once; from then on each name costs one question.
    expect(sent['iterative, cached']).toEqual({
      client: names,
      resolver: 2 * names + 2,
      root: 1,
      edu: 1,
      'campus.edu': names,
    });
    expect(sent.recursive).toEqual({
      client: names,
      resolver: 2 * names,
      root: 2 * names,
      edu: 2 * names,
      'campus.edu': names,
    });
    // One way is 1 ms at client and resolver, 20 ms at each server.
    expect(meanMs.iterative).toBeCloseTo(4 + 3 * 42, 6);
    expect(meanMs.recursive).toBeCloseTo(4 + 42 + 80 + 80, 6);
  });

  it('shown as a table', async () => {
    const table = messagesTable(await countMessages({ seed: '1', names: 2 }));
    expect(table).toMatch(/^resolver +8 +6 +4$/m);
  });
});

describe('what a longer lifetime is worth', () => {
  it('agrees with rT / (1 + rT) within four deviations', async () => {
    const lookups = 1_500;
    for (const { ttl, hitRatio, predicted } of await compareTtls({
      seed: '1',
      ttls: [1, 10, 100],
      rate: 0.2,
      lookups,
    })) {
      // Hits come in runs: a renewal process varies more than independent draws by up to (1 + rT).
      const deviation = Math.sqrt(((predicted * (1 - predicted)) / lookups) * (1 + 0.2 * ttl));
      expect(Math.abs(hitRatio - predicted), `${ttl} s`).toBeLessThan(4 * deviation + 0.01);
    }
  });

  it('is the same for the same seed', async () => {
    const table = async (seed: string) =>
      ttlTable(await compareTtls({ seed, ttls: [5], rate: 1, lookups: 100 }));
    expect(await table('1')).toBe(await table('1'));
    expect(await table('1')).not.toBe(await table('2'));
  });
});
