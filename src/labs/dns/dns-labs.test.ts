import { describe, expect, it } from 'vitest';
import { compareFloods, floodTable } from './flood.ts';
import { countMessages, messagesTable } from './messages.ts';
import { attackDefences, poisoningTable } from './poisoning.ts';
import { compareOrders, rotationTable } from './rotation.ts';
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

describe('a blind spoofer', () => {
  it('succeeds as often as the formula says, whatever is left to guess', async () => {
    const rows = await attackDefences({ seed: '1', attempts: 400, forged: 32 });
    for (const { defence, successes, low, high } of rows) {
      expect(successes, defence.name).toBeGreaterThanOrEqual(Math.floor(low));
      expect(successes, defence.name).toBeLessThanOrEqual(Math.ceil(high));
    }
    const weakest = rows[0];
    const real = rows.at(-1);
    expect(weakest?.successes).toBeGreaterThan(20);
    expect(real?.successes).toBe(0);
    expect(poisoningTable(rows)).toContain('16-bit id, 32,768 ports');
  });
});

describe('the order of addresses', () => {
  it('spreads the clients as it says', async () => {
    const rows = await compareOrders({ seed: '1', lookups: 600 });
    const [fixed, rotate, random, weighted] = rows.map(({ visits }) => Object.values(visits));
    expect(fixed).toEqual([600, 0, 0]);
    expect(rotate).toEqual([200, 200, 200]);
    const near = (counts: readonly number[] = [], shares: readonly number[]) => {
      for (const [i, count] of counts.entries()) {
        const share = shares[i] ?? 0;
        expect(Math.abs(count - 600 * share)).toBeLessThan(
          4 * Math.sqrt(600 * share * (1 - share)),
        );
      }
    };
    near(random, [1 / 3, 1 / 3, 1 / 3]);
    near(weighted, [1 / 8, 2 / 8, 5 / 8]);
    expect(rotationTable(rows)).toContain('weighted 1:2:5');
  });
});

describe('a flood', () => {
  it('drowns a server, and is survived by caches, more servers and rate limiting', {
    timeout: 60_000,
  }, async () => {
    const rows = await compareFloods({ seed: '1', junk: 400, seconds: 8 });
    const share = (find: Partial<(typeof rows)[number]>) =>
      rows.find((row) =>
        Object.entries(find).every(([key, value]) => row[key as keyof typeof row] === value),
      )?.answered ?? 0;
    const alone = share({ target: 'the root', cache: false, servers: 1, rateLimited: false });
    expect(share({ target: 'nobody' })).toBe(1);
    expect(alone).toBeLessThan(0.7);
    expect(share({ target: 'the root', cache: true })).toBe(1);
    expect(share({ target: 'the root', servers: 4 })).toBeGreaterThan(alone);
    expect(share({ target: 'the root', rateLimited: true })).toBeGreaterThan(0.95);
    expect(share({ target: 'edu', cache: true })).toBeGreaterThan(
      share({ target: 'edu', cache: false }),
    );
    expect(floodTable(rows)).toContain('the root');
  });
});
