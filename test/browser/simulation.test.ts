/** The simulation runs in a browser, and it is the same run as under Node. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Rolldown } from 'vite';
import { expect, it } from 'vitest';
import { describeWith } from '../peer.ts';
import { ROOT } from '../run.ts';
import { launchChromium } from './chromium.ts';
import { simulate } from './simulate.ts';

const folder = join(ROOT, 'scenarios', 'default');
const text = readFileSync(join(folder, 'internet.yaml'), 'utf8');
const files = ['sites', 'mail']
  .flatMap((part) => readdirSync(join(folder, part), { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile())
  .map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path.slice(folder.length), readFileSync(path).toString('base64')] as const;
  });

async function bundle(): Promise<string> {
  const built = (await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      lib: { entry: join(import.meta.dirname, 'simulate.ts'), formats: ['iife'], name: 'toplayer' },
    },
  })) as Rolldown.RolldownOutput[];
  return built[0]?.output[0].code ?? '';
}

describeWith(['chromium'], 'the default internet, simulated in a browser', () => {
  it('says the same as under Node, to the last bit', async () => {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.addScriptTag({ content: await bundle() });
      const there = await page.evaluate(
        ([scenario, sites, seed]) => {
          const { toplayer } = globalThis as unknown as { toplayer: { simulate: typeof simulate } };
          return toplayer.simulate(scenario, sites, seed);
        },
        [text, files, '7'] as const,
      );
      expect(there.messages).toBeGreaterThan(50);
      expect(there).toEqual(await simulate(text, files, '7'));
    } finally {
      await browser.close();
    }
  });
});
