import type { Command } from 'commander';
import type { CliTools } from '../../tools.ts';
import { registerFetch } from './fetch.ts';
import { registerIdle } from './idle.ts';
import { registerLs } from './ls.ts';
import { registerSearch } from './search.ts';

export function registerImap(program: Command, tools: CliTools): void {
  const imap = program.command('imap').description('mail read where it is kept');
  registerLs(imap, tools);
  registerFetch(imap, tools);
  registerSearch(imap, tools);
  registerIdle(imap, tools);
}
