/** Tests against a real program: in CI it must be there, elsewhere its absence is a named skip. */
import { describe } from 'vitest';
import { which } from '../tools/peers.ts';

/** Like `describe`, for tests that need these programs; `root` stands for the rights of one. */
export function describeWith(programs: readonly string[], name: string, tests: () => void): void {
  const missing = programs.filter((program) =>
    program === 'root' ? process.getuid?.() !== 0 : which(program) === undefined,
  );
  if (missing.length === 0 || process.env['CI']) describe(name, tests);
  else describe.skip(`${name} (not installed: ${missing.join(', ')})`, tests);
}
