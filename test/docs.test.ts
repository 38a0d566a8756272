/** The snippets in the READMEs and guides run, and end by themselves without an error. */
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
/** A text's snippets follow one another, as a reader would type them: they are one program. */
const programs = files.sort().flatMap((file) => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const snippets = [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? '');
  return snippets.length === 0 ? [] : [{ name: file, code: runnable(snippets.join('\n'), file) }];
});

describe('the snippets of', () => {
  it('some texts were found', () => expect(programs.length).toBeGreaterThan(5));

  it.concurrent.each(programs)('$name', async ({ name, code }) => {
    const path = join(folder, `${name.replace(/\W+/g, '-')}.ts`);
    writeFileSync(path, code);
    const { status, err } = await run(process.execPath, [path]);
    expect(err).toBe('');
    expect(status).toBe(0);
  });
});
