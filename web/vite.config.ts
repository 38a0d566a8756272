import type { UserConfig } from 'vite';

const config: UserConfig = {
  root: import.meta.dirname,
  base: './',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The first that know light-dark() and popovers.
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
};

export default config;
