import type { ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = {
  test: {
    include: [
      'src/**/*.test.ts',
      'test/**/*.test.ts',
      'templates/**/*.test.ts',
      'web/src/**/*.test.ts',
    ],
    testTimeout: 30_000,
    pool: 'forks',
  },
};

export default config;
