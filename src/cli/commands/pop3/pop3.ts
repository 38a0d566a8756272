import type { Command } from 'commander';
import type { CliTools } from '../../tools.ts';
import { registerFetch } from './fetch.ts';
import { registerList } from './list.ts';

export function registerPop3(program: Command, tools: CliTools): void {
  const pop3 = program.command('pop3').description('mail fetched from a maildrop');
  registerList(pop3, tools);
  registerFetch(pop3, tools);
}
