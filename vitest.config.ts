import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ViteUserConfig } from 'vitest/config';

/** Tests make certificates of an authority of their own, never of the user's. */
const authority: string = mkdtempSync(join(tmpdir(), 'toplayer-test-ca-'));

const config: ViteUserConfig = {
  test: {
    include: [
      'src/**/*.test.ts',
      'test/**/*.test.ts',
      'templates/**/*.test.ts',
      'web/{src,webmail}/**/*.test.ts',
    ],
    testTimeout: 30_000,
    env: { TOPLAYER_CA: authority },
    pool: 'forks',
    // Left to itself the runner keeps one core of two free.
    maxWorkers: 2,
    // A process for each file would load the same modules 260 times, which took a sixth of the whole run.
    isolate: false,
    // What a page shows at last: a machine of two cores may be busy with other tests.
    expect: { poll: { timeout: 10_000 } },
  },
};

export default config;
