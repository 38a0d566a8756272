/** The whole proof: peers, checks, and every test. Arguments are passed on to the test runner. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChecks } from './check.ts';
import { installPeers } from './peers.ts';

const ROOT = join(import.meta.dirname, '..');

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
  readonly success: boolean;
}

function runTests(args: readonly string[]): Report | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'toplayer-test-'));
  const report = join(folder, 'report.json');
  spawnSync(
    process.execPath,
    [
      join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...args,
    ],
    { cwd: ROOT, stdio: 'inherit' },
  );
  const result = existsSync(report)
    ? (JSON.parse(readFileSync(report, 'utf8')) as Report)
    : undefined;
  rmSync(folder, { recursive: true });
  return result;
}

installPeers();
if (!existsSync(join(ROOT, 'web', 'dist', 'index.html'))) {
  spawnSync('npm', ['run', 'prepare'], { cwd: ROOT, stdio: 'inherit' });
}
const failedChecks = runChecks();
const report = runTests(process.argv.slice(2));
const skipped = report?.numPendingTests ?? 0;
const inCi = Boolean(process.env['CI']);
const failed =
  failedChecks.length +
  (report ? report.numFailedTests : 1) +
  (report && !report.success && report.numFailedTests === 0 ? 1 : 0) +
  (inCi ? skipped : 0);
if (inCi && skipped > 0) console.log(`${skipped} tests were skipped, and in CI that is a failure`);
console.log(`${report?.numPassedTests ?? 0} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
