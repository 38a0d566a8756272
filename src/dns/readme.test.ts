import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('the hello world of the README runs, and says what it promises', async () => {
  const readme = await readFile(join(import.meta.dirname, 'README.md'), 'utf8');
  const [, snippet = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const root = join(import.meta.dirname, '..');
  const code = snippet.replace(/'toplayer\/([^']+)'/g, (_, path) => `'${root}/${path}/index.ts'`);
  const folder = await mkdtemp(join(tmpdir(), 'dns-readme-'));
  try {
    const file = join(folder, 'hello.ts');
    await writeFile(file, code);
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    expect(stdout).toBe("[ '127.20.3.80' ]\n");
  } finally {
    await rm(folder, { recursive: true });
  }
});
