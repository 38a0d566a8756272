/** A site is killed in the middle of its writes, again and again: visitors it knew are known. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { below, seededRandom } from '../../src/net/index.ts';
import { sqliteSiteStore } from '../../src/storage/index.ts';
import { writeAndKill } from './kill.ts';

const SEED = 20_261_125;
const KILLS = 6;

it('no visitor who was kept is lost by kill -9, and none is there twice', {
  timeout: 60_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'toplayer-sessions-'));
  const random = seededRandom(SEED);
  let last = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const said = await writeAndKill('session-writer.ts', folder, 10 + below(random, 150));
    const told = said.at(-1) ?? 0;
    const store = sqliteSiteStore(join(folder, 'site.sqlite'));
    const numbers = (await store.sessions.entries(99)).map(({ seen, data }) => {
      expect(data).toEqual({ number: seen });
      return seen;
    });
    store.close();
    const [newest = 0] = numbers;
    expect(newest - told, `seed ${SEED}, kill ${kill}`).toBeGreaterThanOrEqual(0);
    expect(newest - told, 'one may be kept and not yet said').toBeLessThanOrEqual(1);
    expect(numbers).toEqual(Array.from({ length: 7 }, (_, i) => newest - i));
    expect(newest).toBeGreaterThan(last);
    last = newest;
  }
  rmSync(folder, { recursive: true });
});
