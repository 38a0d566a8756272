/** http-tests/cache-tests, edition 0.4.5, on our reverse proxy; docs/conformance.md lists what fails and why. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { GOALS, runSuite, score } from '../../tools/conformance.ts';
import { ROOT } from '../run.ts';

beforeEach(() => {
  // The suite's origin tells of each odd request.
  vi.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

test('the goals are reached, and each failure of the graded tests has its reason', async () => {
  const found = await runSuite({ malformedAge: 'stale' });
  expect(score(found, 'required').passed).toBeGreaterThanOrEqual(GOALS.required);
  expect(score(found, 'optimal').passed).toBeGreaterThanOrEqual(GOALS.optimal);
  const reasons = readFileSync(join(ROOT, 'docs', 'conformance.md'), 'utf8');
  const failed = found
    .filter(({ kind, passed }) => kind !== 'check' && !passed)
    .map(({ id }) => id);
  expect(failed.filter((id) => !reasons.includes(`\`${id}\``))).toEqual([]);
}, 60_000);
