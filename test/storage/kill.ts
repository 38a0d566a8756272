/** Programs that write, killed in the middle of it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'vitest';

/** Runs the writer until it has said so many numbers, kills it, and gives all that it said. */
export async function writeAndKill(
  writer: string,
  folder: string,
  count: number,
): Promise<number[]> {
  return (await sayAndKill(writer, [folder], count)).map(Number);
}

/** The same for a writer of lines. */
export async function sayAndKill(
  writer: string,
  args: readonly string[],
  count: number,
): Promise<string[]> {
  const script = join(import.meta.dirname, writer);
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.split('\n').length > count) child.kill('SIGKILL');
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(signal, errors).toBe('SIGKILL');
  // The last line may have been cut; only whole ones were said.
  return said.split('\n').slice(0, -1);
}
