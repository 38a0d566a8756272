import type { Command } from 'commander';
import type { CliTools } from '../../tools.ts';
import { registerAccounts } from './accounts.ts';
import { registerQueue } from './queue.ts';
import { registerRead } from './read.ts';
import { registerMailSend } from './send.ts';
import { registerMailServe } from './serve.ts';
import { registerExport, registerImport } from './transfer.ts';

export function registerMail(program: Command, tools: CliTools): void {
  const mail = program
    .command('mail')
    .description('a whole mail server: serve, send, read, queue, accounts, import, export');
  for (const register of [
    registerMailServe,
    registerMailSend,
    registerRead,
    registerQueue,
    registerAccounts,
    registerImport,
    registerExport,
  ]) {
    register(mail, tools);
  }
}
