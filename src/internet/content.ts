import { hasCode } from '../lib/errors.ts';
import { type Files, memoryFiles } from '../net/index.ts';
import type { Scenario } from './scenario/types.ts';

/** Copies a folder with all below it from one disk to another. */
export async function copyFolder(
  from: Files,
  source: string,
  to: Files,
  target: string,
): Promise<void> {
  await ensureDirectory(to, target);
  for (const name of await from.list(source)) {
    const path = `${source}/${name}`;
    if ((await from.info(path)).kind === 'directory')
      await copyFolder(from, path, to, `${target}/${name}`);
    else await to.write(`${target}/${name}`, await from.read(path));
  }
}

/** Makes a directory and those above it, where they are missing. */
async function ensureDirectory(files: Files, path: string): Promise<void> {
  const names = path.split('/').filter((name) => name !== '');
  for (let depth = 1; depth <= names.length; depth++) {
    try {
      await files.makeDirectory(`/${names.slice(0, depth).join('/')}`);
    } catch (error) {
      if (!hasCode(error, 'FILE_EXISTS')) throw error;
    }
  }
}

/** The sites and first messages that a scenario names, read into memory: a run then needs the machine's disk no more. */
export async function readSites(scenario: Scenario, folder: Files): Promise<Files> {
  const memory = memoryFiles({ epoch: 0, now: () => 0 }, { crashable: false });
  for (const { services } of Object.values(scenario.hosts)) {
    for (const site of Object.values(services?.http?.sites ?? {})) {
      if (typeof site !== 'string') continue;
      await copyFolder(folder, `/${site}`, memory, `/${site}`);
    }
    for (const { messages } of Object.values(services?.mail?.accounts ?? {})) {
      if (messages !== undefined) await copyFolder(folder, `/${messages}`, memory, `/${messages}`);
    }
  }
  return memory;
}
