/** All that is measured of the simulation: its loop, its fair sharing, and the whole with a thousand users. */
import type { Bench } from './bench.ts';
import { bench as loop } from './loop.bench.ts';
import { bench as sharing } from './sharing.bench.ts';
import { bench as users } from './users.bench.ts';

const PARTS = [loop, sharing, users];

export const bench: Bench = {
  name: 'sim',
  async run() {
    const results = [];
    for (const part of PARTS) results.push(...(await part.run()));
    return results;
  },
};
