import type { Command } from 'commander';
import { type Commands, registerCalled } from '../../called.ts';
import type { CliTools } from '../../tools.ts';

const COMMANDS: Commands = {
  serve: async () => (await import('./serve.ts')).registerMailServe,
  send: async () => (await import('./send.ts')).registerMailSend,
  read: async () => (await import('./read.ts')).registerRead,
  queue: async () => (await import('./queue.ts')).registerQueue,
  accounts: async () => (await import('./accounts.ts')).registerAccounts,
  import: async () => (await import('./transfer.ts')).registerImport,
  export: async () => (await import('./transfer.ts')).registerExport,
};

export function registerMail(
  program: Command,
  tools: CliTools,
  words: readonly string[],
): Promise<void> {
  const mail = program
    .command('mail')
    .description('a whole mail server: serve, send, read, queue, accounts, import, export');
  return registerCalled(mail, tools, COMMANDS, words);
}
