/** A registry is killed in the middle of its writes, again and again: nothing that was said is lost. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { below, seededRandom } from '../../src/net/index.ts';
import { sqliteStores } from '../../src/storage/index.ts';
import { writeAndKill } from './kill.ts';

const SEED = 20_261_122;
const KILLS = 8;

it('nothing that was acknowledged is lost by kill -9', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'toplayer-kill-'));
  const random = seededRandom(SEED);
  const acknowledged = new Set<number>();
  for (let kill = 0; kill < KILLS; kill++) {
    for (const number of await writeAndKill('registry-writer.ts', folder, 1 + below(random, 150)))
      acknowledged.add(number);
    const stores = sqliteStores(folder);
    const { domains, revision } = await stores.registry('com.').load();
    stores.close();
    const kept = new Set(domains.map(({ name }) => Number(name.slice(1, -4))));
    const lost = [...acknowledged].filter((number) => !kept.has(number));
    expect(lost, `seed ${SEED}, kill ${kill}`).toEqual([]);
    expect(kept.size - acknowledged.size, 'at most one not said per kill').toBeLessThanOrEqual(
      kill + 1,
    );
    expect(new Set(domains.map(({ handle }) => handle)).size).toBe(domains.length);
    expect(revision).toBeGreaterThanOrEqual(domains.length);
  }
  expect(acknowledged.size).toBeGreaterThan(KILLS);
  rmSync(folder, { recursive: true });
});
