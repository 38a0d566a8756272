import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const HERE = import.meta.dirname;

/** The TypeScript of the README as one program, with the package's names as paths. */
async function program(): Promise<string> {
  const text = await readFile(join(HERE, 'README.md'), 'utf8');
  const blocks = [...text.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1]);
  const url = (path: string) => pathToFileURL(join(HERE, path, 'index.ts')).href;
  return blocks
    .join('\n')
    .replace(/'toplayer\/net(\/\w+)?'/g, (_, path) => `'${url(path ?? '.')}'`);
}

test('the README does what it says', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'readme-'));
  const file = join(folder, 'readme.ts');
  await writeFile(file, await program());
  const { stdout } = await promisify(execFile)(process.execPath, [file]);
  await rm(folder, { recursive: true });
  const text = await readFile(join(HERE, 'README.md'), 'utf8');
  const printed = /^```text\n(.*?)^```/ms.exec(text)?.[1] ?? 'nothing';
  expect(stdout).toContain(printed);
  // The connection waits for the repair: SYN at 0 and at 1000, one way of 45 ms and back.
  expect(stdout).toContain("{ address: '192.0.2.1', port: 80 } 1090 16");
});
