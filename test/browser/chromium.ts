import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { which } from '../../tools/peers.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Headless Chromium that asks nobody outside for anything. `more` are further flags. */
export function launchChromium(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: which('chromium') ?? 'chromium',
    args: [...FLAGS, ...more],
  });
}

/** One with a profile on disk and this setting in it, as people have it: other windows are private ones. */
export function launchProfile(
  folder: string,
  thirdPartyCookies: 'allow' | 'block',
  more: readonly string[],
): Promise<BrowserContext> {
  const blocks = thirdPartyCookies === 'block';
  const profile = { cookie_controls_mode: blocks ? 1 : 0, block_third_party_cookies: blocks };
  mkdirSync(join(folder, 'Default'), { recursive: true });
  writeFileSync(join(folder, 'Default', 'Preferences'), JSON.stringify({ profile }));
  return chromium.launchPersistentContext(folder, {
    executablePath: which('chromium') ?? 'chromium',
    args: [...FLAGS, ...more],
    ignoreHTTPSErrors: true,
  });
}
