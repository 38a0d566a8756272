/** What can be known without running the program: types, rules, rooms. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

const CHECKS: readonly (readonly [string, ...string[]])[] = [
  ['tsc', '-p', 'tsconfig.json'],
  ['tsc', '-p', 'tsconfig.pure.json'],
  ['tsc', '-p', 'web/tsconfig.json'],
  ['biome', 'check', '--error-on-warnings', '.'],
  ['node', 'tools/check-rooms.ts'],
];

/** Runs all checks; gives the names of those that failed. */
export function runChecks(): string[] {
  const failed: string[] = [];
  for (const [program, ...args] of CHECKS) {
    const path =
      program === 'node' ? process.execPath : join(ROOT, 'node_modules', '.bin', program);
    const { status } = spawnSync(path, args, { cwd: ROOT, stdio: 'inherit' });
    const name = [program, ...args].join(' ');
    console.log(`${status === 0 ? 'ok     ' : 'FAILED '} ${name}`);
    if (status !== 0) failed.push(name);
  }
  return failed;
}

if (import.meta.main) process.exitCode = runChecks().length > 0 ? 1 : 0;
