/** Tests against a real program: in CI it must be there, elsewhere its absence is a named skip. */
import { describe } from 'vitest';
import { which } from '../tools/peers.ts';

/** Like `describe`, for tests that need these programs. */
export function describeWith(programs: readonly string[], name: string, tests: () => void): void {
  const missing = programs.filter((program) => which(program) === undefined);
  if (missing.length === 0 || process.env['CI']) describe(name, tests);
  else describe.skip(`${name} (not installed: ${missing.join(', ')})`, tests);
}
