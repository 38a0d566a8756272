/** The default internet with its dashboard, and a browser before it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { bringUp } from '../../src/cli/bring-up.ts';
import { readScenario } from '../../src/cli/scenario-file.ts';
import { type Internet, serveDashboard } from '../../src/internet/index.ts';
import { comparePageModes } from '../../src/labs/index.ts';
import { endpointText } from '../../src/lib/endpoint.ts';
import { realFiles, realHost } from '../../src/net/real/index.ts';
import { which } from '../../tools/peers.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Nothing that talks to the world outside. */
const BROWSER_FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** More than anything here takes, and less than a test may. */
const PATIENCE_MS = 8_000;

/** What kind of window a person has. */
export interface View {
  readonly size?: { readonly width: number; readonly height: number };
  readonly colours?: 'light' | 'dark';
  readonly motion?: 'reduce' | 'no-preference';
}

const USUAL_SIZE = { width: 1280, height: 800 };

export interface Stage {
  readonly internet: Internet;
  readonly url: string;
  /** The page anew, on an internet in which nothing was said yet; what was said stays with a `hash`. */
  open(view?: View, hash?: string): Promise<Page>;
  /** What went wrong inside of the pages so far. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

/** Builds the pages as they are now, so that no older ones are tried. */
async function buildPages(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'toplayer-pages-'));
  await build({
    configFile: join(ROOT, 'web', 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  return folder;
}

async function launch(): Promise<Browser> {
  const executablePath = which('chromium');
  if (!executablePath) throw new Error('chromium is not installed');
  return chromium.launch({ executablePath, args: BROWSER_FLAGS });
}

export async function setStage(): Promise<Stage> {
  const [pages, internet, browser] = await Promise.all([
    buildPages(),
    readScenario('default').then((scenario) => bringUp(scenario, { seed: 'browser' })),
    launch(),
  ]);
  const host = realHost({ name: 'dashboard', files: realFiles(pages) });
  const server = await serveDashboard(host, internet, 0, {
    experiments: { comparePages: (request) => comparePageModes({ ...request, seed: '1' }) },
  });
  const url = `http://${endpointText(server.local)}/`;
  const faults: string[] = [];
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('pageerror', (error) => faults.push(error.stack ?? error.message));
  return {
    internet,
    url,
    faults,
    async open(view = {}, hash = '') {
      await page.goto('about:blank');
      if (hash === '') internet.recorder.clear();
      await page.setViewportSize(view.size ?? USUAL_SIZE);
      await page.emulateMedia({
        colorScheme: view.colours ?? 'light',
        reducedMotion: view.motion ?? 'no-preference',
      });
      await page.goto(`${url}${hash}`);
      await page.locator('.clock').waitFor();
      return page;
    },
    async close() {
      await browser.close();
      await server.close({ graceMs: 0 });
      await internet.close();
      rmSync(pages, { recursive: true });
    },
  };
}
