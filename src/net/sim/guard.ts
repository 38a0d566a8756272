/**
 * While a strict world runs, the machine's own time and luck are out of reach: a simulated host that
 * used them would never run the same way twice.
 */
import { UsageError } from '../../lib/errors.ts';

const FORBIDDEN = [
  ['Math.random', Math as unknown as Functions, 'random', 'host.random'],
  ['Date.now', Date as unknown as Functions, 'now', 'host.clock.now() or calendar(host.clock)'],
  ['setTimeout', globalThis as unknown as Functions, 'setTimeout', 'host.clock.setTimer'],
  ['setInterval', globalThis as unknown as Functions, 'setInterval', 'host.clock.setTimer'],
] as const;

type Functions = Record<string, unknown>;

/** Forbids them until the returned function is called. */
export function forbidRealWorld(): () => void {
  const originals = FORBIDDEN.map(([, owner, key]) => owner[key]);
  for (const [name, owner, key, instead] of FORBIDDEN) {
    owner[key] = () => {
      throw new UsageError(`${name} in a simulated world: use ${instead}`);
    };
  }
  return () => {
    for (const [i, [, owner, key]] of FORBIDDEN.entries()) owner[key] = originals[i];
  };
}
