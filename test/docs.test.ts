/** Every snippet in the READMEs and guides runs, and ends by itself without an error. */
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT, run } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'toplayer-docs-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Imports as a user writes them, led to the source; relative ones from where the text stands. */
function runnable(snippet: string, file: string): string {
  return snippet
    .replace(/from '(toplayer\/[\w/]+)'/g, (_, name: string) => {
      return `from '${pathToFileURL(join(ROOT, 'src', name.slice('toplayer/'.length), 'index.ts'))}'`;
    })
    .replace(/from '(\.\.?\/[^']+)'/g, (_, path: string) => {
      return `from '${pathToFileURL(join(ROOT, dirname(file), path))}'`;
    });
}

const files = globSync(
  ['README.md', 'src/**/README.md', 'templates/**/README.md', 'docs/guide/*.md'],
  { cwd: ROOT },
);
const snippets = files.sort().flatMap((file) => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map((match, index) => ({
    name: `${file}, snippet ${index + 1}`,
    code: runnable(match[1] ?? '', file),
  }));
});

describe('snippets', () => {
  it('were found', () => expect(snippets.length).toBeGreaterThan(5));

  it.concurrent.each(snippets)('$name', async ({ name, code }) => {
    const path = join(folder, `${name.replace(/\W+/g, '-')}.ts`);
    writeFileSync(path, code);
    const { status, err } = await run(process.execPath, [path]);
    expect(err).toBe('');
    expect(status).toBe(0);
  });
});
