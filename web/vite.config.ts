import { join } from 'node:path';
import type { UserConfig } from 'vite';

const page = (name: string): string => join(import.meta.dirname, name);

const config: UserConfig = {
  root: import.meta.dirname,
  base: './',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The first that know light-dark() and popovers.
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    rolldownOptions: { input: { index: page('index.html'), webmail: page('webmail.html') } },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
};

export default config;
