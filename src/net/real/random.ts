import { randomFillSync } from 'node:crypto';
import type { Random } from '../types.ts';
import { RANDOM_POOL } from './defaults.ts';

/** Numbers that nobody can guess, from the system. Every fork is as good as the first. */
export function secureRandom(): Random {
  const pool = new Uint32Array(RANDOM_POOL / 4);
  let at = pool.length;
  const random: Random = {
    uint32() {
      if (at === pool.length) {
        randomFillSync(pool);
        at = 0;
      }
      return pool[at++] as number;
    },
    bytes: (length) => randomFillSync(new Uint8Array(length)),
    fork: () => random,
  };
  return random;
}
