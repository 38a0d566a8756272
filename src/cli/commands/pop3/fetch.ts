/** `toplayer pop3 fetch`: messages brought home, and kept or deleted on the server. */
import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../../../lib/errors.ts';
import type { Downloaded } from '../../../pop3/index.ts';
import type { CliTools } from '../../tools.ts';
import { inSession, type SessionFlags, withSession } from './session.ts';

interface FetchFlags extends SessionFlags {
  readonly out?: string;
  readonly delete?: true;
  readonly seen?: string;
}

export function registerFetch(pop3: Command, tools: CliTools): void {
  withSession(pop3.command('fetch').description('fetch the messages of a maildrop'))
    .option('--out <folder>', 'write each to a file there (default: all to standard output)')
    .option('--delete', 'delete what was fetched from the server (default: keep it)')
    .option('--seen <file>', 'fetch only what is not named in this file, and name it there')
    .addHelpText(
      'after',
      `
A message is deleted when all are written and the server has said that they are gone.

Examples:
  toplayer pop3 fetch --server 127.0.0.1:1110 --auth bob:hungry --plaintext --out mail --seen mail.seen
  toplayer pop3 fetch --server pop.campus.edu --tls --auth alice:tea --out mail --delete`,
    )
    .action((flags: FetchFlags) => runFetch(tools, flags));
}

async function runFetch(tools: CliTools, flags: FetchFlags): Promise<void> {
  const mode = flags.delete ? 'delete' : 'keep';
  const seen = new Set(flags.seen === undefined ? [] : namesIn(flags.seen));
  let count = 0;
  if (flags.out !== undefined) await mkdir(flags.out, { recursive: true });
  // Without a file nothing is seen, but the ids name the files.
  await inSession(tools, flags, async (client) => {
    for await (const message of client.download({ mode, seen })) {
      if (flags.out === undefined) tools.out(message.bytes);
      else tools.note(await save(flags.out, message));
      count++;
    }
    if (flags.seen !== undefined) await writeWhole(flags.seen, [...seen, ''].join('\n'));
  });
  tools.note(`${count} fetched${flags.delete ? ' and deleted' : ''}`);
}

function namesIn(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split(/\r?\n/)
      .filter((line) => line !== '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new UsageError(`${file} cannot be read: ${code}`);
  }
}

/** Named by its id, which no other message of the maildrop has. */
async function save(folder: string, { number, uid, bytes }: Downloaded): Promise<string> {
  const name = (uid ?? String(number)).replace(
    /[^\w.-]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  );
  const file = join(folder, `${name.replace(/^\./, '%2e')}.eml`);
  await writeWhole(file, bytes);
  return file;
}

/** On the disk, and never half of it under its name. */
async function writeWhole(file: string, content: Uint8Array | string): Promise<void> {
  await writeFile(`${file}.new`, content, { flush: true });
  await rename(`${file}.new`, file);
}
