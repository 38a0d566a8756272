/** Finding and reading a scenario for a command. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseScenario, readSites, type Scenario } from '../internet/index.ts';
import { UsageError } from '../lib/errors.ts';
import type { Files } from '../net/index.ts';
import { realFiles } from '../net/real/index.ts';
import { PACKAGE_ROOT } from './version.ts';

export interface ScenarioFile {
  readonly scenario: Scenario;
  /** The sites that it names. */
  readonly content: Files;
}

/** `default` names the default internet; anything else is a path. */
export async function readScenario(name: string): Promise<ScenarioFile> {
  const path =
    name === 'default'
      ? join(PACKAGE_ROOT, 'scenarios', 'default', 'internet.yaml')
      : resolve(name);
  if (!existsSync(path)) {
    throw new UsageError(
      `there is no scenario ${name}: give a file, or "default" for the default internet`,
    );
  }
  const scenario = parseScenario(readFileSync(path, 'utf8'), basename(path));
  return { scenario, content: await readSites(scenario, realFiles(dirname(path))) };
}
