/** Real programs and our own command line, run to their ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT: string = join(import.meta.dirname, '..');
export const TOPLAYER: string = join(ROOT, 'bin', 'toplayer');

/** Internets started by one file of tests are announced in a folder of its own: others don't find them. */
const runtime = mkdtempSync(join(tmpdir(), 'toplayer-run-'));
process.on('exit', () => rmSync(runtime, { recursive: true, force: true }));
const env = { ...process.env, XDG_RUNTIME_DIR: runtime };

export interface Outcome {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program; `input` is given to its standard input, which is then closed. */
export function run(program: string, args: readonly string[], input = ''): Promise<Outcome> {
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return outcome(child);
}

/** Our own command line. */
export function toplayer(...args: string[]): Promise<Outcome> {
  return run(TOPLAYER, args);
}

export function outcome(child: ChildProcess): Promise<Outcome> {
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, out, err }));
  });
}

/** Starts our command line and waits for the first line of its output. */
export async function start(
  ...args: string[]
): Promise<{ child: ChildProcess; line: string; ended: Promise<Outcome> }> {
  const child = spawn(TOPLAYER, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = outcome(child);
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (piece: string) => {
      text += piece;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    ended.then(({ err }) => reject(new Error(`it ended before it said a line: ${err}`)), reject);
  });
  return { child, line, ended };
}
