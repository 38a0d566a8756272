import type { Command } from 'commander';
import type { CliTools } from '../../tools.ts';
import { registerSend } from './send.ts';
import { registerServe } from './serve.ts';

export function registerSmtp(program: Command, tools: CliTools): void {
  const smtp = program.command('smtp').description('a mail server for tests, and a mail sender');
  registerServe(smtp, tools);
  registerSend(smtp, tools);
}
