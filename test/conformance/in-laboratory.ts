import { test } from 'vitest';
import type { Host } from '../../src/net/index.ts';
import type { Laboratory, NewLaboratory } from './laboratory.ts';

/** Declares a test whose work runs on three fresh hosts. */
export function inLaboratory(
  laboratory: NewLaboratory,
): (
  name: string,
  work: (hosts: readonly [Host, Host, Host], lab: Laboratory) => Promise<void>,
) => void {
  return (name, work) => {
    test(name, async () => {
      const lab = await laboratory();
      try {
        await lab.run(work(lab.hosts, lab));
      } finally {
        await lab.close();
      }
    });
  };
}
