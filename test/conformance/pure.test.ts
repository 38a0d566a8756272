import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { build } from 'vite';
import { expect, test } from 'vitest';
import { talk } from './pure-program.ts';

/** The program as one script of the kind that a page loads. */
async function script(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: join(import.meta.dirname, 'pure-program.ts'), formats: ['iife'], name: 'app' },
    },
  });
  const outputs = Array.isArray(built) ? built.flatMap((one) => one.output) : [];
  return outputs.map((one) => ('code' in one ? one.code : '')).join('');
}

test('the simulated network runs the same way where there is no Node', async () => {
  const code = await script();
  expect(code).not.toContain('node:');
  const page: { MessageChannel: unknown; TextEncoder: unknown; TextDecoder: unknown } = {
    MessageChannel,
    TextEncoder,
    TextDecoder,
  };
  const run = runInContext(`${code}; app.talk`, createContext(page)) as () => Promise<string>;
  expect(await run()).toBe(await talk());
});
